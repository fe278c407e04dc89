"""LiteLLM's price map, which aider and many others read as well.

Keys are what a user types; a model without an exact price per token is left out, because LiteLLM takes an
absent price for 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import orjson
from pydantic import TypeAdapter

from catalog.artifact import Json
from catalog.interop.format import Format, Given
from catalog.interop.offer import TWO_CONDITIONS, Conditions, Offer, number
from catalog.schema.base import Day, Noun

_PROVIDERS = {
    "openrouter": "openrouter", "featherless": "featherless_ai", "deepinfra": "deepinfra", "chutes": "chutes",
}  # fmt: skip
"""Gateway → LiteLLM's name for it."""
_COSTS = {
    "prompt": "input_cost_per_token",
    "completion": "output_cost_per_token",
    "input_cache_read": "cache_read_input_token_cost",
    "input_cache_write": "cache_creation_input_token_cost",
    "input_cache_write_1h": "cache_creation_input_token_cost_above_1hr",
    "internal_reasoning": "output_cost_per_reasoning_token",
    "audio": "input_cost_per_audio_token",
    "audio_output": "output_cost_per_audio_token",
    "image_output": "output_cost_per_image_token",
    "request": "input_cost_per_request",
}
_TIERED = ("prompt", "completion", "input_cache_read", "input_cache_write", "input_cache_write_1h")
"""What LiteLLM can price by the length of the prompt, by the hour and by service tier."""
_THRESHOLDS = (32_000, 128_000, 200_000, 256_000, 272_000, 512_000)
"""The lengths for which LiteLLM has keys of their own."""
_SERVICE_TIERS = ("flex", "priority")
_MODES = {"text": "chat", "embeddings": "embedding"}
_UNENDING = 1_000_000_000_000
"""More tokens than any prompt has."""
_SUPPORTS = {
    "tools": "supports_function_calling",
    "reasoning": "supports_reasoning",
    "structured_outputs": "supports_response_schema",
    "vision": "supports_vision",
}
_READS = {"audio": "supports_audio_input", "file": "supports_pdf_input"}


class Costs(Noun):
    """US dollars per token, as far as they can depend on a condition."""

    input_cost_per_token: float | None = None
    output_cost_per_token: float | None = None
    cache_read_input_token_cost: float | None = None
    cache_creation_input_token_cost: float | None = None
    cache_creation_input_token_cost_above_1hr: float | None = None


class Tier(Costs):
    """Prices of a whole request with more than the first and at most the second number of tokens."""

    range: tuple[int, int]
    output_cost_per_reasoning_token: float | None = None


class OffPeak(Costs):
    """Prices at some hours of the day, `16:30-00:30`, UTC."""

    hours_utc: list[str]


class Entry(Costs, extra="allow"):
    """One model; further keys end in `_above_200k_tokens`, `_flex` or `_priority`: US dollars per token."""

    __pydantic_extra__: dict[str, float]  # type: ignore[mutable-override]  # pydantic's way

    litellm_provider: str
    mode: str
    input_cost_per_token: float
    output_cost_per_token: float
    output_cost_per_reasoning_token: float | None = None
    input_cost_per_audio_token: float | None = None
    output_cost_per_audio_token: float | None = None
    output_cost_per_image_token: float | None = None
    input_cost_per_request: float | None = None
    search_context_cost_per_query: dict[str, float] | None = None
    tiered_pricing: list[Tier] | None = None
    off_peak_pricing: OffPeak | None = None
    max_input_tokens: int | None = None
    max_output_tokens: int | None = None
    max_tokens: int | None = None
    supports_function_calling: bool | None = None
    supports_reasoning: bool | None = None
    supports_response_schema: bool | None = None
    supports_vision: bool | None = None
    supports_audio_input: bool | None = None
    supports_pdf_input: bool | None = None
    supports_prompt_caching: bool | None = None
    deprecation_date: Day | None = None


