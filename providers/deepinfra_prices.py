"""DeepInfra's two price objects: dollars per million and cents with rates, as one set of prices by meter.

Where both have a price the dollars count: they are what DeepInfra's pages show, and the cents are the same
numbers in another unit. A price, a rate or a discount that cannot be true raises ValueError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple, TypeAlias

from catalog import units
from catalog.ports import UpstreamRow
from catalog.schema.listing import PriceTier

_Meters: TypeAlias = Mapping[str, tuple[str, Callable[[object], Decimal | None]]]
"""Field to meter and conversion."""

# Per million, except images and seconds: `input_seconds` was seen as 7.5e-06 (2026-10).
_DOLLARS: _Meters = {
    "input_tokens": ("prompt", units.usd_per_million),
    "output_tokens": ("completion", units.usd_per_million),
    "cache_read_tokens": ("input_cache_read", units.usd_per_million),
    "cache_write_tokens": ("input_cache_write", units.usd_per_million),
    "input_characters": ("per_character", units.usd_per_million),
    "per_image_unit": ("per_image", units.usd),
    "input_seconds": ("per_audio_second", units.usd),
}
_CENTS: _Meters = {
    "cents_per_input_token": ("prompt", units.usd_from_cents_per_token),
    "cents_per_output_token": ("completion", units.usd_from_cents_per_token),
    "cents_per_image_unit": ("per_image", units.usd_from_cents),
    # Of a machine at work, for image classifiers too: neither seconds of sound nor of film.
    "cents_per_sec": ("per_second", units.usd_from_cents),
    "cents_per_input_sec": ("per_audio_second", units.usd_from_cents),
    "cents_per_input_chars": ("per_character", units.usd_from_cents),
    "cents_per_frame_unit": ("per_frame", units.usd_from_cents),
}
_PER_MILLION = ("_tokens", "_characters")
_TOKEN_METERS = ("prompt", "completion", "input_cache_read", "input_cache_write", "input_cache_write_1h")


class Dollars(UpstreamRow):
    """`metadata.pricing` of the OpenAI list, before the discount."""

    input_tokens: object = None
    output_tokens: object = None
    cache_read_tokens: object = None
    cache_write_tokens: object = None
    input_characters: object = None
    per_image_unit: object = None
    input_seconds: object = None


class Cents(UpstreamRow):
    """`pricing` of `/models/list`, before the discount; `rate_…` are factors."""

    type: str | None = None
    cents_per_input_token: object = None
    cents_per_output_token: object = None
    cents_per_image_unit: object = None
    cents_per_sec: object = None
    cents_per_input_sec: object = None
    cents_per_output_sec: object = None
    cents_per_input_chars: object = None
    cents_per_frame_unit: object = None
    rate_per_input_token_cached: object = None
    rate_per_input_token_cache_write: object = None
    rate_per_explicit_cache_write_token: dict[str, object] | None = None
    rate_per_service_tier_priority: object = None
    rate_per_service_tier_flex: object = None
    discount: object = None
    discount_ends_at: object = None  # dropped: the discount goes from the answer on that day
    explicit_cache_granularity_tokens: object = None  # dropped: how caching works, no price
    usage_from_cost: object = None  # dropped: how a bill is written
    default_width: object = None  # dropped, as the next three: a sample request and its price
    default_height: object = None
    default_iterations: object = None
    default_price_cents: object = None
    short: object = None  # dropped, as the next two: text for a page, no data. Prices by length of the
    full: object = None  # prompt stand nowhere else and are therefore not in our listings.
    table: object = None


class Prices(NamedTuple):
    """What the two price objects say together."""

    full: dict[str, Decimal]
    charged: dict[str, Decimal]
    discount: Decimal | None
    tiers: tuple[PriceTier, ...]


def read(dollars: Dollars | None, cents: Cents, discount: object, *, video: bool) -> Prices:
    """Return the prices before and after the discount, of which the OpenAI list's own counts first."""
    full = _full(dollars, cents, video=video)
    share = units.share(discount) or units.share(cents.discount)
    charged = full if share is None else _times(full, 1 - share)
    return Prices(full, charged, share if full else None, _service_tiers(charged, cents))


def _full(dollars: Dollars | None, cents: Cents, *, video: bool) -> dict[str, Decimal]:
    prices = _from_cents(cents)
    length = units.usd_from_cents(cents.cents_per_output_sec)
    if length is not None:
        # One field for seconds of film and of sound (music, speech).
        prices["per_video_second" if video else "per_audio_second"] = length
    if dollars is not None:
        prices |= _from_dollars(dollars)
    rates = {meter: units.scaled(prices.get("prompt"), rate) for meter, rate in _cache_rates(cents)}
    return units.known(rates) | prices


def _from_cents(cents: Cents) -> dict[str, Decimal]:
    new = (cents.model_extra or {}).items()
    extra = {name.removeprefix("cents_"): value for name, value in new if name.startswith("cents_")}
    return units.extra_meters(extra, units.usd_from_cents) | _metered(cents, _CENTS)


def _from_dollars(dollars: Dollars) -> dict[str, Decimal]:
    prices: dict[str, Decimal] = {}
    for name, value in (dollars.model_extra or {}).items():
        convert = units.usd_per_million if name.endswith(_PER_MILLION) else units.usd
        prices |= units.extra_meters({name: value}, convert)
    return prices | _metered(dollars, _DOLLARS)


def _metered(served: UpstreamRow, meters: _Meters) -> dict[str, Decimal]:
    found = ((meter, convert, getattr(served, field)) for field, (meter, convert) in meters.items())
    return units.known({meter: convert(value) for meter, convert, value in found if value is not None})


def _cache_rates(cents: Cents) -> Iterator[tuple[str, object]]:
    """Name the meters of the factors on the input price; 5 minutes is the plain cache write."""
    yield "input_cache_read", cents.rate_per_input_token_cached
    for life, rate in (cents.rate_per_explicit_cache_write_token or {}).items():
        yield "input_cache_write" if life == "5m" else f"input_cache_write_{life}", rate
    if cents.rate_per_input_token_cache_write is not None:
        yield "input_cache_write", cents.rate_per_input_token_cache_write


def _service_tiers(charged: dict[str, Decimal], cents: Cents) -> tuple[PriceTier, ...]:
    """Return the tiers that can be asked for; their factors hold for everything counted in tokens."""
    priced = {meter: price for meter, price in charged.items() if meter in _TOKEN_METERS}
    rates = {"flex": cents.rate_per_service_tier_flex, "priority": cents.rate_per_service_tier_priority}
    tiers = ((name, _times(priced, rate)) for name, rate in rates.items())
    return tuple(PriceTier(service_tier=name, pricing=pricing) for name, pricing in tiers if pricing)


def _times(prices: dict[str, Decimal], factor: object) -> dict[str, Decimal]:
    return units.known({meter: units.scaled(price, factor) for meter, price in prices.items()})
