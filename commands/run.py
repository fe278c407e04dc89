"""`build.py`, `fetch` and `join`: one night, from the question to the published tree."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click
import orjson

from catalog import journal, report
from catalog.run import Run
from catalog.screen import Screen
from catalog.settings import Settings
from catalog.store import Store
from catalog.text import inert_json
from catalog.tree import locked
from catalog.write import Report
from commands import options
from commands.program import ROOT
from commands.trouble import excuses, hush
from commands.world import world
from providers import huggingface


@click.command()
@options.building
def fetch(**given: Any) -> None:  # noqa: ANN401 - click passes options by name
    """Refresh the data folder only."""
    perform(given, publish=False)


@click.command()
@click.argument("parts", metavar="PART...", nargs=-1, required=True, type=options.EXISTING)
@options.ACCEPT
@options.NO_HUB
@options.DATA
@options.LOG_ATTEMPT
@options.STRICT
@options.REPORT
@options.VERBOSE
def join(parts: tuple[Path, ...], data: Path, **given: Any) -> None:  # noqa: ANN401 - as above
    """Refresh the data folder from others, into which `fetch --gateway` fetched elsewhere.

    All have to begin as the same data folder. Of a gateway that no PART tried the last listings are served.
    """
    perform({**given, "data": data, "output": ROOT / "output"}, publish=False, parts=parts)


def perform(given: dict[str, Any], *, publish: bool, parts: tuple[Path, ...] = ()) -> None:
    """Refresh the data folder, publish if asked to, and tell how it went."""
    hush()
    strict, report_file, verbose = given.pop("strict"), given.pop("report_file"), given.pop("verbose")
    settings = Settings(**given)
    _check_apart(settings)
    with excuses():
        with Screen([*options.NAMES, huggingface.SOURCE.id], verbose=verbose) as screen:
            run = Run(settings, world(settings, screen))
            refresh = partial(run.join, map(Store, parts)) if parts else run.refresh
            written = done(run, settings, refresh, publish=publish)
        _tell(screen, run, written, settings)
        if report_file:
            told = report.as_json(run.memories, run.outcomes, written, run.night)
            text = orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
            report_file.write_text(inert_json(text), encoding="utf-8")
    if strict and report.degraded(run.memories):
        sys.exit(3)


def _check_apart(settings: Settings) -> None:
    """The output folder loses every file that is not produced: the state must not lie in it."""
    data, output = settings.data.resolve(), settings.output.resolve()
    if data.is_relative_to(output) or output.is_relative_to(data):
        raise click.UsageError(f"--data and --output must lie apart: {data}, {output}")


def done(run: Run, settings: Settings, refresh: Callable[[], None], *, publish: bool) -> Report | None:
    """Do the work under locks; whatever stops it, what was not decided leaves no trace."""
    with ExitStack() as held:
        for folder in (settings.data, settings.output) if publish else (settings.data,):
            held.enter_context(locked(folder))
            held.callback(journal.recover, folder)
        held.callback(run.store.discard)
        refresh()
        written = run.publish() if publish else None
        run.store.commit()
    return written


def _tell(screen: Screen, run: Run, written: Report | None, settings: Settings) -> None:
    screen.table(report.table(run.memories, run.outcomes))
    if written and written.totals:
        screen.say(report.sizes(written.totals, written))
    for line in report.hub(run.night):
        screen.say(line)
    for line in report.worth_a_look(run.memories, () if settings.offline else run.unseen()):
        screen.say(f"worth a look: {line}")
    for line in [*filter(None, [run.clock]), *report.warnings(run.memories, offline=settings.offline)]:
        screen.say(f"! {line}")
