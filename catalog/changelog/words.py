"""A change in words, and names of others made harmless wherever they are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal

from catalog import paths
from catalog.schema.changes import Change, Value
from catalog.units import plain

Group = Literal["removed", "dearer", "cheaper", "added", "ending", "changed"]
GROUPS: tuple[Group, ...] = ("removed", "dearer", "cheaper", "added", "ending", "changed")
"""What readers want to know first comes first."""
_BY_KIND: dict[str, Group] = {
    "removed": "removed",
    "gateway_lost": "changed",
    "added": "added",
    "returned": "added",
    "deprecation": "ending",
}
_NO_TOKEN = Decimal("0.001")
"""No token costs that much: such a price is of a whole image, search or the like."""
_PER_UNIT = frozenset({"request", "web_search", "file_search"})
LONGEST = 80


def group_of(change: Change) -> Group:
    """Return where a change belongs in a report."""
    if change.kind != "price" or not (isinstance(change.before, str) and isinstance(change.to, str)):
        return _BY_KIND.get(change.kind, "changed")
    return "dearer" if Decimal(change.to) > Decimal(change.before) else "cheaper"


def harmless(text: str, longest: int = LONGEST) -> str:
    """Cut a name of others and take control and formatting characters out of it."""
    shown = paths.printable(text)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def money(meter: str | None, value: str) -> str:
    """Write a price as people say it: per million tokens, or per whatever unit the meter has."""
    price = Decimal(value)
    if meter is None or meter.startswith("per_") or meter in _PER_UNIT or price >= _NO_TOKEN:
        return f"${value}"
    return f"${plain(price * 1_000_000)}/M"


def shown(change: Change, value: Value) -> str:
    """Write one value of a change."""
    if value is None:
        return "–"
    if change.kind in ("price", "unstable"):
        return money(change.meter, str(value))
    if isinstance(value, list):
        return ", ".join(map(_item, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else harmless(value)


def _item(item: str | dict[str, str | int]) -> str:
    if isinstance(item, str):
        return harmless(item)
    return " ".join(f"{name}={value}" for name, value in item.items())


def moved(change: Change) -> str:
    """Return by how much a price moved, `+12.5 %`; nothing where that says nothing."""
    return "" if change.percent is None else f"{change.percent:+g} %".replace("-", "−")


_TOLD: dict[str, str] = {
    "added": "added",
    "removed": "removed",
    "returned": "back again",
    "first_fetch": "list fetched for the first time",
}


def what(change: Change) -> str:
    """Say in a few words what changed, without the name of the model."""
    if change.kind in _TOLD:
        return _TOLD[change.kind]
    values = f"{shown(change, change.before)} → {shown(change, change.to)}"
    if change.meter == "expiration_date":
        return _end(change)
    if change.kind == "unstable":
        return f"{change.meter} goes to and fro: {values}"
    return " ".join(filter(None, ((change.meter or change.kind).replace("_", " "), values, moved(change))))


def _end(change: Change) -> str:
    if change.before is None:
        return f"ends on {change.to}"
    return (
        f"ends on {change.to} instead of {change.before}"
        if change.to
        else f"no longer ends on {change.before}"
    )


def summary(changes: Iterable[Change]) -> str:
    """Say everything in one line: how many of each group, and on which gateways."""
    found = list(changes)
    if not found:
        return "no changes"
    groups, gateways = Counter(map(group_of, found)), Counter(change.gateway for change in found)
    counted = ", ".join(f"{groups[group]} {group}" for group in GROUPS if groups[group])
    return f"{counted} ({', '.join(f'{name} {count}' for name, count in sorted(gateways.items()))})"
