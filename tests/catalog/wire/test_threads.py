"""Work in daemon threads is bounded and comes back in order."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from catalog.wire.threads import Begun, in_order, in_thread


def test_results_come_in_the_order_of_the_items() -> None:
    """However long each one takes."""
    pauses = [0.03, 0.0, 0.02, 0.0, 0.01]
    assert list(in_order(_dawdle, pauses, 3)) == pauses


def _dawdle(pause: float) -> float:
    time.sleep(pause)
    return pause


@pytest.fixture
def counted() -> tuple[Callable[[int], int], list[int]]:
    """Return work that notes how many of its kind are under way when it begins."""
    lock, under_way, peaks = threading.Lock(), [0], []

    def work(item: int) -> int:
        with lock:
            under_way[0] += 1
            peaks.append(under_way[0])
        time.sleep(0.005)
        with lock:
            under_way[0] -= 1
        return item

    return work, peaks


def test_no_more_workers_than_allowed_are_under_way(counted: tuple[Callable[[int], int], list[int]]) -> None:
    """Three workers are three requests at once at most."""
    work, peaks = counted
    assert list(in_order(work, range(12), 3)) == list(range(12))
    assert max(peaks) <= 3


def test_all_workers_are_used() -> None:
    """Three workers meet at a barrier for three."""
    together = threading.Barrier(3, timeout=10)
    assert sorted(in_order(lambda _: together.wait(), range(3), 3)) == [0, 1, 2]


def test_items_are_not_begun_far_ahead_of_the_reader() -> None:
    """While the first result is awaited, memory does not fill with those behind it."""
    begun: list[int] = []

    def work(item: int) -> None:
        begun.append(item)
        time.sleep(0 if item else 0.1)

    next(in_order(work, range(100), 2))
    assert len(begun) <= 4


def test_nothing_begins_after_the_reader_has_stopped(
    counted: tuple[Callable[[int], int], list[int]],
) -> None:
    """Closing the iterator ends the series."""
    work, peaks = counted
    results = in_order(work, range(100), 2)
    next(results)
    results.close()
    begun_by_then = len(peaks)
    time.sleep(0.05)
    assert len(peaks) <= begun_by_then


def test_at_least_one_worker_is_needed() -> None:
    """Nought workers would wait forever."""
    with pytest.raises(ValueError, match="one worker"):
        next(in_order(str, [1], 0))


def test_a_thread_is_a_daemon_and_hands_over_its_exception() -> None:
    """What hangs in a thread cannot keep the program from ending."""
    assert in_thread(lambda: threading.current_thread().daemon).result(1) is True
    with pytest.raises(ZeroDivisionError):
        in_thread(lambda: 1 // 0).result(1)


def test_what_was_begun_is_waited_for_and_nothing_is_begun_after() -> None:
    """Work that comes late is refused, not forgotten."""
    ended, begun = list[str](), Begun[None]()
    assert begun.begin(lambda: ended.append(str(_dawdle(0.05))))
    begun.close(10)
    assert ended == ["0.05"]
    assert begun.begin(lambda: ended.append("late")) is None
    assert ended == ["0.05"]


def test_what_hangs_is_waited_for_so_long_only() -> None:
    """A thread that never ends keeps nobody."""
    begun, go_on = Begun[bool](), threading.Event()
    hanging = begun.begin(go_on.wait)
    assert hanging is not None
    begun.close(0.01)
    assert not hanging.done()
    go_on.set()
    assert hanging.result(10)
