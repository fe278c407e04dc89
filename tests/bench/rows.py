"""Listings back into the rows that their gateways would serve, in the shapes of mid-2026."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any

from catalog.schema.listing import Endpoint, KeptListing, PriceTier
from catalog.units import modality, plain

Row = dict[str, Any]
Inverse = Callable[[KeptListing, str, Random], Row]

_ROUTED = {"prompt": "-1", "completion": "-1"}
_FREE = {"prompt": "0", "completion": "0"}
_DOLLARS = {"prompt": "input_tokens", "completion": "output_tokens", "input_cache_read": "cache_read_tokens"}
_CENTS = {
    "prompt": "cents_per_input_token",
    "completion": "cents_per_output_token",
    "per_image": "cents_per_image_unit",
    "per_second": "cents_per_sec",
    "per_audio_second": "cents_per_input_sec",
    "per_video_second": "cents_per_output_sec",
    "per_character": "cents_per_input_chars",
    "per_frame": "cents_per_frame_unit",
}
_TYPES = {
    "image": "text-to-image",
    "video": "text-to-video",
    "speech": "text-to-speech",
    "embeddings": "embeddings",
}
_UNITS = {
    "prompt": "request_token",
    "completion": "response_token",
    "input_cache_read": "cache_read_input_token",
}


def openrouter(listing: KeptListing, text: str, chance: Random) -> Row:
    """Return one row of OpenRouter's list."""
    parameters = list(listing.supported_parameters or ())
    chance.shuffle(parameters)
    return {
        "id": listing.id,
        "canonical_slug": listing.canonical_slug,
        "hugging_face_id": listing.hugging_face_id or "",
        "name": listing.name,
        "created": _seconds(listing.created),
        "description": text,
        "context_length": listing.context_length or 0,
        "architecture": _architecture(listing),
        "pricing": _prices(listing),
        "top_provider": {
            "context_length": listing.served_context_length,
            "max_completion_tokens": listing.max_output_tokens,
            "is_moderated": False,
        },
        "per_request_limits": None,
        "supported_parameters": parameters,
        "default_parameters": {"temperature": None, "top_p": None, "frequency_penalty": None},
        "supported_voices": None,
        "knowledge_cutoff": listing.knowledge_cutoff,
        "expiration_date": listing.expiration_date,
        "links": {"details": f"/api/v1/models/{listing.canonical_slug}/endpoints"},
    }


def _architecture(listing: KeptListing) -> Row:
    shape = listing.architecture
    inputs, outputs = shape.input_modalities or (), shape.output_modalities or ()
    return {
        "modality": modality(inputs, outputs),
        "input_modalities": list(reversed(inputs)),
        "output_modalities": list(outputs),
        "tokenizer": shape.tokenizer,
        "instruct_type": shape.instruct_type,
    }


def _prices(listing: KeptListing) -> Row:
    if listing.price_kind == "dynamic":
        return dict(_ROUTED)
    prices: Row = {meter: plain(price) for meter, price in listing.pricing.items()} or dict(_FREE)
    if listing.price_tiers:
        prices["overrides"] = [_override(tier) for tier in listing.price_tiers]
    return prices


def _override(tier: PriceTier) -> Row:
    prices = {meter: plain(price) for meter, price in tier.pricing.items()}
    clock = {name: int(at.replace(":", "")) for name, at in _clock(tier).items() if at}
    return {"min_prompt_tokens": tier.min_prompt_tokens, **clock, **prices}


def _clock(tier: PriceTier) -> dict[str, str | None]:
    return {"utc_start": tier.utc_start, "utc_end": tier.utc_end}


def has_hosts(listing: KeptListing) -> bool:
    """Tell whether there is an answer to `/models/{id}/endpoints`."""
    return listing.price_kind != "dynamic" and not listing.id.startswith("~")


def openrouter_hosts(listing: KeptListing, chance: Random) -> Row:
    """Return the answer to `/models/{id}/endpoints`; hosts that are not known are made up."""
    known = listing.endpoints or tuple(_made_up(listing, chance))
    hosts = [_host(listing, endpoint, chance) for endpoint in known]
    about = {"id": listing.id, "name": listing.name, "architecture": _architecture(listing)}
    return {"data": {**about, "endpoints": hosts}}


def _made_up(listing: KeptListing, chance: Random) -> Iterator[Endpoint]:
    for number in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        yield Endpoint(
            name=f"Host {number}",
            tag=f"host-{number}/fp8",
            pricing=listing.pricing,
            context_length=listing.context_length,
            max_output_tokens=listing.max_output_tokens,
            quantization="fp8",
        )


def _host(listing: KeptListing, endpoint: Endpoint, chance: Random) -> Row:
    prices = {meter: plain(price) for meter, price in endpoint.pricing.items()}
    return {
        "name": f"{endpoint.name} | {listing.canonical_slug}",
        "model_id": listing.id,
        "model_name": listing.name,
        "context_length": endpoint.context_length,
        "pricing": {**prices, "discount": float(endpoint.discount or 0)},
        "provider_name": endpoint.name,
        "tag": endpoint.tag,
        "quantization": endpoint.quantization or "unknown",
        "max_completion_tokens": endpoint.max_output_tokens,
        "max_prompt_tokens": None,
        "supported_parameters": list(listing.supported_parameters or ()),
        "uptime_last_30m": round(chance.uniform(95, 100), 3),
        "uptime_last_1d": round(chance.uniform(95, 100), 3),
        "supports_implicit_caching": False,
        "latency_last_30m": {"p50": chance.randrange(200, 9000), "p99": chance.randrange(9000, 20000)},
        "throughput_last_30m": {"p50": chance.randrange(5, 200), "p99": chance.randrange(200, 400)},
        "status": 0,
    }


