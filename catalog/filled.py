"""Which fields of ours are known in the listings of a gateway, counted in forms that most of them share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Any

from catalog.schema.listing import METERS, TOKEN_METERS

_NESTED = ("architecture", "capabilities", "pricing", "price_source", "endpoints")

Shape = tuple[tuple[str, ...], ...]
"""The names of the fields of a line, then those below each of `_NESTED`."""


def shape_of(fields: Mapping[str, Any]) -> Shape:
    """Return which fields a line has, in a form that most lines of a gateway share."""
    known = fields.get
    return (
        tuple(fields),
        tuple(known("architecture", ())),
        tuple(known("capabilities", ())),
        _priced(known("pricing", {})),
        tuple(known("price_source", ())),
        _hosted(known("endpoints", ())),
    )


def _hosted(endpoints: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Tell whether there is any endpoint, and whether any has a price by a meter that we know."""
    if not endpoints:
        return ()
    priced = any(endpoint.get("pricing", {}).keys() & METERS for endpoint in endpoints)
    return ("some", "priced") if priced else ("some",)


def _priced(pricing: Mapping[str, str]) -> tuple[str, ...]:
    """Return the meters that say something; gateways drop and restore those that cost nothing at will."""
    if "0" not in pricing.values():
        return tuple(pricing)
    return tuple(meter for meter, price in pricing.items() if price != "0" or meter in TOKEN_METERS)


def filled_fields(shapes: Mapping[Shape, int]) -> Counter[str]:
    """Return in how many lines each field of ours is known, `pricing.prompt` and the like included."""
    filled: Counter[str] = Counter()
    for (names, *nested), count in shapes.items():
        below = (f"{name}.{part}" for name, parts in zip(_NESTED, nested, strict=True) for part in parts)
        filled.update(dict.fromkeys(chain(names, below), count))
    return filled


def fill_counts(lines: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """Count in how many kept lines each field of ours is known."""
    return filled_fields(Counter(map(shape_of, lines)))
