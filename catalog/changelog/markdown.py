"""Changes as Markdown for a pull request: what hurts first, never longer than GitHub takes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from catalog.changelog.words import (
    GROUPS,
    LONGEST,
    Group,
    group_of,
    harmless,
    moved,
    shown,
    summary,
    what,
)
from catalog.schema.changes import Change

LIMIT = 65_536
"""Characters of a body that GitHub takes."""
_ROOM = 60_000
"""Bytes that tables may fill; the rest is for headings."""
_RESERVED = 8_000
"""Bytes that are kept free for each section that is still to come."""
_OPEN = 10
"""Rows of a section that stand open; longer ones are folded."""
_PLAIN = frozenset({"added", "removed", "returned", "first_fetch"})
"""Kinds that are told in words of ours alone."""
_HEADINGS: dict[Group, str] = {
    "removed": "Removed",
    "dearer": "Dearer",
    "cheaper": "Cheaper",
    "added": "Added",
    "ending": "Ending",
    "changed": "Changed",
}


def markdown(changes: Sequence[Change]) -> str:
    """Return a report of all changes: totals, then a section for each group, grouped by gateway."""
    if not changes:
        return "No changes.\n"
    grouped = {
        group: found for group in GROUPS if (found := [each for each in changes if group_of(each) == group])
    }
    sections = [f"{summary(changes)}\n", _totals(changes)]
    room = _ROOM
    for later, (group, found) in zip(range(len(grouped) - 1, -1, -1), grouped.items(), strict=True):
        section = _section(group, found, room - later * _RESERVED)
        room -= len(section.encode())
        sections.append(section)
    return "\n".join(sections)


def _totals(changes: Sequence[Change]) -> str:
    counted = Counter((each.gateway, group_of(each)) for each in changes)
    gateways = sorted({each.gateway for each in changes})
    lines = [
        f"| gateway | {' | '.join(GROUPS)} |",
        f"|---|{'--:|' * len(GROUPS)}",
        *(_row(code(name), [counted[name, group] for group in GROUPS]) for name in gateways),
    ]
    if len(gateways) > 1:
        sums = [sum(counted[name, group] for name in gateways) for group in GROUPS]
        lines.append(_row("**total**", sums))
    return "\n".join(lines) + "\n"


def _row(name: str, counts: Sequence[int]) -> str:
    return f"| {name} | {' | '.join(str(count or '') for count in counts)} |"


def _section(group: Group, found: Sequence[Change], room: int) -> str:
    table, left_out = _table(group, sorted(found, key=_by_gateway), room)
    heading = f"### {_HEADINGS[group]} ({len(found)})\n"
    if left_out:
        table.append(f"\n… and {left_out} more\n")
    body = "\n".join(table) + "\n"
    if len(found) > _OPEN:
        body = f"<details><summary>show all</summary>\n\n{body}\n</details>\n"
    return f"{heading}\n{body}"


def _by_gateway(change: Change) -> tuple[str, float, str, str]:
    return change.gateway, -abs(change.percent or 0), change.model or "", change.meter or ""


def _table(group: Group, found: Sequence[Change], room: int) -> tuple[list[str], int]:
    """Return the lines of a table as far as there is room, and how many rows there was none for."""
    prices = group in ("dearer", "cheaper")
    head = "| gateway | model | meter | from | to | |" if prices else "| gateway | model | what |"
    lines = [head, "|" + "---|" * (head.count("|") - 1)]
    used = len(head) * 2 + 100
    for number, change in enumerate(found):
        line = _price_row(change) if prices else f"| {change.gateway} | {_model(change)} | {_what(change)} |"
        used += len(line.encode()) + 1
        if used > room:
            return lines, len(found) - number
        lines.append(line)
    return lines, 0


def _price_row(change: Change) -> str:
    values = f"{shown(change, change.before)} | {shown(change, change.to)}"
    return f"| {change.gateway} | {_model(change)} | {change.meter} | {values} | {moved(change)} |"


def _model(change: Change) -> str:
    return code(change.model) if change.model else ""


def _what(change: Change) -> str:
    """Write what happened; whatever holds words of others stands in code."""
    told = what(change)
    return told if change.kind in _PLAIN else code(told, 160)


def code(text: str, longest: int = LONGEST) -> str:
    """Write a name of others as code in a table: no mention, link, image, tag or cell can come of it."""
    kept = harmless(text, longest).replace("`", "'").replace("\\", "/").replace("|", "\\|")
    return f"`{kept}`"