def portkey(listing: KeptListing, _: str, __: Random) -> Row:
    """Return one row of a Portkey workspace."""
    slug = listing.id.partition("/")[2]
    return {"id": listing.id, "slug": slug, "canonical_slug": slug, "object": "model"}


def portkey_price(listing: KeptListing) -> Row:
    """Return the entry of a listing in the price file of its service."""
    units = {_UNITS.get(meter, meter): {"price": _cents(price)} for meter, price in listing.pricing.items()}
    return {"pricing_config": {"pay_as_you_go": units, "currency": "USD"}}


def featherless(listing: KeptListing, text: str, chance: Random) -> Row:
    """Return one row of Featherless; where the listing has no price one is made up."""
    can = listing.capabilities
    size = chance.choice((1, 3, 7, 8, 12, 24, 70)) * 10**9
    prompt = listing.pricing.get("prompt", Decimal(chance.randrange(2, 300)).scaleb(-8))
    completion = listing.pricing.get("completion", prompt * 3)
    row = {
        "id": listing.id,
        "name": listing.name,
        "description": text,
        "object": "model",
        "is_gated": chance.random() < 0.01,
        "created": (_seconds(listing.created) or 0) + chance.randrange(86400),
        "model_class": f"class-{size // 10**9}b",
        "owned_by": "Feather",
        "context_length": listing.context_length,
        "available_on_current_plan": True,
        "status": "active" if chance.random() < 0.97 else "not_deployed",
        "availability": {"tier": "standard", "is_hot_live": chance.random() < 0.1},
        "concurrency_cost": 1,
        "parameter_size": size,
        "is_moe": False,
        "active_parameters": size,
        "vision_supported": bool(can.vision),
        "pricing": {
            "prompt": plain(prompt),
            "completion": plain(completion),
            "image": "0",
            "request": "0",
            "input": float(prompt * 10**6),
            "output": float(completion * 10**6),
        },
    }
    if listing.max_output_tokens:
        row["max_completion_tokens"] = listing.max_output_tokens
    if can.tools is not None:
        row["features"] = {"tool_use": can.tools, "image_input": bool(can.vision)}
    return row


def deepinfra(listing: KeptListing, text: str, _: Random) -> Row:
    """Return one row of DeepInfra's OpenAI list."""
    listed = listing.list_pricing or listing.pricing
    dollars = {_DOLLARS[meter]: float(listed[meter] * 10**6) for meter in listed.keys() & _DOLLARS.keys()}
    metadata = {
        "description": text,
        "context_length": listing.context_length,
        "max_tokens": listing.context_length,
        "pricing": dict(sorted(dollars.items())),
        "tags": _tags(listing),
    }
    said = {"object": "model", "created": 0, "owned_by": "deepinfra", "root": listing.id, "parent": None}
    return {"id": listing.id, **said, "metadata": metadata}


def deepinfra_listed(listing: KeptListing, text: str) -> Row:
    """Return the row of the same model in DeepInfra's `/models/list`."""
    listed = listing.list_pricing or listing.pricing
    cents = {name: _cents(listed[meter]) for meter, name in _CENTS.items() if meter in listed}
    outputs = listing.architecture.output_modalities or ("text",)
    discount = float(listing.discount) if listing.discount else None
    return {
        "model_name": listing.id,
        "type": _TYPES.get(outputs[0], "text-generation"),
        "reported_type": _TYPES.get(outputs[0], "text-generation"),
        "description": text,
        "tags": _tags(listing),
        "pricing": {"type": "tokens", **cents, "discount": discount},
        "max_tokens": listing.context_length,
        "replaced_by": listing.replaced_by,
        "deprecated": _seconds(listing.expiration_date),
        "quantization": listing.quantization,
        "private": 0,
    }


def _tags(listing: KeptListing) -> list[str]:
    can = listing.capabilities
    told = {"tools": can.tools, "reasoning": can.reasoning, "vision": can.vision}
    return ["json", *(tag for tag, known in told.items() if known)]


def chutes(listing: KeptListing, _: str, chance: Random) -> Row:
    """Return one row of Chutes' live list."""
    dollars = {meter: float(price * 10**6) for meter, price in listing.pricing.items()}
    can, shape = listing.capabilities, listing.architecture
    features = {"tools": can.tools, "structured_outputs": can.structured_outputs, "reasoning": can.reasoning}
    names = {"input": "prompt", "output": "completion", "input_cache_read": "input_cache_read"}
    return {
        "id": listing.id,
        "root": listing.hugging_face_id or listing.id,
        "object": "model",
        "parent": None,
        "created": 1785497527,
        "owned_by": "sglang",
        "chute_id": f"{chance.getrandbits(128):032x}",
        "confidential_compute": True,
        "context_length": listing.context_length,
        "max_model_len": listing.context_length,
        "max_output_length": listing.max_output_tokens,
        "input_modalities": list(shape.input_modalities or ()),
        "output_modalities": list(shape.output_modalities or ()),
        "quantization": listing.quantization,
        "supported_features": ["json_mode", *(name for name, known in features.items() if known)],
        "supported_sampling_parameters": list(listing.supported_parameters or ()),
        "pricing": dollars,
        "price": {
            name: {"tao": dollars[m] / 194.3, "usd": dollars[m]} for name, m in names.items() if m in dollars
        },
    }


def _cents(dollars: Decimal) -> float:
    return float(dollars * 100)


def _seconds(day: str | None) -> int | None:
    return None if day is None else int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
