"""Print which gateways could not be fetched for a week or longer, one line each.

Usage: unseen.py catalog/gateways.json TODAY

A gateway without its key is not meant to be fetched, and one that was never tried has nothing to miss.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

DAYS = 7


def unseen(gateways: Iterable[Mapping[str, Any]], today: date) -> Iterator[str]:
    """Yield a sentence for each gateway whose listings are older than a week although it was tried."""
    for each in gateways:
        if each["state"] == "unconfigured" or each["fetched_at"] is None or each["attempted_at"] is None:
            continue
        days = (today - date.fromisoformat(each["fetched_at"][:10])).days
        if days >= DAYS:
            yield f"`{each['id']}` was last fetched {days} days ago, on {each['fetched_at'][:10]}.\n"


def main(path: str, today: str) -> None:
    """Print them."""
    gateways = json.loads(Path(path).read_bytes())["gateways"]
    sys.stdout.writelines(unseen(gateways, date.fromisoformat(today)))


if __name__ == "__main__":
    main(*sys.argv[1:])
