"""How fetching the gateways went: the log of attempts to figures by day and over the last 30 days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import groupby
from statistics import median
from typing import NamedTuple

from catalog.artifact import HISTORY, Artifact, document
from catalog.days import moment
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.changes import Attempt

DAYS = 30
"""Over how many days before the last attempt the published figures go."""
_KEPT_DAYS = 400
_ANSWERED = ("fresh", "held")
_NOT_ASKED = "unconfigured"


class Reach(NamedTuple):
    """How well a gateway could be reached."""

    availability: float | None
    """Share of attempts that got a whole answer, in percent, to 0.1; None without any attempt."""
    latency: float | None
    """Median time that a whole answer took, in seconds, to 0.1."""


def by_gateway(attempts: Iterable[Attempt]) -> dict[str, list[Attempt]]:
    """Sort attempts by gateway; a gateway without its key was not really asked."""
    found: dict[str, list[Attempt]] = defaultdict(list)
    for attempt in attempts:
        if attempt.state != _NOT_ASKED:
            found[attempt.gateway].append(attempt)
    return dict(sorted(found.items()))


def reach(attempts: Mapping[str, list[Attempt]]) -> dict[str, Reach]:
    """Return the figures of each gateway over the 30 days that end with the last attempt of all."""
    if not attempts:
        return {}
    last = max(attempt.at for found in attempts.values() for attempt in found)
    first = moment(last) - timedelta(days=DAYS)
    recent = {
        name: [attempt for attempt in found if moment(attempt.at) > first] for name, found in attempts.items()
    }
    return {name: _figures(found) for name, found in recent.items()}


def _figures(found: list[Attempt]) -> Reach:
    seconds = [attempt.seconds for attempt in found if attempt.state in _ANSWERED]
    availability = round(100 * len(seconds) / len(found), 1) if found else None
    return Reach(availability, round(median(seconds), 1) if seconds else None)


def history(attempts: Mapping[str, list[Attempt]]) -> Artifact:
    """Return `catalog/history/gateways.json`: the figures of every day."""
    days = {name: _days(found)[-_KEPT_DAYS:] for name, found in attempts.items()}
    return Artifact(HISTORY, document({"schema_version": SCHEMA_VERSION, "gateways": days}))


def _days(found: list[Attempt]) -> list[dict[str, object]]:
    return [_day(day, list(group)) for day, group in groupby(found, key=lambda attempt: attempt.at[:10])]


def _day(day: str, found: list[Attempt]) -> dict[str, object]:
    answered = sum(attempt.state in _ANSWERED for attempt in found)
    figures = {"attempts": len(found), "answered": answered, "latency": _figures(found).latency}
    return {"day": day, **figures}
