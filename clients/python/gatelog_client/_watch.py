"""What became of models that a program names: gone, renamed, ending, dearer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from gatelog_client._errors import CatalogUnreachable, CatalogWarning
from gatelog_client._flow import Flow, Json, Read
from gatelog_client._paths import escape, lower, shard

CHANGES = "catalog/changes.json"
DEPRECATIONS = "catalog/deprecations.json"
_WORD = re.compile(r"[@~\w][\w.@:~+-]*(?:/[\w.@:~+-]+)*")
_MOVES = frozenset({"added", "returned", "removed"})
_Listing = tuple[str, str]
"""Gateway, id there."""


class Finding(NamedTuple):
    """One thing about a model that its user has to know."""

    model: str
    """The id, as its gateway spells it."""
    gateway: str
    """Where."""
    what: Literal["gone", "renamed", "ending", "dearer"]
    """What became of it."""
    since: str
    """The day of it, or the day on which it ends."""
    detail: str
    """More in words: the new name, the successor, a price before and now in US dollars per unit."""


def watch(read: Read, named: str | Iterable[str], since: str | date) -> Flow[list[Finding]]:
    """Tell what became, since a day, of the models in a text, or of those with the given ids."""
    day = date.fromisoformat(str(since)).isoformat() if since else ""
    log = _Log(read, (yield from _needed(read, CHANGES))["changes"], day)
    ends = (yield from _needed(read, DEPRECATIONS))["deprecations"]
    log.know((row["gateway"], row["model"]) for row in ends)
    wanted: set[_Listing] = set()
    for word in _words(named):
        found = yield from log.listings(_readings(word), sure=not isinstance(named, str))
        if not found and not isinstance(named, str):
            yield CatalogWarning(f"the catalog does not know {word!r:.200}")
        wanted |= found
    ending = [_ending(row) for row in ends if (row["gateway"], row["model"]) in wanted]
    changes = yield from log.changes()
    return sorted([*ending, *(each for listing in wanted for each in _about(listing, changes))])


@dataclass
class _Log:
    """The published log, as far back as a question reaches."""

    read: Read
    newest: list[Json]
    """The newest changes, the newest first."""
    since: str
    known: dict[str, set[_Listing]] = field(default_factory=lambda: defaultdict(set))
    """Name → listings, of which the newest changes or announced ends tell."""
    days: set[str] = field(default_factory=set)
    """Further days on which something happened to a model that was asked for."""
    _shards: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.know(listing for change in self.newest for listing in _listings(change))

    def know(self, listings: Iterable[_Listing]) -> None:
        """Note listings under each of their names."""
        for listing in listings:
            for name in _names(listing):
                self.known[name].add(listing)

    def listings(self, readings: Iterable[str], *, sure: bool) -> Flow[set[_Listing]]:
        """Return the listings that a word means: of several readings the longest that is one counts."""
        for reading in readings:
            found = set(self.known.get(reading, ()))
            for name in (yield from self._full(reading)):
                listed = (yield from self._shard(name))["models"].get(name, [])
                if listed or sure or "/" in reading:
                    found |= yield from self._dated(name)
                found |= {(gateway, reading) for gateway in listed}
            if found:
                return found
        return set()

    def _full(self, reading: str) -> Flow[list[str]]:
        if "/" in reading:
            return [reading]
        return [f"{gateway}/{reading}" for gateway in (yield from self._shard(reading))["gateways"]]

    def _shard(self, name: str) -> Flow[Json]:
        path = shard(name)
        if path not in self._shards:
            self._shards[path] = yield from _needed(self.read, path)
        return self._shards[path]

    def _dated(self, name: str) -> Flow[set[_Listing]]:
        """Return the listings under a name that have a history, and note the days of which it tells."""
        try:
            path = f"catalog/history/{escape(name)}"
        except ValueError:
            return set()
        history = (yield from self.read(path)) or {"points": []}
        points = [each for each in history["points"] if name in _names((each["gateway"], each["id"]))]
        self.days.update(each["at"][:10] for each in points)
        return {(each["gateway"], each["id"]) for each in points}

    def changes(self) -> Flow[dict[_Listing, list[Json]]]:
        """Return the changes of each listing, the oldest first; of a renamed one under both ids."""
        found = {change["id"]: change for change in self.newest}
        oldest = self.newest[-1]["at"][:10] if self.newest else "9999"  # its day may be there in part
        for day in sorted(day for day in self.days if self.since <= day <= oldest):
            rows = (yield from self.read(f"catalog/changes/{day}.json")) or {"changes": []}
            found.update((change["id"], change) for change in rows["changes"])
        series: dict[_Listing, list[Json]] = defaultdict(list)
        for change in sorted(found.values(), key=lambda each: str(each["at"])):
            for listing in _listings(change):
                if change["at"][:10] >= self.since:
                    series[listing].append(change)
        return series


def _needed(read: Read, path: str) -> Flow[Json]:
    found = yield from read(path)
    if found is None:
        raise CatalogUnreachable(f"the catalog does not tell what changed: {path} is missing")
    return found


def _words(named: str | Iterable[str]) -> list[str]:
    words = _WORD.findall(named.replace("\\/", "/")) if isinstance(named, str) else named
    return sorted({lower(word) for word in words})


def _readings(word: str) -> Iterator[str]:
    """Yield what a word can mean, longest first: an id may stand behind a gateway's name or a host."""
    word = word.rstrip(".:-").removesuffix(".json")
    while word:
        yield word
        if ":" in word:
            yield word.rpartition(":")[0]
        _, slash, rest = word.partition("/")
        word = rest if slash and "/" in rest else ""


def _names(listing: _Listing) -> tuple[str, str]:
    gateway, model = listing[0], lower(listing[1])
    return model, model if "/" in model else f"{gateway}/{model}"


def _is_rename(change: Json) -> bool:
    return bool(change["kind"] == "renamed" and change["meter"] == "id")


def _listings(change: Json) -> list[_Listing]:
    if change["model"] is None or change["kind"].startswith("gateway_"):
        return []  # of a whole list, or of a model key
    names = [change["model"], change["from"]] if _is_rename(change) else [change["model"]]
    return [(change["gateway"], name) for name in names]


def _ending(row: Json) -> Finding:
    by = f"use {row['replaced_by']}" if row["replaced_by"] else ""
    return Finding(row["model"], row["gateway"], "ending", row["expiration_date"], by)


def _about(listing: _Listing, changes: dict[_Listing, list[Json]]) -> Iterator[Finding]:
    gateway, model = listing
    found = changes.get(listing, [])
    moves = [each for each in found if each["kind"] in _MOVES or _is_rename(each)]
    if moves and moves[-1]["kind"] == "removed":
        yield Finding(model, gateway, "gone", moves[-1]["at"][:10], "no longer offered")
    elif moves and _is_rename(moves[-1]) and moves[-1]["from"] == model:
        yield Finding(model, gateway, "renamed", moves[-1]["at"][:10], f"now {moves[-1]['to']}")
    prices = [each for each in found if each["kind"] == "price" and each["model"] == model]
    for meter in {str(each["meter"]) for each in prices}:
        moved = [each for each in prices if each["meter"] == meter]
        first, last = moved[0]["from"], moved[-1]["to"]
        if first and last and Decimal(last) > Decimal(first):
            yield Finding(model, gateway, "dearer", moved[-1]["at"][:10], f"{meter} {first} → {last}")
