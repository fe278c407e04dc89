"""A listing as it is kept: settled, cleaned, and written as one canonical line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from pydantic import BaseModel

from catalog.artifact import document
from catalog.errors import SkipRowError
from catalog.filled import Shape, shape_of
from catalog.schema.listing import TOKEN_METERS, Endpoint, Listing, PriceKind
from catalog.text import DESCRIPTION_BYTES, clean_line, clean_text, display_name, is_clean_json
from catalog.units import plain

LARGEST = 14_000
LARGEST_WITH_ENDPOINTS = 48_000
"""Bytes of a listing as published; the rest of a record's budget is for the offers of other gateways."""
_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_TEXT_ONLY = ("text",)
_VERBATIM = frozenset(
    {"id", "unwrapped", "service", "canonical_slug", "hugging_face_id", "alias_target", "replaced_by"}
)
"""Fields by which others find something: they stay as they are."""


@dataclass(frozen=True, slots=True)
class Line:
    """One listing, ready to be kept."""

    id: str
    """Its id."""
    data: bytes
    """Its canonical JSON and a newline, as if it had changed at the moment of reading."""


def encode(fields: Mapping[str, object]) -> bytes:
    """Write one snapshot line with its newline; raises ValueError for text that is not valid Unicode."""
    try:
        return orjson.dumps(fields, option=_LINE)
    except orjson.JSONEncodeError as problem:
        raise ValueError(str(problem)) from problem


def settle(listing: Listing) -> Listing:
    """Decide the price kind where the gateway did not: never from a name, never 0 for unknown."""
    return listing.model_copy(update=_settled(listing))


def _settled(listing: Listing) -> dict[str, Any]:
    """Return the fields that settling a listing changes."""
    if listing.price_kind is not None:
        return {}
    outputs = listing.architecture.output_modalities
    kind, pricing = judge_prices(listing.pricing, outputs)
    settled: dict[str, Any] = {"price_kind": kind, "pricing": pricing}
    if not pricing:
        settled["price_source"] = None
    if listing.endpoints:
        settled["endpoints"] = _judged_endpoints(listing.endpoints, outputs)
    return settled


def _judged_endpoints(
    endpoints: tuple[Endpoint, ...], outputs: tuple[str, ...] | None
) -> tuple[Endpoint, ...]:
    if outputs == _TEXT_ONLY:
        return endpoints
    judged = ((endpoint, judge_prices(endpoint.pricing, outputs)[1]) for endpoint in endpoints)
    return tuple(endpoint.model_copy(update={"pricing": pricing}) for endpoint, pricing in judged)


def judge_prices(
    pricing: dict[str, Decimal], outputs: tuple[str, ...] | None
) -> tuple[PriceKind, dict[str, Decimal]]:
    """Return the price kind and the prices that mean something.

    Zero token prices of a model that puts out anything but text say nothing and are dropped.
    """
    if any(pricing.values()):
        if outputs != _TEXT_ONLY and not any(pricing.get(meter) for meter in TOKEN_METERS):
            pricing = {meter: value for meter, value in pricing.items() if meter not in TOKEN_METERS}
        return "known", pricing
    if pricing and outputs == _TEXT_ONLY:
        return "free", pricing
    return "unknown", {}


def write(listing: Listing, changed_at: str) -> tuple[Line, Shape]:
    """Return the line of a listing without performance, and which of its fields are known.

    Raises SkipRowError for a listing larger than a record may be.
    """
    fields = kept_fields(listing)
    shape = shape_of(fields)
    fields["changed_at"] = changed_at
    data = encode(fields)
    if not is_clean_json(data):
        data = encode(_cleaned(fields))
    limit = LARGEST_WITH_ENDPOINTS if listing.endpoints else LARGEST
    # As published a line is never five times as long: every value has some bytes of its own.
    if len(data) > limit // 5 and _published_bound(data) > limit and len(document({"data": fields})) > limit:
        raise SkipRowError(f"listing larger than {limit} bytes")
    return Line(listing.id, data), shape


def _cleaned(fields: dict[str, Any]) -> dict[str, Any]:
    """Take control and bidirectional characters out of every text that is no id; an adapter may forget to."""
    found = {name: value if name in _VERBATIM else _clean(name, value) for name, value in fields.items()}
    return {**found, "name": found["name"] or display_name(None, fields["id"])}


def _clean(name: str, value: object) -> object:
    if isinstance(value, str):
        return clean_text(value, DESCRIPTION_BYTES) if name == "description" else clean_line(value)
    if isinstance(value, dict):
        return {part: _clean(part, each) for part, each in value.items()}
    return [_clean(name, each) for each in value] if isinstance(value, list | tuple) else value


def _published_bound(data: bytes) -> int:
    """Return what a line can take at most as published, where each value has a line with indentation."""
    return len(data) + 24 * (40 + 2 * data.count(b","))


def kept_fields(listing: Listing) -> dict[str, Any]:
    """Return what a snapshot line holds of a settled listing: what is unknown or empty is left out."""
    known = vars(listing) | _settled(listing)
    fields = {name: value for name, value in known.items() if value}
    for name, write in _WRITTEN:
        if name in fields:
            if written := write(fields[name]):
                fields[name] = written
            else:
                del fields[name]
    if listing.endpoints == ():  # no endpoints is an answer, unknown endpoints are none
        fields["endpoints"] = []
    return fields


@lru_cache(maxsize=4096)
def _parts(model: BaseModel) -> dict[str, Any]:
    """Return what is known of a small frozen model; thousands of listings share the same few."""
    return {part: value for part, value in vars(model).items() if value is not None}


def _prices(pricing: Mapping[str, Decimal]) -> dict[str, str]:
    return {meter: plain(value) for meter, value in pricing.items()}


def _dumped(parts: Iterable[BaseModel]) -> list[dict[str, Any]]:
    return [part.model_dump(mode="json", exclude_none=True) for part in parts]


_WRITTEN: tuple[tuple[str, Callable[[Any], object]], ...] = (
    ("architecture", _parts),
    ("capabilities", _parts),
    ("price_source", _parts),
    ("pricing", _prices),
    ("list_pricing", _prices),
    ("discount", plain),
    ("price_tiers", _dumped),
    ("endpoints", _dumped),
)
"""How each field that is no plain value is written."""
