"""EDGE One run: fetch what is due, draft `data/`, and release the catalog that comes of it.

Everything of the world is an argument, adapters included; `commands/world.py` fills them in.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from itertools import chain

from catalog import book as books
from catalog import (
    comparison,
    pipeline,
    unstable,
)
from catalog.assemble import LateKeys
from catalog.checks import Finding, check_most_models_stay, check_seen_lately
from catalog.days import stamp
from catalog.errors import StopBuildError
from catalog.gather import Answer, Job, gather
from catalog.hub import Night, ask_hub
from catalog.kept import encode
from catalog.memory import give_back
from catalog.parts import join
from catalog.performance import updated
from catalog.refresh import Outcome, Refresh
from catalog.release import Release
from catalog.schema.changes import Attempt
from catalog.schema.state import Memory
from catalog.settings import Settings, due
from catalog.store import Store
from catalog.world import World
from catalog.write import Report

NEVER = Memory(reason="never fetched, and nothing ships for it")
"""What is remembered of a gateway that nothing is known of."""


@contextmanager
def _calm() -> Iterator[None]:
    """Keep the collector of cycles away: what a build makes lives to its end and holds no cycles."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


class Run:
    """One run over one data folder and one output folder."""

    def __init__(self, settings: Settings, world: World) -> None:
        """Prepare a run; nothing is read or written yet."""
        self.outcomes: dict[str, Outcome] = {}
        self.memories: dict[str, Memory] = {}
        self.night: Night | None = None
        """What became of asking the Hub; None when it was not asked."""
        self.clock: str | None = None
        """In words that the clock went back behind the last build; None when it did not."""
        self.store = Store(settings.data)
        self._last: Mapping[str, comparison.Origin] = {}
        """Where each gateway's list came from before this run."""
        self._settings = settings
        self._world = world
        self._adapters = {adapter.GATEWAY.id: adapter for adapter in world.adapters}

    def refresh(self) -> None:
        """Fetch what is due and draft what that changes under `data/`."""
        with _calm():
            self._refresh()

    def _refresh(self) -> None:
        self._remember()
        names = due(self._settings, self.memories, self.store.facts.max_ages(), self._world.now)
        if names:
            self.store.stage()
            self._take(self._gather(names))
            self._keep_state()
        self._check_whole()

    def join(self, parts: Iterable[Store]) -> None:
        """Draft what other runs fetched, each into a data folder of its own that began as this one."""
        with _calm():
            self._remember()
            self.store.stage()
            last = self._last = comparison.origins(self.memories)
            self.outcomes = join(self.store, parts, self.memories, self._world.now)
            self.memories |= {name: outcome.memory for name, outcome in self.outcomes.items()}
            self._check_release(last)
            self._keep_logs(last)
            self._keep_state()
            self._check_whole()

    def _remember(self) -> None:
        self.store.recover()
        known = self.store.memories()
        order = books.detection_order(list(self._adapters), self.store.facts.weights())
        self.memories = {name: known.get(name, NEVER) for name in order}
        self._check_known()
        self._check_clock()

    def _keep_state(self) -> None:
        self._ask_hub()
        self.store.draft_memories(self.memories, self._swept())

    def _check_known(self) -> None:
        """Without its state a snapshot is no baseline, and nothing would be guarded."""
        for name, memory in self.memories.items():
            if memory is NEVER and self.store.has_snapshot(name):
                self._damaged(name, f"data/state.json does not know data/snapshots/{name}.jsonl")

    def _check_clock(self) -> None:
        """A clock that went back stops nothing, but somebody should look at it."""
        now, tried = stamp(self._world.now), (memory.attempted_at for memory in self.memories.values())
        last = max(filter(None, tried), default="")
        if last > now:
            self.clock = f"the clock says {now}, and the last build was at {last}"

    def _check_whole(self) -> None:
        """A snapshot that lost lines would pass for a catalog that lost models."""
        for name, memory in self.memories.items():
            if name in self.outcomes and self.outcomes[name].counts:  # counted while it was written
                continue
            live = self.store.live(name)
            if live != memory.rows:
                self.store.check_snapshot(name)
                snapshot = f"data/snapshots/{name}.jsonl holds {live} listings"
                self._damaged(name, f"{snapshot}, data/state.json says {memory.rows}")

    def _damaged(self, name: str, what: str) -> None:
        if name not in self._settings.accept:
            raise StopBuildError(f"{what}: restore both, or overrule with --accept {name}")

    def _gather(self, names: set[str]) -> dict[str, Answer]:
        jobs = {name: self._job(name) for name in self.memories if name in names}
        gather(jobs, self._world.patience, self._world.watcher.fetched)
        give_back()
        return {name: job.answer for name, job in jobs.items()}

    def _job(self, name: str) -> Job:
        adapter = self._adapters[name]
        return Job(
            adapter=adapter,
            network=lambda: self._world.network(adapter.GATEWAY),
            static=self.store.static(adapter.GATEWAY.static),
            answer=Answer(self.store.spool(f"{name}-bodies")),
        )

    def _take(self, answers: Mapping[str, Answer]) -> None:
        world = self._world
        refresh = Refresh(self.store, world.now, world.code, self._settings.accept, world.accounts)
        last = self._last = comparison.origins(self.memories)
        for name, answer in answers.items():
            outcome = refresh.take(self._adapters[name], answer, self.memories[name])
            self.outcomes[name] = outcome
            self.memories[name] = outcome.memory
            give_back()
        if not self._settings.gateways:  # a part of the catalog is no release
            self._check_release(last)
        self._keep_performance()
        self._keep_logs(last)

    def _check_release(self, last: Mapping[str, comparison.Origin]) -> None:
        """Stop when too much of the catalog would be gone; gateways that a person accepts do not count."""
        now = comparison.origins(self.memories)
        kept = [name for name, origin in last.items() if name in now and now[name][:2] == origin[:2]]
        gone = {
            name: outcome.counts.removed
            for name, outcome in self.outcomes.items()
            if outcome.counts and name in kept and name not in self._settings.accept
        }
        finding = check_most_models_stay({name: origin.rows for name, origin in last.items()}, gone)
        if finding:
            names = " ".join(f"--accept {name}" for name, count in sorted(gone.items()) if count)
            raise StopBuildError(f"{finding.message}: if that is right, overrule with {names}")

    def unseen(self) -> list[Finding]:
        """Return what is to be said of gateways that were not fetched for long."""
        tried = {name: memory for name, memory in self.memories.items() if memory.state != "unconfigured"}
        found = (check_seen_lately(name, each.fetched_at, self._world.now) for name, each in tried.items())
        return [finding for finding in found if finding is not None]

    def _keep_performance(self) -> None:
        told = {name: outcome.performance for name, outcome in self.outcomes.items() if outcome.performance}
        if told:
            seen = {key: figures for found in told.values() for key, figures in found.items()}
            served = pipeline.endpoint_keys(chain.from_iterable(map(self.store.kept, told)))
            known = self.store.performance()
            self.store.draft_performance(updated(known, seen, served, self._world.now.date()))

    def _ask_hub(self) -> None:
        if self._world.hub is None:
            return
        gateways, today = list(self.memories), self._world.now.date()
        swept = self.store.swept() == today.isoformat()
        asking = self._settings.gateways or gateways
        self.night = ask_hub(self._world.hub, self.store, gateways, asking, today, swept=swept)
        give_back()

    def _swept(self) -> str | None:
        swept = self.night is not None and self.night.swept
        return self._world.now.date().isoformat() if swept else self.store.swept()

    def _keep_logs(self, last: Mapping[str, comparison.Origin]) -> None:
        self._keep_changes(last)
        self._keep_attempts()

    def _keep_changes(self, last: Mapping[str, comparison.Origin]) -> None:
        """Log what changed in the same step as the snapshots that it shows in."""
        old = comparison.Catalog(last, self.store.last_lines)
        new = comparison.Catalog(comparison.origins(self.memories), self.store.lines)
        at = stamp(self._world.now)
        keys = LateKeys(partial(comparison.kept, old, new), self.store.facts.identity)
        found = unstable.settle(comparison.changes(old, new, at, keys), self.store.changes())
        if found:
            self.store.draft_log("changes", at[:7], map(comparison.line, found))

    def _keep_attempts(self) -> None:
        at = stamp(self._world.now)
        if self._settings.log_attempt:
            told = (
                Attempt(at=at, gateway=name, state=outcome.memory.state, seconds=round(outcome.seconds, 1))
                for name, outcome in self.outcomes.items()
            )
            self.store.draft_log("attempts", at[:7], (encode(each.model_dump()) for each in told))

    def publish(self) -> Report:
        """Stage the tree, commit `data/` and then the tree; returns what was written.

        Raises StopBuildError, with everything as it was, when nothing may be published.
        """
        with _calm():
            self._check_release(self._last)
            return Release(self.store, self.memories, self._settings, self._world).publish()
