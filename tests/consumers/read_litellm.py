"""Run by the consumers' Python: LiteLLM reads the price map and prices calls.

python read_litellm.py CODE CALLS: CODE is run first, it may be empty; prints what LiteLLM says of every model
and call as JSON.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import litellm
from litellm.litellm_core_utils.llm_cost_calc import utils


def main(code: str, calls: str) -> None:
    """Print prices of models and costs of calls; money as text that reads back to the same number."""
    exec(code, {})  # noqa: S102 - what our documentation tells a user to run
    asked: list[dict[str, Any]] = json.loads(Path(calls).read_bytes())
    found = {
        "entries": len(litellm.model_cost),
        "own": [call["model"] in litellm.model_cost for call in asked],
        "calls": [_told(call) for call in asked],
    }
    sys.stdout.write(json.dumps(found))


def _told(call: dict[str, Any]) -> dict[str, Any]:
    model = call["model"]
    hour, minute = map(int, call["at"].split(":"))
    utils.current_billing_time = lambda: datetime(2026, 11, 20, hour, minute, tzinfo=UTC)
    info = litellm.get_model_info(model)
    used = {"prompt_tokens": call["prompt"], "completion_tokens": call["completion"]}
    return {
        "prompt": repr(info["input_cost_per_token"]),
        "completion": repr(info["output_cost_per_token"]),
        "cache_read": repr(info.get("cache_read_input_token_cost")),
        "cost": repr(sum(litellm.cost_per_token(model=model, **used))),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
