"""How much of its time a gateway has left: to answer, and to keep us waiting between tries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Lock

from catalog.errors import UseSnapshotError
from catalog.wire.limits import Limits


class TryAgainError(UseSnapshotError):
    """The next try may get an answer, after the pause that the server asked for, if it did."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Patience:
    """The clockwork of one gateway, shared by its threads."""

    def __init__(self, limits: Limits, clock: Callable[[], float]) -> None:
        self._limits = limits
        self._clock = clock
        self._lock = Lock()
        self._begun: float | None = None
        self._asked: dict[str, float] = {}
        self._answered: set[str] = set()
        self._spent = 0.0
        self._pausing_until = 0.0

    def left(self, host: str, began: float) -> float:
        """Return the seconds that a try at a host still has, by the time of the clock when it began.

        Raises UseSnapshotError, naming the bound, when there are none. Until a host has answered anything,
        all tries at it together have the time for a first answer.
        """
        limits = self._limits
        with self._lock:
            self._begun = began if self._begun is None else self._begun
            asked = self._asked.setdefault(host, began)
            bounds = [
                (began + limits.request, f"no complete answer within {limits.request:g} s from {host}"),
                (self._begun + limits.gateway, f"over after {limits.gateway:g} s in all"),
            ]
            if host not in self._answered:
                reason = f"no answer within {limits.first_answer:g} s from {host}"
                bounds.append((asked + limits.first_answer, reason))
        over, reason = min(bounds)
        seconds = over - self._clock()
        if seconds <= 0:
            raise UseSnapshotError(reason)
        return seconds

    def answered(self, host: str) -> None:
        """Note that a host has answered something."""
        with self._lock:
            self._answered.add(host)

    def pause(self, problem: Exception) -> bool | float:
        """Say whether to try again after a problem: no, after a pause of our own, or after these seconds.

        This is a back-off hook of stamina. A server that asks for more than is left is given up at once.
        """
        if not isinstance(problem, TryAgainError):
            return False
        if problem.pause is None:
            return self._spend(self._limits.longest_backoff, self._limits.longest_backoff)
        pause = min(problem.pause, self._limits.longest_pause)
        return pause if self._spend(pause, problem.pause) else False

    def _spend(self, pause: float, wanted: float) -> bool:
        with self._lock:
            now = self._clock()
            since = max(now, self._pausing_until)
            left = self._limits.patience - self._spent
            over = now if self._begun is None else self._begun + self._limits.gateway
            if now + wanted > min(over, since + left):
                return False
            self._spent += max(0.0, now + pause - since)
            self._pausing_until = max(since, now + pause)
            return True


def retry_after(text: str | None, now: float) -> float | None:
    """Read a `Retry-After` of either form as seconds from now (unix time).

    Junk, 0 and times gone by mean that the server asks for nothing in particular: None.
    """
    text = (text or "").strip()
    if text.isascii() and text.isdigit():
        return float(text) or None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if moment.tzinfo is None:  # "-0000" means UTC
        moment = moment.replace(tzinfo=UTC)
    seconds = (moment - datetime.fromtimestamp(now, UTC)).total_seconds()
    return seconds if seconds > 0 else None
