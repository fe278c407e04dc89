"""Raw rows to listings: one bad row becomes one quarantined value, never an exception.

`read_rows` drives an adapter over its payloads and counts what a guard or a reader of the report needs to
know.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from catalog import paths
from catalog.drift import count_drift
from catalog.errors import GatelogError, SkipRowError, UseSnapshotError
from catalog.filled import Shape
from catalog.kept import Line, write
from catalog.performance import performance_keys
from catalog.ports import Adapter, Payload
from catalog.rows import reader
from catalog.schema.documents import Drift, QuarantinedRow, Stage
from catalog.schema.listing import Listing, Performance

SHOWN_QUARANTINED = 100
SHOWN_DRIFT = 100
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
        if listing.endpoints:
            listing = _split_performance(listing, tally.performance)
        line, shape = write(listing, changed_at)
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
    tally.shapes[shape] += 1
    count_drift(row, listing, tally.drift)
    _note_limits(listing, tally.odd_limits)
    return line


def _note_limits(listing: Listing, odd: list[str]) -> None:
    for name in _LIMITS:
        limit = getattr(listing, name)
        if limit is not None and not LEAST_TOKENS <= limit <= MOST_TOKENS:
            odd.append(f"{paths.printable(listing.id)} {name} {limit}")


def _check_paths(listing: Listing) -> None:
    """Raise ValueError when there can be no path for a listing."""
    paths.escape(paths.qualified(listing.gateway, listing.id))
    if listing.unwrapped is not None:
        paths.escape(listing.unwrapped)


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
