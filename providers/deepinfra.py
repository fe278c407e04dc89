"""DeepInfra: two lists of the same models, one in US dollars per million, one in cents and rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from catalog import units
from catalog.days import day
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Listing, PriceSource
from catalog.text import description, display_name
from providers import deepinfra_prices, deepinfra_shapes

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

# `Row` has a field named `object`, which hides the built-in of that name.
_Raw: TypeAlias = object


class _Metadata(UpstreamRow):
    """`metadata` of the OpenAI list."""

    description: str | None = None
    context_length: object = None
    max_tokens: object = None  # the context length again, never a cap of the answer
    pricing: deepinfra_prices.Dollars | None = None
    tags: list[str] | None = None
    discount: object = None
    default_width: object = None  # dropped, as the next two: how a request is filled in
    default_height: object = None
    default_iterations: object = None


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
    pricing: deepinfra_prices.Cents | None = None
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
    tags = {*(metadata.tags or ()), *(row.tags or ())}
    shape = deepinfra_shapes.architecture(row.type, row.reported_type, tags)
    prices = deepinfra_prices.read(
        metadata.pricing,
        row.pricing or deepinfra_prices.Cents(),
        metadata.discount,
        video="video" in (shape.output_modalities or ()),
    )
    end = day(row.deprecated)
    served = units.tokens(metadata.context_length) or units.tokens(row.max_tokens or metadata.max_tokens)
    return Listing(
        gateway=GATEWAY.id,
        id=row.id,
        name=display_name(None, row.id),
        description=description(metadata.description) or description(row.description),
        created=day(row.create_ts),
        context_length=served,
        served_context_length=served,
        architecture=shape,
        pricing=prices.charged,
        list_pricing=prices.full if prices.discount else None,
        discount=prices.discount,
        price_source=_OWN if prices.full else None,
        price_tiers=prices.tiers,
        capabilities=deepinfra_shapes.capabilities(tags, shape),
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
