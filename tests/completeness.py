"""How complete the shipped catalog is: `python -m tests.completeness` writes the table of its document."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "coverage.md"
BEGIN = "<!-- made by `make coverage-table`: begin -->"
END = "<!-- made by `make coverage-table`: end -->"
Record = dict[str, Any]

QUESTIONS: dict[str, Callable[[Record], bool]] = {
    "price": lambda record: record["data"]["price_kind"] in ("known", "free"),
    "included in a plan": lambda record: record["data"]["price_kind"] == "included",
    "context": lambda record: record["data"]["context_length"] is not None,
    "modality": lambda record: record["data"]["architecture"]["modality"] is not None,
    "organisation's site": lambda record: record["data"]["provider_site_url"] is not None,
    "logo": lambda record: "/monogram-" not in (record["data"]["model_logo_url"] or "/monogram-"),
    "metrics": lambda record: record["data"]["huggingface_metrics"] is not None,
    "model key": lambda record: record["data"]["model_key"] is not None,
    "on another gateway too": lambda record: len({offer["gateway"] for offer in record["gateways"]}) > 1,
}
"""Heading → whether a record has it."""


def records(tree: Path) -> Iterator[Record]:
    """Yield every live listing's record of a built tree, each once."""
    seen: set[tuple[str, str]] = set()
    for path in sorted((tree / "catalog/gateway").glob("*/model/**/*.json")):
        record: Record = orjson.loads(path.read_bytes())
        place = record["gateway"], record["data"]["id"]
        if place not in seen and record["data"]["status"] != "removed":
            seen.add(place)
            yield record


def counted(tree: Path) -> dict[str, dict[str, int]]:
    """Return gateway → heading → how many of its listings have it; `listings` are all."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(("listings", *QUESTIONS), 0))
    for record in records(tree):
        row = found[record["gateway"]]
        row["listings"] += 1
        for heading, has in QUESTIONS.items():
            row[heading] += has(record)
    return dict(found)


def table(counts: dict[str, dict[str, int]]) -> str:
    """Return the table: shares in percent, rounded down, so that 100 % means all."""
    lines = [
        f"| gateway | listings | {' | '.join(QUESTIONS)} |",
        f"|---|{'---:|' * (len(QUESTIONS) + 1)}",
    ]
    for gateway, row in sorted(counts.items(), key=lambda item: -item[1]["listings"]):
        shares = (f"{100 * row[heading] // row['listings']} %" for heading in QUESTIONS)
        lines.append(f"| {gateway} | {row['listings']:,} | {' | '.join(shares)} |")
    return "\n".join(lines) + "\n"


def shipped() -> str:
    """Build the catalog that ships with the repository and return its table."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, str(ROOT / "build.py"), "--offline", "--output", f"{folder}/output"]
        subprocess.run(command, check=True, capture_output=True)
        return table(counted(Path(folder) / "output"))


def committed() -> str:
    """Return the table that stands in the document."""
    text = DOCUMENT.read_text(encoding="utf-8")
    return text.partition(f"{BEGIN}\n")[2].partition(END)[0]


def main() -> None:
    """Write the table into the document."""
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{shipped()}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
