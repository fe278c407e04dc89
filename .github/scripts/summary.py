"""Print the table of gateways of a report as Markdown, for a job summary and a pull request.

Usage: summary.py REPORT.json [GATEWAY]
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

COLUMNS = ("gateway", "state", "models", "added", "removed", "changed", "quarantined", "seconds", "reason")


def table(rows: Iterable[Mapping[str, str | None]]) -> str:
    """Return one line for each gateway; nothing in a cell is a mention, a link or markup."""
    lines = [" | ".join(COLUMNS), " | ".join("---" for _ in COLUMNS)]
    lines += [" | ".join(_cell(row[name]) for name in COLUMNS) for row in rows]
    return "".join(f"| {line} |\n" for line in lines)


def notes(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return one line for each thing that a guard only tells; fields that are new to us are left out."""
    told = [
        f"- {_cell(row['gateway'])}: {_cell(finding['message'])}\n"
        for row in rows
        for finding in row.get("findings", ())
        if finding["level"] == "info" and finding["check"] != "drift"
    ]
    return "".join(["\nWorth a look:\n\n", *told]) if told else ""


def _cell(text: str | None) -> str:
    """Show a text as code, in which GitHub reads no markup; what would end it is replaced."""
    shown = " ".join((text or "").split()).replace("`", "'").replace("|", "¦")
    return f"`{shown}`" if shown else ""


def main(report: str, gateway: str = "") -> None:
    """Print the table of all gateways, or of the one that is named."""
    rows = json.loads(Path(report).read_bytes())["gateways"]
    wanted = [row for row in rows if gateway in ("", row["gateway"])]
    sys.stdout.write(table(wanted) + notes(wanted))


if __name__ == "__main__":
    main(*sys.argv[1:])
