"""How endpoints did: rewritten only when it moved enough to matter."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from catalog.performance import moved, performance_keys, updated
from catalog.schema.listing import Performance

TODAY = date(2026, 11, 20)
LATELY = "2026-11-01"


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        pytest.param({"uptime": 99.9}, {"uptime": 98.0}, False, id="uptime by 1.9 points"),
        pytest.param({"uptime": 99.9}, {"uptime": 97.9}, True, id="uptime by 2 points"),
        pytest.param({"uptime": 2.3}, {"uptime": 0.3}, True, id="2 points that floats lose a bit of"),
        pytest.param({"latency": 1000}, {"latency": 1190}, False, id="latency by 19 %"),
        pytest.param({"latency": 1000}, {"latency": 1200}, True, id="latency by 20 %"),
        pytest.param({"latency": 1000}, {"latency": 800}, True, id="latency down by 20 %"),
        pytest.param({"throughput": 15}, {"throughput": 18}, True, id="20 % that floats lose a bit of"),
        pytest.param({"throughput": 15}, {"throughput": 17}, False, id="throughput by less"),
        pytest.param({"throughput": 0}, {"throughput": 1}, True, id="from nothing"),
        pytest.param({"throughput": 0}, {"throughput": 0}, False, id="still nothing"),
        pytest.param({}, {"latency": 10}, True, id="newly known"),
        pytest.param({"uptime": 99.9, "latency": 10}, {"uptime": 99.9}, False, id="not said this time"),
        pytest.param({"uptime": 99.9}, {}, False, id="nothing said"),
    ],
)
def test_moved(before: dict[str, Any], now: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """20 % of latency or throughput matter, or 2 points of uptime."""
    assert moved(before, Performance(**now)) is expected


def test_figures_that_did_not_move_keep_their_value_and_day() -> None:
    """An endpoint that does as ever changes no byte."""
    known = {"a/b host": {"uptime": 99.9, "as_of": LATELY}}
    assert updated(known, {"a/b host": Performance(uptime=99.0)}, {"a/b host"}, TODAY) == known


def test_figures_that_moved_are_those_of_today() -> None:
    """All figures of the endpoint are rewritten together, and new endpoints begin."""
    known = {"a/b host": {"uptime": 99.9, "latency": 10, "as_of": LATELY}}
    seen = {"a/b host": Performance(uptime=50.0), "a/c host": Performance(latency=20)}
    assert updated(known, seen, seen, TODAY) == {
        "a/b host": {"uptime": 50.0, "as_of": "2026-11-20"},
        "a/c host": {"latency": 20, "as_of": "2026-11-20"},
    }


@pytest.mark.parametrize("served", [True, False])
def test_figures_live_as_long_as_their_endpoint(served: bool) -> None:  # noqa: FBT001 - as above
    """One request that failed forgets nothing; an endpoint that nobody serves any more is forgotten."""
    known = {"a/b host": {"uptime": 99.9, "as_of": "2020-01-01"}}
    assert updated(known, {}, {"a/b host"} if served else set(), TODAY) == (known if served else {})


def test_what_is_known_is_not_changed_in_place() -> None:
    """The caller's rows stay as they were."""
    known = {"a/b host": {"uptime": 99.9, "as_of": LATELY}}
    updated(known, {"a/b host": Performance(uptime=1.0)}, {"a/b host"}, TODAY)["a/b host"]["uptime"] = 0
    assert known["a/b host"]["uptime"] == 99.9


def test_keys() -> None:
    """A tag that stands twice is numbered."""
    assert list(performance_keys("a/b", ["x", "y", "x"])) == ["a/b x", "a/b y", "a/b x 2"]
