"""Make the starter: the snapshots that the repository ships, from an upstream of captured answers.

    python -m tests.starter --data data openrouter=2026-07-31 portkey=2025-10-05 …

The environment names the upstream (`OPENROUTER_BASE_URL` and the rest). Facts carry over, other
people's sentences do not: descriptions stay out, and so do endpoints, whose capture is of another
day than the list. A capture server's own invented rows (`replica/…`) are left out as well.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import orjson

from catalog.fetch import Fetcher
from catalog.normalize import Tally, encode, read_rows
from catalog.ports import Adapter, Payload
from catalog.schema.state import Memory
from catalog.store import Store
from catalog.units import stamp
from providers import ADAPTERS

LEFT_OUT = ("description", "endpoints")
REASON = "ships with the repository and was never fetched here"


def main() -> None:
    """Write the snapshot of each named gateway and the state of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("captured", nargs="+", metavar="GATEWAY=YYYY-MM-DD")
    given = parser.parse_args()
    days = dict(pair.split("=") for pair in given.captured)
    store = Store(given.data)
    store.recover()
    store.stage()
    memories = store.memories()
    for adapter in ADAPTERS:
        if day := days.get(adapter.GATEWAY.id):
            memories[adapter.GATEWAY.id] = _draft(
                adapter, store, datetime.fromisoformat(day).replace(tzinfo=UTC)
            )
    store.draft_memories(memories)
    store.commit()


def _draft(adapter: Adapter, store: Store, captured: datetime) -> Memory:
    gateway = adapter.GATEWAY.id
    tally = Tally()
    lines: dict[str, bytes] = {}
    payloads = [*_payloads(adapter), *store.static(adapter.GATEWAY.static)]
    for line in read_rows(adapter, payloads, tally, stamp(captured)):
        fact = _facts(line.data)
        if not line.id.startswith("replica/"):
            lines[line.id] = min(fact, lines.get(line.id, fact))
    store.draft_snapshot(gateway, [lines[name] for name in sorted(lines)])
    sys.stdout.write(f"{gateway}: {len(lines)} listings, {tally.quarantined_total} quarantined\n")
    return Memory(state="stale", reason=REASON, origin="starter", fetched_at=stamp(captured), rows=len(lines))


def _facts(data: bytes) -> bytes:
    return encode({name: value for name, value in orjson.loads(data).items() if name not in LEFT_OUT})


def _payloads(adapter: Adapter) -> Iterator[Payload]:
    with Fetcher(gateway=adapter.GATEWAY, environ=os.environ, agent="Gatelog starter") as get:
        yield from adapter.fetch(get)


if __name__ == "__main__":
    main()
