"""Guards of prices: what went, what moved, what leapt."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.checks import judge_prices, moves
from catalog.schema.listing import Endpoint
from catalog.snapshot import id_of
from tests.factories import kept, line, tombstone


def priced(*prices: str | None, **more: str) -> list[bytes]:
    """Make lines of listings with a prompt price; None is no price."""
    return [
        line(kept(id=f"acme/{number:04d}", price_kind="unknown", pricing={}))
        if price is None
        else line(kept(id=f"acme/{number:04d}", price_kind="known", pricing=amounts(prompt=price, **more)))
        for number, price in enumerate(prices)
    ]


def amounts(**prices: str) -> dict[str, Decimal]:
    """Read prices."""
    return {meter: Decimal(price) for meter, price in prices.items()}


def judged(old: list[bytes], new: list[bytes]) -> list[tuple[str, str]]:
    """Return guard and level of what is said of two snapshots."""
    sides = ([(id_of(each), each) for each in side] for side in (old, new))
    before = {"listings": len(old), "pricing.prompt": len(old), "endpoints.priced": len(old)}
    return [(each.check, each.level) for each in judge_prices("toy", moves(*sides), before)]


@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        pytest.param(10, [], id="10 %"),
        pytest.param(11, [("unpriced", "hold")], id="over 10 %"),
    ],
)
def test_prices_that_are_gone(lost: int, expected: list[tuple[str, str]]) -> None:
    """A price that is unknown from one night to the next is suspicious when there are many."""
    assert judged(priced(*["0.1"] * 100), priced(*[None] * lost, *["0.1"] * (100 - lost))) == expected


@pytest.mark.parametrize(
    ("cost", "lost", "expected"),
    [
        pytest.param("0.2", 10, [], id="10 %"),
        pytest.param("0.2", 11, [("unpriced", "hold")], id="over 10 %"),
        pytest.param("0", 100, [], id="of what cost nothing"),
    ],
)
def test_the_completion_price_alone_is_gone(cost: str, lost: int, expected: list[tuple[str, str]]) -> None:
    """A model whose prompt still has a price lost one all the same."""
    whole, half = priced(*["0.1"] * 100, completion=cost), priced(*["0.1"] * 100)
    assert judged(whole, [*half[:lost], *whole[lost:]]) == expected


def test_few_prices_may_go_whatever_share_they_are() -> None:
    """Five of six."""
    assert judged(priced(*["0.1"] * 6), priced(*[None] * 5, "0.1")) == []
    assert judged(priced(*["0.1"] * 6), priced(*[None] * 6)) == [("unpriced", "hold")]


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        pytest.param(30, [], id="30 %"),
        pytest.param(31, [("repriced", "hold")], id="over 30 %"),
    ],
)
def test_most_prices_changed(moved: int, expected: list[tuple[str, str]]) -> None:
    """However little."""
    assert judged(priced(*["0.10"] * 100), priced(*["0.11"] * moved, *["0.1"] * (100 - moved))) == expected


def test_the_cache_price_of_every_model_may_change() -> None:
    """Chutes cut all of them by five on one day; what a price is known by stayed."""
    old = priced(*["0.1"] * 100, input_cache_read="0.05")
    assert judged(old, priced(*["0.1"] * 100, input_cache_read="0.01")) == []


def test_a_unit_that_changed_upstream() -> None:
    """The median of a meter moved more than ten times; the same for a meter beside the main ones."""
    old = priced(*["0.1"] * 100, image="0.02")
    assert judged(old, priced(*["0.0001"] * 100, image="0.02"))[:2] == [
        ("repriced", "hold"),
        ("unit", "hold"),
    ]
    assert ("unit", "hold") in judged(old, priced(*["0.1"] * 100, image="20"))


def hosted(*prices: str) -> list[bytes]:
    """Make lines of listings whose price stays while that of their one host is given."""
    return [
        line(
            kept(
                id=f"acme/{number:04d}",
                price_kind="known",
                pricing=amounts(prompt="0.1"),
                endpoints=(Endpoint(name="Acme", tag="acme/fp8", pricing=amounts(prompt=price)),),
            )
        )
        for number, price in enumerate(prices)
    ]


def test_a_unit_that_changed_at_the_hosts() -> None:
    """The list beside them is as it was; five models, or less than half of all, are no unit."""
    old = hosted(*["0.1"] * 100)
    assert judged(old, hosted(*["100"] * 100)) == [("unit", "hold")]
    assert judged(old, hosted(*["100"] * 49, *["0.1"] * 51)) == []
    assert judged(hosted(*["0.1"] * 5), hosted(*["100"] * 5)) == []
    assert judged(old, hosted(*["0.5"] * 100)) == []


def test_half_of_the_prices_do_not_move_the_median() -> None:
    """A unit changes for all or for none."""
    seen = judged(priced(*["0.1"] * 100), priced(*["0.0001"] * 49, *["0.1"] * 51))
    assert ("unit", "hold") not in seen


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param("0.1", "1", [], id="ten times"),
        pytest.param("0.1", "1.01", ["info"], id="more"),
        pytest.param("0.1", "0.01", [], id="a tenth"),
        pytest.param("0.1", "0.0099", ["info"], id="less"),
        pytest.param("0.1", "0", ["info"], id="to 0"),
        pytest.param("0", "0.1", ["info"], id="from 0"),
        pytest.param("0.10", "0.1", [], id="the same"),
    ],
)
def test_a_price_that_leaps(before: str, after: str, expected: list[str]) -> None:
    """One is told, and its gateway is not held for it."""
    old, new = priced(before, *["0.1"] * 99), priced(after, *["0.1"] * 99)
    assert judged(old, new) == [("leap", level) for level in expected]


def test_many_prices_that_leap_are_held() -> None:
    """More than five listings, and more than 5 %."""
    assert judged(priced(*["0.1"] * 100), priced(*["9"] * 6, *["0.1"] * 94)) == [("leap", "hold")]
    assert judged(priced(*["0.1"] * 400), priced(*["9"] * 20, *["0.1"] * 380)) == [("leap", "info")]


def test_a_comparison_that_compared_nothing_is_a_finding() -> None:
    """Every id is another one: no guard of prices saw a pair."""
    renamed = [each.replace(b"acme/", b"other/") for each in priced(*["0.1"] * 6)]
    assert judged(priced(*["0.1"] * 6), renamed) == [("compared nothing", "hold")]
    assert judged(priced(*["0.1"] * 5), renamed) == []


@pytest.mark.parametrize(
    ("renamed", "of", "expected"),
    [
        pytest.param(20, 100, [], id="20 %"),
        pytest.param(21, 100, [("replaced", "hold")], id="over 20 %"),
        pytest.param(5, 20, [], id="few"),
    ],
)
def test_ids_that_give_way_to_others(renamed: int, of: int, expected: list[tuple[str, str]]) -> None:
    """A list that is as long as the last one can have lost many models all the same."""
    old = priced(*["0.1"] * of)
    new = [*old[renamed:], *(each.replace(b"acme/", b"other/") for each in old[:renamed])]
    assert judged(old, new) == expected
    assert judged(old, old[renamed:]) == judged(old, [*old, *new[-renamed:]]) == []


def test_a_removed_model_has_no_price_to_compare() -> None:
    """What comes back after its removal is news, no leap."""
    old = [line(tombstone(id="acme/0000", price_kind="known", pricing=amounts(prompt="9")))]
    assert judged(old, priced("0.1")) == []
