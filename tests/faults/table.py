"""What became of each fault, as the table of docs/faults.md."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.faults.kinds import KINDS
from tests.faults.night import PLACES
from tests.site import ROOT

DOCUMENT = ROOT / "docs/faults.md"
BEGIN, END = "<!-- made by `make faults-table`: begin -->", "<!-- made by `make faults-table`: end -->"
NOTHING = "–"
"""Where a fault cannot show."""

Cells = Mapping[tuple[str, str], str]
"""Kind and place → what became of the gateway."""


def markdown(cells: Cells) -> str:
    """Return the table."""
    head = ["fault", *(place.name for place in PLACES)]
    rows = [[kind.name, *(cells.get((kind.name, place.name), NOTHING) for place in PLACES)] for kind in KINDS]
    return "".join(f"| {' | '.join(line)} |\n" for line in [head, ["---"] * len(head), *rows])


def committed(document: Path = DOCUMENT) -> dict[tuple[str, str], str]:
    """Return the cells that stand in the document."""
    text = document.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    head, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]
    return {(row[0], name): cell for row in rows for name, cell in zip(head[1:], row[1:], strict=True)}


def publish(text: str, document: Path = DOCUMENT) -> None:
    """Put the table between the markers of the document."""
    head, rest = document.read_text(encoding="utf-8").split(BEGIN, 1)
    document.write_text(f"{head}{BEGIN}\n{text}{END}{rest.split(END, 1)[1]}", encoding="utf-8")
