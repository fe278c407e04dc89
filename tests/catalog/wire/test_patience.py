"""A gateway gets so much time and no more."""

from __future__ import annotations

import pytest

from catalog.errors import UseSnapshotError
from catalog.wire.limits import Limits
from catalog.wire.patience import Patience, TryAgainError, retry_after

NOON = 1_763_899_200.0
"""2025-11-23 12:00:00 UTC."""


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        pytest.param("120", 120.0, id="seconds"),
        pytest.param("Sun, 23 Nov 2025 12:01:30 GMT", 90.0, id="date"),
        pytest.param("Sun, 23 Nov 2025 12:01:30 -0000", 90.0, id="date without a zone"),
        pytest.param("Sun, 23 Nov 2025 11:59:00 GMT", None, id="date gone by"),
        pytest.param("0", None, id="zero"),
        pytest.param("-5", None, id="negative"),
        pytest.param("soon", None, id="junk"),
        pytest.param("٣", None, id="digit of another script"),
        pytest.param("Sun, 99 Nov 2025 12:00:00 GMT", None, id="impossible date"),
        pytest.param("9" * 5000, float("inf"), id="absurd"),
        pytest.param("", None, id="empty"),
        pytest.param(None, None, id="missing"),
    ],
)
def test_retry_after_is_read_in_both_forms(text: str | None, seconds: float | None) -> None:
    """Every value has a defined meaning."""
    assert retry_after(text, NOON) == seconds


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        """Tell the time."""
        return self.seconds


def begun(gateway: float = 300) -> tuple[Patience, Clock]:
    """Return the patience of a gateway whose first request has just begun."""
    clock = Clock()
    patience = Patience(Limits(gateway=gateway), clock)
    patience.left("host", clock())
    return patience, clock


def test_one_pause_is_capped() -> None:
    """A server that asks for 100 s is asked again after 60 s."""
    patience, _ = begun()
    assert patience.pause(TryAgainError("busy", 100)) == 60


def test_a_server_that_asks_for_more_patience_than_is_left_is_given_up() -> None:
    """The pauses of a gateway add up to 180 s at most."""
    patience, clock = begun(gateway=10_000)
    assert patience.pause(TryAgainError("busy", 181)) is False
    for _ in range(3):
        assert patience.pause(TryAgainError("busy", 60)) == 60
        clock.seconds += 60
    assert patience.pause(TryAgainError("busy", 1)) is False
    assert patience.pause(TryAgainError("down")) is False


def test_pauses_of_several_threads_at_once_count_once() -> None:
    """Eight threads that wait for the same minute have waited a minute."""
    patience, _ = begun()
    assert [patience.pause(TryAgainError("busy", 60)) for _ in range(8)] == [60] * 8


def test_a_pause_that_ends_after_the_gateways_time_is_not_begun() -> None:
    """Waiting for nothing helps nobody."""
    patience, clock = begun(gateway=100)
    clock.seconds += 50
    assert patience.pause(TryAgainError("busy", 51)) is False
    assert patience.pause(TryAgainError("busy", 50)) == 50


def test_what_no_further_try_overcomes_is_not_tried_again() -> None:
    """Only TryAgainError is worth another try; without a wish of the server the pause is our own."""
    patience, _ = begun()
    assert patience.pause(UseSnapshotError("forbidden")) is False
    assert patience.pause(ValueError("a bug")) is False
    assert patience.pause(TryAgainError("down")) is True


@pytest.mark.parametrize(
    ("later", "answered", "seconds", "reason"),
    [
        pytest.param(0, True, 60, "no complete answer within 60 s", id="request"),
        pytest.param(0, False, 45, "no answer within 45 s", id="first answer"),
        pytest.param(40, False, 5, "no answer within 45 s", id="rest of the first answer"),
        pytest.param(280, True, 20, "over after 300 s", id="rest of the gateway"),
    ],
)
def test_a_try_may_take_the_least_of_all_bounds(
    later: float,
    answered: bool,  # noqa: FBT001 - a table
    seconds: float,
    reason: str,
) -> None:
    """Request, first answer and gateway each have a bound."""
    patience, clock = begun()
    clock.seconds += later
    if answered:
        patience.answered("host")
    began = clock()
    assert patience.left("host", began) == seconds
    clock.seconds += seconds
    with pytest.raises(UseSnapshotError, match=reason):
        patience.left("host", began)


def test_nothing_is_asked_after_the_last_second() -> None:
    """A gateway whose time is over gets no further request."""
    patience, clock = begun()
    patience.answered("host")
    clock.seconds += 300
    with pytest.raises(UseSnapshotError, match="300 s"):
        patience.left("host", clock())
