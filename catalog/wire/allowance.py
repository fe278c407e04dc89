"""How many more requests a host allows, as far as it says so: `RateLimit: "api";r=489;t=189`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from catalog.errors import UseSnapshotError

_LEFT = re.compile(r";\s*r=([0-9]{1,9})\b")
_SECONDS = re.compile(r";\s*t=([0-9]{1,6})\b")
SAME_WINDOW = 2.0
"""Seconds by which two answers of one window may differ in when it ends."""


@dataclass
class _Window:
    left: int
    ends: float
    in_flight: int = 0


class Allowance:
    """What each host has said, shared by the threads of one gateway; a host that says nothing allows all."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._windows: dict[str, _Window] = {}

    def left(self, host: str) -> int | None:
        """Return how many requests a host still allows; None when it says nothing, or says it anew soon."""
        with self._lock:
            window = self._open(host)
            return window.left if window else None

    def wait(self, host: str) -> float | None:
        """Return the seconds until a host that allows nothing more does again; None when it still does."""
        with self._lock:
            window = self._open(host)
            return window.ends - self._clock() if window and window.left <= 0 else None

    def take(self, host: str) -> None:
        """Use one request up; raises UseSnapshotError when the host allows none."""
        with self._lock:
            window = self._open(host)
            if window is None:
                return
            if window.left <= 0:
                pause = window.ends - self._clock()
                raise UseSnapshotError(f"{host} allows no more requests for {pause:.0f} s")
            window.left -= 1
            window.in_flight += 1

    def heard(self, host: str, header: str | None) -> None:
        """Note what an answer says; of one window the least that was said holds."""
        left, seconds = _LEFT.search(header or ""), _SECONDS.search(header or "")
        if not left or not seconds:
            return
        ends = self._clock() + int(seconds[1]) + 1
        with self._lock:
            window = self._windows.setdefault(host, _Window(int(left[1]), ends))
            window.in_flight = max(0, window.in_flight - 1)
            if ends > window.ends + SAME_WINDOW:  # requests on their way may count in the new one
                window.left, window.ends = int(left[1]) - window.in_flight, ends
            else:
                window.left = min(window.left, int(left[1]))

    def _open(self, host: str) -> _Window | None:
        window = self._windows.get(host)
        return window if window and window.ends > self._clock() else None
