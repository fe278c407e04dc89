"""The figures of docs/reliability.md: `python -m tests.reliability` counts them and writes them there."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN = "<!-- made by `make reliability-table`: begin -->"
END = "<!-- made by `make reliability-table`: end -->"
Told = Mapping[str, Any]


class Source(NamedTuple):
    """A program of ours that tries something and tells figures as JSON."""

    module: str
    """`tests.soak`."""
    figures: Mapping[str, str]
    """What is counted → its name in what the program tells."""


SOURCES = (
    Source(
        "tests.faults",
        {
            "kinds of faults": "kinds",
            "builds with one of them in one place of one gateway": "tried",
            "models lost in them": "lost",
            "wrong prices in them": "wrong",
            "prices lost in them": "unpriced",
            "files of other gateways that changed in them": "touched",
        },
    ),
    Source(
        "tests.crash",
        {
            "builds killed at random moments": "kills",
            "kills after which the old or the new state was found": "survived",
        },
    ),
    Source(
        "tests.hostile",
        {
            "hostile strings": "strings",
            "formats that each of them went through": "formats",
            "files and screens in which something got through": "failed",
        },
    ),
    Source(
        "tests.soak",
        {
            "nights simulated": "nights",
            "gateways that misbehaved in them": "faults",
            "builds killed in them": "kills",
            "prices compared with the last good night's": "prices",
            "models lost": "lost",
            "models invented": "invented",
            "wrong prices": "wrong",
            "lists that really shrank, held until a person accepted them": "accepted",
        },
    ),
)
"""Every program, in the order of the table."""


def asked(source: Source) -> Told:
    """Run one program and return what it tells; its own progress goes to standard error."""
    words = [sys.executable, "-m", source.module, "--json"]
    done = subprocess.run(words, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    told: Told = json.loads(done.stdout)
    return told


def table(found: Mapping[str, Told]) -> str:
    """Return the table of what was counted; `found` is what each module told."""
    lines = ["| counted | figure | by |", "|---|---:|---|"]
    for source in SOURCES:
        for what, name in source.figures.items():
            lines.append(f"| {what} | {found[source.module][name]:,} | `python -m {source.module}` |")
    return "\n".join(lines) + "\n"


def committed() -> dict[str, int]:
    """Return what is counted → the figure that stands in the document."""
    text = DOCUMENT.read_text(encoding="utf-8").partition(f"{BEGIN}\n")[2].partition(END)[0]
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()[2:]]
    return {row[0]: int(row[1].replace(",", "")) for row in rows}


def main() -> None:
    """Write the table into the document."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    found = {source.module: asked(source) for source in SOURCES}
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    tail = rest.partition(END)[2]
    DOCUMENT.write_text(f"{head}{BEGIN}\n{table(found)}{END}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
