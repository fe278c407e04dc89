"""`python -m tests.bench`: measure, print the table, write it, and fail when a bound is broken."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

from tests.bench import table, web
from tests.bench.bodies import NIGHTS
from tests.bench.measure import CHECKOUT, Bench, say

SIZES = (16_500, 25_000)
HUGE = 250_000
HUGE_NEEDS = 10 * 10**9
LONG = 20_000
DOCUMENT = CHECKOUT / "docs" / "benchmarks.md"


def main() -> None:
    """Read the options and do what they ask for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 runs, and no 250,000 listings")
    parser.add_argument("--profile", action="store_true", help="only print where the time goes")
    asked = parser.parse_args()
    folder, notes = bench_folder()
    with tempfile.TemporaryDirectory(prefix="gatelog-bench-", dir=folder) as scratch:
        bench = Bench(Path(scratch))
        if asked.profile:
            _profile(bench)
        else:
            _compare(bench, notes, quick=asked.quick)


def bench_folder() -> tuple[Path, list[str]]:
    """Return a folder in memory, or the temporary one and a word about it."""
    wanted = Path(os.environ.get("GATELOG_BENCH_DIR", "/dev/shm"))  # noqa: S108 - a folder of our own in it
    if os.access(wanted, os.W_OK):
        return wanted, []
    return Path(tempfile.gettempdir()), ["No tmpfs was at hand; the files were where temporary files are."]


def _profile(bench: Bench) -> None:
    with bench.bodies(SIZES[0]) as made:
        say(bench.once(made, "profile")["profile"])


def _compare(bench: Bench, notes: list[str], *, quick: bool) -> None:
    runs = 3 if quick else 5
    lines: list[table.Line] = []
    with bench.bodies(SIZES[0]) as made:
        lines += table.speed(SIZES[0], bench.series(made, runs))
        lines += table.disk(SIZES[0], bench.on_disk(made, CHECKOUT / "build" / "bench"))
    with bench.bodies(SIZES[1]) as made:
        series = bench.series(made, runs)
        lines += table.speed(SIZES[1], series)
        with bench.bodies(SIZES[1], LONG) as longer:
            lines += table.memory(SIZES[1], series, bench.once(longer))
        stages = bench.once(made, "stages")["stages"]
        lines += table.whole(SIZES[1], bench.once(made, "whole")["cpu"], stages)
        if not quick:
            lines += _grown(bench, made, notes)
    nights = bench.grown(SIZES[1], ("cold",), list(NIGHTS))
    lines += _web(bench, notes)
    notes.append(f"Medians of {runs} runs; the stages are those of one build of {SIZES[1]:,} listings.")
    _conclude(lines, table.markdown(lines, stages, notes) + table.nights([nights]))


def _grown(bench: Bench, small: Path, notes: list[str]) -> list[table.Line]:
    if shutil.disk_usage(small).free < HUGE_NEEDS:
        notes.append(f"{HUGE:,} listings were left out: they need {HUGE_NEEDS // 10**9} GB of tmpfs.")
        return []
    with bench.bodies(HUGE) as large:
        return table.growth(bench.pairs(small, large, 3))


def _web(bench: Bench, notes: list[str]) -> list[table.Line]:
    if reason := web.missing():
        notes.append(reason)
        return []
    with bench.scratch("web") as folder:
        return table.web(*web.measured(folder))


def _conclude(lines: list[table.Line], text: str) -> None:
    say(text)
    table.publish(DOCUMENT, text)
    if broken := [line.name for line in lines if line.broken]:
        sys.exit("\n".join(["Broken bounds:", *broken]))


if __name__ == "__main__":
    main()
