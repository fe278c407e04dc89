"""EDGE What fetched answers do to `data/`: each gateway becomes fresh, stale or held, and says why.

Nothing here is final: the store only drafts, and the caller commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from catalog import pipeline, snapshot
from catalog.days import stamp
from catalog.errors import StopBuildError, UseSnapshotError
from catalog.gather import Answer, failed
from catalog.ports import Adapter, Payload
from catalog.schema.documents import State
from catalog.schema.listing import Performance
from catalog.schema.state import Memory
from catalog.store import Store


@dataclass
class Outcome:
    """What became of one gateway in this build."""

    memory: Memory
    counts: snapshot.Counts | None = None
    """How its snapshot moved; None when it did not."""
    seconds: float = 0.0
    """How long fetching took."""
    performance: dict[str, Performance] = field(default_factory=dict)
    """How its endpoints did lately."""


@dataclass(frozen=True)
class Refresh:
    """The world that the answers of one build meet."""

    store: Store
    now: datetime
    code: str
    """Digest of the code that reads the answers."""
    accepted: Collection[str]
    """Gateways whose hold a person overrules."""
    accounts: Mapping[str, str]
    """Gateway → short digest of the key that its list belongs to."""

    def take(self, adapter: Adapter, answer: Answer, memory: Memory) -> Outcome:
        """Draft the next snapshot of one gateway, or say why the last one is served."""
        try:
            outcome = self._taken(adapter, answer, memory)
        except UseSnapshotError as problem:
            outcome = Outcome(self._missed(adapter, "stale", problem.reason, memory))
        except (StopBuildError, OSError):
            raise
        except Exception as problem:  # noqa: BLE001 - a bug in one adapter must not cost the other gateways
            self.store.check_snapshot(adapter.GATEWAY.id)  # unless it is our own file that is broken
            outcome = Outcome(self._missed(adapter, "stale", failed(problem), memory))
        finally:
            self.store.close_spools(adapter.GATEWAY.id)
        outcome.seconds = answer.seconds
        return outcome

    def _taken(self, adapter: Adapter, answer: Answer, memory: Memory) -> Outcome:
        if answer.state != "fresh":
            return Outcome(self._missed(adapter, answer.state, answer.reason, memory))
        digest = hashlib.sha256(f"{self.code} {answer.digest}".encode()).hexdigest()
        same = digest == memory.digest and memory.account == self.accounts.get(adapter.GATEWAY.id)
        if same and self.store.has_snapshot(adapter.GATEWAY.id):
            return Outcome(pipeline.seen_again(memory, self.now))
        return self._read(adapter, answer, memory, digest)

    def _read(self, adapter: Adapter, answer: Answer, memory: Memory, digest: str) -> Outcome:
        gateway = adapter.GATEWAY.id
        account = self.accounts.get(gateway)
        baseline = memory.origin == "fetch" and memory.account == account
        self.store.check_snapshot(gateway)
        last = pipeline.last_answer(gateway, self.store.lines(gateway)) if baseline else None
        lines = self.store.spool(f"{gateway}-lines")
        reading = pipeline.read_answer(adapter, answer.payloads(), lines, last, self.now)
        if last is not None:
            pipeline.look_at_prices(reading, self.store.lines(gateway), lines, last)
        if reading.held and gateway not in self.accepted:
            held = pipeline.held_memory(reading, memory, self.now)
            return Outcome(self._missed(adapter, "held", held.reason, held))
        next_lines, counts = pipeline.next_lines(
            self.store.lines(gateway), lines, reading, self.now, baseline=baseline
        )
        self.store.draft_snapshot(gateway, next_lines)
        fresh = pipeline.fresh_memory(reading, memory, counts.live, self.now)
        kept = fresh.model_copy(update={"digest": digest, "account": account})
        return Outcome(kept, counts, performance=reading.tally.performance)

    def _missed(self, adapter: Adapter, state: State, reason: str | None, memory: Memory) -> Memory:
        """Remember a missed answer; a static catalog stands in where nothing was ever fetched."""
        gateway = adapter.GATEWAY.id
        static = list(self.store.static(adapter.GATEWAY.static))
        if static and not self.store.has_snapshot(gateway):
            memory = self._from_static(adapter, static, memory)
        told = {"state": state, "reason": reason, "attempted_at": stamp(self.now)}
        return self._known(gateway, memory.model_copy(update=told))

    def _from_static(self, adapter: Adapter, static: list[Payload], memory: Memory) -> Memory:
        gateway = adapter.GATEWAY.id
        lines = self.store.spool(f"{gateway}-static")
        try:
            reading = pipeline.read_answer(adapter, static, lines, None, self.now)
        except UseSnapshotError as problem:
            raise StopBuildError(f"the static catalog of {gateway} cannot be read: {problem}") from problem
        next_lines, counts = pipeline.next_lines([], lines, reading, self.now, baseline=False)
        self.store.draft_snapshot(gateway, next_lines)
        return memory.model_copy(update={"origin": "starter", "rows": counts.live})

    def _known(self, gateway: str, memory: Memory) -> Memory:
        """A gateway without any snapshot is unavailable, unless only its key is missing."""
        if self.store.has_snapshot(gateway) or memory.state == "unconfigured":
            return memory
        return memory.model_copy(update={"state": "unavailable"})
