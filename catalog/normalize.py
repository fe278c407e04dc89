"""Raw rows to listings: one bad row becomes one quarantined value, never an exception.

`read_rows` drives an adapter over its payloads, settles what every gateway has in common (price
kind, size limits) and counts what a guard or a reader of the report needs to know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson
from pydantic import BaseModel, ValidationError

from catalog import paths
from catalog.artifact import document
from catalog.drift import count_drift
from catalog.errors import GatelogError, SkipRowError, UseSnapshotError
from catalog.filled import Shape, shape_of
from catalog.performance import performance_keys
from catalog.ports import Adapter, Payload
from catalog.rows import reader
from catalog.schema.documents import Drift, QuarantinedRow, Stage
from catalog.schema.listing import TOKEN_METERS, Endpoint, Listing, Performance, PriceKind
from catalog.text import DESCRIPTION_BYTES, clean_line, clean_text, display_name, is_clean_json
from catalog.units import plain

SHOWN_QUARANTINED = 100
SHOWN_DRIFT = 100
LARGEST = 14_000
LARGEST_WITH_ENDPOINTS = 48_000
"""Bytes of a listing as published; the rest of a record's budget is for the offers of other gateways."""
_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_TEXT_ONLY = ("text",)
_VERBATIM = frozenset(
    {"id", "unwrapped", "service", "canonical_slug", "hugging_face_id", "alias_target", "replaced_by"}
)
"""Fields by which others find something: they stay as they are."""
LEAST_TOKENS, MOST_TOKENS = 16, 100_000_000
"""No model has a smaller or a greater limit; another number means another unit."""
_LIMITS = ("context_length", "served_context_length", "max_output_tokens")


@dataclass
class Tally:
    """What one gateway's answer held, counted while it streams by."""

    rows: int = 0
    """Raw rows read."""
    listings: int = 0
    """Rows that became listings, duplicates included."""
    quarantined: list[QuarantinedRow] = field(default_factory=list)
    """The first rows that could not be read."""
    quarantined_total: int = 0
    """How many there were."""
    quarantined_ids: set[str] = field(default_factory=set)
    """Their ids as far as they have any."""
    nameless: int = 0
    """How many of them have no id."""
    drift: Counter[str] = field(default_factory=Counter)
    """Unknown fields and meters, and repeated ids."""
    odd_limits: list[str] = field(default_factory=list)
    """Each context or output limit that no model can have, in words."""
    shapes: Counter[Shape] = field(default_factory=Counter)
    """Which fields of ours are known → in how many listings."""
    performance: dict[str, Performance] = field(default_factory=dict)
    """`id tag` → how that endpoint did lately."""

    def set_aside(self, raw: object, stage: Stage, reason: str) -> None:
        """Count one row that could not be read."""
        row_id = _id_of(raw)
        self.quarantined_total += 1
        if row_id is None:
            self.nameless += 1
        else:
            self.quarantined_ids.add(row_id)
        if len(self.quarantined) < SHOWN_QUARANTINED:
            shown = paths.printable(row_id) if row_id else None
            self.quarantined.append(QuarantinedRow(id=shown, stage=stage, reason=reason))

    def drifted(self) -> tuple[Drift, ...]:
        """Return what is new, sorted by name; of very much the most frequent."""
        frequent = sorted(self.drift.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_DRIFT]
        return tuple(Drift(field=name, count=count) for name, count in sorted(frequent))


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


def read_rows(adapter: Adapter, payloads: Iterable[Payload], tally: Tally, changed_at: str) -> Iterator[Line]:
    """Yield the listings of one gateway's answer and count everything else in `tally`.

    Raises UseSnapshotError when the answer as a whole is not readable.
    """
    read = reader(adapter.Row)
    for raw in _raw_rows(adapter, payloads):
        tally.rows += 1
        line = _read_row(adapter.normalize, read, raw, tally, changed_at)
        if line is not None:
            tally.listings += 1
            yield line


def _raw_rows(adapter: Adapter, payloads: Iterable[Payload]) -> Iterator[object]:
    try:
        yield from adapter.parse(payloads)
    except (GatelogError, OSError):
        raise
    except Exception as problem:  # a bug in one adapter must not cost the other gateways
        raise UseSnapshotError(f"the adapter failed: {type(problem).__name__}: {problem}") from problem


def _read_row(
    normalize: Callable[[Any], Listing],
    read: Callable[[object], Any],
    raw: object,
    tally: Tally,
    changed_at: str,
) -> Line | None:
    stage: Stage = "parse"
    try:
        row = read(raw)
        stage = "normalize"
        listing = normalize(row)
        _check_paths(listing)
        line = _line(listing, tally, changed_at)
    except ValidationError as problem:
        tally.set_aside(raw, stage, _first_error(problem))
        return None
    except (ValueError, SkipRowError) as problem:
        tally.set_aside(raw, stage, paths.printable(str(problem)))
        return None
    except Exception as problem:  # noqa: BLE001 - a bug in an adapter costs the rows that it hits
        reason = f"the adapter failed: {type(problem).__name__}: {problem}"
        tally.set_aside(raw, stage, paths.printable(reason))
        return None
    count_drift(row, listing, tally.drift)
    _note_limits(listing, tally.odd_limits)
    return line


def _note_limits(listing: Listing, odd: list[str]) -> None:
    for name in _LIMITS:
        limit = getattr(listing, name)
        if limit is not None and not LEAST_TOKENS <= limit <= MOST_TOKENS:
            odd.append(f"{paths.printable(listing.id)} {name} {limit}")


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


def _check_paths(listing: Listing) -> None:
    """Raise ValueError when there can be no path for a listing."""
    paths.escape(paths.qualified(listing.gateway, listing.id))
    if listing.unwrapped is not None:
        paths.escape(listing.unwrapped)


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


def _line(listing: Listing, tally: Tally, changed_at: str) -> Line:
    if listing.endpoints:
        listing = _split_performance(listing, tally.performance)
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
    tally.shapes[shape] += 1
    return Line(listing.id, data)


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


def _split_performance(listing: Listing, performance: dict[str, Performance]) -> Listing:
    endpoints = listing.endpoints or ()
    for key, endpoint in zip(
        performance_keys(listing.id, (e.tag for e in endpoints)), endpoints, strict=True
    ):
        if endpoint.performance is not None:
            performance[key] = endpoint.performance
    bare = tuple(endpoint.model_copy(update={"performance": None}) for endpoint in endpoints)
    return listing.model_copy(update={"endpoints": bare})


def _id_of(raw: object) -> str | None:
    if not isinstance(raw, dict):
        return None
    found = raw.get("id", raw.get("model_name"))
    return found if isinstance(found, str) else None


def _first_error(problem: ValidationError) -> str:
    error = problem.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in error["loc"]) or "row"
    return paths.printable(f"{where}: {error['msg']}")
