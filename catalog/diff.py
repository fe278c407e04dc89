"""Catalog × catalog → changes: pure, on snapshot lines, and nearly free where nothing changed.

Lines are compared as bytes first; only those that differ are ever parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import chain
from typing import Any, NamedTuple

import orjson

from catalog.artifact import Json
from catalog.compare import Part, compare, offered
from catalog.schema.changes import ChangeKind, LoggedChange, Offered
from catalog.snapshot import id_of, is_tombstone, pairs, same

_LOGGED, _OFFERED = set(LoggedChange.model_fields), set(Offered.model_fields)
"""The names of all fields, shared: a set of its own takes as much room as a change."""
Lines = Iterable[bytes]
"""Snapshot lines of one gateway, sorted by id."""
Side = Callable[[], Lines]
"""Yields the lines of one side, as often as it is asked."""
_SEPARATORS = re.compile(r"[-_. ]+")
_WRAPPED = re.compile(r"@[^/]+/(?=.)")


class Moved(NamedTuple):
    """What differs on one gateway: listings that are gone or came, by id; changes of those that stayed."""

    gone: dict[str, Json]
    come: dict[str, Json]
    stayed: list[LoggedChange]


def diff(old: Side, new: Side, at: str) -> list[LoggedChange]:
    """Return what changed on one gateway, sorted by model, kind and meter."""
    gone, come, found = _unwrapped(_moved(old(), new(), at), old, new, at)
    for one, other in _renamed(gone, come):
        left, arrived = gone.pop(one), come.pop(other)
        differences = _differences(at, left, arrived)
        found.append(_renaming(at, left, arrived))
        found += [each for each in differences if each.kind != "deprecation"]  # the rename is that end
    found += [_gone(at, fields) for fields in gone.values()]
    found += [_come(at, fields) for fields in come.values()]
    return sorted({each.id: each for each in found}.values(), key=order)


def _moved(old: Lines, new: Lines, at: str) -> Moved:
    moved = Moved({}, {}, [])
    for before, after in pairs(old, new):
        lived, lives = _is_live(before), _is_live(after)
        if lived and lives:
            if not same(before, after):
                moved.stayed.extend(_differences(at, orjson.loads(before), orjson.loads(after)))
        elif lived:
            _enter(moved.gone, orjson.loads(before))
        elif lives:
            _enter(moved.come, {**orjson.loads(after), _KNOWN: before != b""})
    return moved


def _is_live(line: bytes) -> bool:
    return line != b"" and not is_tombstone(line)


_KNOWN = "known before"
"""Marks what came back; no field of a listing has a space in its name."""


def _enter(found: dict[str, Json], fields: Json) -> None:
    found[fields["id"]] = fields


def identity(fields: Json) -> str:
    """Return the id that a listing is compared under: a workspace's own names around it say nothing."""
    name: str = fields.get("unwrapped") or _WRAPPED.sub("", fields["id"], 1)
    return name


def identity_of(line: bytes) -> str:
    """Return the identity of the listing in a line, which is parsed only where it has to be."""
    wrapped = b'"unwrapped":"' in line or b'"id":"@' in line
    return identity(orjson.loads(line)) if wrapped else id_of(line)


def _unwrapped(moved: Moved, old: Side, new: Side, at: str) -> Moved:
    """Leave out what only came or went under another wrapped name, or is still there under one."""
    if not any(map(_is_wrapped, chain(moved.gone.values(), moved.come.values()))):
        return moved
    had, has = _identities(old()), _identities(new())
    gone, come = ({identity(fields): fields for fields in side.values()} for side in moved[:2])
    found = [each for name in gone.keys() & come.keys() for each in _differences(at, gone[name], come[name])]
    return Moved(
        {fields["id"]: fields for name, fields in gone.items() if name not in has},
        {fields["id"]: fields for name, fields in come.items() if name not in had},
        moved.stayed + found,
    )


def _is_wrapped(fields: Json) -> bool:
    return bool(identity(fields) != fields["id"])


def _identities(lines: Lines) -> set[str]:
    return {identity_of(line) for line in lines if not is_tombstone(line)}


def _renamed(gone: Mapping[str, Json], come: Mapping[str, Json]) -> list[tuple[str, str]]:
    """Return the ids of models that left under one and came under another id, where nothing is in doubt."""
    found: dict[str, str] = {}
    for clue in (_successor, _version, _repository, _spelling):
        olds, news = _by_clue(gone, clue), _by_clue(come, clue)
        for key in sorted(olds.keys() & news.keys()):
            if olds[key] not in found and news[key] not in found.values():
                found[olds[key]] = news[key]
    return sorted(found.items())


def _by_clue(listings: Mapping[str, Json], clue: Callable[[Json], str | None]) -> dict[str, str]:
    """Return clue → id, without clues that several listings share."""
    named = [(clue(fields), name) for name, fields in listings.items()]
    counted = Counter(key for key, _ in named)
    return {key: name for key, name in named if key and counted[key] == 1}


def _variant(fields: Json) -> str:
    return str(fields["id"]).partition(":")[2]


def _successor(fields: Json) -> str | None:
    """A gateway that names a successor says it itself."""
    return fields["id"] if _KNOWN in fields else fields.get("replaced_by")


def _version(fields: Json) -> str | None:
    slug = fields.get("canonical_slug")
    return slug and f"{slug}:{_variant(fields)}"


def _repository(fields: Json) -> str | None:
    name = fields.get("hugging_face_id")
    return name and f"{name.lower()}:{_variant(fields)}"


def _spelling(fields: Json) -> str:
    return _SEPARATORS.sub("-", fields["id"].lower())


def _differences(at: str, old: Json, new: Json) -> Iterator[LoggedChange]:
    for part in compare(old, new):
        yield _change(at, part, new, offered(new), old["changed_at"])


def _gone(at: str, old: Json) -> LoggedChange:
    return _change(at, Part("removed", None, None, None), old, offered(old), old["changed_at"])


def _come(at: str, new: Json) -> LoggedChange:
    kind: ChangeKind = "returned" if new[_KNOWN] else "added"
    return _change(at, Part(kind, None, None, None), new, offered(new), None)


def _renaming(at: str, old: Json, new: Json) -> LoggedChange:
    part = Part("renamed", "id", identity(old), identity(new))
    return _change(at, part, new, offered(new), old["changed_at"])


def _change(at: str, part: Part, fields: Json, after: Json, since: str | None) -> LoggedChange:
    return change(
        at, part, fields["gateway"], identity(fields),
        offered=Offered.model_construct(_OFFERED, **after), since=since,
    )  # fmt: skip


def change(
    at: str,
    part: Part,
    gateway: str,
    model: str | None,
    **history: Any,  # noqa: ANN401 - `offered` and `since`
) -> LoggedChange:
    """Make a change with its stable id; its values come out of lines that were checked."""
    return LoggedChange.model_construct(
        _LOGGED,
        id=_id(at, part, gateway, model),
        at=at,
        kind=part.kind,
        gateway=gateway,
        model=model,
        meter=part.meter,
        before=part.before,
        to=part.to,
        percent=part.percent,
        **history,
    )


def _id(at: str, part: Part, gateway: str, model: str | None) -> str:
    named = "\n".join((at, part.kind, gateway, model or "", part.meter or ""))
    return f"{at[:10]}-{sha256(named.encode()).hexdigest()[:16]}"


def order(each: LoggedChange) -> tuple[str, str, str, str]:
    """Sort the changes of one moment."""
    return each.gateway, each.model or "", each.kind, each.meter or ""
