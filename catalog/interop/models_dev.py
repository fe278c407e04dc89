"""The `api.json` of models.dev, as opencode and others read it from a base URL.

A model is there only if everything that the format requires is known of it; an unknown price is no `cost`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, TypeAdapter

from catalog.artifact import Json, compact
from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer, per_million
from catalog.ports import Gateway
from catalog.schema.base import Noun

_PACKAGES = {"openrouter": "@openrouter/ai-sdk-provider", "deepinfra": "@ai-sdk/deepinfra"}
"""Gateway → its package; the others are `@ai-sdk/openai-compatible`."""
_COMPATIBLE = "@ai-sdk/openai-compatible"
_WITH_ADDRESS = (_COMPATIBLE, "@openrouter/ai-sdk-provider")
_MODALITIES = {name: name for name in ("text", "audio", "image", "video")} | {"file": "pdf"}
_COSTS = {
    "prompt": "input",
    "completion": "output",
    "internal_reasoning": "reasoning",
    "input_cache_read": "cache_read",
    "input_cache_write": "cache_write",
    "audio": "input_audio",
    "audio_output": "output_audio",
}
_TELLS_WEIGHTS = "openrouter"
"""The gateway that names the repository of every model whose weights are open."""

Modality = Literal["text", "audio", "image", "video", "pdf"]
_DATE = r"^\d{4}(-\d\d(-\d\d)?)?$"


class Prices(Noun):
    """US dollars per million tokens."""

    input: float
    output: float
    reasoning: float | None = None
    cache_read: float | None = None
    cache_write: float | None = None
    input_audio: float | None = None
    output_audio: float | None = None


class Length(Noun):
    """The prompt is longer than so many tokens."""

    type: Literal["context"]
    size: int


class Tier(Prices):
    """Prices of a whole request with a long prompt."""

    tier: Length


class Cost(Prices):
    """Prices of a model."""

    tiers: list[Tier] | None = None
    context_over_200k: Prices | None = None


class Modalities(Noun):
    """What goes in and what comes out."""

    input: list[Modality]
    output: list[Modality]


class Limit(Noun):
    """Tokens."""

    context: int
    input: int | None = None
    output: int


class Model(Noun):
    """One model of a provider."""

    id: str
    name: str
    release_date: str = Field(pattern=_DATE)
    last_updated: str = Field(pattern=_DATE)
    attachment: bool
    reasoning: bool
    tool_call: bool
    open_weights: bool
    modalities: Modalities
    limit: Limit
    cost: Cost | None = None
    reasoning_options: list[dict[str, Any]] | None = None
    temperature: bool | None = None
    structured_output: bool | None = None
    family: str | None = None
    knowledge: str | None = Field(default=None, pattern=_DATE)
    interleaved: bool | dict[str, Any] | None = None
    description: str | None = None
    status: Literal["alpha", "beta", "deprecated"] | None = None
    experimental: dict[str, Any] | None = None
    provider: dict[str, Any] | None = None


class Provider(Noun):
    """One gateway."""

    id: str
    name: str
    env: list[str]
    npm: str
    api: str | None = None
    doc: str
    models: dict[str, Model]


class _Api:
    """The providers while they fill up."""

    def __init__(self, given: Given) -> None:
        self._gateways = given.gateways
        self._models: dict[str, Json] = {}

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns why it is left out."""
        facts: Json = {}
        for name, value in _required(offer):
            if value is None:
                return f"{name} unknown"
            facts[name] = value
        known = {name: value for name, value in _optional(offer).items() if value is not None}
        self._models.setdefault(offer.entry.gateway, {})[offer.entry.id] = facts | known
        return None

    def body(self) -> bytes:
        """Return the document."""
        gateways = ((self._gateways[name], models) for name, models in self._models.items())
        return compact({gateway.id: _provider(gateway, models) for gateway, models in gateways})


def _provider(gateway: Gateway, models: Json) -> Json:
    package = _PACKAGES.get(gateway.id, _COMPATIBLE)
    return {
        "id": gateway.id,
        "name": gateway.name,
        "env": [base.key_variable for base in gateway.bases[:1] if base.key_variable],
        "npm": package,
        "doc": gateway.docs,
        "models": models,
        **({"api": gateway.bases[0].url} if package in _WITH_ADDRESS else {}),
    }


def _required(offer: Offer) -> Iterator[tuple[str, object]]:
    """Yield what no model may lack, in the order in which a lack is told; unknown is None."""
    created, fields = offer.fields.get("created"), offer.fields
    inputs, outputs = _named(offer.inputs), _named(offer.outputs)
    yield "id", offer.entry.id
    yield "name", offer.entry.name
    yield "release_date", created
    yield "last_updated", max(created, offer.entry.changed_at[:10]) if created else None
    yield "modalities", {"input": inputs, "output": outputs} if inputs and outputs else None
    yield "attachment", inputs != ["text"]
    yield "reasoning", offer.capabilities.get("reasoning")
    yield "tool_call", offer.capabilities.get("tools")
    yield "open_weights", _open_weights(offer)
    output = fields.get("max_output_tokens")
    yield "limit", {"context": offer.context, "output": output} if offer.context and output else None


def _named(modalities: list[str] | None) -> list[str] | None:
    """Return the names that models.dev has for some modalities; None when it lacks one."""
    if not modalities or any(name not in _MODALITIES for name in modalities):
        return None
    return [_MODALITIES[name] for name in modalities]


def _open_weights(offer: Offer) -> bool | None:
    known = "hugging_face_id" in offer.fields
    return known if known or offer.entry.gateway == _TELLS_WEIGHTS else None


def _optional(offer: Offer) -> Json:
    parameters = offer.fields.get("supported_parameters")
    return {
        "cost": None if offer.unpriced else _cost(offer),
        "reasoning_options": [] if offer.capabilities.get("reasoning") else None,
        "temperature": "temperature" in parameters if parameters is not None else None,
        "structured_output": offer.capabilities.get("structured_outputs"),
        "knowledge": offer.fields.get("knowledge_cutoff"),
        "status": "deprecated" if offer.entry.status == "deprecated" else None,
    }


def _cost(offer: Offer) -> Json | None:
    told = offer.conditions
    if told is None:
        return None
    base = offer.pricing
    longer = ((tokens, {**base, **prices}) for tokens, prices in told.above)
    tiers = [{**_prices(prices), "tier": {"type": "context", "size": tokens}} for tokens, prices in longer]
    return {**_prices(base), "tiers": tiers} if tiers else _prices(base)


def _prices(pricing: Mapping[str, str]) -> Json:
    return {_COSTS[meter]: per_million(price) for meter, price in pricing.items() if meter in _COSTS}


FORMAT = Format(
    name="models.dev",
    files=("interop/models.dev/api.json",),
    kind=TypeAdapter(dict[str, Provider]),
    start=_Api,
    about="Models and prices in the format of models.dev",
)
