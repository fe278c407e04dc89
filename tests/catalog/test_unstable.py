"""A price that goes to and fro is reported once."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from catalog.days import moment, stamp
from catalog.schema.changes import LoggedChange
from catalog.unstable import settle
from tests.changed import AT, one

LOW, HIGH, OTHER = "0.000001", "0.000002", "0.000003"
START = moment(AT)


def nights(prices: list[str], every: int = 1) -> list[LoggedChange]:
    """Log a price that is another one every few nights; return the log."""
    log: list[LoggedChange] = []
    moved = AT
    for number, (before, to) in enumerate(pairwise(prices), 1):
        if before != to:
            at = stamp(START + timedelta(days=number * every))
            log += settle([one(at=at, before=before, to=to, since=moved)], log)
            moved = at
    return log


@pytest.mark.parametrize("length", [4, 5, 20])
def test_a_wobble(length: int) -> None:
    """To and fro are two changes, the third one is told to be no news, and then there is silence."""
    log = nights([(LOW, HIGH)[number % 2] for number in range(length)])
    assert [(each.kind, each.before, each.to) for each in log] == [
        ("price", LOW, HIGH), ("price", HIGH, LOW), ("unstable", LOW, HIGH),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("prices", "kinds"),
    [
        pytest.param([LOW, HIGH, LOW], ["price"] * 2, id="a correction"),
        pytest.param([LOW, HIGH, OTHER, LOW, HIGH], ["price"] * 4, id="three values"),
        pytest.param(
            [LOW, HIGH, LOW, HIGH, OTHER], ["price", "price", "unstable", "price"], id="a third value"
        ),
        pytest.param(
            [LOW, HIGH, LOW, HIGH, OTHER, HIGH, OTHER, HIGH],
            ["price", "price", "unstable", "price", "price", "unstable"],
            id="another wobble",
        ),
        pytest.param(
            [LOW, HIGH, LOW, HIGH, *[HIGH] * 14, LOW],
            ["price", "price", "unstable", "price"],
            id="quiet for more than 14 days",
        ),
        pytest.param(
            [LOW, HIGH, LOW, HIGH, *[HIGH] * 13, LOW], ["price", "price", "unstable"], id="for 14 days"
        ),
    ],
)
def test_what_else_can_happen(prices: list[str], kinds: list[str]) -> None:
    """Only two values that alternate are a wobble, and only as long as they do."""
    assert [each.kind for each in nights(prices)] == kinds


def test_slow_alternation() -> None:
    """A price that comes back after weeks is news every time."""
    assert [each.kind for each in nights([LOW, HIGH] * 3, every=8)] == ["price"] * 5


def test_meters_and_models_are_told_apart() -> None:
    """And other kinds of change pass through."""
    log = nights([LOW, HIGH, LOW])
    at = stamp(START + timedelta(days=3))
    fresh = [
        one(at=at, before=LOW, to=HIGH, meter="completion"),
        one(at=at, before=LOW, to=HIGH, model="acme/two"),
        one(at=at, before=LOW, to=HIGH, gateway="chutes"),
        one(at=at, kind="removed"),
    ]
    assert settle(fresh, log) == fresh
    [told] = settle([one(at=at, before=LOW, to=HIGH)], log)
    assert (told.kind, told.offered, told.since) == ("unstable", fresh[0].offered, fresh[0].since)
