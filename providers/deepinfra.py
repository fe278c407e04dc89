"""DeepInfra: two lists of the same models, one in US dollars per million, one in cents and rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TypeAlias

from catalog import units
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Architecture, Capabilities, Listing, PriceSource, PriceTier

GATEWAY = Gateway(
    id="deepinfra",
    name="DeepInfra",
    site="https://deepinfra.com",
    docs="https://deepinfra.com/docs",
    bases=(Base("DEEPINFRA_BASE_URL", "https://api.deepinfra.com", key_variable="DEEPINFRA_API_KEY"),),
)
"""From DeepInfra's OpenAPI document, read 2026-05-20, and bodies up to 2026-10; without a key all is served,
with a wrong one nothing."""

_OPENAI_LIST = "/v1/openai/models"
_MODELS_LIST = "/models/list"
_OWN = PriceSource(gateway=GATEWAY.id, match="own")

# Per million, except images and seconds: `input_seconds` was seen as 7.5e-06 (2026-10).
_DOLLARS = {
    "input_tokens": ("prompt", units.usd_per_million),
    "output_tokens": ("completion", units.usd_per_million),
    "cache_read_tokens": ("input_cache_read", units.usd_per_million),
    "cache_write_tokens": ("input_cache_write", units.usd_per_million),
    "input_characters": ("per_character", units.usd_per_million),
    "per_image_unit": ("per_image", units.usd),
    "input_seconds": ("per_audio_second", units.usd),
}
_CENTS = {
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

_SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text-generation": (("text",), ("text",)),
    "text-to-image": (("text",), ("image",)),
    "text-to-video": (("text",), ("video",)),
    "text-to-speech": (("text",), ("speech",)),
    "text-to-music": (("text",), ("audio",)),
    "automatic-speech-recognition": (("audio",), ("transcription",)),
    "embeddings": (("text",), ("embeddings",)),
    "reranker": (("text",), ("rerank",)),
    "rerankers": (("text",), ("rerank",)),
}
# What a tag says about a model whose type is not served; the first that fits counts.
_TYPE_OF_TAG = {
    "image-gen": "text-to-image",
    "tts": "text-to-speech",
    "stt": "automatic-speech-recognition",
    "embed": "embeddings",
    "chat": "text-generation",
    "vlm": "text-generation",
    "vision": "text-generation",
    "reasoning": "text-generation",
    "reasoning_effort": "text-generation",
    "prompt_cache": "text-generation",
}
_INPUT_OF_TAG = {
    "vision": "image",
    "vlm": "image",
    "multimodal": "image",
    "input-audio": "audio",
    "input-video": "video",
}


# `Row` has a field named `object`, which hides the built-in of that name.
_Raw: TypeAlias = object


class _Dollars(UpstreamRow):
    """`metadata.pricing` of the OpenAI list, before the discount."""

    input_tokens: object = None
    output_tokens: object = None
    cache_read_tokens: object = None
    cache_write_tokens: object = None
    input_characters: object = None
    per_image_unit: object = None
    input_seconds: object = None


class _Metadata(UpstreamRow):
    """`metadata` of the OpenAI list."""

    description: str | None = None
    context_length: object = None
    max_tokens: object = None  # the context length again, never a cap of the answer
    pricing: _Dollars | None = None
    tags: list[str] | None = None
    discount: object = None
    default_width: object = None  # dropped, as the next two: how a request is filled in
    default_height: object = None
    default_iterations: object = None


class _Cents(UpstreamRow):
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


class Row(UpstreamRow):
    """One model as both lists have it: their fields have different names and stand side by side."""

    id: str
    metadata: _Metadata | None = None
    object: _Raw = None  # dropped, as the next four: the same in every row, or the id again
    created: _Raw = None
    owned_by: _Raw = None
    root: _Raw = None
    parent: _Raw = None

    model_name: str | None = None
    type: str | None = None
    reported_type: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    pricing: _Cents | None = None
    max_tokens: _Raw = None
    replaced_by: str | None = None
    deprecated: _Raw = None
    quantization: str | None = None
    create_ts: _Raw = None
    private: _Raw = None  # dropped: `parse` leaves private rows out
    is_partner: _Raw = None  # dropped: who runs it, not what it is


def fetch(get: Get) -> Iterator[Payload]:
    """Fetch both lists; without one of them the gateway counts as failed.

    Half an answer would turn every price type, deprecation and context length that only the other list
    has into unknown, and be published as a change of the models.
    """
    yield get.one(_OPENAI_LIST)
    yield get.one(_MODELS_LIST)


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Join the two lists by id; a row that is in one list only stands for itself."""
    first, second = list[object](), list[object]()
    for payload in payloads:
        if payload.path.startswith(_MODELS_LIST):
            second += payload.items()
        else:
            first += payload.items("data")
    listed = _by_id(second, "model_name")
    known = _by_id(first, "id")
    for row in first:
        other = listed.get(_text(row, "id"), {})
        if not _private(other):
            yield {**other, **row} if isinstance(row, dict) else row
    for row in second:
        name = _text(row, "model_name")
        if name not in known and not _private(row):
            yield {**row, "id": name} if isinstance(row, dict) and name else row


