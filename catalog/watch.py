"""Which models a text names, and what became of them: gone, renamed, ending, dearer."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import NamedTuple

from catalog import paths
from catalog.artifact import Json
from catalog.changelog.words import money
from catalog.compare import percent
from catalog.diff import identity
from catalog.schema.changes import LoggedChange

_WORD = re.compile(r"[@~\w][\w.@:~+-]*(?:/[\w.@:~+-]+)*")
_ESCAPED_SLASH = "\\/"


class Finding(NamedTuple):
    """One thing about a named model that its user has to know."""

    model: str
    gateway: str
    what: str
    """gone, renamed, ending or dearer."""
    since: str
    detail: str


def mentioned(text: str, known: Container[str]) -> list[str]:
    """Return the ids, in lower case, that a text of any kind names; `known` holds every id in lower case.

    An id may stand behind further words, as in `openrouter/openai/gpt-4o` or an address; of several
    readings the longest counts.
    """
    words = {paths.lower(word) for word in _WORD.findall(text.replace(_ESCAPED_SLASH, "/"))}
    found = (next((name for name in _readings(word) if name in known), None) for word in words)
    return sorted({name for name in found if name is not None})


def _readings(word: str) -> Iterator[str]:
    """Yield what a word can mean, longest first."""
    word = word.rstrip(".:-").removesuffix(".json")
    while word:
        yield word
        if ":" in word:
            yield word.rpartition(":")[0]
        head, slash, rest = word.partition("/")
        # What stands behind the last slash alone is no id, unless the gateway stood before it.
        word = rest if slash and "/" in rest else ""
        if slash and not word and ":" not in head:
            yield f"{head}/{rest}"


def known_ids(listings: Iterable[tuple[str, str]]) -> dict[str, set[tuple[str, str]]]:
    """Return lower-cased id → the listings that it can mean, under every name that they have."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for gateway, model in listings:
        for name in {model, paths.qualified(gateway, model)}:
            found[paths.lower(name)].add((gateway, model))
    return found


def logged_ids(log: Iterable[LoggedChange]) -> Iterator[tuple[str, str]]:
    """Yield gateway and id of every listing of which the log tells, under old names too."""
    for change in log:
        if change.model is not None and change.offered is not None:
            yield change.gateway, change.model
            if change.kind == "renamed" and change.meter == "id":
                yield change.gateway, str(change.before)


def findings(
    listings: Iterable[tuple[str, str]], log: Iterable[LoggedChange], ending: Iterable[Json], since: str
) -> list[Finding]:
    """Return what became of some listings since a day, sorted by id and gateway."""
    wanted = set(listings)
    changes: dict[tuple[str, str], list[LoggedChange]] = defaultdict(list)
    for change in sorted(log, key=lambda each: each.at):
        for listing in logged_ids([change]):
            if listing in wanted and change.at[:10] >= since:
                changes[listing].append(change)
    ends = {(fields["gateway"], identity(fields)): fields for fields in ending}
    found = [each for listing in wanted for each in _about(listing, changes[listing], ends)]
    return sorted(found, key=lambda each: (each.model, each.gateway, each.what, each.detail))


def _about(
    listing: tuple[str, str], changes: list[LoggedChange], ends: Mapping[tuple[str, str], Json]
) -> Iterator[Finding]:
    gateway, model = listing
    yield from (Finding(model, gateway, *told) for told in _presence(model, changes))
    if fields := ends.get(listing):
        by = f", use {fields['replaced_by']}" if "replaced_by" in fields else ""
        yield Finding(model, gateway, "ending", "", f"ends on {fields['expiration_date']}{by}")
    yield from (Finding(model, gateway, *told) for told in _dearer(model, changes))


def _presence(model: str, changes: list[LoggedChange]) -> Iterator[tuple[str, str, str]]:
    """Yield that a listing left, if it did not come back."""
    moves = [each for each in changes if each.kind in ("added", "returned", "removed") or _is_rename(each)]
    if moves and moves[-1].kind == "removed":
        yield "gone", moves[-1].at[:10], "no longer offered"
    elif moves and _is_rename(moves[-1]) and moves[-1].before == model:
        yield "renamed", moves[-1].at[:10], f"now {moves[-1].to}"


def _is_rename(change: LoggedChange) -> bool:
    return change.kind == "renamed" and change.meter == "id"


def _dearer(model: str, changes: list[LoggedChange]) -> Iterator[tuple[str, str, str]]:
    """Yield every meter that costs more now than at the beginning."""
    prices = [each for each in changes if each.kind == "price" and each.model == model]
    for meter in sorted({str(each.meter) for each in prices}):
        found = [each for each in prices if each.meter == meter]
        first, last = found[0].before, found[-1].to
        if isinstance(first, str) and isinstance(last, str) and Decimal(last) > Decimal(first):
            share = percent(first, last)
            more = "" if share is None else f" (+{share:g} %)"
            values = f"{money(meter, first)} → {money(meter, last)}"
            yield "dearer", found[-1].at[:10], f"{meter} {values}{more}"
