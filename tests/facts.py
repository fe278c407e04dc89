"""Write `data/facts/openrouter_hf.tsv` from captured lists: `python -m tests.facts` with GATELOG_CAPTURES.

Facts only: every id of OpenRouter that was ever seen, the repository that it named, and the last day.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

import orjson

from tests.captured import VARIABLE

TABLE = Path(__file__).parent.parent / "data" / "facts" / "openrouter_hf.tsv"
"""What is written."""


def table(captures: Iterable[Path]) -> str:
    """Return the lines for lists that are named by their day; an id keeps every repository it ever named."""
    seen: dict[tuple[str, str], str] = {}
    for path in captures:
        for row in orjson.loads(path.read_bytes())["data"]:
            if not row["id"].startswith("~"):
                pair = (row["id"], row.get("hugging_face_id") or "")
                seen[pair] = max(seen.get(pair, ""), path.stem)
    named = {model_id for model_id, repository in seen if repository}
    lines = (
        f"{model_id}\t{repository}\t{day}\n"
        for (model_id, repository), day in sorted(seen.items())
        if repository or model_id not in named
    )
    return "id\thugging_face_id\tlast_seen\n" + "".join(lines)


def main() -> None:
    """Write the table."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        sys.exit(f"{VARIABLE} names no folder with captured answers")
    TABLE.write_text(table(sorted(Path(folder).glob("openrouter/models/*.json"))), encoding="utf-8")


if __name__ == "__main__":
    main()
