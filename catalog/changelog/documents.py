"""The log as JSON documents: the newest changes, the changes of each day, announced ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, islice

import orjson

from catalog.artifact import Artifact, Json, compact, document
from catalog.comparison import Keys, key_of
from catalog.diff import identity, order
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.changes import LoggedChange

DEPRECATIONS = "catalog/deprecations.json"
NEWEST = 500
"""Changes in `changes.json` and in a feed."""
_BLOCK = 1_000
_OURS = {"offered", "since"}
"""What is in the log for the sake of histories."""


def newest_first(log: Iterable[LoggedChange]) -> list[LoggedChange]:
    """Sort changes by time, the newest first; those of one moment by gateway, model, kind and meter.

    Of two with one id, as after two runs that were told the same time, the one that was logged last counts.
    """
    distinct = {each.id: each for each in log}.values()
    return sorted(sorted(distinct, key=order), key=lambda each: each.at, reverse=True)


def published(changes: Iterable[LoggedChange]) -> Json:
    """Return a list of changes as it is published."""
    return {"schema_version": SCHEMA_VERSION, "changes": [_row(change) for change in changes]}


def rows(log: Iterable[LoggedChange]) -> Iterator[Json]:
    """Yield every change as it is published, the newest first."""
    return map(_row, newest_first(log))


def _row(change: LoggedChange) -> Json:
    return change.model_dump(mode="json", exclude=_OURS)


def changes(log: Sequence[LoggedChange]) -> Iterator[Artifact]:
    """Yield the newest changes, and the changes of each day that had some; `log` has the newest first."""
    yield Artifact("catalog/changes.json", compact(published(log[:NEWEST])))
    for day, found in groupby(log, key=lambda each: each.at[:10]):
        yield Artifact(f"catalog/changes/{day}.json", _body(found))


def _body(changes: Iterable[LoggedChange]) -> bytes:
    """Write a list of changes as it is published, however long, a block of rows at a time."""
    rest, blocks = map(_row, changes), list[bytes]()
    while some := list(islice(rest, _BLOCK)):
        blocks.append(compact(some)[1:-2])  # without brackets and newline
    head, tail = compact(published(())).split(b"[]")
    return b"".join((head, b"[", b",".join(blocks), b"]", tail))


def deprecations(listings: Iterable[Json], log: Iterable[LoggedChange], keys: Keys) -> Artifact:
    """Return `catalog/deprecations.json` of the live listings whose end is announced."""
    announced = _announced(log)
    found = [_deprecation(fields, announced, keys) for fields in listings]
    found.sort(key=lambda row: (row["expiration_date"], row["gateway"], row["model"]))
    body = document({"schema_version": SCHEMA_VERSION, "deprecations": found})
    return Artifact(DEPRECATIONS, body)


def endings(artifacts: Iterable[Artifact]) -> list[Json]:
    """Return the announced ends among some artifacts."""
    found = (orjson.loads(each.body)["deprecations"] for each in artifacts if each.path == DEPRECATIONS)
    return next(found, [])


def _announced(log: Iterable[LoggedChange]) -> dict[tuple[str, str | None], str]:
    """Return when the end of an offer was first announced; one that was called off begins anew."""
    found: dict[tuple[str, str | None], str] = {}
    for change in reversed(newest_first(log)):
        if change.meter == "expiration_date" and change.before is None:
            found[change.gateway, change.model] = change.at
    return found


def _deprecation(fields: Json, announced: Mapping[tuple[str, str | None], str], keys: Keys) -> Json:
    gateway, model = fields["gateway"], identity(fields)
    return {
        "gateway": gateway,
        "model": fields["id"],
        "model_key": key_of(gateway, model, keys),
        "name": fields["name"],
        "expiration_date": fields["expiration_date"],
        "replaced_by": fields.get("replaced_by"),
        "announced_at": announced.get((gateway, model)),
    }
