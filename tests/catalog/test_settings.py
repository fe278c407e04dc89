"""Which gateways a run has to fetch."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.days import stamp
from catalog.schema.state import Memory
from catalog.settings import Settings, due, duration, is_due
from tests.factories import NOW, ORDER


def fetched(ago: timedelta, **fields: Any) -> Memory:  # noqa: ANN401 - the fields of a memory
    """Make the memory of a gateway that was fetched a while ago."""
    return Memory(**{"state": "fresh", "origin": "fetch", "fetched_at": stamp(NOW - ago), **fields})


def asked(memories: dict[str, Memory], ages: dict[str, str] | None = None, **options: Any) -> set[str]:  # noqa: ANN401 - passed on
    """Return what is due."""
    settings = Settings(output=Path("output"), data=Path("data"), **options)
    return due(settings, memories, ages or {}, NOW)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("90s", timedelta(seconds=90), id="seconds"),
        pytest.param("30m", timedelta(minutes=30), id="minutes"),
        pytest.param("6h", timedelta(hours=6), id="hours"),
        pytest.param("999999d", timedelta(days=999999), id="days"),
        pytest.param("0s", timedelta(0), id="nothing"),
    ],
)
def test_duration(text: str, expected: timedelta) -> None:
    """A number and a letter are a duration."""
    assert duration(text) == expected


@pytest.mark.parametrize("text", ["", "6", "h", "6 h", "-6h", "1.5h", "6H", "6h30m", "9999999d", "٣h"])
def test_no_duration(text: str) -> None:
    """Anything else is refused in words."""
    with pytest.raises(ValueError, match="is not a duration such as"):
        duration(text)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("memory", "max_age", "expected"),
    [
        pytest.param(fetched(HOUR), None, True, id="no age asked for"),
        pytest.param(fetched(HOUR), "2h", False, id="younger"),
        pytest.param(fetched(HOUR), "1h", False, id="just as old"),
        pytest.param(fetched(HOUR), "3599s", True, id="older"),
        pytest.param(fetched(-HOUR), "0s", False, id="fetched before the clock was set back"),
        pytest.param(fetched(HOUR, origin="starter"), "2h", True, id="a starter"),
        pytest.param(fetched(HOUR, fetched_at=None), "2h", True, id="never"),
        pytest.param(fetched(HOUR, state="stale"), "2h", False, id="stale, but young"),
        pytest.param(Memory(), "2h", True, id="unknown"),
    ],
)
def test_is_due(memory: Memory, max_age: str | None, expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """A gateway is fetched when its snapshot is older than allowed, or was never fetched."""
    assert is_due(memory, max_age, NOW) is expected


ALL = {name: fetched(HOUR) for name in ORDER}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param({}, set(ORDER), id="all"),
        pytest.param({"gateways": ("chutes", "portkey")}, {"chutes", "portkey"}, id="named ones"),
        pytest.param({"offline": True}, set(), id="offline"),
        pytest.param({"offline": True, "gateways": ("chutes",)}, set(), id="offline and named"),
        pytest.param({"max_age": "2h"}, set(), id="all young"),
        pytest.param({"max_age": "2h", "gateways": ("chutes",)}, set(), id="named and young"),
    ],
)
def test_due(options: dict[str, Any], expected: set[str]) -> None:
    """Options narrow down what is fetched."""
    assert asked(ALL, **options) == expected


def test_a_gateway_can_have_an_age_of_its_own() -> None:
    """The facts name one for a gateway; the option of a run is stronger."""
    ages = {"chutes": "2h", "portkey": "30m"}
    assert asked(ALL, ages) == set(ORDER) - {"chutes"}
    assert asked(ALL, ages, max_age="30m") == set(ORDER)
