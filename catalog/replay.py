"""EDGE Dated captures through the same code, day by day, as if each day had been a nightly run."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from catalog.artifact import Artifact
from catalog.days import moment
from catalog.errors import UseSnapshotError
from catalog.gather import Answer
from catalog.ports import Gateway, Get, Missing, Payload
from catalog.refresh import Outcome
from catalog.run import Run
from catalog.settings import Settings
from catalog.store import Store
from catalog.world import World

_DATED = re.compile(r"(\d{4}-\d\d-\d\d)\.json")
_VERSION = re.compile(r"^v\d+-")

LONG = timedelta(days=60)
"""After so long a gap two lists are no two nights of one catalog any more."""

Captures = Mapping[str, Mapping[str, Path]]
"""Name of a request → day → file."""


@dataclass
class Captured:
    """The network of one gateway on one day, as far as somebody kept what it said.

    The answer to `/v1/openai/models?…` is `<gateway>/openai-models/<day>.json`. The list that an adapter
    asks for first must be there; what nobody kept of the rest is an empty list.
    """

    files: Captures
    day: str
    answered: bool = False

    def one(self, path: str, base: str = "") -> Payload:
        """Answer one request; raises UseSnapshotError on a day without the first list."""
        file = self.files.get(_name(path), {}).get(self.day)
        if file is None and not self.answered:
            raise UseSnapshotError(f"no list was captured on {self.day}")
        self.answered = True
        return Payload(path, file.read_bytes() if file else b"[]", base)

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:  # noqa: ARG002 - as in Get
        """Answer several requests, none of which anybody kept."""
        return (Missing(path, "not captured") for path in paths)


def _name(path: str) -> str:
    return _VERSION.sub("", path.partition("?")[0].strip("/").replace("/", "-"))


def captures(folder: Path, gateway: str) -> Captures:
    """Return every dated capture of one gateway."""
    found: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted((folder / gateway).glob("*/*.json")):
        if dated := _DATED.fullmatch(path.name):
            found[path.parent.name][dated[1]] = path
    return found


class _Quiet:
    """A watcher that keeps to itself: what matters of a night is told when it is over."""

    def fetched(self, name: str, answer: Answer) -> None:
        """Hear that a gateway is done."""

    def writing(self, artifacts: Iterable[Artifact]) -> Iterable[Artifact]:
        """Pass artifacts through."""
        return artifacts


def replay(folder: Path, settings: Settings, world: World) -> Iterator[tuple[str, str, Outcome]]:
    """Run every day of which something was captured, oldest first; yield day, gateway and what became of it.

    Nothing is published. A gateway without a capture of a day is not asked on that day.
    """
    files = {adapter.GATEWAY.id: captures(folder, adapter.GATEWAY.id) for adapter in world.adapters}
    wanted = settings.gateways or tuple(files)
    days = sorted({day for name in wanted for found in files[name].values() for day in found})
    for day in days:
        for name in wanted:
            if any(day in found for found in files[name].values()):
                yield day, name, _night(day, name, settings, replace(world, network=_network(files, day)))


def _network(files: Mapping[str, Captures], day: str) -> Callable[[Gateway], AbstractContextManager[Get]]:
    return lambda gateway: nullcontext(Captured(files[gateway.id], day))


def _night(day: str, name: str, settings: Settings, world: World) -> Outcome:
    """Run one night; a list that no guard would take for the one of long ago begins anew."""
    now = datetime.fromisoformat(day).replace(tzinfo=UTC)
    outcome = _run(name, settings, world, now)
    last = outcome.memory.fetched_at
    if outcome.memory.state == "held" and last is not None and now - moment(last) > LONG:
        _start_over(Store(settings.data), name)
        outcome = _run(name, settings, world, now)
    return outcome


def _run(name: str, settings: Settings, world: World, now: datetime) -> Outcome:
    run = Run(replace(settings, gateways=(name,)), replace(world, now=now, watcher=_Quiet()))
    try:
        run.refresh()
        run.store.commit()
    finally:
        run.store.discard()
    return run.outcomes[name]


def _start_over(store: Store, name: str) -> None:
    """Let a kept list count for no more than a starter, with which nothing is compared."""
    memories = store.memories()
    store.stage()
    store.draft_memories({**memories, name: memories[name].model_copy(update={"origin": "starter"})})
    store.commit()