def normalize(row: Row) -> Listing:
    """Turn one row into a listing; raises ValueError for a price or a limit that cannot be true."""
    metadata = row.metadata or _Metadata()
    cents = row.pricing or _Cents()
    tags = {*(metadata.tags or ()), *(row.tags or ())}
    shape = _architecture(row, tags)
    full = _prices(metadata.pricing, cents, shape)
    discount = units.share(metadata.discount) or units.share(cents.discount)
    charged = full if discount is None else _times(full, 1 - discount)
    end = units.day(row.deprecated)
    served = units.tokens(metadata.context_length) or units.tokens(row.max_tokens or metadata.max_tokens)
    return Listing(
        gateway=GATEWAY.id,
        id=row.id,
        name=units.display_name(None, row.id),
        description=units.description(metadata.description) or units.description(row.description),
        created=units.day(row.create_ts),
        context_length=served,
        served_context_length=served,
        architecture=shape,
        pricing=charged,
        list_pricing=full if discount is not None and full else None,
        discount=discount if full else None,
        price_source=_OWN if full else None,
        price_tiers=_service_tiers(charged, cents),
        capabilities=_capabilities(tags, shape),
        quantization=row.quantization or None,
        expiration_date=end,
        replaced_by=row.replaced_by or None,
        status="deprecated" if end else "active",
    )


def _by_id(rows: list[object], key: str) -> dict[str, dict[str, object]]:
    # Of two rows with one id the first counts here; the core sees the repeated id of either list.
    return {name: row for row in reversed(rows) if isinstance(row, dict) and (name := _text(row, key))}


def _text(row: object, key: str) -> str:
    value = row.get(key) if isinstance(row, dict) else None
    return value if isinstance(value, str) else ""


def _private(row: object) -> bool:
    """Tell a row that is not for the public: not a bad row, so it is not quarantined either."""
    return isinstance(row, dict) and row.get("private") not in (None, 0)


def _prices(dollars: _Dollars | None, cents: _Cents, shape: Architecture) -> dict[str, Decimal]:
    """Return the prices before the discount; the OpenAI list wins where both lists have one.

    Its dollars are what DeepInfra's pages show; the cents are the same numbers in another unit.
    """
    prices = _from_cents(cents)
    length = units.usd_from_cents(cents.cents_per_output_sec)
    if length is not None:
        # One field for seconds of film and of sound (music, speech).
        video = "video" in (shape.output_modalities or ())
        prices["per_video_second" if video else "per_audio_second"] = length
    if dollars is not None:
        prices |= _from_dollars(dollars)
    rates = {meter: units.scaled(prices.get("prompt"), rate) for meter, rate in _cache_rates(cents)}
    return _known(rates) | prices


def _from_cents(cents: _Cents) -> dict[str, Decimal]:
    extra = {
        field.removeprefix("cents_"): value for field, value in _new(cents) if field.startswith("cents_")
    }
    prices = {meter: convert(getattr(cents, field)) for field, (meter, convert) in _CENTS.items()}
    return units.extra_meters(extra, units.usd_from_cents) | _known(prices)


def _from_dollars(dollars: _Dollars) -> dict[str, Decimal]:
    prices = {meter: convert(getattr(dollars, field)) for field, (meter, convert) in _DOLLARS.items()}
    per_million = {field: value for field, value in _new(dollars) if field.endswith(_PER_MILLION)}
    per_unit = {field: value for field, value in _new(dollars) if not field.endswith(_PER_MILLION)}
    extra = units.extra_meters(per_million, units.usd_per_million)
    return extra | units.extra_meters(per_unit, units.usd) | _known(prices)


def _new(prices: UpstreamRow) -> Iterable[tuple[str, object]]:
    return (prices.model_extra or {}).items()


def _known(prices: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    return {meter: price for meter, price in prices.items() if price is not None}


def _cache_rates(cents: _Cents) -> Iterator[tuple[str, object]]:
    """Name the meters of the factors on the input price; 5 minutes is the plain cache write."""
    yield "input_cache_read", cents.rate_per_input_token_cached
    for life, rate in (cents.rate_per_explicit_cache_write_token or {}).items():
        yield "input_cache_write" if life == "5m" else f"input_cache_write_{life}", rate
    if cents.rate_per_input_token_cache_write is not None:
        yield "input_cache_write", cents.rate_per_input_token_cache_write


def _times(prices: dict[str, Decimal], factor: object) -> dict[str, Decimal]:
    return _known({meter: units.scaled(price, factor) for meter, price in prices.items()})


def _service_tiers(charged: dict[str, Decimal], cents: _Cents) -> tuple[PriceTier, ...]:
    """Return the tiers that can be asked for; their factors hold for everything counted in tokens."""
    priced = {meter: price for meter, price in charged.items() if meter in _TOKEN_METERS}
    rates = {"flex": cents.rate_per_service_tier_flex, "priority": cents.rate_per_service_tier_priority}
    tiers = ((name, _times(priced, rate)) for name, rate in rates.items())
    return tuple(PriceTier(service_tier=name, pricing=pricing) for name, pricing in tiers if pricing)


def _architecture(row: Row, tags: set[str]) -> Architecture:
    """Read the modalities from the type, else from the tags; an unknown type says nothing."""
    if row.type or row.reported_type:
        kind = row.type if row.type in _SHAPES else row.reported_type
    else:
        kind = next((kind for tag, kind in _TYPE_OF_TAG.items() if tag in tags), None)
    inputs, outputs = _SHAPES.get(kind or "", (None, None))
    if inputs is None:
        return Architecture()
    more = {_INPUT_OF_TAG[tag] for tag in tags & _INPUT_OF_TAG.keys()}
    return Architecture(
        input_modalities=units.ordered_modalities({*inputs, *more}), output_modalities=outputs
    )


def _capabilities(tags: set[str], shape: Architecture) -> Capabilities:
    """Read what the tags say; a tag that is not there says nothing."""
    return Capabilities(
        tools="tools" in tags or None,
        reasoning=bool(tags & {"reasoning", "reasoning_effort"}) or None,
        structured_outputs="structured-output" in tags or None,
        vision=None if shape.input_modalities is None else "image" in shape.input_modalities,
    )
