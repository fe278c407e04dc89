"""The current prices of llm-prices: US dollars per million tokens, without conditions."""

from __future__ import annotations

from pydantic import TypeAdapter

from catalog.artifact import Json, compact
from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer, per_million
from catalog.schema.base import Day, Noun


class Price(Noun):
    """The prices of one model at one gateway."""

    id: str
    vendor: str
    name: str
    input: float
    output: float
    input_cached: float | None


class Current(Noun):
    """All current prices."""

    updated_at: Day | None
    prices: list[Price]


class _Current:
    """The prices while they fill up."""

    def __init__(self, _: Given) -> None:
        self._prices: list[Json] = []
        self._updated: str | None = None

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns why it is left out."""
        if reason := offer.unpriced:
            return reason
        pricing = offer.pricing
        cached = pricing.get("input_cache_read")
        price: Json = {
            "id": offer.entry.id,
            "vendor": offer.entry.gateway,
            "name": offer.entry.name,
            "input": per_million(pricing["prompt"]),
            "output": per_million(pricing["completion"]),
            "input_cached": per_million(cached) if cached else None,
        }
        self._prices.append(price)
        self._updated = max(self._updated or "", offer.entry.changed_at[:10])
        return None

    def body(self) -> bytes:
        """Return the document."""
        return compact({"updated_at": self._updated, "prices": self._prices})


FORMAT = Format(
    name="llm-prices",
    files=("interop/llm-prices/current-v1.json",),
    kind=TypeAdapter(Current),
    start=_Current,
    about="Prices in the format of llm-prices",
)
