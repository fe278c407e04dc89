"""Limits, shares and measurements, and the price keys that nobody has told us of."""

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


def test_distinct() -> None:
    """Names are sorted and come once; unknown stays unknown."""
    assert units.distinct(["b", "a", "b"]) == ("a", "b")
    assert units.distinct(None) is None


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param(None, {}, id="none"),
        pytest.param({"cached": "0.0000001"}, {"cached": "0.0000001"}, id="text"),
        pytest.param(
            {"cached": Decimal("0.1"), "per_song": 2}, {"cached": "0.1", "per_song": "2"}, id="numbers"
        ),
        pytest.param({"cached": None}, {}, id="null"),
        pytest.param({"currency": "USD", "overrides": [], "promotion": True}, {}, id="no numbers"),
        pytest.param({"": 1, "Per Song": 1, "__proto__": 1, "x" * 65: 1, "a\nb": 1}, {}, id="no sane names"),
    ],
)
def test_unknown_meters_keep_their_names(extra: dict[str, object] | None, expected: dict[str, str]) -> None:
    """A number under a new key is a price that is kept; anything else is left to the drift report."""
    found = units.extra_meters(extra, units.usd)
    assert found == {meter: Decimal(text) for meter, text in expected.items()}


@pytest.mark.parametrize("value", ["NaN", "-1", Decimal("Infinity"), -1, 10**9])
def test_an_unknown_meter_must_still_be_a_price(value: object) -> None:
    """A number that is no price is an error under every name."""
    with pytest.raises(ValueError, match=r"price|number"):
        units.extra_meters({"cached": value}, units.usd)
