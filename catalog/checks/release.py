"""Guards that look at the catalog as a whole before anything of it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from catalog.checks.finding import Finding
from catalog.days import moment

GONE_SHARE = 0.05
GONE_ROWS = 50
"""So many may go at once in a small catalog, where they are a large share."""
UNSEEN = timedelta(days=7)


def check_most_models_stay(before: Mapping[str, int], gone: Mapping[str, int]) -> Finding | None:
    """More than 5 % of all models gone in one night are not published without a person.

    `before` are the listings of each gateway, `gone` those that it lost against its last good list.
    """
    lost, whole = sum(gone.values()), sum(before.values())
    if lost <= GONE_ROWS or lost <= GONE_SHARE * whole:
        return None
    told = ", ".join(f"{name} {count}" for name, count in sorted(gone.items()) if count)
    return Finding("stop", "", "gone", f"{lost} of {whole} models would be gone ({told})")


def check_seen_lately(gateway: str, fetched_at: str | None, now: datetime) -> Finding | None:
    """A gateway that was not fetched for seven days is told."""
    if fetched_at is None or now - moment(fetched_at) < UNSEEN:
        return None
    days = (now - moment(fetched_at)).days
    return Finding("info", gateway, "unseen", f"not fetched for {days} days")
