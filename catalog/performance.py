"""How endpoints did lately, rewritten only when it moved enough to matter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from catalog.schema.listing import Performance

UPTIME_POINTS = 2.0
SHARE = 0.20

Known = Mapping[str, Mapping[str, Any]]
"""`id tag` → uptime, latency, throughput and `as_of`."""


def performance_keys(model_id: str, tags: Iterable[str]) -> Iterator[str]:
    """Yield the key of each endpoint of a model, in their order; a repeated tag gets a number."""
    seen: Counter[str] = Counter()
    for tag in tags:
        seen[tag] += 1
        yield f"{model_id} {tag}" if seen[tag] == 1 else f"{model_id} {tag} {seen[tag]}"


def updated(
    known: Known, seen: Mapping[str, Performance], served: Container[str], today: date
) -> dict[str, dict[str, Any]]:
    """Return what is kept after a fetch: figures that did not move keep their old value and day.

    `served` are the keys of all endpoints that are still offered; the figures of others are forgotten.
    """
    kept = {key: dict(row) for key, row in known.items() if key in served}
    for key, performance in seen.items():
        if key not in kept or moved(kept[key], performance):
            kept[key] = {**performance.model_dump(exclude_none=True), "as_of": today.isoformat()}
    return kept


def moved(before: Mapping[str, Any], now: Performance) -> bool:
    """Tell whether uptime moved by 2 points, or latency or throughput by 20 %."""
    return (
        _apart(before.get("uptime"), now.uptime, UPTIME_POINTS)
        or _apart(before.get("latency"), now.latency, SHARE * (before.get("latency") or 0))
        or _apart(before.get("throughput"), now.throughput, SHARE * (before.get("throughput") or 0))
    )


def _apart(before: float | None, now: float | None, bound: float) -> bool:
    if before is None or now is None:
        return now is not None
    # Rounded, because binary floats lose a hundredth where the contract draws its line.
    return now != before and round(abs(now - before) - bound, 6) >= 0
