"""The price data of genai-prices, version 2 of its format."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, TypeAdapter

from catalog.artifact import Json, compact
from catalog.interop.format import Format, Given
from catalog.interop.offer import TWO_CONDITIONS, Conditions, Offer, per_million, per_thousand
from catalog.ports import Gateway
from catalog.schema.base import Noun

_MTOK = {
    "prompt": "input_mtok",
    "completion": "output_mtok",
    "input_cache_read": "cache_read_mtok",
    "input_cache_write": "cache_write_mtok",
    "input_cache_write_1h": "cache_write_1h_mtok",
    "audio": "input_audio_mtok",
    "input_audio_cache": "cache_audio_read_mtok",
    "audio_output": "output_audio_mtok",
    "image_output": "output_image_mtok",
    "internal_reasoning": "output_reasoning_mtok",
}
_KCOUNT = {"web_search": "web_searches_kcount", "request": "requests_kcount"}
_LONGEST_ID = 100
_ID = re.compile(r"\S+")


class Tier(Noun):
    """A price of a whole request whose prompt has more than `start` tokens."""

    start: int
    price: float


class TieredPrice(Noun):
    """A price that depends on the length of the prompt."""

    base: float
    tiers: list[Tier]


Price = Annotated[float, Field(ge=0)] | TieredPrice


class Prices(Noun):
    """US dollars per million tokens, per thousand of what is counted otherwise."""

    input_mtok: Price
    output_mtok: Price
    cache_read_mtok: Price | None = None
    cache_write_mtok: Price | None = None
    cache_write_1h_mtok: Price | None = None
    input_audio_mtok: Price | None = None
    cache_audio_read_mtok: Price | None = None
    output_audio_mtok: Price | None = None
    output_image_mtok: Price | None = None
    output_reasoning_mtok: Price | None = None
    web_searches_kcount: Price | None = None
    requests_kcount: Price | None = None


class Hours(Noun):
    """Some hours of every day; an end before the start is on the next day."""

    start_time: str = Field(pattern=r"^\d\d:\d\d:00Z$")
    end_time: str = Field(pattern=r"^\d\d:\d\d:00Z$")


class Conditional(Noun):
    """Prices under a condition; of those that hold the last one counts."""

    constraint: Hours | None = None
    prices: Prices


class Equals(Noun):
    """The very id, in any case."""

    equals: str


class Model(Noun):
    """One model."""

    id: str = Field(max_length=_LONGEST_ID, pattern=r"^\S+$")
    match: Equals
    name: str
    context_window: int | None = None
    deprecated: bool | None = None
    prices: Prices | list[Conditional]


class Provider(Noun):
    """One gateway."""

    id: str
    name: str
    api_pattern: str
    models: list[Model]


class _Data:
    """The providers while they fill up."""

    def __init__(self, given: Given) -> None:
        self._gateways = given.gateways
        self._models: dict[str, dict[str, Json]] = {}

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns why it is left out."""
        if reason := offer.unpriced:
            return reason
        name = offer.entry.id
        if len(name) > _LONGEST_ID or not _ID.fullmatch(name):
            return "id longer than 100 characters or with a space"
        told = offer.conditions
        if told is None:
            return TWO_CONDITIONS
        models = self._models.setdefault(offer.entry.gateway, {})
        if name.lower() in models:
            return "id differs from another one in capitals only"
        models[name.lower()] = _model(offer, told)
        return None

    def body(self) -> bytes:
        """Return the document."""
        found = ((self._gateways[name], list(models.values())) for name, models in self._models.items())
        return compact([_provider(gateway, models) for gateway, models in found])


def _provider(gateway: Gateway, models: list[Json]) -> Json:
    host = re.escape(urlsplit(gateway.bases[0].url).netloc)
    return {"id": gateway.id, "name": gateway.name, "api_pattern": f"https://{host}", "models": models}


def _model(offer: Offer, told: Conditions) -> Json:
    model: Json = {
        "id": offer.entry.id,
        "match": {"equals": offer.entry.id},
        "name": offer.entry.name,
        "prices": _all_prices(offer.pricing, told),
    }
    if offer.context:
        model["context_window"] = offer.context
    if offer.entry.status == "deprecated":
        model["deprecated"] = True
    return model


def _all_prices(base: Mapping[str, str], told: Conditions) -> Json | list[Json]:
    usual = _prices(base, told)
    if not told.windows:
        return usual
    hours = [
        {
            "constraint": {"start_time": f"{start}:00Z", "end_time": f"{end}:00Z"},
            "prices": _prices({**base, **prices}, told),
        }
        for start, end, prices in told.windows
    ]
    return [{"prices": usual}, *hours]


def _prices(base: Mapping[str, str], told: Conditions) -> Json:
    held = _held(base)
    prices: Json = {
        _MTOK[meter]: _price(meter, price, told) for meter, price in held.items() if meter in _MTOK
    }
    return prices | {name: per_thousand(base[meter]) for meter, name in _KCOUNT.items() if meter in base}


def _price(meter: str, base: str, told: Conditions) -> object:
    tiers = [(tokens, prices[meter]) for tokens, prices in told.above if meter in prices]
    if not tiers:
        return per_million(base)
    longer = [{"start": tokens, "price": per_million(price)} for tokens, price in tiers]
    return {"base": per_million(base), "tiers": longer}


def _held(base: Mapping[str, str]) -> dict[str, str]:
    """Return the prices that genai-prices can hold together: what two kinds share needs a price of its own.

    Audio that was read from or written to a cache is such a share, and reasoning that was spoken or drawn.
    """
    held = dict(base)
    if "input_cache_write" not in held:
        held.pop("input_cache_write_1h", None)
    if "input_cache_write" in held or ("input_cache_read" in held) != ("input_audio_cache" in held):
        held.pop("audio", None)
    if "audio" not in held:
        held.pop("input_audio_cache", None)
    if held.keys() & {"audio_output", "image_output"}:
        held.pop("internal_reasoning", None)
    return held


FORMAT = Format(
    name="genai-prices",
    files=("interop/genai-prices/data.json",),
    kind=TypeAdapter(list[Provider]),
    start=_Data,
    about="Prices in the format of genai-prices",
)
