"""Numbers, prices and dates: every conversion, with the noise that gateways really serve."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from catalog import units
from catalog.schema.base import PRICE_PATTERN

prices = st.decimals(0, 1_000_000, places=18)
millionths = st.decimals(0, 100_000, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(b'{"a":0.1}', {"a": Decimal("0.1")}, id="exact decimals"),
        pytest.param(b"\xef\xbb\xbf[1]", [1], id="byte order mark"),
        pytest.param(b'{"a":1,"a":2}', {"a": 2}, id="of a repeated key the last"),
        pytest.param(b'"\xc3\xa9"', "é", id="UTF-8"),
    ],
)
def test_read_json(body: bytes, expected: object) -> None:
    """A document is read with exact decimals."""
    assert units.read_json(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"<html>", id="HTML"),
        pytest.param(b"[1", id="cut short"),
        pytest.param(b"[1] x", id="more behind it"),
        pytest.param(b'"\xff"', id="no UTF-8"),
        pytest.param(b"[" * 100_000, id="nested too deeply"),
        pytest.param(b"1" * 5000, id="an integer of 5000 digits"),
        pytest.param(b"1e99999999999999999999", id="an impossible exponent"),
    ],
)
def test_no_json(body: bytes) -> None:
    """Anything that is no whole document is refused by one kind of error."""
    with pytest.raises(ValueError, match=r".+"):
        units.read_json(body)


@pytest.mark.parametrize("body", [b"NaN", b"Infinity", b"-Infinity", b"1e999999"])
def test_a_number_without_a_value_is_no_price(body: bytes) -> None:
    """What JSON libraries let through is stopped before it is a price."""
    with pytest.raises(ValueError, match=r"not a finite number|out of range"):
        units.usd(units.read_json(body))


@pytest.mark.parametrize(
    ("convert", "served", "shown"),
    [
        pytest.param(units.usd_per_million, "2.5999999999999996", "0.0000026", id="per million, below"),
        pytest.param(units.usd_per_million, "0.010399999999999998", "0.0000000104", id="per million, cache"),
        pytest.param(units.usd_per_million, "0.029999999700000002", "0.00000003", id="per million, odd"),
        pytest.param(units.usd_per_million, "0.0000015", "0.000000000002", id="half to the even two"),
        pytest.param(units.usd_per_million, 4, "0.000004", id="per million, integer"),
        pytest.param(units.usd, "0.00000100000000000000015", "0.000001", id="twelve digits"),
        pytest.param(units.usd, "0.1234567890125", "0.123456789012", id="half to the even digit"),
        pytest.param(units.usd, "1e-7", "0.0000001", id="exponent"),
        pytest.param(units.usd, Decimal("5E-8"), "0.00000005", id="exponent of a decimal"),
        pytest.param(units.usd, "0E-10", "0", id="zero with an exponent"),
        pytest.param(units.usd, "-0", "0", id="zero with a sign"),
        pytest.param(units.usd_from_cents, "0.003", "0.00003", id="cents"),
        pytest.param(units.usd_from_cents_per_token, "0.00025999999999999996", "0.0000026", id="float cents"),
    ],
)
def test_prices(convert: Callable[[object], Decimal | None], served: object, shown: str) -> None:
    """Noise goes in the gateway's own unit, then the price is converted to dollars per unit."""
    value = Decimal(served) if isinstance(served, str) and convert is not units.usd else served
    assert units.plain(convert(value) or Decimal(0)) == shown


@pytest.mark.parametrize(
    "convert",
    [units.exact, units.usd, units.usd_per_million, units.usd_from_cents, units.usd_from_cents_per_token],
)
def test_unknown_stays_unknown(convert: Callable[[object], Decimal | None]) -> None:
    """Null is never 0."""
    assert convert(None) is None


