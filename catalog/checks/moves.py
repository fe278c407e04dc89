"""How the prices of one gateway moved between its last good answer and this one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import orjson

from catalog.schema.listing import TOKEN_METERS
from catalog.snapshot import Sorted, is_tombstone, same, zipped
from catalog.units import plain

LEAP = Decimal(10)
OF_HOSTS = "endpoints."
"""Before a meter: of the hosts of a model."""
_KINDS = ("known", "free")
_PRICED = tuple(map(str.encode, _KINDS))

Fields = Mapping[str, Any]


@dataclass
class Moves:
    """Figures of the listings that are in both answers, and how many are in one alone."""

    common: int = 0
    """Listings in both."""
    gone: list[str] = field(default_factory=list)
    """Ids that only the last answer has."""
    new: int = 0
    """Listings that only this one has."""
    priced: int = 0
    """Those of them that had a price before."""
    lost: list[str] = field(default_factory=list)
    """Ids of those that had one and have none now, or lack a main price above 0 that they had."""
    moved: list[str] = field(default_factory=list)
    """Ids of those of which a main price is another one."""
    ratios: dict[str, list[Decimal]] = field(default_factory=dict)
    """Meter → new price ÷ old price, of each listing whose price moved and is above 0 in both."""
    leaps: list[str] = field(default_factory=list)
    """Each price that moved more than ten times, became free or ceased to be, in words."""
    leapt: set[str] = field(default_factory=set)
    """Ids of those listings."""


def moves(old: Sorted, new: Sorted) -> Moves:
    """Compare two snapshots, each sorted by id; lines that say the same are not looked into."""
    found = Moves()
    for before, after in zipped(iter(old), iter(new)):
        if before is None or is_tombstone(before[1]):
            found.new += after is not None
        elif after is None:
            found.gone.append(before[0])
        else:
            _meet(before[1], after[1], found)
    return found


def _meet(before: bytes, after: bytes, found: Moves) -> None:
    found.common += 1
    found.priced += is_priced(before)
    if not same(before, after):
        _compare(orjson.loads(before), orjson.loads(after), found)


def is_priced(line: bytes) -> bool:
    """Tell whether a line has a price, 0 included."""
    return any(b'"price_kind":"%b"' % kind in line for kind in _PRICED)


def _compare(before: Fields, after: Fields, found: Moves) -> None:
    had, has = (side.get("price_kind") in _KINDS for side in (before, after))
    if had and not has and after.get("price_kind") == "unknown":
        found.lost.append(after["id"])
    if had and has:
        old, new = before.get("pricing", {}), after.get("pricing", {})
        both = old.keys() & new.keys()
        if any(old.get(meter, "0") != "0" and meter not in new for meter in TOKEN_METERS):
            found.lost.append(after["id"])
        main = both.intersection(TOKEN_METERS) or both
        if any(Decimal(old[meter]) != Decimal(new[meter]) for meter in main):
            found.moved.append(after["id"])
        for meter in sorted(both):
            _note(found, after["id"], meter, Decimal(old[meter]), Decimal(new[meter]))
    _compare_hosts(before.get("endpoints", ()), after.get("endpoints", ()), found)


def _compare_hosts(before: Iterable[Fields], after: Iterable[Fields], found: Moves) -> None:
    """Note one move for each meter: a model with many hosts speaks as loud as any other."""
    known = {(host["tag"], host["name"]): host["pricing"] for host in before}
    pairs = [(known.get((host["tag"], host["name"]), {}), host["pricing"]) for host in after]
    for meter in TOKEN_METERS:
        both = ((Decimal(old.get(meter, 0)), Decimal(new.get(meter, 0))) for old, new in pairs)
        ratio = next((new / old for old, new in both if old and new and old != new), None)
        if ratio is not None:
            found.ratios.setdefault(f"{OF_HOSTS}{meter}", []).append(ratio)


def _note(found: Moves, name: str, meter: str, old: Decimal, new: Decimal) -> None:
    if old == new:
        return
    if old and new:
        found.ratios.setdefault(meter, []).append(new / old)
    if (not old or not new) and meter not in TOKEN_METERS:
        return  # gateways drop and restore what costs nothing at will
    if not old or not new or not 1 / LEAP <= new / old <= LEAP:
        found.leapt.add(name)
        found.leaps.append(f"{name} {meter} {plain(old)} → {plain(new)}")
