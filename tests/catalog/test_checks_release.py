"""Guards of the whole catalog: models that are gone, gateways that were not seen."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from catalog import checks


@pytest.mark.parametrize(
    ("before", "gone", "expected"),
    [
        pytest.param({"one": 1500, "two": 500}, {"one": 100}, None, id="5 %"),
        pytest.param({"one": 1500, "two": 500}, {"one": 60, "two": 41}, "stop", id="over 5 % together"),
        pytest.param({"one": 100}, {"one": 50}, None, id="fifty"),
        pytest.param({"one": 100}, {"one": 51}, "stop", id="more than fifty"),
        pytest.param({}, {}, None, id="nothing yet"),
    ],
)
def test_too_many_models_gone(before: dict[str, int], gone: dict[str, int], expected: str | None) -> None:
    """The release stops when more than 5 % of the whole catalog would be gone."""
    finding = checks.check_most_models_stay(before, gone)
    assert (finding and finding.level) == expected


@pytest.mark.parametrize(
    ("fetched", "told"),
    [
        pytest.param("2026-11-14T02:17:00Z", None, id="six days"),
        pytest.param("2026-11-13T02:17:00Z", "not fetched for 7 days", id="a week"),
        pytest.param(None, None, id="a static list"),
    ],
)
def test_a_gateway_that_was_not_seen(fetched: str | None, told: str | None) -> None:
    """For a week."""
    finding = checks.check_seen_lately("toy", fetched, datetime(2026, 11, 20, 2, 17, tzinfo=UTC))
    assert (finding and finding.message) == told
