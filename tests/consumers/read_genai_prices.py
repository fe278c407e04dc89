"""Run by the consumers' Python: genai-prices fetches our prices and prices calls.

python read_genai_prices.py CODE CALLS: CODE makes it fetch; prints the exact price of every call as JSON.
"""

from __future__ import annotations

import json
import sys
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from genai_prices import Usage, calc_price


def main(code: str, calls: str) -> None:
    """Print the total price of every call, None for a model that is not known; a warning is an error."""
    warnings.simplefilter("error")
    asked: list[dict[str, Any]] = json.loads(Path(calls).read_bytes())
    exec(code, {})  # noqa: S102 - what our documentation tells a user to run
    sys.stdout.write(json.dumps([_price(call) for call in asked]))


def _price(call: dict[str, Any]) -> str | None:
    hour, minute = map(int, call["at"].split(":"))
    try:
        found = calc_price(
            Usage(input_tokens=call["prompt"], output_tokens=call["completion"]),
            model_ref=call["model"],
            provider_id=call["gateway"],
            genai_request_timestamp=datetime(2026, 11, 20, hour, minute, tzinfo=UTC),
        )
    except LookupError:
        return None
    return str(found.total_price)


if __name__ == "__main__":
    main(*sys.argv[1:])
