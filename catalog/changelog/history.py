"""The log as histories: what each gateway offered of a model, and from when on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

import orjson

from catalog import paths
from catalog.artifact import Artifact, Json, document
from catalog.comparison import Keys, key_of
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.changes import LoggedChange, Offered

FOLDER = "catalog/history/"
MOST = 10_000
"""Models with a history, those that changed last: one night could otherwise double the files of a tree."""
_FIELDS = ("prompt", "completion", "context_length", "price_kind")
_Listing = tuple[str, str]


def histories(log: Iterable[LoggedChange], keys: Keys, most: int = MOST) -> Iterator[Artifact]:
    """Yield the history of every model with a change, under its key and under the ids that changed."""
    series = by_listing(log)
    grouped = _grouped(series, keys, most)
    owners = {paths.escape(key) for key in grouped}
    for key, listings in sorted(grouped.items()):
        names = {paths.escape(paths.qualified(*listing)) for listing in listings} - owners
        owners |= names
        body = document(history(key, {listing: series[listing] for listing in listings}))
        first, *further = (FOLDER + name for name in (paths.escape(key), *sorted(names)))
        yield Artifact(first, body, tuple(further))


def _grouped(
    series: Mapping[_Listing, list[LoggedChange]], keys: Keys, most: int
) -> dict[str, list[_Listing]]:
    """Return model key → its listings, of the models that changed last."""
    found: dict[str, list[_Listing]] = defaultdict(list)
    for listing in sorted(series):
        found[key_of(*listing, keys)].append(listing)
    last = {key: max(series[listing][-1].at for listing in listings) for key, listings in found.items()}
    newest = sorted(sorted(found), key=lambda key: last[key], reverse=True)[:most]
    return {key: found[key] for key in newest}


def by_listing(log: Iterable[LoggedChange]) -> dict[_Listing, list[LoggedChange]]:
    """Return gateway and id → its changes, oldest first; a renamed listing is found under both ids."""
    series: dict[_Listing, list[LoggedChange]] = defaultdict(list)
    for change in sorted(log, key=lambda each: (each.at, each.id)):
        if change.model is not None and change.offered is not None:
            series[change.gateway, change.model].append(change)
            if _is_rename(change):
                series[change.gateway, str(change.before)].append(change)
    return dict(series)


def history(key: str, series: dict[_Listing, list[LoggedChange]]) -> Json:
    """Return the history of one model from the changes of its listings."""
    rows = {listing: _points(listing, changes) for listing, changes in series.items()}
    points = sorted((point for found in rows.values() for point in found), key=_by_time)
    ends = [found[-1]["at"] if found[-1]["price_kind"] is None else None for found in rows.values()]
    gone = [at for at in ends if at is not None]
    return {
        "schema_version": SCHEMA_VERSION,
        "model_key": key,
        "first_seen": points[0]["at"],
        "last_seen": max(gone) if len(gone) == len(ends) else None,
        "points": points,
    }


def _by_time(point: Json) -> tuple[str, str, str]:
    return point["at"], point["gateway"], point["id"]


def _points(listing: _Listing, changes: Sequence[LoggedChange]) -> list[Json]:
    """Return the points of one listing; what did not move is no point of its own."""
    points: list[Json] = []
    for at, found in groupby(changes, key=lambda change: change.at):
        group = list(found)
        if not points and group[0].since is not None and not _has_arrived(listing, group):
            points.append(_point(listing, group[0].since, _before(group)))
        point = _point(listing, at, None if _has_ended(listing, group) else _offer(group))
        if not points or _told(point) != _told(points[-1]):
            points.append(point)
    return points


def _has_ended(listing: _Listing, group: list[LoggedChange]) -> bool:
    return any(change.kind == "removed" or _left(listing, change) for change in group)


def _left(listing: _Listing, change: LoggedChange) -> bool:
    return _is_rename(change) and change.model != listing[1]


def _has_arrived(listing: _Listing, group: list[LoggedChange]) -> bool:
    return any(_is_rename(change) and change.model == listing[1] for change in group)


def _is_rename(change: LoggedChange) -> bool:
    return change.kind == "renamed" and change.meter == "id"


def _offer(group: list[LoggedChange]) -> Json:
    return (group[-1].offered or Offered()).model_dump()


def _before(group: list[LoggedChange]) -> Json:
    """Return what was offered before the changes of one moment."""
    moved = {change.meter: change.before for change in group if change.meter in _FIELDS}
    return {**_offer(group), **moved}


def _point(listing: _Listing, at: str, offer: Json | None) -> Json:
    told = dict.fromkeys(_FIELDS) if offer is None else {name: offer[name] for name in _FIELDS}
    return {"at": at, "gateway": listing[0], "id": listing[1], **told}


def _told(point: Json) -> Json:
    return {name: point[name] for name in _FIELDS}


def by_path(artifacts: Iterable[Artifact]) -> dict[str, Json]:
    """Return the histories among some artifacts by their path below `catalog/history/`."""
    found = [(each, orjson.loads(each.body)) for each in artifacts if each.path.startswith(FOLDER)]
    return {name.removeprefix(FOLDER): dated for each, dated in found for name in (each.path, *each.names)}
