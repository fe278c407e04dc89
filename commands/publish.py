"""`build.py publish`: a destination made equal to the built tree."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from catalog import journal, report
from catalog.differences import Tree
from catalog.publish import Options, Publication
from catalog.screen import Screen
from catalog.settings import duration
from catalog.tree import locked
from catalog.upload import opened
from commands.options import OUTPUT, checked_age
from commands.trouble import excuses
from commands.world import file_variables, now


@click.command()
@click.argument("destination", metavar="DEST")
@OUTPUT
@click.option("--dry-run", is_flag=True, help="Print what would be uploaded and deleted.")
@click.option("--force", is_flag=True, help="Replace a newer tree, or write among files of others.")
@click.option("--all", "everything", is_flag=True, help="Upload every file, whatever is there.")
@click.option("--take-over", is_flag=True, help="Do not wait for the lock of a publisher that was stopped.")
@click.option("--no-lock", is_flag=True, help="For a store that cannot write on condition: lock nothing.")
@click.option(
    "--grace",
    callback=checked_age,
    default="7d",
    show_default=True,
    help="Delete what is gone so much later.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=16, show_default=True, help="Requests at once."
)
def publish(destination: str, output: Path, dry_run: bool, grace: str, **how: Any) -> None:  # noqa: ANN401 - click passes options by name
    """Upload what changed to DEST: a folder, or s3://, gs:// or az:// with a bucket and a prefix.

    Keys and the endpoint come from the environment or .env, by the names that these services use.
    """
    for name, value in file_variables().items():
        os.environ.setdefault(name, value)
    asked = Options(now=now(os.environ), grace=duration(grace), **how)
    _check_elsewhere(output, destination)
    with excuses(), locked(output), Screen((), verbose=False) as screen:
        journal.recover(output)
        there = opened(destination, make_folder=not dry_run)
        publication = Publication(Tree(output), there, asked, screen)
        if dry_run:
            for line in publication.rehearse():
                click.echo(line)
        else:
            publication.run()
        screen.say(report.published(there.name, publication.told, there.requests, dry_run=dry_run))


def _check_elsewhere(output: Path, destination: str) -> None:
    """A tree published into itself would be foreign to the next build."""
    if "://" not in destination:
        one, other = output.resolve(), Path(destination).resolve()
        if one.is_relative_to(other) or other.is_relative_to(one):
            raise click.UsageError(f"--output and DEST must lie apart: {one}, {other}")
