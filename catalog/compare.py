"""Two kept listings of one model → what a user of the model has to know; noise is nothing.

Not a change: order, noise of numbers, an optional meter that is 0 or not there, a unit that its
gateway renamed, descriptions, names of hosts, prices that follow the clock, what only became known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import NamedTuple

from catalog.artifact import Json
from catalog.schema.changes import ChangeKind, Value

SAME = Decimal("1e-9")
"""Prices that differ by less than this share are one price in two spellings."""
ALWAYS_THERE = frozenset({"prompt", "completion"})
"""Meters for which 0 and unknown are two different things."""
TELLING_WHEN_GONE = ALWAYS_THERE | {"input_cache_read", "input_cache_write"}
"""Without a price of its own, what is cached costs what all input does. That another meter comes or goes is
how its gateway words its prices, as in OpenRouter's clean-up of 2026-01."""
_CAPABILITIES = ("tools", "reasoning", "structured_outputs", "vision")
_MODALITIES = ("input_modalities", "output_modalities")
_CENT = Decimal("0.01")


class Part(NamedTuple):
    """One difference between two listings."""

    kind: ChangeKind
    meter: str | None
    before: Value
    to: Value
    percent: float | None = None


def compare(old: Json, new: Json) -> Iterator[Part]:
    """Yield every difference that counts, in a fixed order."""
    for fields, compared in _COMPARED:
        if any(old.get(name) != new.get(name) for name in fields):
            yield from compared(old, new)


def _names(old: Json, new: Json) -> Iterator[Part]:
    before, after = old["name"], new["name"]
    if before != after and before.split() != after.split():
        yield Part("renamed", "name", before, after)
    before, after = old.get("alias_target"), new.get("alias_target")
    if before and after and before != after:
        yield Part("renamed", "alias_target", before, after)


def _kinds(old: Json, new: Json) -> Iterator[Part]:
    before, after = _kind(old), _kind(new)
    if before != after and not (_clocked(old, new) and "dynamic" in (before, after)):
        yield Part("price_kind", "price_kind", before, after)


def _prices(old: Json, new: Json) -> Iterator[Part]:
    before, after = old.get("pricing", {}), new.get("pricing", {})
    may_vanish = _clocked(old, new) or _kind(old) != _kind(new)
    for meter in sorted(before.keys() | after.keys()):
        was, now = before.get(meter), after.get(meter)
        if (was is None or now is None) and may_vanish:
            continue
        if not same_price(meter, was, now) and not _other_unit(meter, before, after):
            yield Part("price", meter, was, now, percent(was, now))


def _kind(fields: Json) -> str:
    kind: str = fields.get("price_kind", "unknown")
    return kind


def _clocked(old: Json, new: Json) -> bool:
    """Tell whether a price follows the clock, so that a part of it can be hidden at times."""
    return any("utc_start" in tier for side in (old, new) for tier in side.get("price_tiers", ()))


def same_price(meter: str, was: str | None, now: str | None) -> bool:
    """Tell whether two prices of a meter mean the same to who pays them."""
    if was == now:
        return True
    one, other = _said(meter, was), _said(meter, now)
    if one is None or other is None:
        return one is other or meter not in TELLING_WHEN_GONE
    return abs(one - other) <= SAME * max(one, other)


def _said(meter: str, price: str | None) -> Decimal | None:
    """Return what a price says: an optional meter that costs nothing might as well not be there."""
    value = None if price is None else Decimal(price)
    return value if value or meter in ALWAYS_THERE else None


def _other_unit(meter: str, before: Json, after: Json) -> bool:
    """Tell whether a meter only changed its unit: images that were priced whole and now are by token."""
    by_token = [side.get(meter) == side.get("prompt") for side in (before, after)]
    return meter == "image" and by_token[0] != by_token[1]


def percent(was: str | None, now: str | None) -> float | None:
    """Return by how many percent a price moved, to 0.01."""
    if was is None or now is None or not Decimal(was):
        return None
    share = (Decimal(now) - Decimal(was)) / Decimal(was) * 100
    return float(share.quantize(_CENT))


def _tiers(old: Json, new: Json) -> Iterator[Part]:
    before, after = old.get("price_tiers", []), new.get("price_tiers", [])
    if not _same_tiers(before, after):
        yield Part("tiers", "price_tiers", _shown(before), _shown(after))


def _same_tiers(before: list[Json], after: list[Json]) -> bool:
    if list(map(_condition, before)) != list(map(_condition, after)):
        return False
    pairs = ((one["pricing"], other["pricing"]) for one, other in zip(before, after, strict=True))
    return all(
        same_price(meter, one.get(meter), other.get(meter))
        for one, other in pairs
        for meter in {*one, *other}
    )


def _condition(tier: Json) -> Json:
    return {name: value for name, value in tier.items() if name != "pricing"}


def _shown(tiers: list[Json]) -> list[dict[str, str | int]]:
    return [{**_condition(tier), **tier["pricing"]} for tier in tiers]


def _limit(kind: ChangeKind, name: str) -> Callable[[Json, Json], Iterator[Part]]:
    def compared(old: Json, new: Json) -> Iterator[Part]:
        before, after = old.get(name), new.get(name)
        if before != after and before is not None and after is not None:
            yield Part(kind, name, before, after)

    return compared


def _modality(old: Json, new: Json) -> Iterator[Part]:
    before, after = old.get("architecture", {}), new.get("architecture", {})
    for name in _MODALITIES:
        was, now = before.get(name), after.get(name)
        if was is not None and now is not None and sorted(was) != sorted(now):
            yield Part("modality", name, list(was), list(now))


def _capability(old: Json, new: Json) -> Iterator[Part]:
    before, after = old.get("capabilities", {}), new.get("capabilities", {})
    for name in _CAPABILITIES:
        was, now = before.get(name), after.get(name)
        if was is not None and now is not None and was != now:
            yield Part("capability", name, was, now)


def _ends(old: Json, new: Json) -> Iterator[Part]:
    for name in ("expiration_date", "replaced_by"):
        was, now = old.get(name), new.get(name)
        if was != now:
            yield Part("deprecation", name, was, now)


_COMPARED: tuple[tuple[tuple[str, ...], Callable[[Json, Json], Iterator[Part]]], ...] = (
    (("name", "alias_target"), _names),
    (("price_kind",), _kinds),
    (("pricing",), _prices),
    (("price_tiers",), _tiers),
    (("context_length",), _limit("context", "context_length")),
    (("max_output_tokens",), _limit("output_limit", "max_output_tokens")),
    (("architecture",), _modality),
    (("capabilities",), _capability),
    (("expiration_date", "replaced_by"), _ends),
)
"""Fields, and what is looked into when one of them differs."""


def offered(fields: Json) -> Json:
    """Return what a listing offers, as far as its history is kept."""
    pricing = fields.get("pricing", {})
    told = {
        "prompt": pricing.get("prompt"),
        "completion": pricing.get("completion"),
        "context_length": fields.get("context_length"),
        "price_kind": _kind(fields),
    }
    return {name: value for name, value in told.items() if value is not None}


__all__ = ["Part", "compare", "offered", "percent", "same_price"]