@pytest.mark.parametrize(
    "served",
    [
        pytest.param("-0.000001", id="negative"),
        pytest.param("1000000.1", id="over a million dollars"),
        pytest.param("1e-19", id="too small to be a price"),
        pytest.param("1e999", id="out of range"),
        pytest.param("1e-1000", id="out of range, small"),
        pytest.param("NaN", id="NaN"),
        pytest.param("Infinity", id="infinity"),
        pytest.param("a lot", id="words"),
        pytest.param("1_000", id="underscore"),
        pytest.param("0.0\uff11", id="digit of another script"),
        pytest.param("", id="empty"),
        pytest.param(True, id="truth"),
        pytest.param(0.1, id="a float that lost its digits"),
        pytest.param([], id="list"),
    ],
)
def test_no_price(served: object) -> None:
    """What cannot be a price is refused, never repaired."""
    with pytest.raises(ValueError, match=r"price|number"):
        units.usd(served)


@pytest.mark.parametrize("served", ["1e18", "-1e18", "0.0000005", "1e-30"])
def test_no_price_per_million(served: str) -> None:
    """A price beyond every scale is refused, and so is one that rounding would turn into nothing."""
    with pytest.raises(ValueError, match="price out of range"):
        units.usd_per_million(served)


@pytest.mark.parametrize("served", ["0", "1000000", "1e-18"])
def test_bounds_are_prices(served: str) -> None:
    """The bounds themselves can be published."""
    assert units.usd(served) == Decimal(served)


@pytest.mark.parametrize(
    ("base", "rate", "expected"),
    [
        pytest.param("0.000004", "0.1", "0.0000004", id="a tenth"),
        pytest.param("0.0000026", "0.09999999999999998", "0.00000026", id="noise"),
        pytest.param("0.000004", 0, "0", id="nothing"),
        pytest.param(None, "0.1", None, id="no base"),
        pytest.param("0.000004", None, None, id="no rate"),
    ],
)
def test_scaled(base: str | None, rate: object, expected: str | None) -> None:
    """A price times a rate is rounded like one per million; without one of them it is unknown."""
    found = units.scaled(None if base is None else Decimal(base), rate)
    assert (None if found is None else units.plain(found)) == expected


@given(prices)
@example(Decimal("1E+6"))
@example(Decimal("-0"))
def test_plain_is_exact_and_plain(number: Decimal) -> None:
    """A price is written without exponent, sign or trailing zeros, and reads back as it was."""
    text = units.plain(number)
    assert re.fullmatch(PRICE_PATTERN, text)
    assert Decimal(text) == number


@given(millionths, millionths)
def test_conversion_keeps_the_order(one: Decimal, other: Decimal) -> None:
    """Of two prices the larger one is never published as the smaller one."""
    low, high = sorted((one, other))
    assume(all(not price or price >= units.SIX_PLACES for price in (low, high)))
    assert (units.usd_per_million(low) or 0) <= (units.usd_per_million(high) or 0)


@given(st.decimals(0, 1_000_000, places=6))
def test_a_price_without_noise_is_not_touched(served: Decimal) -> None:
    """Up to six decimals per million are exact."""
    assert (units.usd_per_million(served) or 0) * 1_000_000 == served


@given(prices)
def test_twelve_digits_are_kept(served: Decimal) -> None:
    """Rounding dollars per token moves a price by less than a part in a hundred billion."""
    if not served or served >= units.LOWEST_PRICE:
        assert abs((units.usd(served) or 0) - served) <= served / 10**11


@pytest.mark.parametrize(
    ("inputs", "outputs", "expected"),
    [
        pytest.param(["text"], ["text"], "text->text", id="text"),
        pytest.param(["video", "image", "text"], ["text"], "text+image+video->text", id="fixed order"),
        pytest.param(["text"], ["rerank", "embeddings"], "text->embeddings+rerank", id="others by name"),
        pytest.param(["text", "text"], ["audio"], "text->audio", id="no repeats"),
    ],
)
def test_modality(inputs: list[str], outputs: list[str], expected: str) -> None:
    """The modality follows from the lists, in one order whatever was served."""
    assert units.modality(inputs, outputs) == expected
    assert units.ordered_modalities(reversed(inputs)) == units.ordered_modalities(inputs)
