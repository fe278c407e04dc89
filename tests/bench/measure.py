"""The measurements: fresh processes in alternation, bodies made once per size."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import orjson

CHECKOUT = Path(__file__).parents[2]
Figures = dict[str, Any]


@dataclass
class Series:
    """The figures of several alternated runs."""

    runs: list[dict[str, Figures]] = field(default_factory=list)

    def median(self, task: str, name: str = "cpu") -> float:
        """Return the median of one figure of a task."""
        return median(float(run[task][name]) for run in self.runs)

    def ratio(self, task: str, other: str) -> float:
        """Return the median of the ratios of CPU time within one run."""
        return median(float(run[task]["cpu"]) / float(run[other]["cpu"]) for run in self.runs)

    def peak(self, task: str) -> int:
        """Return the highest memory peak of a task."""
        return max(int(run[task]["peak"]) for run in self.runs)


class Night(NamedTuple):
    """What one night cost."""

    what: str
    """What happened in it."""
    built: Figures
    sent: Figures


class Grown(NamedTuple):
    """What was measured of a catalog of one size."""

    tasks: dict[str, Figures]
    nights: list[Night]


def child(task: str, bodies: Path, root: Path, *more: str) -> Figures:
    """Run one task in a fresh process and return its figures."""
    command = [sys.executable, "-m", "tests.bench.child", task, str(bodies), str(root), *more]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{task} failed:\n{done.stdout}{done.stderr}")
    figures: Figures = orjson.loads(done.stdout.rpartition("\n")[2])
    return figures


class Bench:
    """Measurements in one folder, which is empty again after each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def bodies(self, listings: int, description: int = 2000, nights: int = 0) -> Iterator[Path]:
        """Make the bodies of a catalog for as long as the context lasts; so many nights have gone by."""
        made = self._folder / f"bodies-{listings}-{description}-{nights}"
        say(f"bodies of {listings:,} listings, descriptions of {description:,} characters, night {nights}")
        child("bodies", made, self._folder, str(listings), str(description), str(nights))
        try:
            yield made
        finally:
            shutil.rmtree(made)

    @contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """Make an empty folder for as long as the context lasts."""
        folder = self._folder / name
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    def series(self, bodies: Path, runs: int) -> Series:
        """Measure cold build, loops, the bare tree, records, identity, rebuild, diff in alternation."""
        tasks = ("cold", "reference", "named", "bare", "records", "resolve", "rebuild", "diff")
        return Series([self._round(bodies, tasks) for _ in range(runs)])

    def pairs(self, small: Path, large: Path, runs: int) -> Series:
        """Measure cold builds of two sizes in alternation, and identity in each."""
        found = []
        for _ in range(runs):
            less, more = (self._round(bodies, ("cold", "resolve")) for bodies in (small, large))
            found.append(
                {
                    "small": less["cold"],
                    "large": more["cold"],
                    "few": less["resolve"],
                    "many": more["resolve"],
                }
            )
        return Series(found)

    def grown(self, listings: int, tasks: tuple[str, ...], nights: Sequence[str]) -> Grown:
        """Measure tasks, of which the first is a cold build, and then one night after the other."""
        with self._root() as root:
            with self.bodies(listings) as made:
                found = {task: _told(task, child(task, made, root)) for task in tasks}
                child("first", made, root)
            return Grown(found, [self._night(listings, what, root, at) for at, what in enumerate(nights, 1)])

    def _night(self, listings: int, what: str, root: Path, number: int) -> Night:
        with self.bodies(listings, nights=number) as made:
            built = _told(what, child("night", made, root, str(number)))
            return Night(what, built, _told("publish", child("publish", made, root, str(number))))

    def once(self, bodies: Path, task: str = "cold") -> Figures:
        """Do one thing that needs nothing else."""
        return self._round(bodies, (task,))[task]

    def on_disk(self, bodies: Path, disk: Path) -> dict[str, Figures]:
        """Measure one cold build on disk and the loop that makes the same tree."""
        return self._round(bodies, ("cold", "bare"), disk)

    def _round(self, bodies: Path, tasks: tuple[str, ...], folder: Path | None = None) -> dict[str, Figures]:
        with self._root(folder) as root:
            return {task: _told(task, child(task, bodies, root)) for task in tasks}

    @contextmanager
    def _root(self, folder: Path | None = None) -> Iterator[Path]:
        root = (folder or self._folder) / "work"
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        try:
            yield root
        finally:
            shutil.rmtree(root)


def _told(task: str, figures: Figures) -> Figures:
    if "cpu" in figures:
        say(f"  {task}: {figures['cpu']:.2f} s CPU, {figures['wall']:.2f} s, {figures['peak'] / 1e6:.0f} MB")
    return figures


def say(line: str) -> None:
    """Tell how it goes on."""
    print(line, flush=True)
