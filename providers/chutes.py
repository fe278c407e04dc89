"""Chutes: a short live list of language models, and a dated list of its other models by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from catalog import units
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Architecture, Capabilities, Listing, PriceSource
from catalog.text import display_name

_STATIC = "chutes_catalog.json"

GATEWAY = Gateway(
    id="chutes",
    name="Chutes",
    site="https://chutes.ai",
    docs="https://chutes.ai/docs",
    bases=(Base("CHUTES_BASE_URL", "https://llm.chutes.ai/v1", "CHUTES_API_KEY"),),
    static=(_STATIC,),
)
"""Read off public answers up to 2026-08-22 and the server's public source, chutesai/chutes-api."""

# What the static list says of a kind is all that is known of its models; where one kind holds several
# sorts (moderation has text and image classifiers, other has anything) nothing is claimed.
_KINDS = {
    "llm": Architecture(output_modalities=("text",)),
    "image": Architecture(input_modalities=("text",), output_modalities=("image",)),
    "tts": Architecture(input_modalities=("text",), output_modalities=("speech",)),
    "stt": Architecture(input_modalities=("audio",), output_modalities=("transcription",)),
    "video": Architecture(output_modalities=("video",)),
    "music": Architecture(output_modalities=("audio",)),
    "embeddings": Architecture(input_modalities=("text",), output_modalities=("embeddings",)),
}
_OWN_PRICE = PriceSource(gateway="chutes", match="own")


class _Pricing(UpstreamRow):
    """US dollars per million tokens."""

    prompt: Any = None
    completion: Any = None
    input_cache_read: Any = None


class _Price(UpstreamRow):
    """The same prices once more, each in two currencies; a flat amount in 2025."""

    input: dict[str, Any] | None = None
    output: dict[str, Any] | None = None
    input_cache_read: dict[str, Any] | None = None
    usd: Any = None  # dropped: which tokens the flat amount was for is not known
    tao: Any = None  # dropped: follows the exchange rate by the minute


class _Static(UpstreamRow):
    """One entry of the static list."""

    id: str
    name: str
    kind: str
    per_hour: Any = None
    as_of: str


class Row(UpstreamRow):
    """One model as Chutes lists it, or an entry of the static list under `static`."""

    id: str
    root: str | None = None
    context_length: int | None = None
    max_model_len: int | None = None
    max_output_length: int | None = None
    input_modalities: list[str] | None = None
    output_modalities: list[str] | None = None
    quantization: str | None = None
    supported_features: list[str] | None = None
    supported_sampling_parameters: list[str] | None = None
    pricing: _Pricing | None = None
    price: _Price | None = None
    static: _Static | None = None

    created: Any = None  # dropped, as the next one: different in every answer
    permission: Any = None
    object: Any = None  # dropped, as the next two: say nothing about the model
    parent: Any = None
    chute_id: Any = None
    confidential_compute: Any = None  # dropped: how it is run; the id ends in -TEE
    owned_by: Any = None  # dropped: the engine, sglang or vllm, not an owner


def fetch(get: Get) -> Iterator[Payload]:
    """Ask for the one list there is."""
    yield get.one("/models")


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Yield the live rows, then those static ones that the live list does not speak for."""
    live: list[object] | None = None
    static: list[dict[str, Any]] = []
    for payload in payloads:
        if payload.path == _STATIC:
            static += _static_rows(payload)
        else:
            live = [*(live or ()), *payload.items("data")]
    if live == []:
        return  # the static rows would hide from every guard that nothing was served
    yield from live or ()
    seen = {str(row.get("id")).lower() for row in live or () if isinstance(row, dict)}
    for row in static:
        superseded = live is not None and row["static"].get("kind") == "llm"
        if not superseded and row["id"].lower() not in seen:
            yield row


def _static_rows(payload: Payload) -> Iterator[dict[str, Any]]:
    as_of = payload.json().get("as_of")
    for entry in payload.items("models"):
        facts = entry if isinstance(entry, dict) else {}
        yield {"id": str(facts.get("id")), "static": {**facts, "as_of": as_of}}


def normalize(row: Row) -> Listing:
    """Turn one live or static row into a listing."""
    if row.static is not None:
        return _static_listing(row.static)
    pricing = _pricing(row)
    # What is published may be less than what the engine could hold.
    context = units.tokens(row.context_length) or units.tokens(row.max_model_len)
    return Listing(
        gateway="chutes",
        id=row.id,
        name=display_name(None, row.id),
        hugging_face_id=row.root if row.root and row.root.count("/") == 1 else None,
        context_length=context,
        served_context_length=context,
        max_output_tokens=units.tokens(row.max_output_length),
        architecture=Architecture(
            input_modalities=_modalities(row.input_modalities),
            output_modalities=_modalities(row.output_modalities),
        ),
        pricing=pricing,
        price_source=_OWN_PRICE if pricing else None,
        supported_parameters=units.distinct(row.supported_sampling_parameters),
        capabilities=_capabilities(row),
        quantization=row.quantization,
    )


def _static_listing(static: _Static) -> Listing:
    # The list has 0 also for models that were sold by the token: no price was known, it says no more.
    per_hour = units.usd(static.per_hour)
    return Listing(
        gateway="chutes",
        id=static.id,
        name=static.name,
        architecture=_KINDS.get(static.kind, Architecture()),
        pricing={"per_hour": per_hour} if per_hour else {},
        price_source=_OWN_PRICE if per_hour else None,
        status="unverified",
        as_of=static.as_of,
    )


def _pricing(row: Row) -> dict[str, Decimal]:
    served = row.pricing if row.pricing and row.pricing.model_fields_set else _quoted(row.price or _Price())
    prices = {
        "prompt": units.usd_per_million(served.prompt),
        "completion": units.usd_per_million(served.completion),
        "input_cache_read": units.usd_per_million(served.input_cache_read),
        **units.extra_meters(served.model_extra, units.usd_per_million),
    }
    return units.known(prices)


def _quoted(price: _Price) -> _Pricing:
    quotes = {"prompt": price.input, "completion": price.output, "input_cache_read": price.input_cache_read}
    return _Pricing(**{meter: (quote or {}).get("usd") for meter, quote in quotes.items()})


def _modalities(served: list[str] | None) -> tuple[str, ...] | None:
    return None if served is None else units.ordered_modalities(served)


def _capabilities(row: Row) -> Capabilities:
    features, inputs = row.supported_features, row.input_modalities
    return Capabilities(
        tools=None if features is None else "tools" in features,
        reasoning=None if features is None else "reasoning" in features,
        structured_outputs=None if features is None else "structured_outputs" in features,
        vision=None if inputs is None else "image" in inputs,
    )
