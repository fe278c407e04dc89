"""Builds one night with a fault and looks at what it left: lost models, wrong prices, others touched."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from catalog import report
from catalog.fetch import Fetcher
from catalog.ports import Gateway
from catalog.run import Run
from catalog.schema.state import Memory
from catalog.settings import Settings
from catalog.tree import Present
from catalog.verify import verify
from catalog.wire.limits import Limits
from catalog.world import World
from commands import program
from commands.program import AGENT
from commands.run import done
from providers import ADAPTERS
from tests.faults.kinds import Kind
from tests.faults.night import DUE, Place, Upstreams, serving
from tests.toys import Watcher, contents

FIRST = datetime(2026, 11, 20, 2, 17, tzinfo=UTC)
SHORT = Limits(
    read=1.5, request=4, first_answer=3, gateway=30, backoff=0.01, longest_backoff=0.02, jitter=0.01,
    longest_pause=0.05,
)  # fmt: skip
"""The usual bounds of bytes and tries, and shorter ones of times."""
LISTS_DEPTH = "output/catalog/gateway/chutes.json".count("/")
ALWAYS_NEW = frozenset({"data/state.json", "output/catalog/manifest.json", "output/catalog/gateways.json"})
"""Files that tell how the last fetch went."""


@dataclass
class Seen:
    """What a night with a fault left behind."""

    state: str = ""
    said: str = ""
    """What the report says of it."""
    seconds: float = 0.0
    """How long fetching the gateway took."""
    megabytes: int = 0
    """How much memory the build took at most, above what was in use before."""
    lost: list[str] = field(default_factory=list)
    """Models that are due and not listed."""
    invented: list[str] = field(default_factory=list)
    """Models that are listed and not due."""
    wrong: list[str] = field(default_factory=list)
    """Models with a price that is not the one that is due."""
    unpriced: list[str] = field(default_factory=list)
    """Models whose price is due and is unknown."""
    touched: list[str] = field(default_factory=list)
    """Files of other gateways that are not as they would be without the fault."""
    problems: list[str] = field(default_factory=list)
    """What `build.py check` says of the tree."""
    recovered: bool = True
    """Whether the night after it, without a fault, publishes what was there before."""


class Rig:
    """A catalog that was built once, to be built again with a fault, as often as is asked."""

    def __init__(self, folder: Path, upstreams: Upstreams) -> None:
        logging.getLogger("stamina").addHandler(logging.NullHandler())
        self._upstreams = upstreams
        self._folder = folder
        upstreams.tonight()
        run = self._build(FIRST)
        assert {memory.state for memory in run.memories.values()} == {"fresh"}, run.memories
        self._due = contents(folder)

    def night(self, place: Place, kind: Kind) -> Seen:
        """Build with a fault in one place, and once more without."""
        self._restore()
        self._upstreams.tonight(place, kind)
        _forget_peak()
        before = _megabytes("VmRSS")
        run = self._build(FIRST + timedelta(days=1))
        seen = self._seen(place.gateway, run)
        seen.megabytes = _megabytes("VmHWM") - before
        assert self._upstreams.hits, f"nobody asked for {place.name}"
        if seen.state != "stale":
            seen.recovered = self._recovers(place.gateway)
        return seen

    def _recovers(self, gateway: str) -> bool:
        """Tell whether a night without a fault publishes what is due."""
        self._upstreams.tonight()
        run = self._build(FIRST + timedelta(days=2))
        return run.memories[gateway].state == "fresh" and _prices(self._folder, gateway) == DUE[gateway]

    def _restore(self) -> None:
        """Bring back the night before the fault; nearly every file is as it was."""
        now = contents(self._folder)
        for name in now.keys() - self._due.keys():
            (self._folder / name).unlink()
        for name, body in self._due.items():
            if now.get(name) != body:
                path = self._folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(body)

    def _seen(self, gateway: str, run: Run) -> Seen:
        told = report.as_json(run.memories, run.outcomes, None)
        [row] = [row for row in told["gateways"] if row["gateway"] == gateway]
        seen = Seen(run.memories[gateway].state, seconds=run.outcomes[gateway].seconds)
        seen.said = row["reason"] or _details(run.memories[gateway])
        found, due = _prices(self._folder, gateway), DUE[gateway]
        seen.lost = sorted(due.keys() - found.keys())
        seen.invented = sorted(found.keys() - due.keys())
        both = due.keys() & found.keys()
        seen.unpriced = sorted(name for name in both if None in found[name])
        seen.wrong = sorted(name for name in both if found[name] != due[name] and None not in found[name])
        after = contents(self._folder)
        names = (self._due.keys() | after.keys()) - ALWAYS_NEW
        changed = {name for name in names if after.get(name) != self._due.get(name)}
        if seen.state == "fresh":
            seen.touched = sorted(name for name in changed if _belongs_to_another(name, gateway))
        else:
            seen.touched = sorted(changed)
        output = self._folder / "output"
        if changed:
            seen.problems = list(verify(Present(output), lambda path: (output / path).read_bytes()))
        return seen

    def _build(self, now: datetime) -> Run:
        output, data = self._folder / "output", self._folder / "data"
        settings = Settings(output=output, data=data, no_huggingface=True)
        for path in (settings.output, settings.data):
            path.mkdir(parents=True, exist_ok=True)
        run = Run(settings, world(self._upstreams.environ, now, site=_site()))
        done(run, settings, run.refresh, publish=True)
        return run


def world(environ: Mapping[str, str], now: datetime, site: Mapping[str, bytes] | None = None) -> World:
    """Compose what `build.py` does, with less patience."""

    def network(gateway: Gateway) -> Fetcher:
        return Fetcher(gateway=gateway, environ=environ, agent=AGENT, limits=SHORT, concurrency=8)

    return World(
        adapters=ADAPTERS,
        network=network,
        patience=SHORT.gateway + 5,
        accounts={},
        now=now,
        code="the same in every build",
        commit=None,
        watcher=Watcher(),
        site=site or {},
    )


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """Build the night before, and keep the gateways for others."""
    with serving() as upstreams:
        yield Rig(folder, upstreams)


@cache
def _site() -> dict[str, bytes]:
    return program.site()


def _details(memory: Memory) -> str:
    rows = [f"{row.id}: {row.reason}" for row in memory.quarantined[:3]]
    return "; ".join([*rows, *(f"{each.field} ({each.count})" for each in memory.drift[:3])])


def _prices(folder: Path, gateway: str) -> dict[str, tuple[str | None, str | None]]:
    models = json.loads((folder / f"output/catalog/gateway/{gateway}.json").read_bytes())["models"]
    return {row["id"]: (row["prompt"], row["completion"]) for row in models if row["status"] != "removed"}


def _belongs_to_another(name: str, gateway: str) -> bool:
    """Tell the snapshot and the list of another gateway; its records show what everyone offers."""
    return name not in {f"data/snapshots/{gateway}.jsonl", f"output/catalog/gateway/{gateway}.json"} and (
        name.startswith("data/snapshots/")
        or (name.startswith("output/catalog/gateway/") and name.count("/") == LISTS_DEPTH)
    )


def _megabytes(field: str) -> int:
    """Read a figure of this process; Linux alone tells."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) // 1024 for line in lines if line.startswith(f"{field}:")), 0)


def _forget_peak() -> None:
    """Let the highest memory of this process be counted from now on."""
    path = Path("/proc/self/clear_refs")
    if path.exists():
        path.write_text("5", encoding="utf-8")
