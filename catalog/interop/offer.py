"""What every export is made from: live listings with the prices that their records show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

import orjson

from catalog.artifact import Json
from catalog.assemble import Catalog
from catalog.entry import Entry
from catalog.units import EXACT, plain

_MILLION = Decimal(1_000_000)
_NOT_PRICED = {
    "unknown": "price unknown",
    "dynamic": "price decided per request",
    "included": "included in a plan, no price per token",
}


class Conditions(NamedTuple):
    """The conditional prices of an offer, each kind for itself."""

    above: list[tuple[int, dict[str, str]]]
    """More prompt tokens than this → prices that replace the base, fewest tokens first."""
    windows: list[tuple[str, str, dict[str, str]]]
    """From and until `HH:MM` UTC, and the prices that replace the base."""
    tiers: dict[str, dict[str, str]]
    """Service tier → prices that replace the base."""


class Offer(NamedTuple):
    """One live listing; what several formats ask for is read once."""

    entry: Entry
    fields: Json
    """The kept line, with a borrowed price where the gateway tells none."""
    key: str | None
    """The model key."""
    variant: str | None
    """What sets it apart from other offers of the model."""
    answers: bool
    """Whether it is what a request for its id finds without naming a gateway."""
    pricing: dict[str, str]
    """US dollars per unit by meter, without a condition."""
    conditions: Conditions | None
    """Prices under a condition; None when two conditions can hold at once."""
    unpriced: str | None
    """Why there is no price for a token in and for one out; None when there is."""
    context: int | None
    """Tokens that can be used at this gateway."""
    inputs: list[str] | None
    """Input modalities, as far as they are known."""
    outputs: list[str] | None
    """Output modalities, as far as they are known."""
    capabilities: dict[str, bool]
    """What the gateway says that the model can do, or cannot."""


_UNCONDITIONAL = Conditions([], [], {})


def _conditions(tiers: Iterable[Json]) -> Conditions | None:
    """Sort conditional prices by kind."""
    found = Conditions([], [], {})
    for tier in tiers:
        prices = tier["pricing"]
        match sorted(tier.keys() - {"pricing"}):
            case ["min_prompt_tokens"]:
                found.above.append((tier["min_prompt_tokens"], prices))
            case ["utc_end", "utc_start"]:
                found.windows.append((tier["utc_start"], tier["utc_end"], prices))
            case ["service_tier"]:
                found.tiers[tier["service_tier"]] = prices
            case _:
                return None
    found.above.sort(key=lambda pair: pair[0])
    return None if found.above and found.windows else found


TWO_CONDITIONS = "price under two conditions at once"
"""Why an offer without `conditions` is left out."""


def offers(catalog: Catalog, lines: Callable[[str], Iterable[bytes]]) -> Iterator[Offer]:
    """Yield every live listing, by gateway in the order of detection and then by id."""
    for gateway in catalog.book.order:
        for entry, line in zip(catalog.book.entries[gateway], lines(gateway), strict=True):
            if entry.live:
                yield _offer(entry, orjson.loads(line), catalog)


_NOTHING: Json = {}


def _offer(entry: Entry, fields: Json, catalog: Catalog) -> Offer:
    if borrowed := catalog.borrowed.get((entry.gateway, entry.id)):
        fields |= borrowed
    identity = catalog.offers.of(entry)
    shape, pricing = fields.get("architecture", _NOTHING), fields.get("pricing", _NOTHING)
    return Offer(
        entry=entry,
        fields=fields,
        key=identity.key,
        variant=identity.variant,
        answers=catalog.book.answer(entry.path) is entry,
        pricing=pricing,
        conditions=_conditions(fields["price_tiers"]) if "price_tiers" in fields else _UNCONDITIONAL,
        unpriced=_unpriced(entry.price_kind, pricing),
        context=fields.get("served_context_length", entry.context_length),
        inputs=shape.get("input_modalities"),
        outputs=shape.get("output_modalities"),
        capabilities=fields.get("capabilities", _NOTHING),
    )


def _unpriced(kind: str, pricing: Mapping[str, str]) -> str | None:
    both = "prompt" in pricing and "completion" in pricing
    return _NOT_PRICED.get(kind) or (None if both else "not priced by the token")


@lru_cache(maxsize=4096)
def number(price: str) -> orjson.Fragment:
    """Print a price as the JSON number of the very same digits."""
    return orjson.Fragment(price)


@lru_cache(maxsize=4096)
def per_million(price: str) -> orjson.Fragment:
    """Print a price per token as the exact JSON number of US dollars per million."""
    return orjson.Fragment(plain(EXACT.multiply(Decimal(price), _MILLION)))


@lru_cache(maxsize=4096)
def per_thousand(price: str) -> orjson.Fragment:
    """Print a price per unit as the exact JSON number of US dollars per thousand."""
    return orjson.Fragment(plain(EXACT.multiply(Decimal(price), Decimal(1000))))
