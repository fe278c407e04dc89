"""How well the gateways could be reached."""

from __future__ import annotations

import orjson
import pytest

from catalog.attempts import Reach, by_gateway, history, reach
from catalog.schema.changes import Attempt, GatewayHistory
from catalog.schema.documents import State


def tried(day: str, state: State = "fresh", seconds: float = 1.0, gateway: str = "toy") -> Attempt:
    """Make one attempt."""
    return Attempt(at=f"{day}T02:17:00Z", gateway=gateway, state=state, seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "expected"),
    [
        pytest.param([tried("2026-11-20")], Reach(100.0, 1.0), id="once"),
        pytest.param(
            [
                tried("2026-11-18", seconds=9),
                tried("2026-11-19", seconds=2.5),
                tried("2026-11-20", "stale", 60),
            ],
            Reach(66.7, 5.8),
            id="what failed has no latency",
        ),
        pytest.param([tried("2026-11-20", "held", 3)], Reach(100.0, 3.0), id="a distrusted answer is one"),
        pytest.param([tried("2026-11-20", "unavailable")], Reach(0.0, None), id="never"),
        pytest.param(
            [tried("2026-10-21", "stale"), tried("2026-11-20")],
            Reach(100.0, 1.0),
            id="what is 30 days old is over",
        ),
    ],
)
def test_reach(attempts: list[Attempt], expected: Reach) -> None:
    """Over the 30 days that end with the last attempt of all; no clock is asked."""
    assert reach(by_gateway(attempts)) == {"toy": expected}


def test_a_gateway_that_was_tried_long_ago() -> None:
    """There are no figures for it when others were tried since."""
    found = reach(by_gateway([tried("2026-09-01"), tried("2026-11-20", gateway="other")]))
    assert found == {"other": Reach(100.0, 1.0), "toy": Reach(None, None)}


def test_nothing_was_tried() -> None:
    """A gateway without its key was not asked; without attempts there are no figures."""
    assert reach(by_gateway([tried("2026-11-20", "unconfigured")])) == {}
    assert orjson.loads(history({}).body)["gateways"] == {}


def test_history() -> None:
    """Every day has its figures, oldest first, of the last 400 days that have any."""
    days = [
        f"{year}-{month:02}-{day:02}"
        for year in (2025, 2026)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    attempts = [tried(day) for day in days] + [tried(days[-1], "stale"), tried(days[-1], seconds=2)]
    found = GatewayHistory.model_validate_json(history(by_gateway(attempts)).body).gateways["toy"]
    assert (len(found), found[0].day) == (400, days[-400])
    assert found[-1].model_dump() == {"day": days[-1], "attempts": 3, "answered": 2, "latency": 1.5}
