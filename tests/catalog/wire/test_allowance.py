"""What a host says about how much it may be asked, and that it is obeyed."""

from __future__ import annotations

import pytest

from catalog.errors import UseSnapshotError
from catalog.wire.allowance import Allowance

HOST = "hub.example.test"


class Clock:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Make a clock."""
    return Clock()


@pytest.fixture
def allowance(clock: Clock) -> Allowance:
    """Make an allowance of which nothing was said."""
    return Allowance(clock)


def test_a_host_that_says_nothing_allows_all(allowance: Allowance) -> None:
    """As most hosts do."""
    for _ in range(3):
        allowance.take(HOST)
        allowance.heard(HOST, None)
    assert (allowance.left(HOST), allowance.wait(HOST)) == (None, None)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        pytest.param('"api";r=489;t=189', 489, id="as the Hub says it"),
        pytest.param('"api"; r=489; t=189', 489, id="with spaces"),
        pytest.param('"api";t=189;r=489', 489, id="in another order"),
        pytest.param('"api";r=0;t=5', 0, id="nothing left"),
        pytest.param('"api";r=489', None, id="without an end"),
        pytest.param('"api";t=189', None, id="without a number"),
        pytest.param('"api";r=-1;t=189', None, id="a negative number"),
        pytest.param("489", None, id="junk"),
        pytest.param("", None, id="nothing"),
    ],
)
def test_what_is_said(allowance: Allowance, header: str, expected: int | None) -> None:
    """The remaining requests of the window; what cannot be read says nothing."""
    allowance.heard(HOST, header)
    assert allowance.left(HOST) == expected


def test_every_request_counts_at_once(allowance: Allowance) -> None:
    """Without waiting for its answer, so that several threads together keep the bound."""
    allowance.heard(HOST, '"api";r=2;t=60')
    allowance.take(HOST)
    allowance.take(HOST)
    with pytest.raises(UseSnapshotError, match=f"{HOST} allows no more requests for 61 s"):
        allowance.take(HOST)


def test_of_one_window_the_least_holds(allowance: Allowance) -> None:
    """Answers overtake each other, and others may ask from the same address."""
    for header in ('"api";r=9;t=60', '"api";r=7;t=60', '"api";r=8;t=60'):
        allowance.heard(HOST, header)
    assert allowance.left(HOST) == 7


def test_a_new_window_allows_again(allowance: Allowance, clock: Clock) -> None:
    """When the old one is over; what is on its way then may count in the new one."""
    allowance.heard(HOST, '"api";r=1;t=60')
    allowance.take(HOST)
    assert allowance.wait(HOST) == 61
    clock.now += 61
    assert (allowance.left(HOST), allowance.wait(HOST)) == (None, None)
    allowance.take(HOST)
    allowance.heard(HOST, '"api";r=499;t=300')
    assert allowance.left(HOST) == 499


def test_hosts_are_counted_apart(allowance: Allowance) -> None:
    """One that is exhausted says nothing of another."""
    allowance.heard(HOST, '"api";r=0;t=60')
    allowance.take("other.example.test")
    assert allowance.left("other.example.test") is None
