"""The last good listings of a gateway against its newest answer, line by line and in order.

A line is one listing as canonical JSON with `changed_at` in it. Both sides come sorted by id, so
that neither is ever held as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson

from catalog.days import moment, stamp
from catalog.kept import encode

KEPT_DAYS = 90
"""For how long a removed model stays as a tombstone."""
_BEFORE_ID = b'"gateway":"'
_TEXT = rb'"([^"\\]*(?:\\.[^"\\]*)*)"'
_ID = re.compile(rb'"gateway":"[^"]*",(?:"hugging_face_id":' + _TEXT + rb',)?"id":' + _TEXT)
"""The id of a line behind the fields that stand before it; no other text of a line can look like that."""
_END = "\U0010ffff" * 2
"""Behind every id."""
_MOMENT = b'"changed_at":"'
_MOMENT_LENGTH = len(_MOMENT) + len('2026-11-20T02:17:00Z"')

Sorted = Iterable[tuple[str, bytes]]
"""Ids with their lines, sorted by id."""


@dataclass
class Counts:
    """How a snapshot moved."""

    live: int = 0
    """Listings without tombstones."""
    added: int = 0
    """Listings that were not there before."""
    removed: int = 0
    """Listings that became tombstones."""
    changed: int = 0
    """Listings whose line changed."""
    nameless: int = 0
    """Rows without an id that could not be read: as many missing listings may be among them."""


def merge(old: Sorted, new: Sorted, unread: Container[str], now: datetime, counts: Counts) -> Iterator[bytes]:
    """Yield the lines of the next snapshot.

    A listing that did not change keeps its line. One that is gone stays as a tombstone for 90 days.
    One whose row could not be read (`unread`) keeps its last good line.
    """
    for before, after in zipped(iter(old), iter(new)):
        line = _next_line(before, after, unread, now, counts)
        if line is not None:
            counts.live += not is_tombstone(line)
            yield line


def replace(old: Sorted, new: Sorted, counts: Counts) -> Iterator[bytes]:
    """Yield the lines of a snapshot that takes the place of a starter: nothing old is kept."""
    for before, after in zipped(iter(old), iter(new)):
        if after is not None:
            counts.live += 1
            known = before is not None and not is_tombstone(before[1])
            unchanged = before is not None and same(before[1], after[1])
            counts.added += not known
            counts.changed += known and not unchanged
            yield before[1] if before is not None and unchanged else after[1]
        else:
            counts.removed += before is not None and not is_tombstone(before[1])


def zipped(
    old: Iterator[tuple[str, bytes]], new: Iterator[tuple[str, bytes]]
) -> Iterator[tuple[tuple[str, bytes] | None, tuple[str, bytes] | None]]:
    """Yield the lines of one id together; None stands where a side has no such id."""
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        if after is None or (before is not None and before[0] < after[0]):
            yield before, None
            before = next(old, None)
        elif before is None or after[0] < before[0]:
            yield None, after
            after = next(new, None)
        else:
            yield before, after
            before, after = next(old, None), next(new, None)


def pairs(old: Iterable[bytes], new: Iterable[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """Yield the lines of two snapshots that differ in any byte, those of one id together.

    A side that has no such line is empty. Equal lines that meet are not looked into.
    """
    olds, news = iter(old), iter(new)
    before, after = next(olds, b""), next(news, b"")
    while before or after:
        # What is equal is skipped before an id is read: nearly everything, on nearly every night.
        one, other = ("", "") if before == after else (_place(before), _place(after))
        if before != after:
            yield before if one <= other else b"", after if other <= one else b""
        if one <= other:
            before = next(olds, b"")
        if other <= one:
            after = next(news, b"")


def moved(old: Iterable[bytes], new: Iterable[bytes]) -> Counts:
    """Count how a snapshot moved that somebody else made from the old one."""
    counts, rest = Counts(), iter(new)

    def counted() -> Iterator[bytes]:
        for line in rest:
            counts.live += not is_tombstone(line)
            yield line

    for before, after in pairs(old, counted()):
        was, stays = bool(before) and not is_tombstone(before), bool(after) and not is_tombstone(after)
        counts.added += stays and not was
        counts.removed += was and not stays
        counts.changed += was and stays and not same(before, after)
    return counts


def _place(line: bytes) -> str:
    """Return what a line is sorted by; the end of a side comes last."""
    return id_of(line) if line else _END


def id_of(line: bytes) -> str:
    """Read the id out of a line."""
    found = _ID.match(line, line.find(_BEFORE_ID))
    if found is None or b"\\" in found[2]:
        return str(orjson.loads(line)["id"])
    return found[2].decode()


def _next_line(
    before: tuple[str, bytes] | None,
    after: tuple[str, bytes] | None,
    unread: Container[str],
    now: datetime,
    counts: Counts,
) -> bytes | None:
    if before is None:
        counts.added += 1
        return after[1] if after else None
    if after is None:
        return before[1] if _may_be_unread(before, unread, counts) else _buried(before[1], now, counts)
    line = carried_over(before[1], after[1])
    if same(before[1], line):
        return before[1]
    if is_tombstone(before[1]):
        counts.added += 1
    else:
        counts.changed += 1
    return line


def _may_be_unread(before: tuple[str, bytes], unread: Container[str], counts: Counts) -> bool:
    """Tell whether a missing listing may be a row that could not be read; it is no removal then."""
    if is_tombstone(before[1]):
        return False
    if before[0] in unread:
        return True
    counts.nameless -= 1 if (spare := counts.nameless > 0) else 0
    return spare


def _buried(line: bytes, now: datetime, counts: Counts) -> bytes | None:
    fields = orjson.loads(line)
    if "removed_at" in fields:
        old = now - moment(fields["removed_at"]) > timedelta(days=KEPT_DAYS)
        return None if old else line
    counts.removed += 1
    moments = {"changed_at": stamp(now), "removed_at": stamp(now)}
    return encode({**fields, "status": "removed", **moments})


def carried_over(before: bytes, after: bytes) -> bytes:
    """Complete a fresh line with what its gateway did not say this time and the last line knows.

    These are the endpoints that did not answer, and the base price of an offer whose price
    follows the clock, when the present window hides it.
    """
    lost_endpoints = b'"endpoints":' in before and b'"endpoints":' not in after
    hidden_price = b'"price_kind":"dynamic"' in after and b'"utc_start":' in after
    if not lost_endpoints and not hidden_price:
        return after
    old, new = orjson.loads(before), orjson.loads(after)
    if lost_endpoints and "endpoints" in old:
        new["endpoints"] = old["endpoints"]
    if hidden_price and old.get("price_kind") == "known" and old.get("price_tiers") == new.get("price_tiers"):
        new |= {key: old[key] for key in ("price_kind", "pricing", "price_source") if key in old}
        if "endpoints" in old and "endpoints" in new:
            new["endpoints"] = _with_known_prices(old["endpoints"], new["endpoints"])
    return encode(new)


def _with_known_prices(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each endpoint the last known price of the meters that the present window hides."""
    known = {(host["tag"], host["name"]): host["pricing"] for host in old}
    return [{**host, "pricing": known.get((host["tag"], host["name"]), {}) | host["pricing"]} for host in new]


def same(before: bytes, after: bytes) -> bool:
    """Tell whether two lines say the same, whenever they last changed."""
    if len(before) != len(after):
        return False
    start = before.find(_MOMENT)
    end = start + _MOMENT_LENGTH
    return start == after.find(_MOMENT) and before[:start] == after[:start] and before[end:] == after[end:]


def is_tombstone(line: bytes) -> bool:
    """Tell whether a line is of a model that its gateway no longer has."""
    return b'"removed_at":"' in line
