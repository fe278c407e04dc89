"""EDGE One publisher at a time: a lock at the destination that runs out by itself.

The lock of an object store is an object that is made and replaced on condition only. Whoever holds it
renews it while it works, and does nothing once it has run out.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from time import monotonic

import orjson

from catalog import notes
from catalog.artifact import document
from catalog.days import moment, stamp
from catalog.errors import StopBuildError
from catalog.tree import locked
from catalog.upload import Destination, Held

EXPIRES_AFTER = 300
"""Seconds; longer than any single request is repeated."""
Clock = Callable[[], float]


class Lease:
    """A lock that is held; without a tag there is none to renew."""

    def __init__(self, destination: Destination, tag: str | None, token: str, clock: Clock) -> None:
        self._destination = destination
        self._tag = tag
        self._token = token
        self._clock = clock
        self._renewed = clock()

    def check(self) -> None:
        """Raise StopBuildError when the lock has run out: another publisher may be at work."""
        if self._tag is not None and self._clock() - self._renewed > EXPIRES_AFTER:
            raise StopBuildError(f"{self._destination.name}: the lock ran out; publish again")

    def keep(self) -> None:
        """Renew the lock when a quarter of its time is over."""
        self.check()
        if self._tag is None or self._clock() - self._renewed < EXPIRES_AFTER / 4:
            return
        began = self._clock()
        self._tag = self._destination.put_if(notes.LOCK, _body(self._token), self._tag)
        if self._tag is None:
            raise StopBuildError(f"{self._destination.name}: another publisher has taken the lock over")
        self._renewed = began

    def release(self) -> None:
        """Give the lock back, if it is still ours; otherwise it runs out by itself."""
        if self._tag is None or self._clock() - self._renewed > EXPIRES_AFTER:
            return
        with suppress(StopBuildError):
            there = self._destination.get(notes.LOCK)
            if there and there.tag == self._tag:
                self._destination.delete([notes.LOCK])


@contextmanager
def held(
    destination: Destination, *, take_over: bool, without: bool = False, clock: Clock = monotonic
) -> Iterator[Lease]:
    """Hold a destination against other publishers; raises StopBuildError when one is at work there.

    `take_over` ignores the lock of another one; `without` is for stores that cannot write on condition.
    """
    if destination.folder is not None:
        with locked(destination.folder):
            yield Lease(destination, None, "", clock)
        return
    if without:
        yield Lease(destination, None, "", clock)
        return
    lease = _acquired(destination, clock, take_over=take_over)
    try:
        yield lease
    finally:
        lease.release()


def _acquired(destination: Destination, clock: Clock, *, take_over: bool) -> Lease:
    token = secrets.token_hex(8)
    began = clock()
    tag = destination.put_if(notes.LOCK, _body(token), None) or _inherited(
        destination, token, take_over=take_over
    )
    if destination.put_if(notes.LOCK, _body(f"{token}-again"), None) is not None:
        destination.delete([notes.LOCK])
        raise StopBuildError(
            f"{destination.name} does not write on condition, so that two publishers at once would not "
            "notice each other; if there is one only, publish with --no-lock"
        )
    lease = Lease(destination, tag, token, clock)
    lease._renewed = began  # noqa: SLF001 - the time of a lock counts from before it was asked for
    return lease


def _inherited(destination: Destination, token: str, *, take_over: bool) -> str:
    """Replace a lock that has run out, or any, if that is wished."""
    there = destination.get(notes.LOCK)
    expires = _expiry(there)
    if there and expires and expires > datetime.now(UTC) and not take_over:
        raise StopBuildError(
            f"{destination.name}: another publisher is at work, or was stopped; its lock runs out at "
            f"{stamp(expires)}. --take-over does not wait for that"
        )
    tag = destination.put_if(notes.LOCK, _body(token), there.tag if there else None)
    if tag is None:
        raise StopBuildError(f"{destination.name}: another publisher was faster")
    return tag


def _expiry(there: Held | None) -> datetime | None:
    """Return when a lock runs out; one that cannot be read does not count."""
    try:
        return moment(orjson.loads(there.body)["expires"]) if there else None
    except (ValueError, KeyError, TypeError):
        return None


def _body(token: str) -> bytes:
    expires = datetime.now(UTC) + timedelta(seconds=EXPIRES_AFTER)
    return document({"holder": token, "expires": stamp(expires)})
