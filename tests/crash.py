"""A process that dies at a chosen change of the file system, played inside of the test's own process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

CHANGES = frozenset({"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.copyfile"})
"""What Python announces before it changes a folder; opening a file for writing is the other one."""
WRITING = os.O_WRONLY | os.O_RDWR


class DeadError(BaseException):
    """The process is gone: no handler of an ordinary error sees this."""


class _Fate:
    """How many changes are still granted; None while nobody dies."""

    left: int | None = None
    hooked = False


@contextmanager
def dying_after(changes: int) -> Iterator[None]:
    """Let so many changes of the file system happen; from then on every one raises DeadError."""
    if not _Fate.hooked:
        sys.addaudithook(_watch)
        _Fate.hooked = True
    _Fate.left = changes
    try:
        yield
    finally:
        _Fate.left = None


def survives(changes: int, work: Callable[[], object]) -> bool:
    """Call `work` and tell whether it came to its end before it had to die."""
    try:
        with dying_after(changes):
            work()
    except DeadError:
        return False
    return True


def _watch(event: str, given: tuple[object, ...]) -> None:
    if _Fate.left is None or not _is_change(event, given):
        return
    if _Fate.left == 0:
        raise DeadError(event)
    _Fate.left -= 1


def _is_change(event: str, given: tuple[object, ...]) -> bool:
    if event == "open":
        flags = given[2]
        return isinstance(flags, int) and bool(flags & WRITING)
    return event in CHANGES