class _Map:
    """The map while it fills up."""

    def __init__(self, _: Given) -> None:
        self._entries: Json = {}

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns why it is left out."""
        provider = _PROVIDERS.get(offer.entry.gateway)
        if provider is None:
            return "no provider of LiteLLM"
        if reason := offer.unpriced:
            return reason
        mode = next((_MODES[name] for name in offer.outputs or () if name in _MODES), None)
        if mode is None:
            return "puts out neither text nor embeddings, or does not say"
        told = offer.conditions
        if told is None or not _one_price(told):
            return TWO_CONDITIONS
        facts = {"litellm_provider": provider, "mode": mode, **_limits(offer), **_abilities(offer)}
        self._entries[f"{provider}/{offer.entry.id}"] = facts | _prices(offer.pricing, told)
        return None

    def body(self) -> bytes:
        """Return the map, ids from Z to A.

        `register_model` takes `gpt-4o-2024-05-13` for `gpt-4o` where it knows the latter alone; the plain
        name comes last and has the last word.
        """
        return orjson.dumps(
            dict(sorted(self._entries.items(), reverse=True)), option=orjson.OPT_APPEND_NEWLINE
        )


def _one_price(told: Conditions) -> bool:
    """Tell whether all windows of the day have the same prices; LiteLLM knows one set."""
    return all(prices == told.windows[0][-1] for *_, prices in told.windows)


def _limits(offer: Offer) -> Json:
    output = offer.fields.get("max_output_tokens")
    limits = {"max_input_tokens": offer.context, "max_output_tokens": output, "max_tokens": output}
    limits["deprecation_date"] = offer.fields.get("expiration_date")
    return {name: value for name, value in limits.items() if value is not None}


def _abilities(offer: Offer) -> Json:
    said = {
        name: able for ours, name in _SUPPORTS.items() if (able := offer.capabilities.get(ours)) is not None
    }
    if offer.inputs is not None:
        said |= {name: ours in offer.inputs for ours, name in _READS.items()}
    if "input_cache_read" in offer.pricing:
        said["supports_prompt_caching"] = True
    return said


def _prices(base: Mapping[str, str], told: Conditions) -> Json:
    costs: Json = {_COSTS[meter]: number(price) for meter, price in base.items() if meter in _COSTS}
    if search := base.get("web_search"):
        sizes = ("low", "medium", "high")
        costs["search_context_cost_per_query"] = {f"search_context_size_{s}": number(search) for s in sizes}
    for tier, prices in told.tiers.items():
        costs |= _tiered(prices, f"_{tier}") if tier in _SERVICE_TIERS else {}
    if told.windows:
        hours = [f"{start}-{end}" for start, end, _ in told.windows]
        costs["off_peak_pricing"] = {"hours_utc": hours, **_tiered(told.windows[0][-1])}
    if all(tokens in _THRESHOLDS for tokens, _ in told.above):
        for tokens, prices in told.above:
            costs |= _tiered(prices, f"_above_{tokens // 1000}k_tokens")
    else:
        costs["tiered_pricing"] = list(_table(base, told.above))
    return costs


def _tiered(prices: Mapping[str, str], suffix: str = "") -> Json:
    return {_COSTS[meter] + suffix: number(prices[meter]) for meter in _TIERED if meter in prices}


def _table(base: Mapping[str, str], above: list[tuple[int, dict[str, str]]]) -> Iterator[Json]:
    """Yield the whole prices of each length; LiteLLM takes nothing from outside of the table."""
    starts = [0, *(tokens for tokens, _ in above)]
    ends = [*starts[1:], _UNENDING]
    for start, end, prices in zip(starts, ends, [{}, *(prices for _, prices in above)], strict=True):
        yield {"range": [start, end], **_tiered({**base, **prices})}


FORMAT = Format(
    name="litellm",
    files=(
        "interop/litellm/gateways.json",
        "interop/litellm/model_prices_and_context_window.json",
        "interop/aider/model-metadata.json",
    ),
    kind=TypeAdapter(dict[str, Entry]),
    start=_Map,
    about="LiteLLM's price map",
)
