"""Chutes: a short live list of language models, and a dated list of its other models by the hour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Architecture, Capabilities, Listing, PriceSource

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

    prompt: object = None
    completion: object = None
    input_cache_read: object = None


class _Quote(UpstreamRow):
    """One price in two currencies."""

    usd: object = None
    tao: Any = None  # dropped: follows the exchange rate by the minute


class _Quotes(UpstreamRow):
    """`pricing` again; in 2025 a single quote of unknown meaning, which is left alone."""

    input: _Quote | None = None
    output: _Quote | None = None
    input_cache_read: _Quote | None = None
    usd: Any = None
    tao: Any = None


class _Static(UpstreamRow):
    """One entry of the static list."""

    name: str
    kind: str
    per_hour: object = None
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
    price: _Quotes | None = None
    static: _Static | None = None

    # Dropped. They change with every fetch:
    created: Any = None
    permission: Any = None
    # say the same of every row, or nothing about the model:
    object: Any = None
    parent: Any = None
    chute_id: Any = None
    confidential_compute: Any = None
    owned_by: Any = None  # the engine, sglang or vllm, not an owner


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
        # The static rows would hide from every guard that nothing was served.
        raise UseSnapshotError("an empty list")
    yield from live or ()
    seen = {str(row.get("id")).lower() for row in live or () if isinstance(row, dict)}
    for row in static:
        superseded = live is not None and row["static"]["kind"] == "llm"
        if not superseded and row["id"].lower() not in seen:
            yield row


def _static_rows(payload: Payload) -> Iterator[dict[str, Any]]:
    as_of = payload.json()["as_of"]
    for entry in payload.items("models"):
        facts = dict(entry)  # type: ignore[call-overload]
        yield {"id": facts.pop("id"), "static": {**facts, "as_of": as_of}}


def normalize(row: Row) -> Listing:
    """Turn one live or static row into a listing."""
    if row.static is not None:
        return _static_listing(row.id, row.static)
    pricing = _pricing(row)
    # What is published may be less than what the engine could hold.
    context = units.tokens(row.context_length) or units.tokens(row.max_model_len)
    parameters = row.supported_sampling_parameters
    return Listing(
        gateway="chutes",
        id=row.id,
        name=units.display_name(None, row.id),
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
        supported_parameters=None if parameters is None else tuple(sorted(set(parameters))),
        capabilities=_capabilities(row),
        quantization=row.quantization,
    )


def _static_listing(model_id: str, static: _Static) -> Listing:
    # 0 in the static list means that no machine ran the model when it was made, not that it is free.
    per_hour = units.usd(static.per_hour)
    return Listing(
        gateway="chutes",
        id=model_id,
        name=static.name,
        architecture=_KINDS.get(static.kind, Architecture()),
        pricing={"per_hour": per_hour} if per_hour else {},
        price_source=_OWN_PRICE if per_hour else None,
        status="unverified",
        as_of=static.as_of,
    )


def _pricing(row: Row) -> dict[str, Decimal]:
    served = row.pricing or _from_quotes(row.price or _Quotes())
    found = {
        "prompt": units.usd_per_million(served.prompt),
        "completion": units.usd_per_million(served.completion),
        "input_cache_read": units.usd_per_million(served.input_cache_read),
        **units.extra_meters(served.model_extra, units.usd_per_million),
    }
    return {meter: value for meter, value in found.items() if value is not None}


def _from_quotes(price: _Quotes) -> _Pricing:
    quotes = {"prompt": price.input, "completion": price.output, "input_cache_read": price.input_cache_read}
    return _Pricing.model_validate({meter: quote and quote.usd for meter, quote in quotes.items()})


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
