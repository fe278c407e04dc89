"""Print, as Markdown, which gateways a guard holds since this night; nothing when there is none.

Usage: objections.py BEFORE-state.json AFTER-state.json

A gateway that was held already when a person merged the last night is no new objection.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

States = Mapping[str, Mapping[str, Any]]


def objections(before: States, after: States) -> Iterator[str]:
    """Yield one line for each gateway that is newly held."""
    for name, memory in sorted(after.items()):
        if memory.get("state") == "held" and before.get(name, {}).get("state") != "held":
            reason = str(memory.get("reason")).replace("`", "'").replace("\n", " ")
            yield f"- `{name}` is held: `{reason}`\n"


def main(before: str, after: str) -> None:
    """Print what a person has to decide."""
    found = list(
        objections(*(json.loads(Path(path).read_bytes()).get("gateways", {}) for path in (before, after)))
    )
    if found:
        sys.stdout.write("### A guard objected\n\n")
        sys.stdout.writelines(found)
        sys.stdout.write(
            "\nIts last good listings are served. Merge this to go on with them, or run the nightly\n"
            "workflow again with the gateway under `accept` if its answer is right.\n\n"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
