"""Daemon threads: a hanging look-up of a host cannot be cancelled, and must not keep the program alive."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, wait
from functools import partial
from threading import Lock, Semaphore, Thread
from typing import Generic, TypeVar

A = TypeVar("A")
T = TypeVar("T")


def in_thread(work: Callable[[], T], over: Callable[[], None] = lambda: None) -> Future[T]:
    """Start `work` in a daemon thread and call `over` at its end; the future holds what comes of it."""
    future: Future[T] = Future()
    Thread(target=_run, args=(work, over, future), daemon=True).start()
    return future


def _run(work: Callable[[], T], over: Callable[[], None], future: Future[T]) -> None:
    try:
        future.set_result(work())
    except BaseException as problem:  # noqa: BLE001 - whoever asks the future for its result gets it
        future.set_exception(problem)
    finally:
        over()


class Begun(Generic[T]):
    """What is begun in threads until it is closed; those who still work then can be waited for."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._changing = Lock()
        self._open = True
        self._running: set[Future[T]] = set()

    def begin(self, work: Callable[[], T]) -> Future[T] | None:
        """Start `work` in a daemon thread; None when it is too late for that."""
        with self._changing:
            if not self._open:
                return None
            future = in_thread(work)
            self._running.add(future)
        future.add_done_callback(self._running.discard)
        return future

    def close(self, seconds: float) -> None:
        """Begin nothing any more, and wait at most so long for what was begun."""
        with self._changing:
            self._open = False
            running = self._running.copy()
        wait(running, seconds)


def in_order(work: Callable[[A], T], items: Iterable[A], workers: int) -> Generator[T, None, None]:
    """Apply `work` to `items`, at most `workers` at once, begun and yielded in the order of the items.

    At most twice as many items as workers are begun before their results are taken, so that memory
    does not grow with the number of items; nothing is begun after the iterator is closed. Raises
    ValueError without at least one worker.
    """
    if workers < 1:
        raise ValueError("at least one worker is needed")
    free = Semaphore(workers)
    ahead: deque[Future[T]] = deque()
    for item in items:
        free.acquire()
        ahead.append(in_thread(partial(work, item), free.release))
        while ahead and (len(ahead) == 2 * workers or ahead[0].done()):
            yield ahead.popleft().result()
    while ahead:
        yield ahead.popleft().result()
