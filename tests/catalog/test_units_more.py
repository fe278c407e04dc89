"""The conversions that came with the adapters: limits, shares, measurements, times of the day."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog import units


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param(131072, 131072, id="integer"),
        pytest.param(Decimal("131072.0"), 131072, id="decimal"),
        pytest.param("131072", 131072, id="text"),
        pytest.param(0, None, id="zero"),
        pytest.param("0", None, id="zero as text"),
        pytest.param(None, None, id="null"),
    ],
)
def test_tokens(served: object, expected: int | None) -> None:
    """A limit is a whole number of tokens; null and zero are unknown."""
    assert units.tokens(served) == expected


@pytest.mark.parametrize(
    "served", [-1, True, "many", Decimal("0.5"), Decimal("NaN"), Decimal("1e999"), 10**13, []], ids=repr
)
def test_not_tokens(served: object) -> None:
    """Anything else is no limit."""
    with pytest.raises(ValueError, match=r"\S"):
        units.tokens(served)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param(Decimal("0.25"), Decimal("0.25"), id="a quarter"),
        pytest.param(1, Decimal(1), id="all"),
        pytest.param(Decimal("0.30000000000000004"), Decimal("0.3"), id="noise"),
        pytest.param(0, None, id="zero"),
        pytest.param(None, None, id="null"),
    ],
)
def test_share(served: object, expected: Decimal | None) -> None:
    """A discount is a share of the price; none is None."""
    assert units.share(served) == expected


@pytest.mark.parametrize("served", [Decimal("1.1"), -1, "half", Decimal("Infinity")], ids=repr)
def test_not_a_share(served: object) -> None:
    """A share is between 0 and 1."""
    with pytest.raises(ValueError, match=r"\S"):
        units.share(served)


@pytest.mark.parametrize(
    ("served", "places", "expected"),
    [
        pytest.param(Decimal("99.9794597925439"), 1, "100", id="up"),
        pytest.param(Decimal("86.28537860187681"), 1, "86.3", id="to 0.1"),
        pytest.param(1834, -1, "1830", id="to tens"),
        pytest.param(Decimal("61.5"), 0, "62", id="to one"),
    ],
)
def test_rounded(served: object, places: int, expected: str) -> None:
    """A measurement is rounded to the places that mean something."""
    found = units.rounded(served, places)
    assert found is not None
    assert units.plain(found) == expected


@pytest.mark.parametrize("served", [None, -1, Decimal("1e20")])
def test_no_measurement(served: object) -> None:
    """What nobody can have measured is unknown."""
    assert units.rounded(served, 0) is None


@pytest.mark.parametrize(
    ("served", "expected"),
    [(None, None), (0, "00:00"), (5, "00:05"), (100, "01:00"), (2359, "23:59"), (2400, "00:00")],
)
def test_clock(served: object, expected: str | None) -> None:
    """HHMM integers are times of the day."""
    assert units.clock(served) == expected


@pytest.mark.parametrize("served", [-100, 60, 2401, 12345, Decimal("100.5"), "noon"], ids=repr)
def test_no_clock(served: object) -> None:
    """Anything else is none."""
    with pytest.raises(ValueError, match=r"\S"):
        units.clock(served)


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
    assert units.fill_day(windows) is expected


@pytest.mark.parametrize(
    "convert",
    [units.usd, units.usd_per_million, units.usd_from_cents, units.usd_from_cents_per_token, units.tokens],
)
@pytest.mark.parametrize(
    "served", ["1e99999999", "1e-99999999", Decimal("1e999999"), Decimal("-1e-5000")], ids=repr
)
def test_beyond_arithmetic(convert: object, served: object) -> None:
    """An exponent beyond reason is refused before any arithmetic overflows or rounds it to zero."""
    assert callable(convert)
    with pytest.raises(ValueError, match="out of range"):
        convert(served)


@pytest.mark.parametrize(
    "served", [-1, 10**12, Decimal("NaN"), Decimal("1e99999999"), "1700000000", True], ids=repr
)
def test_no_day(served: object) -> None:
    """A time before 1970, after 9999 or beyond numbers is none."""
    with pytest.raises(ValueError, match="not a time"):
        units.day(served)


def test_distinct() -> None:
    """Names are sorted and come once; unknown stays unknown."""
    assert units.distinct(["b", "a", "b"]) == ("a", "b")
    assert units.distinct(None) is None


def test_description() -> None:
    """An empty description is unknown, a long one is cut."""
    assert units.description(" \n") is None
    assert len((units.description("x" * 9000) or "").encode()) <= units.DESCRIPTION_BYTES


def test_lone_surrogates() -> None:
    """A character that UTF-8 cannot write goes, and the text around it stays."""
    assert units.clean_line("a\ud800b") == "a b"
    assert units.description("a\ud800b") == "ab"
