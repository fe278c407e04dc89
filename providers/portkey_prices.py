"""Portkey's open price files: which services there are, and what one entry means in our units."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Payload, UpstreamRow

# The services that had a price file in Portkey-AI/models on 2026-08-21. A service that sells only its own
# models stands with the organisation that made them, in the spelling that most ids use.
_VENDORS = {
    "ai21": "ai21", "anthropic": "anthropic", "arcee": "arcee-ai", "azure-openai": "openai",
    "claude-platform-aws": "anthropic", "cohere": "cohere", "deepgram": "deepgram", "deepseek": "deepseek",
    "elevenlabs": "elevenlabs", "google": "google", "jina": "jinaai", "meta": "meta-llama",
    "mistral": "mistralai", "mistral-ai": "mistralai", "moonshot": "moonshotai", "openai": "openai",
    "perplexity-ai": "perplexity", "voyage": "voyageai", "x-ai": "x-ai", "z-ai": "z-ai", "zhipu": "z-ai",
}  # fmt: skip
_HOSTS = (
    "azure-ai", "baseten", "bedrock", "bedrock-mantle", "byteplus", "celeris", "cerebras", "dashscope",
    "deepbricks", "deepinfra", "fal-ai", "fireworks-ai", "friendli", "groq", "lightning-ai", "meshy",
    "nebius", "novita-ai", "openrouter", "saladcloud", "scenario-ai", "scx-ai", "together-ai", "tripo3d",
    "typesafe", "vertex-ai", "workers-ai",
)  # fmt: skip

ORGANISATIONS = dict(zip(_HOSTS, _HOSTS, strict=True)) | _VENDORS
"""Service to the organisation under which its models are published; a host of many stands for itself."""

# Where two names end in one meter, the one that sorts last counts: `request_token` over `request_text_token`.
_METERS = {
    "request_token": "prompt",
    "request_text_token": "prompt",
    "response_token": "completion",
    "response_text_token": "completion",
    "cache_read_input_token": "input_cache_read",
    "cached_text_input_token": "input_cache_read",
    "cache_read_text_input_token": "input_cache_read",
    "cache_write_input_token": "input_cache_write",
    "cache_write_1h": "input_cache_write_1h",
    "cache_read_audio_input_token": "input_audio_cache",
    "request_audio_token": "audio",
    "response_audio_token": "audio_output",
    "request_image_token": "image_token",
    "response_image_token": "image_output",
    "reasoning_token": "internal_reasoning",
}
_TOKEN_METERS = frozenset({"prompt", "completion"})
# The dearest token ever listed costs 0.06 cents. Speech and rerank models have a price per minute or per
# search in the same fields, so what is dearer than this is no price per token.
_DEAREST_TOKEN = Decimal("0.001")
# The other way round, some entries give as the price of an image what a token of it costs.
_CHEAPEST_IMAGE = Decimal("0.00001")


def service_of(slug: str) -> str | None:
    """Return the service behind an integration; its slug is the owner's choice and mostly says nothing."""
    return slug if slug in ORGANISATIONS else None


_TELLING = ("ai_service", "ai_provider_id", "ai_provider", "provider", "integration_id")


def told_services(payload: Payload) -> dict[str, str]:
    """Return slug → service as `/providers` tells it; what is no service that we know counts as not told.

    The specification names `slug` and `integration_id` (read 2026-11-28); an integration of a workspace's own
    has an id that names no service.
    """
    try:
        rows = payload.items("data")
    except UseSnapshotError:
        return {}
    told: dict[str, str] = {}
    for row in (row for row in rows if isinstance(row, dict) and isinstance(row.get("slug"), str)):
        names = (row.get(field) for field in _TELLING)
        service = next((name for name in names if isinstance(name, str) and name in ORGANISATIONS), None)
        if service is not None:
            told[row["slug"]] = service
    return told


class PricingConfig(UpstreamRow):
    """One entry of a price file, in US cents per unit."""

    pay_as_you_go: dict[str, dict[str, Any] | None] | None = None
    currency: str | None = None
    batch_config: Any = None  # dropped, as the next two: other ways to buy
    finetune_config: Any = None
    fixed_cost: Any = None
    calculate: Any = None  # dropped: how to multiply


def entries(payload: Payload) -> dict[str, Any]:
    """Return the entries of one price file by model; raises UseSnapshotError for a file that is none.

    Without it every price of its service would vanish.
    """
    document = payload.json()
    if not isinstance(document, dict):
        raise UseSnapshotError(f"{payload.path}: no prices by model in the answer")
    # `default` is all zero: what Portkey counts for a model that it has no price of.
    return {name: entry for name, entry in document.items() if name != "default"}


def pricing(config: PricingConfig) -> dict[str, Decimal]:
    """Return the prices of an entry by meter; an entry of nothing but zeros is no price.

    Raises ValueError for a value that is no price.
    """
    if config.currency not in {None, "USD"}:
        return {}
    found = dict(_meters(config.pay_as_you_go or {}))
    if not any(found.values()):
        return {}
    # Beside a real price tokens can cost nothing, as the output of embeddings; any other 0 is a filler.
    return {meter: value for meter, value in found.items() if value or meter in _TOKEN_METERS}


def _meters(served: Mapping[str, Any]) -> Iterator[tuple[str, Decimal]]:
    named = {**_mapping(served.get("additional_units")), **served}
    for name in sorted(named.keys() - {"additional_units", "image"}):
        value = _dollars(named[name])
        if value is not None and not (name.endswith("_token") and value >= _DEAREST_TOKEN):
            yield _METERS.get(name, name), value
    image = _image(_mapping(served.get("image")))
    if image is not None and image >= _CHEAPEST_IMAGE:
        yield "per_image", image


def _image(qualities: dict[str, Any]) -> Decimal | None:
    """Return the price of an image if it is the same in every quality and size; of several, none is it."""
    found = {_dollars(unit) for sizes in qualities.values() for unit in _mapping(sizes).values()}
    return found.pop() if len(found) == 1 else None


def _dollars(unit: object) -> Decimal | None:
    return units.usd_from_cents(_mapping(unit).get("price"))


def _mapping(value: object) -> dict[str, Any]:
    match value:
        case dict():
            return value
        case None:
            return {}
        case _:
            raise ValueError(f"not a price: {value!r:.60}")
