"""EDGE Data folders that other runners filled, each with gateways that it fetched, drafted into one.

All began from the same data folder; what a part says of gateways that it did not try is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import chain
from typing import Any

from catalog import pipeline, snapshot
from catalog.days import stamp
from catalog.refresh import Outcome
from catalog.schema.state import Memory
from catalog.store import Store

ABSENT = "the run that had to fetch it left nothing behind"
"""Why a gateway is stale of which no part tells."""


def join(
    store: Store, parts: Iterable[Store], memories: Mapping[str, Memory], now: datetime
) -> dict[str, Outcome]:
    """Draft what the parts fetched and return what became of each gateway.

    Raises StopBuildError for a part that cannot be read. Of two parts that tried a gateway the later attempt
    counts. A gateway that nobody tried is stale.
    """
    found: dict[str, Outcome] = {}
    for part in parts:
        told = part.memories()
        latest = {name: found[name].memory if name in found else memories[name] for name in memories}
        for name in sorted(name for name in memories if _is_later(told.get(name), latest[name])):
            found[name] = _taken(store, part, name, told[name])
        _keep_performance(store, part)
    missing = memories.keys() - found.keys()
    return found | {name: Outcome(_absent(memories[name], now)) for name in missing}


def _is_later(told: Memory | None, known: Memory) -> bool:
    return told is not None and (told.attempted_at or "") > (known.attempted_at or "")


def _taken(store: Store, part: Store, name: str, memory: Memory) -> Outcome:
    seconds = [
        each.seconds for each in part.attempts() if (each.gateway, each.at) == (name, memory.attempted_at)
    ]
    counts = None
    if part.has_snapshot(name):
        part.check_snapshot(name)
        counts = snapshot.moved(store.last_lines(name), part.lines(name))
        store.draft_snapshot(name, part.lines(name))
    return Outcome(memory, counts, seconds=sum(seconds))


def _absent(memory: Memory, now: datetime) -> Memory:
    told = {"state": "stale" if memory.rows else "unavailable", "reason": ABSENT, "attempted_at": stamp(now)}
    return memory.model_copy(update=told)


def _keep_performance(store: Store, part: Store) -> None:
    """Take over the figures that a part measured, and forget those of endpoints that are gone."""
    known, told = store.performance(), part.performance()
    if told == known or not told:
        return
    newer = {key: row for key, row in told.items() if key not in known or _day(row) >= _day(known[key])}
    served = set(pipeline.endpoint_keys(chain.from_iterable(map(store.kept, store.memories()))))
    store.draft_performance({key: row for key, row in (known | newer).items() if key in served})


def _day(row: Mapping[str, Any]) -> str:
    return str(row["as_of"])
