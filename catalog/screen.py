"""EDGE What a person sees while a run goes on, and the table at its end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self

from rich.console import Console, JustifyMethod
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.table import Table
from rich.text import Text

from catalog import report
from catalog.artifact import SHARDS, Artifact
from catalog.gather import Answer

PIPE_WIDTH = 120
LINE_EVERY = 10_000
"""Files after which a pipe gets a line."""


class Screen:
    """What a person sees while a run goes on: progress on a terminal, plain lines in a pipe."""

    def __init__(self, names: Iterable[str], *, verbose: bool) -> None:
        """Make a silent screen; it speaks inside a `with` statement."""
        self.console = Console(highlight=False, soft_wrap=True)
        if not self.console.is_terminal:
            self.console.width = PIPE_WIDTH
        self._verbose = verbose
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            console=self.console, transient=True, disable=not self.console.is_terminal,
        )  # fmt: skip
        self._tasks = {name: self._progress.add_task(name, total=None, visible=False) for name in names}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def asked(self, name: str, path: str) -> None:
        """Count one settled request of a gateway."""
        self._progress.update(self._tasks[name], advance=1, visible=True)
        if self._verbose:
            self.say(f"{name}: {path}")

    def fetched(self, name: str, answer: Answer) -> None:
        """Tell that a gateway is done."""
        self._progress.update(self._tasks[name], visible=False)
        what = f"{len(answer.places)} answers" if answer.state == "fresh" else answer.reason
        self.say(f"{name}: {what}, {answer.seconds:.1f} s")

    def writing(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Count artifacts as they go by."""
        task = self._progress.add_task("writing", total=None)
        for number, artifact in enumerate(artifacts):
            yield artifact
            if number % 100 == 0:
                self._progress.update(task, completed=number)

    def sent(self, what: str, files: int, compared: int) -> None:
        """Count files that were sent to a destination, and compared shards of its manifest."""
        name = f"sending {what}"
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=len(SHARDS))
        told = f"{name}: {files:,} files"
        self._progress.update(self._tasks[name], completed=compared, description=told)
        if not self.console.is_terminal and files % LINE_EVERY == 0:
            self.say(f"{what}: {files:,} files, {compared} of {len(SHARDS)} shards")

    def say(self, line: str) -> None:
        """Print one line without markup and without control characters."""
        self.console.print(_plain(line), markup=False)

    def table(self, rows: Iterable[tuple[str, ...]], columns: Sequence[str] = report.COLUMNS) -> None:
        """Print a table, the closing one of a run or another; the first two columns are words."""
        table = Table(box=None, pad_edge=False)
        for number, column in enumerate(columns):
            justify: JustifyMethod = "left" if number <= 1 else "right"
            table.add_column(column, justify=justify, no_wrap=number != 1, overflow="fold")
        for row in rows:
            table.add_row(*(Text(_plain(cell)) for cell in row))
        self.console.print(table)


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isprintable())
