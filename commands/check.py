"""`build.py check`: a built tree, or a deployed one as its readers find it."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import click

from catalog import changelog, deployed, journal
from catalog.changelog.words import harmless
from catalog.errors import StopBuildError
from catalog.fetch import visitor
from catalog.settings import duration
from catalog.text import inert
from catalog.tree import Present, locked, read_manifest
from catalog.verify import verify
from catalog.wire.limits import Limits
from commands.options import EXISTING, checked_age, checked_url
from commands.program import AGENT, ROOT
from commands.trouble import excuses, hush
from commands.world import FEW_REQUESTS, now

CHECKS = Limits(gateway=3600, tries=3, failures_in_a_row=8)
"""Bounds of a look at a deployed tree, every file of which may be asked for."""
LONGEST_FAULT = 300
"""Characters of one sentence about a deployed tree."""
LOOK_AGAIN = 20.0
"""Seconds between two looks at a tree that is still on its way."""
MANY_FAULTS = 20
"""More are counted, not told."""


@click.command()
@click.argument("folder", required=False, type=EXISTING)
@click.option(
    "--against", metavar="URL", default="", callback=checked_url, help="Look at the tree deployed there."
)
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=deployed.SAMPLE,
    show_default=True,
    help="Files drawn by chance, beside the manifest, every list and ids of every special kind; 0: all.",
)
@click.option("--all", "whole", is_flag=True, help="Every file, as --sample 0.")
@click.option("--wait", callback=checked_age, help="Look again until all is well, at most so long: 15m.")
@click.option(
    "--concurrency", type=click.IntRange(1, 32), default=FEW_REQUESTS, help="Requests at once to the host."
)
def check(
    folder: Path | None, against: str, sample: int, whole: bool, wait: str | None, concurrency: int
) -> None:
    """Verify a built tree: manifest, schemas, index, links, nothing foreign.

    With --against URL a deployed tree: that it is the one in FOLDER or, without FOLDER, the one that its own
    manifest names, with the types and headers that readers need.
    """
    if not against:
        _check_built(folder or ROOT / "output")
        return
    hush()
    limit = duration(wait) if wait else timedelta()
    with excuses():
        if folder and read_manifest(folder) is None:
            raise StopBuildError(f"{folder} holds no built tree to compare with")
        looks = partial(_looks, against, folder, 0 if whole else sample, concurrency)
        _tell(against, _settled(looks, limit.total_seconds()))


def _check_built(folder: Path) -> None:
    with excuses(), locked(folder):
        journal.recover(folder)
        files = Present(folder)
        found = 0
        for problem in verify(files, lambda path: (folder / path).read_bytes()):
            found += 1
            click.echo(inert(problem))
    click.echo(f"{sum(1 for _ in files)} files checked, {found} problems")
    if found:
        sys.exit(1)


def _looks(url: str, folder: Path | None, sample: int, concurrency: int) -> list[deployed.Looked]:
    """Look once at a deployed tree."""
    built = (lambda path: (folder / path).read_bytes()) if folder else None
    with visitor(url, AGENT, CHECKS, concurrency) as host:
        return list(deployed.Inspection(host.visit, now(os.environ), built, sample).looks())


def _settled(looks: Callable[[], list[deployed.Looked]], patience: float) -> list[deployed.Looked]:
    """Look until all is well or patience ends, and return what was seen last."""
    ends = time.monotonic() + patience
    while True:
        looked = looks()
        faults = _faults(looked)
        left = ends - time.monotonic()
        if not faults or left <= 0:
            return looked
        shown = harmless(faults[0], LONGEST_FAULT)
        click.echo(f"not yet: {shown} (problems: {len(faults)}, seconds left: {left:.0f})")
        time.sleep(min(left, LOOK_AGAIN))


def _faults(looked: list[deployed.Looked]) -> list[str]:
    return [fault for each in looked for fault in each.faults]


def _tell(url: str, looked: list[deployed.Looked]) -> None:
    """Tell what was seen of a deployed tree; exit 1 if anything is wrong."""
    faults = _faults(looked)
    click.echo(changelog.columns(deployed.tally(looked)), nl=False)
    for fault in faults[:MANY_FAULTS]:
        click.echo(f"! {harmless(fault, LONGEST_FAULT)}")
    if len(faults) > MANY_FAULTS:
        click.echo(f"! and {len(faults) - MANY_FAULTS} more")
    click.echo(f"{url}: {len(looked)} files checked, {len(faults)} problems")
    if faults:
        sys.exit(1)
