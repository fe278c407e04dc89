"""`build.py diff`, `history`, `watch`, `replay`: what changed, between two states and from day to day."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TextIO

import click

from catalog import changelog, pipeline, report, watch
from catalog import replay as replays
from catalog.assemble import LateKeys
from catalog.comparison import changes, kept
from catalog.days import stamp
from catalog.diff import identity_of
from catalog.screen import Screen
from catalog.settings import Settings
from catalog.sides import sides
from catalog.store import Store
from catalog.text import inert, inert_json
from catalog.tree import locked
from commands import options
from commands.trouble import excuses
from commands.world import now, world


@click.command()
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["markdown", "json", "line"]), default="markdown")
@options.DATA
def diff(old: str, new: str, form: str, data: Path) -> None:
    """Tell what changed between two built trees, two data folders or two git revisions."""
    with excuses():
        both = sides(old, new, data)
        keys = LateKeys(lambda: kept(*both), Store(data).facts.identity)
        found = changes(*both, stamp(now(os.environ)), keys)
    told = changelog.FORMS[form](found)
    click.echo(inert_json(told) if form == "json" else inert(told), nl=False)


@click.command()
@click.argument("model_id", metavar="ID")
@options.DATA
def history(model_id: str, data: Path) -> None:
    """Print what is logged of a model: a table, and its price as a line."""
    with excuses():
        found = changelog.history_of(model_id, Store(data).changes())
    if found is None:
        raise click.ClickException(f"no change of {model_id} is logged in {data}")
    click.echo(changelog.history_text(found), nl=False)


@click.command(name="watch")
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"))
@click.option("--since", default="", callback=options.checked_day, help="Look at changes from this day on.")
@options.DATA
def look_out(file: TextIO, since: str, data: Path) -> None:
    """Tell which models that FILE names are gone, renamed, ending or dearer; exit 3 if any is."""
    with excuses():
        store = Store(data)
        names = store.memories()
        log = list(store.changes())
        ids = [(name, identity_of(line)) for name in names for line in store.lines(name)]
        known = watch.known_ids([*ids, *watch.logged_ids(log)])
        named = watch.mentioned(file.read(), known)
        wanted = {listing for name in named for listing in known[name]}
        ends = (fields for name in names for fields in pipeline.ending(store.lines(name)))
        found = watch.findings(wanted, log, ends, since)
    click.echo(f"{len(named)} models named, {len(found)} findings")
    if found:
        click.echo(changelog.columns([watch.Finding._fields, *found]), nl=False)
        sys.exit(3)


@click.command()
@click.argument("folder", type=options.EXISTING)
@click.option("--gateway", "gateways", type=options.NAME, multiple=True, help="Only this one; repeatable.")
@options.ACCEPT
@options.DATA
def replay(folder: Path, gateways: tuple[str, ...], accept: tuple[str, ...], data: Path) -> None:
    """Run a folder of dated captures, <gateway>/<request>/<YYYY-MM-DD>.json, as if each day was a night."""
    settings = Settings(output=data, data=data, gateways=gateways, accept=accept)
    with excuses(), locked(data), Screen(options.NAMES, verbose=False) as screen:
        for day, name, outcome in replays.replay(folder, settings, world(settings, screen)):
            screen.say(f"{day} {name}: {report.told(outcome)}")
