"""Two whole catalogs → all their changes, with what only shows across gateways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Literal, NamedTuple

import orjson

from catalog import paths
from catalog.artifact import Json
from catalog.compare import Part
from catalog.diff import change, diff, identity_of, order
from catalog.kept import encode
from catalog.schema.changes import LoggedChange
from catalog.schema.state import Memory
from catalog.snapshot import is_tombstone

Keys = Mapping[tuple[str, str], str]
"""Gateway and id → model key, where one is known."""
NO_KEYS: Keys = {}
"""As long as no identity is resolved, an id stands for itself."""
Sets = tuple[AbstractSet[str], AbstractSet[str]]
"""Gateways before and after."""
_COMING_AND_GOING = ("added", "returned", "removed", "renamed")


class Origin(NamedTuple):
    """Where the list of a gateway comes from."""

    origin: str | None
    """starter or fetch."""
    account: str | None
    """Short digest of the key that the list belongs to."""
    rows: int
    """Listings."""


@dataclass(frozen=True)
class Catalog:
    """One catalog as it was at one time."""

    origins: Mapping[str, Origin]
    """By gateway."""
    lines: Callable[[str], Iterable[bytes]]
    """Gateway → its snapshot lines, sorted by id."""


def origins(memories: Mapping[str, Memory]) -> dict[str, Origin]:
    """Return where each gateway's list comes from, of those that have one."""
    return {
        name: Origin(memory.origin, memory.account, memory.rows)
        for name, memory in memories.items()
        if memory.rows
    }


def line(found: LoggedChange) -> bytes:
    """Write one line of the log."""
    fields = found.model_dump(mode="json")
    if found.offered is not None:
        fields["offered"] = found.offered.model_dump(exclude_none=True)
    return encode(fields)


def kept(old: Catalog, new: Catalog) -> Iterator[Json]:
    """Yield the listings of both sides, the old ones first, so that of two the new one counts."""
    for side in (old, new):
        for gateway in side.origins:
            yield from map(orjson.loads, side.lines(gateway))


def changes(old: Catalog, new: Catalog, at: str, keys: Keys) -> list[LoggedChange]:
    """Return everything that changed, sorted by gateway, model, kind and meter.

    A list that took the place of a starter, or of another account's list, is one change.
    """
    found: list[LoggedChange] = []
    replaced: set[str] = set()
    for gateway, origin in new.origins.items():
        before = old.origins.get(gateway, _NOTHING)
        if before.rows == 0 or (origin.origin == "fetch" and before[:2] != origin[:2]):
            replaced.add(gateway)
            found += _first_fetch(at, gateway, before, origin)
        else:
            found += diff(partial(old.lines, gateway), partial(new.lines, gateway), at)
    return sorted([*found, *_across(found, old, new, keys, replaced)], key=order)


_NOTHING = Origin(None, None, 0)


def _first_fetch(at: str, gateway: str, before: Origin, now: Origin) -> Iterator[LoggedChange]:
    if now.origin == "fetch":
        yield change(at, Part("first_fetch", "models", before.rows, now.rows), gateway, None)


def _across(
    found: Collection[LoggedChange], old: Catalog, new: Catalog, keys: Keys, replaced: AbstractSet[str]
) -> Iterator[LoggedChange]:
    """Yield the gateways that a model gained, or lost while others keep it."""
    moved = [each for each in found if each.kind in _COMING_AND_GOING and each.meter in (None, "id")]
    if not moved or len(new.origins) < 2:  # noqa: PLR2004 - across is between two
        return
    gateways = new.origins.keys() - replaced
    pairs = sorted({pair for each in moved for pair in _keys_of(each, keys)})
    wanted = {key for _, key in pairs}
    had, has = _presence(old, gateways, keys, wanted), _presence(new, gateways, keys, wanted)
    elsewhere = _presence(new, replaced, keys, wanted)
    for pair in pairs:
        before, after = had[pair[1]] | elsewhere[pair[1]], has[pair[1]] | elsewhere[pair[1]]
        if pair[0] in after - before and before:
            yield _moved(moved[0].at, "gateway_gained", pair, (before, after))
        elif pair[0] in before - after and after:
            yield _moved(moved[0].at, "gateway_lost", pair, (before, after))


def _moved(
    at: str, kind: Literal["gateway_gained", "gateway_lost"], pair: tuple[str, str], sets: Sets
) -> LoggedChange:
    gateway, key = pair
    return change(at, Part(kind, "gateways", sorted(sets[0]), sorted(sets[1])), gateway, key)


def _keys_of(each: LoggedChange, keys: Keys) -> Iterator[tuple[str, str]]:
    """Yield gateway and model key of what came or went; a rename is both."""
    names = (each.model, each.before if each.kind == "renamed" else None)
    yield from ((each.gateway, key_of(each.gateway, str(name), keys)) for name in names if name)


def key_of(gateway: str, model_id: str, keys: Keys) -> str:
    """Return the model key of an id; one that nothing is known of stands for itself, in lower case."""
    return keys.get((gateway, model_id)) or paths.lower(paths.qualified(gateway, model_id))


def _presence(
    catalog: Catalog, gateways: Iterable[str], keys: Keys, wanted: AbstractSet[str]
) -> defaultdict[str, set[str]]:
    """Return which gateways have each of some model keys."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for gateway in gateways:
        for line in catalog.lines(gateway):
            if not is_tombstone(line) and (key := key_of(gateway, identity_of(line), keys)) in wanted:
                found[key].add(gateway)
    return found
