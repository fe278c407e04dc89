"""Days, moments and times of the day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from catalog.days import calendar_day, clock, day, fill_day, moment, planned_end, stamp


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        pytest.param(1742774400, "2025-03-24", id="integer"),
        pytest.param(Decimal("1742774400.9"), "2025-03-24", id="fraction"),
        pytest.param(253402300799, "9999-12-31", id="the last day"),
        pytest.param(0, None, id="zero"),
        pytest.param(None, None, id="null"),
    ],
)
def test_day(seconds: object, expected: str | None) -> None:
    """Unix seconds become a day in UTC; 0 is unknown."""
    assert day(seconds) == expected


@pytest.mark.parametrize(
    "seconds",
    [
        *(-1, 253402300800, 10**12, True, "1742774400", []),
        *(Decimal("NaN"), Decimal("Infinity"), Decimal("1e99999999")),
    ],
    ids=repr,
)
def test_no_time(seconds: object) -> None:
    """What is no time between 1970 and 9999 is refused."""
    with pytest.raises(ValueError, match="not a time"):
        day(seconds)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("2026-12-31", "2026-12-31", id="day"),
        pytest.param("2026-12-31T12:00:00Z", "2026-12-31", id="moment"),
        pytest.param("2089-12-31", "2089-12-31", id="far away"),
        pytest.param("2098-12-31", None, id="never"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="null"),
    ],
)
def test_planned_end(text: str | None, expected: str | None) -> None:
    """An end beyond 2090 means that none is planned."""
    assert planned_end(text) == expected


def test_no_calendar_day() -> None:
    """A day that is none is refused."""
    with pytest.raises(ValueError, match="day"):
        calendar_day("2026-02-30")


def test_a_moment_is_written_in_utc_and_read_back() -> None:
    """A moment of another time zone is the same moment."""
    there = datetime(2026, 11, 20, 4, 17, tzinfo=timezone(timedelta(hours=2)))
    assert stamp(there) == "2026-11-20T02:17:00Z"
    assert moment("2026-11-20T02:17:00Z") == datetime(2026, 11, 20, 2, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("served", "expected"),
    [(None, None), (0, "00:00"), (5, "00:05"), (100, "01:00"), (2359, "23:59"), (2400, "00:00")],
)
def test_clock(served: object, expected: str | None) -> None:
    """HHMM integers are times of the day."""
    assert clock(served) == expected


@pytest.mark.parametrize("served", [-100, 60, 2401, 12345, Decimal("100.5"), "noon"], ids=repr)
def test_no_clock(served: object) -> None:
    """Anything else is none."""
    with pytest.raises(ValueError, match=r"\S"):
        clock(served)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        pytest.param([], False, id="none"),
        pytest.param([("01:00", "10:00"), ("10:00", "01:00")], True, id="day and night"),
        pytest.param([("01:00", "10:00"), ("10:01", "01:00")], False, id="a minute short"),
        pytest.param([("00:00", "00:00")], True, id="the whole day"),
        pytest.param([("22:00", "06:00"), ("05:00", "23:00")], True, id="overlapping"),
    ],
)
def test_fill_day(windows: list[tuple[str, str]], expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """Windows fill the day when no minute is left out; they may cross midnight."""
    assert fill_day(windows) is expected
