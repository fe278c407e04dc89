"""`python -m tests.bench.million`: a million listings against 25,000, as a table of its own.

The folder is GATELOG_BENCH_DIR, on one file system for both sizes: a tree of a million listings has four
million names, more than most machines can hold in memory beside the build.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path

from tests.bench import table
from tests.bench.bodies import NIGHTS
from tests.bench.measure import CHECKOUT, Bench, Figures, Grown, say

SMALL, LARGE = 25_000, 1_000_000
TASKS = ("cold", "rebuild", "check")
NIGHT = list(NIGHTS)[:1]
"""Changes all over the catalog make the dearest night; `make bench` measures others, of fewer listings."""
MOST_MEMORY = 1_500
"""Megabytes that a build and a check may need."""
MOST_GROWTH = 1.3
"""CPU per listing of the large build by that of the small one."""
DOCUMENT = CHECKOUT / "docs" / "benchmarks.md"
BEGIN, END = (
    "<!-- made by `make bench-full`, a million: begin -->",
    "<!-- made by `make bench-full`, a million: end -->",
)


def main() -> None:
    """Measure, print the table, write it, and fail when a bound is broken."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.million", description=__doc__)
    parser.add_argument("--listings", type=int, default=LARGE, help="size of the large catalog")
    asked = parser.parse_args()
    folder = os.environ.get("GATELOG_BENCH_DIR", tempfile.gettempdir())
    with tempfile.TemporaryDirectory(prefix="gatelog-million-", dir=folder) as scratch:
        bench = Bench(Path(scratch))
        small = middle([bench.grown(SMALL, TASKS, NIGHT) for _ in range(3)])
        large = bench.grown(asked.listings, TASKS, NIGHT)
    lines = [*rows(small.tasks, large.tasks), *peaks(large), *table.proportion(small, large)]
    disk = "a disk" if _is_disk(folder) else "tmpfs"
    where = f"On the file system of {disk}; of three runs of the small size the middle one, one of the large."
    text = table.plain(lines, [where]) + table.nights([small, large])
    say(text)
    if asked.listings == LARGE:
        table.replace_between(DOCUMENT, BEGIN, END, text)
    if broken := [line.name for line in lines if line.broken]:
        sys.exit("\n".join(["Broken bounds:", *broken]))


def middle(runs: Sequence[Grown]) -> Grown:
    """Return of several runs the middle one of each task and of each night, by CPU time."""
    tasks = {task: sorted((run.tasks[task] for run in runs), key=itemgetter("cpu")) for task in runs[0].tasks}
    nights = zip(*(run.nights for run in runs), strict=True)
    ordered = [sorted(same, key=lambda night: float(night.built["cpu"])) for same in nights]
    half = len(runs) // 2
    return Grown({task: found[half] for task, found in tasks.items()}, [found[half] for found in ordered])


def _is_disk(folder: str) -> bool:
    return not folder.startswith("/dev/shm")  # noqa: S108 - only looked at


def rows(small: dict[str, Figures], large: dict[str, Figures]) -> list[table.Line]:
    """Return the lines of the table."""
    few, many = (int(found["cold"]["listings"]) for found in (small, large))
    each = large["cold"]["cpu"] / small["cold"]["cpu"] * few / many
    return [
        table.Line("cold build, CPU", few, f"{small['cold']['cpu']:.1f} s"),
        table.Line("peak memory", few, f"{small['cold']['peak'] / table.MEGABYTE:.0f} MB"),
        table.Line("cold build, CPU", many, f"{large['cold']['cpu']:.1f} s"),
        table.Line("cold build, wall time", many, f"{large['cold']['wall']:.1f} s"),
        table.bounded(f"CPU per listing ÷ that at {few:,}", many, each, MOST_GROWTH),
        _peak("peak memory", many, large["cold"]),
        table.Line("entries", many, f"{large['cold']['entries']:,}"),
        table.Line("rebuild, nothing changed, CPU", many, f"{large['rebuild']['cpu']:.1f} s"),
        _peak("peak memory of the rebuild", many, large["rebuild"]),
        table.Line("check, every file read, CPU", many, f"{large['check']['cpu']:.1f} s"),
        _peak("peak memory of the check", many, large["check"]),
    ]


def peaks(large: Grown) -> list[table.Line]:
    """Return the lines about the memory of the nights."""
    many = large.tasks["cold"]["listings"]
    return [_peak(f"peak memory of the night, {night.what}", many, night.built) for night in large.nights]


def _peak(what: str, listings: int, figures: Figures) -> table.Line:
    peak = figures["peak"] / table.MEGABYTE
    return table.Line(what, listings, f"{peak:.0f} MB", f"≤ {MOST_MEMORY} MB", broken=peak > MOST_MEMORY)


if __name__ == "__main__":
    main()
