"""A process that dies at a chosen change of the file system: in earnest, or in play inside of a test."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

CHANGES = frozenset({"os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.copyfile"})
"""What Python announces before it changes a folder; opening a file for writing is the other one."""
_TAKING = frozenset({"open", "os.link", "os.mkdir", "shutil.copyfile"})
"""Those that need room on the disk."""
WRITING = os.O_WRONLY | os.O_RDWR


class DeadError(BaseException):
    """The process is gone: no handler of an ordinary error sees this."""


class _Fate:
    """How many changes are still granted, None while all are, and what befalls whoever makes one more.

    Opening a file for writing is two of them: whoever dies behind the first leaves an empty file.
    """

    left: int | None = None
    full = False
    hooked = False
    tearing = False


def dying_after(changes: int) -> AbstractContextManager[None]:
    """Let so many changes of the file system happen; from then on every one raises DeadError."""
    return _granting(changes, full=False)


def full_after(changes: int) -> AbstractContextManager[None]:
    """Let so many changes happen; from then on the disk is full: whatever makes something new fails."""
    return _granting(changes, full=True)


@contextmanager
def _granting(changes: int, *, full: bool) -> Iterator[None]:
    if not _Fate.hooked:
        sys.addaudithook(_watch)
        _Fate.hooked = True
    _Fate.left, _Fate.full = changes, full
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
    for half in range(1 + (event == "open")):
        if _Fate.left == 0:
            _befall(event, given, opened=bool(half))
        else:
            _Fate.left -= 1


def _befall(event: str, given: tuple[object, ...], *, opened: bool) -> None:
    if not _Fate.full:
        _tear(given, opened=opened)
        raise DeadError(event)
    if event in _TAKING:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), given[0])


def _tear(given: tuple[object, ...], *, opened: bool) -> None:
    """Leave a file as it is when a process dies between opening it and writing to it."""
    if opened:
        path, _, flags = given
        assert isinstance(flags, int)
        _Fate.tearing = True
        os.close(os.open(str(path), flags, 0o666))
        _Fate.tearing = False


class Changes:
    """Counts the changes of the file system that this process makes; before a given one it kills itself."""

    def __init__(self, granted: int | None = None) -> None:
        self.made = 0
        self.decided: list[int] = []
        """How many were made whenever a journal appeared or went."""
        self._granted = granted
        sys.addaudithook(self._watch)

    def _watch(self, event: str, given: tuple[object, ...]) -> None:
        if not _is_change(event, given):
            return
        for half in range(1 + (event == "open")):
            if self.made == self._granted:
                _tear(given, opened=bool(half))
                os.kill(os.getpid(), signal.SIGKILL)
            self.made += 1
        if event in ("os.rename", "os.remove") and str(given[event == "os.rename"]).endswith("/journal"):
            self.decided.append(self.made)


def _is_change(event: str, given: tuple[object, ...]) -> bool:
    if event == "open":
        flags = given[2]
        return not _Fate.tearing and isinstance(flags, int) and bool(flags & WRITING)
    return event in CHANGES
