"""Catalog × catalog → changes: pure, on snapshot lines, and nearly free where nothing changed.

Lines are compared as bytes first; only those that differ are ever parsed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import orjson

from catalog.artifact import Json
from catalog.compare import Part, compare, offered
from catalog.schema.changes import ChangeKind, LoggedChange, Offered
from catalog.snapshot import id_of, is_tombstone, pairs, same

Lines = Iterable[bytes]
"""Snapshot lines of one gateway, sorted by id."""
_WRAPPED = re.compile(r"@[^/]+/(?=.)")


class Moved(NamedTuple):
    """The parsed lines of one gateway that differ: gone, come, and there on both sides."""

    gone: dict[str, Json]
    come: dict[str, Json]
    both: list[tuple[Json, Json]]


def diff(gateway: str, old: Lines, new: Lines, at: str) -> list[LoggedChange]:
    """Return what changed on one gateway, removals first, then by id."""
    moved = _moved(old, new)
    renamed = _renamed(moved)
    left = {names[0] for names in renamed}
    arrived = {names[1] for names in renamed}
    found = [
        *(_gone(at, fields) for name, fields in moved.gone.items() if name not in left),
        *(_renaming(at, moved.gone[one], moved.come[other]) for one, other in renamed),
        *(_come(at, fields) for name, fields in moved.come.items() if name not in arrived),
    ]
    for one, other in moved.both:
        found += _differences(at, one, other)
    for first, second in renamed:
        found += _differences(at, moved.gone[first], moved.come[second])
    return _distinct(change for change in found if change.gateway == gateway)


def _moved(old: Lines, new: Lines) -> Moved:
    moved = Moved({}, {}, [])
    for before, after in pairs(old, new):
        lived, lives = _is_live(before), _is_live(after)
        if lived and lives:
            if not same(before, after):
                moved.both.append((orjson.loads(before), orjson.loads(after)))
        elif lived:
            _enter(moved.gone, orjson.loads(before))
        elif lives:
            _enter(moved.come, {**orjson.loads(after), _KNOWN: bool(before)})
    return _unwrapped(moved)


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


def _unwrapped(moved: Moved) -> Moved:
    """Pair what is gone under one wrapped name and came under another one."""
    gone, come, both = {}, dict(moved.come), list(moved.both)
    by_identity = {identity(fields): name for name, fields in come.items() if identity(fields) != name}
    for name, fields in moved.gone.items():
        other = by_identity.get(identity(fields)) if identity(fields) != name else None
        if other is None:
            gone[name] = fields
        elif other in come:
            both.append((fields, come.pop(other)))
    return Moved(gone, come, both)


def _renamed(moved: Moved) -> list[tuple[str, str]]:
    """Return the ids of models that left under one and came under another id, where nothing is in doubt."""
    found: dict[str, str] = {}
    for clue in (_successor, _version, _repository, _spelling):
        olds, news = _by_clue(moved.gone, clue), _by_clue(moved.come, clue)
        for key in olds.keys() & news.keys():
            one, other = olds[key], news[key]
            if one not in found and other not in found.values():
                found[one] = other
    return sorted(found.items())


def _by_clue(listings: Mapping[str, Json], clue: Any) -> dict[str, str]:  # noqa: ANN401 - one of the four below
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
    return re.sub(r"[^a-z0-9:/@]", "", fields["id"].lower())


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
        offered=Offered(**after), since=since,
    )  # fmt: skip


def change(
    at: str,
    part: Part,
    gateway: str,
    model: str | None,
    **history: Any,  # noqa: ANN401 - `offered` and `since`
) -> LoggedChange:
    """Make a change with its stable id."""
    return LoggedChange(
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


def _distinct(found: Iterable[LoggedChange]) -> list[LoggedChange]:
    """Leave one of several changes that a reader could not tell apart, in a fixed order."""
    return sorted({each.id: each for each in found}.values(), key=order)


def order(each: LoggedChange) -> tuple[str, str, str, str]:
    """Sort the changes of one moment."""
    return each.gateway, each.model or "", each.kind, each.meter or ""
