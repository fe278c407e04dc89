"""Guards: each one red, and green at the very bound."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from catalog import checks
from catalog.checks import AGAINST_LAST, ALWAYS, COME_AND_GO, OF_PRICES, Answer, judge


def figures(listings: int = 1000, unreadable: int = 0, rows: int | None = None, **filled: int) -> Answer:
    """Make the figures of an answer."""
    return Answer("toy", listings if rows is None else rows, listings, unreadable, Counter(filled))


def seen(fresh: Answer, last: Answer | None) -> list[str]:
    """Return which guards hold an answer."""
    findings = judge(fresh, last)
    assert all((finding.level, finding.gateway) == ("hold", "toy") for finding in findings)
    return [finding.check for finding in findings]


@pytest.mark.parametrize(
    ("listings", "expected"), [pytest.param(0, ["empty"], id="none"), pytest.param(1, [], id="one")]
)
def test_an_empty_answer_is_never_believed(listings: int, expected: list[str]) -> None:
    """One listing is enough to be no empty answer."""
    assert seen(figures(listings), None) == expected


@pytest.mark.parametrize(
    ("rows", "unreadable", "expected"),
    [
        pytest.param(1000, 20, [], id="2 %"),
        pytest.param(1000, 21, ["unreadable"], id="over 2 %"),
        pytest.param(50, 1, [], id="one of fifty"),
        pytest.param(49, 1, ["unreadable"], id="one of forty-nine"),
    ],
)
def test_unreadable_rows(rows: int, unreadable: int, expected: list[str]) -> None:
    """Up to 2 % of the rows may be unreadable."""
    assert seen(figures(rows - unreadable, unreadable, rows), None) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(1000, 900, [], id="10 %"),
        pytest.param(1000, 899, ["shrunk"], id="over 10 %"),
        pytest.param(10, 5, [], id="five rows"),
        pytest.param(10, 4, ["shrunk"], id="six rows"),
        pytest.param(60, 54, [], id="six rows that are 10 %"),
        pytest.param(59, 53, ["shrunk"], id="six rows that are more"),
        pytest.param(1000, 2000, [], id="grown"),
    ],
)
def test_a_shrunk_list(before: int, after: int, expected: list[str]) -> None:
    """A list may lose 10 %, or five rows whatever share they are."""
    assert seen(figures(after), figures(before)) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(950, 799, ["emptied"], id="95 % before, under 80 % now"),
        pytest.param(950, 800, [], id="80 % now"),
        pytest.param(949, 700, [], id="under 95 % before"),
        pytest.param(1000, 0, ["emptied", "vanished"], id="gone"),
    ],
)
def test_an_emptied_field(before: int, after: int, expected: list[str]) -> None:
    """A field of 95 % of the listings that is left in under 80 % was renamed."""
    assert seen(figures(context_length=after), figures(context_length=before)) == expected


def test_every_emptied_field_is_named() -> None:
    """The message says which fields, how much and how much before."""
    finding, _ = judge(figures(name=100), figures(created=1000, name=990))
    assert finding.message == "hardly filled any more: created (0 %, 100 % before), name (10 %, 99 % before)"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(500, 99, ["vanished"], id="under a fifth is left"),
        pytest.param(500, 100, [], id="a fifth is left"),
        pytest.param(50, 0, ["vanished"], id="5 % had it"),
        pytest.param(49, 0, [], id="too few had it"),
    ],
)
def test_a_vanished_field(before: int, after: int, expected: list[str]) -> None:
    """A field that many listings had and hardly any has now was renamed too."""
    assert seen(figures(quantization=after), figures(quantization=before)) == expected


def test_a_field_of_a_small_gateway_vanishes_by_ten_listings() -> None:
    """Nine listings of a small gateway may lose something together."""
    assert seen(figures(50, quantization=0), figures(50, quantization=10)) == ["vanished"]
    assert seen(figures(50, quantization=0), figures(50, quantization=9)) == []


@pytest.mark.parametrize("name", sorted(COME_AND_GO))
def test_some_fields_come_and_go(name: str) -> None:
    """A sale ends for all models on one day."""
    assert seen(figures(**{name: 0}), figures(**{name: 500})) == []


def test_endpoints_that_did_not_answer_are_no_renamed_field() -> None:
    """They are carried over; the list beside them is as good as ever."""
    assert seen(figures(endpoints=0), figures(endpoints=1000)) == []


@pytest.mark.parametrize(
    ("some", "priced", "expected"),
    [
        pytest.param(40, 40, [], id="half of them are left"),
        pytest.param(39, 39, ["hosts"], id="fewer have hosts"),
        pytest.param(80, 39, ["hosts"], id="fewer have prices of hosts"),
    ],
)
def test_hosts_that_are_gone(some: int, priced: int, expected: list[str]) -> None:
    """Of the models whose hosts were answered; what was not answered says nothing."""
    assert seen(_hosted(100, some, priced), _hosted(200, 160, 160)) == expected


def _hosted(answered: int, some: int, priced: int) -> Answer:
    """Make the figures of an answer with hosts."""
    filled = {"endpoints": answered, "endpoints.some": some, "endpoints.priced": priced}
    return replace(figures(), filled=Counter(filled))


def test_hosts_of_few_models_may_go() -> None:
    """When most requests for hosts failed, nine answers prove nothing."""
    assert seen(_hosted(9, 0, 0), _hosted(200, 160, 160)) == []
    assert seen(_hosted(10, 0, 0), _hosted(200, 160, 160)) == ["hosts"]
    assert seen(_hosted(200, 0, 0), figures()) == []


def test_a_meter_that_is_not_ours_may_go_as_it_came() -> None:
    """A night of renamed prices brings it to every listing; the night after must not be held."""
    before = replace(figures(), filled=Counter({"pricing.input_tokens_v2": 1000}))
    assert seen(figures(), before) == []
    before = replace(figures(), filled=Counter({"pricing.prompt": 1000}))
    assert seen(figures(), before) == ["emptied", "vanished"]


@pytest.mark.parametrize(
    "last",
    [
        pytest.param(None, id="nothing to compare with"),
        pytest.param(figures(0, context_length=0), id="an empty snapshot"),
    ],
)
def test_without_a_past_nothing_is_compared(last: Answer | None) -> None:
    """The first answer of a gateway cannot have shrunk."""
    assert seen(figures(1), last) == []


def test_an_empty_answer_is_shown_with_everything_else_that_is_wrong() -> None:
    """Every guard has its say."""
    fresh = figures(0, unreadable=9, rows=9)
    last = figures(context_length=1000)
    assert seen(fresh, last) == ["empty", "unreadable", "shrunk"]
    assert "holds no listing (9 rows)" in judge(fresh, last)[0].message


def test_every_guard_is_asked() -> None:
    """A guard that nobody asks guards nothing."""
    modules = (checks.answers, checks.prices, checks.release)
    told = [vars(module).items() for module in modules]
    guards = {value for names in told for name, value in names if name.startswith("check_")}
    asked_by_a_run = {checks.check_most_models_stay, checks.check_seen_lately}
    assert guards == {*ALWAYS, *AGAINST_LAST, *OF_PRICES} | asked_by_a_run


@pytest.mark.parametrize(
    ("odd", "expected"),
    [
        pytest.param(0, None, id="none"),
        pytest.param(1, "info", id="one"),
        pytest.param(20, "info", id="2 %"),
        pytest.param(21, "hold", id="over 2 %"),
    ],
)
def test_limits_out_of_range(odd: int, expected: str | None) -> None:
    """A few are told, very many are another unit."""
    fresh = replace(figures(), odd_limits=tuple(f"a/{number} context_length 4" for number in range(odd)))
    assert [finding.level for finding in judge(fresh, None)] == ([expected] if expected else [])


def test_what_is_new_to_us_is_told() -> None:
    """Unknown fields and values keep nothing back."""
    [finding] = judge(replace(figures(), drift=("field x", "meter y")), None)
    assert (finding.level, finding.message) == ("info", "new to us: field x, meter y")
