"""OpenRouter's pricing object: a base price that is the same at every time of the day, and its tiers.

A price that cannot be true, or an override whose condition is not understood, raises ValueError.
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from catalog import units
from catalog.days import clock, fill_day
from catalog.ports import UpstreamRow
from catalog.schema.listing import PriceTier

_AT_RUN_TIME = ("-1", -1)
_BESIDE_METERS = {"discount", "overrides"}
_CONDITIONS = {"min_prompt_tokens", "utc_start", "utc_end", "service_tier"}
_NO_CONDITION = (0, "", "")


class Pricing(UpstreamRow):
    """US dollars per unit as strings; `"-1"` is decided per request."""

    prompt: object = None
    completion: object = None
    request: object = None
    image: object = None
    image_token: object = None
    image_output: object = None
    audio: object = None
    audio_output: object = None
    web_search: object = None
    internal_reasoning: object = None
    input_cache_read: object = None
    input_cache_write: object = None
    input_cache_write_1h: object = None
    input_audio_cache: object = None
    # A share from 0 to 1. The prices beside it are already lower by it: in the answers of 2026-05-16 all
    # prices of a host with 0.35 are 0.65 × a round number. It is kept as a fact and never multiplied in.
    discount: object = None
    overrides: list[dict[str, object]] | None = None


class Prices(NamedTuple):
    """What a pricing object says."""

    base: dict[str, Decimal]
    tiers: tuple[PriceTier, ...]
    dynamic: bool


def read(pricing: Pricing) -> Prices:
    """Return the base price by meter, the tiers, and whether part of the price is decided at run time."""
    fields = pricing.__dict__.items()
    served = {name: value for name, value in fields if value is not None and name not in _BESIDE_METERS}
    prices = {name: units.usd(value) for name, value in served.items() if value not in _AT_RUN_TIME}
    shown = units.extra_meters(pricing.model_extra, _price) | units.known(prices)
    dynamic = len(prices) < len(served)
    if not pricing.overrides:
        return Prices(shown, (), dynamic)
    tiers = tuple(sorted(map(_tier, pricing.overrides), key=_order))
    base = _without_clock(shown, tiers)
    return Prices(base, tiers, dynamic or len(base) < len(shown))


def _price(value: object) -> Decimal | None:
    return None if value in _AT_RUN_TIME else units.usd(value)


def _tier(override: dict[str, object]) -> PriceTier:
    beside = _CONDITIONS | _BESIDE_METERS
    prices = {name: value for name, value in override.items() if name not in beside}
    # Prices are strings, conditions are not: a price without its condition would be a wrong price.
    if odd := [name for name, value in prices.items() if not isinstance(value, str | None)]:
        raise ValueError(f"an override with an unknown condition: {odd[0]!r:.60}")
    facts = {
        "pricing": units.known({meter: units.usd(value) for meter, value in prices.items()}),
        "min_prompt_tokens": units.tokens(override.get("min_prompt_tokens")),
        "utc_start": clock(override.get("utc_start")),
        "utc_end": clock(override.get("utc_end")),
        "service_tier": override.get("service_tier"),
    }
    tier = PriceTier.model_validate(facts)
    if (tier.utc_start is None) != (tier.utc_end is None) or _order(tier) == _NO_CONDITION:
        raise ValueError("an override without a whole condition")
    return tier


def _order(tier: PriceTier) -> tuple[int, str, str]:
    return tier.min_prompt_tokens or 0, tier.utc_start or "", tier.service_tier or ""


def _without_clock(shown: dict[str, Decimal], tiers: tuple[PriceTier, ...]) -> dict[str, Decimal]:
    """Return base prices that are the same at every time of the day.

    OpenRouter's top level shows the window of the moment. Windows that fill the day leave no base of
    their own: the dearest one stands for it. Otherwise a top level that equals a window hides the base.
    """
    windows = [tier for tier in tiers if tier.utc_start and _order(tier) == (0, tier.utc_start, "")]
    if fill_day((window.utc_start or "", window.utc_end or "") for window in windows):
        return shown | _dearest(windows)
    now = (window.pricing for window in windows if window.pricing.items() <= shown.items())
    hidden = {meter for pricing in now for meter in pricing}
    return {meter: price for meter, price in shown.items() if meter not in hidden}


def _dearest(windows: list[PriceTier]) -> dict[str, Decimal]:
    dearest: dict[str, Decimal] = {}
    for window in windows:
        for meter, price in window.pricing.items():
            dearest[meter] = max(price, dearest.get(meter, price))
    return dearest
