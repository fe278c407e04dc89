"""Make the starter: the snapshots that the repository ships, from an upstream of captured answers.

    python -m tests.starter --data data openrouter=2026-07-31 portkey=2025-10-05 …
    python -m tests.starter --data data --huggingface metrics.jsonl

The environment names the upstream (`OPENROUTER_BASE_URL` and the rest). Facts carry over, other
people's sentences do not: descriptions stay out, and so do endpoints, whose capture is of another
day than the list. A capture server's own invented rows (`replica/…`) are left out as well, and so is
everything that such a server says of the Hugging Face Hub: metrics come from a file of captured rows alone,
each with its own day, and only for repositories that a shipped listing names.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from catalog.days import stamp
from catalog.fetch import Fetcher
from catalog.kept import encode
from catalog.normalize import Tally, read_rows
from catalog.ports import Adapter, Payload
from catalog.schema.metrics import Repository
from catalog.schema.state import Memory
from catalog.store import Store
from providers import ADAPTERS
from providers.huggingface_plan import FIELDS
from providers.huggingface_shapes import Row

LEFT_OUT = ("description", "endpoints")
REASON = "ships with the repository and was never fetched here"


def main() -> None:
    """Write the snapshot of each named gateway and the state of all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--huggingface", type=Path, help="captured rows: id, as_of and what was known")
    parser.add_argument("captured", nargs="*", metavar="GATEWAY=YYYY-MM-DD")
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
    if given.huggingface:
        _draft_metrics(store, list(memories), given.huggingface)
    store.commit()


def _draft_metrics(store: Store, gateways: list[str], captured: Path) -> None:
    listings = (orjson.loads(line) for gateway in gateways for line in store.lines(gateway))
    named = {fields["hugging_face_id"] for fields in listings if "hugging_face_id" in fields}
    rows = (orjson.loads(line) for line in captured.read_bytes().splitlines())
    # No downloads at all are the captured list's word for "not asked": it says so of models with millions.
    found = [_metrics(row) for row in rows if row["id"] in named and row["downloads"]]
    store.draft_repositories(sorted(found, key=lambda repository: repository.key))
    sys.stdout.write(f"huggingface: {len(found)} of {len(named)} repositories\n")


def _metrics(row: dict[str, Any]) -> Repository:
    """Take over what was captured; what the source had none of stays unknown."""
    said = Row.model_validate(row).model_dump(include={"id", *FIELDS})
    return Repository(**said, as_of=row["as_of"])


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
