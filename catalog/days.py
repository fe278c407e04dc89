"""Days, moments and times of the day, each written in one form."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from catalog.units import exact, plain

_DAY_SECONDS = 86_400
_MINUTES = 24 * 60  # of a day
_HHMM = re.compile("([01][0-9]|2[0-3])[0-5][0-9]|2400")
YEAR_10000 = 253_402_300_800
"""In unix seconds; no date is written beyond it."""
NEVER_EXPIRES = 2090
"""Expiration years from here on mean that no end is planned (OpenRouter writes 2098-12-31)."""


def day(unix_seconds: object) -> str | None:
    """Turn unix seconds into a UTC day, `2025-03-24`; None and 0 mean unknown.

    Raises ValueError for anything that is no time between 1970 and 9999.
    """
    if unix_seconds is None or unix_seconds == 0:
        return None
    if isinstance(unix_seconds, bool) or not isinstance(unix_seconds, int | Decimal):
        raise ValueError(f"not a time: {unix_seconds!r:.60}")  # noqa: TRY004 - a bad value, as in `exact`
    # NaN cannot even be compared.
    if not math.isfinite(unix_seconds) or not 0 <= unix_seconds < YEAR_10000:
        raise ValueError(f"not a time: {unix_seconds!r:.60}")
    return _day(int(unix_seconds) // _DAY_SECONDS)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    """Write the day that is so many days after 1970-01-01; few days have thousands of models."""
    return datetime.fromtimestamp(number * _DAY_SECONDS, UTC).date().isoformat()


def calendar_day(text: str | None) -> str | None:
    """Check a served `YYYY-MM-DD`, perhaps with a time behind it; None stays None."""
    return None if not text else date.fromisoformat(text[:10]).isoformat()


def planned_end(text: str | None) -> str | None:
    """Read an expiration date, where a far future date stands for no planned end."""
    end = calendar_day(text)
    return None if end is None or int(end[:4]) >= NEVER_EXPIRES else end


def stamp(moment: datetime) -> str:
    """Write a moment as `2026-11-20T02:17:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def clock(hhmm: object) -> str | None:
    """Turn an HHMM integer into a time of the day, 100 → `01:00`; 2400 is midnight, None stays None."""
    number = exact(hhmm)
    if number is None:
        return None
    text = f"{plain(number):0>4}"
    if not _HHMM.fullmatch(text):
        raise ValueError(f"not a time of the day: {hhmm!r:.60}")
    return "00:00" if text == "2400" else f"{text[:2]}:{text[2:]}"


def fill_day(windows: Iterable[tuple[str, str]]) -> bool:
    """Tell whether windows of `HH:MM` cover every minute; one that ends as it starts is a whole day."""
    covered: set[int] = set()
    for start, end in ((_minute(start), _minute(end)) for start, end in windows):
        covered.update(minute % _MINUTES for minute in range(start, end if start < end else end + _MINUTES))
    return len(covered) == _MINUTES


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
