"""One figure from one fresh process: `python -m tests.bench.child cold BODIES ROOT` prints JSON."""

from __future__ import annotations

import cProfile
import gc
import io
import pstats
import resource
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import orjson

from tests.bench import bodies, night, stages, work

FACTS = Path(__file__).parents[2] / "data"
_WHOLE = frozenset({"whole", "stages"})
"""What makes exports and website as well."""
_TO_BYTES = 1 if sys.platform == "darwin" else 1024


def measured(action: work.Work) -> dict[str, Any]:
    """Run and return what it cost: CPU and wall seconds, and the peak memory of the process so far."""
    gc.collect()
    before, started = resource.getrusage(resource.RUSAGE_SELF), perf_counter()
    figures = action()
    wall, after = perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    spent = {"cpu": user + system, "user": user, "system": system, "wall": wall}
    return {**figures, **spent, "peak": after.ru_maxrss * _TO_BYTES}


def by_stage(action: work.Work) -> dict[str, Any]:
    """Run and return the CPU seconds of each stage; watching adds some of its own."""
    with stages.watched() as clock:
        action()
    return {"stages": dict(clock.spent)}


def profiled(action: work.Work) -> dict[str, Any]:
    """Run and return the forty most expensive functions of the main thread."""
    profile = cProfile.Profile()
    profile.runcall(action)
    told = io.StringIO()
    pstats.Stats(profile, stream=told).sort_stats("tottime").print_stats(40)
    return {"profile": told.getvalue()}


def run(name: str, place: work.Place, *more: str) -> dict[str, Any]:
    """Do one named thing in one place."""
    if name == "bodies":
        bodies.write(FACTS / "snapshots", place.bodies, *map(int, more))
        return {}
    ways = {
        "cold": measured, "rebuild": measured, "whole": measured, "stages": by_stage, "profile": profiled
    }  # fmt: skip
    if name in ways:
        return ways[name](work.build(place, FACTS, exports=name in _WHOLE, site=name in _WHOLE))
    if name == "night":
        return measured(work.build(place, FACTS, night=int(more[0])))
    if name == "site":
        return measured(work.build(place, FACTS, site=True))
    others = {
        "bare": lambda: work.bare(place, place.root / "bare"),
        "check": lambda: work.check(place),
        "diff": lambda: work.diff(place),
        "first": lambda: night.published(place),
        "publish": lambda: night.publication(place, int(more[0])),
        "records": lambda: work.records(work.Place(place.bodies, place.root / "records"), FACTS),
        "resolve": lambda: work.resolve(place, FACTS),
        "reference": lambda: work.reference(place),
        "named": lambda: work.reference(place, named=True),
    }
    return measured(others[name]())


if __name__ == "__main__":
    task, made, root, *options = sys.argv[1:]
    found = run(task, work.Place(Path(made), Path(root)), *options)
    sys.stdout.write("\n" + orjson.dumps(found).decode())
