"""The lock of a destination: one publisher at a time, and none for ever."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from obstore.store import MemoryStore

from catalog import notes
from catalog.errors import StopBuildError
from catalog.lease import EXPIRES_AFTER, held
from catalog.upload import Destination
from tests.publications import Noted, memory


@dataclass
class Hand:
    """A clock that is moved by hand."""

    seconds: float = 0

    def __call__(self) -> float:
        """Return the time."""
        return self.seconds


def test_two_at_once() -> None:
    """The second one says until when the first one has the lock; afterwards it is free."""
    store = memory()
    with (
        held(Noted(store), take_over=False),
        pytest.raises(StopBuildError, match=r"another publisher is at work.*runs out at 20.*--take-over"),
    ):
        held(Noted(store), take_over=False).__enter__()
    with held(Noted(store), take_over=False):
        assert Noted(store).get(notes.LOCK)
    assert Noted(store).get(notes.LOCK) is None


@pytest.mark.parametrize(
    "body",
    [b'{"holder": "x", "expires": "2020-01-01T00:00:00Z"}', b"", b"[]", b'{"expires": 5}'],
    ids=["run out", "empty", "a list", "no moment"],
)
def test_a_lock_that_does_not_count(body: bytes) -> None:
    """What has run out, or was never a lock, keeps nobody out."""
    store = memory({notes.LOCK: body})
    with held(Noted(store), take_over=False):
        noted = Noted(store).get(notes.LOCK)
        assert noted is not None
        assert orjson.loads(noted.body)["holder"]


def test_who_was_taken_over_stops() -> None:
    """The one whose lock is gone does not go on, and leaves the other one's lock alone."""
    store, clock = memory(), Hand()
    with held(Noted(store), take_over=False, clock=clock) as lease:
        with held(Noted(store), take_over=True):
            lease.keep()
            clock.seconds = EXPIRES_AFTER / 2
            with pytest.raises(StopBuildError, match="another publisher has taken the lock over"):
                lease.keep()
        assert Noted(store).get(notes.LOCK) is None


def test_who_never_noticed_leaves_the_lock_of_the_other_one() -> None:
    """Giving back what was taken over in the meantime would let a third one in."""
    store = memory()
    first = held(Noted(store), take_over=False)
    first.__enter__()
    with held(Noted(store), take_over=True):
        first.__exit__(None, None, None)
        assert Noted(store).get(notes.LOCK)


def test_a_lock_is_renewed_while_there_is_work() -> None:
    """Work may take longer than a lock lasts."""
    store, clock = memory(), Hand()
    there = Noted(store)
    with held(there, take_over=False, clock=clock) as lease:
        before = len(there.changes)
        for _ in range(20):
            clock.seconds += EXPIRES_AFTER / 5
            lease.keep()
            lease.check()
        assert len(there.changes) - before == 10


def test_a_publisher_that_slept_does_not_wake_up_and_write() -> None:
    """A machine that was suspended for longer than its lock lasted has lost it, whatever the lock says."""
    clock = Hand()
    with held(Noted(memory()), take_over=False, clock=clock) as lease:
        clock.seconds = EXPIRES_AFTER + 1
        with pytest.raises(StopBuildError, match="the lock ran out; publish again"):
            lease.keep()
        with pytest.raises(StopBuildError, match="the lock ran out; publish again"):
            lease.check()


class Careless(Noted):
    """A store that ignores conditions."""

    def put_if(self, path: str, body: bytes, tag: str | None) -> str | None:
        """Put a file whatever is there."""
        self.put(path, body)
        return "tag"


def test_a_store_without_conditions() -> None:
    """It is noticed before anything is sent; who is alone may do without a lock."""
    store = MemoryStore()
    with pytest.raises(StopBuildError, match=r"does not write on condition.*publish with --no-lock"):
        held(Careless(store), take_over=False).__enter__()
    assert list(Noted(store).paths()) == []
    with held(Careless(store), take_over=False, without=True) as lease:
        lease.keep()
        assert list(Noted(store).paths()) == []


def test_a_folder_is_locked_by_the_system(tmp_path: Path) -> None:
    """The lock of a folder ends with its process."""
    there = Destination(memory(), str(tmp_path), tmp_path)
    with held(there, take_over=False), pytest.raises(StopBuildError, match="another build is at work"):
        held(there, take_over=True).__enter__()
    with held(there, take_over=False):
        assert list(tmp_path.iterdir()) == []
