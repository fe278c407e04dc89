"""`build.py show`: one record as it would be served, and its prices of today beside it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import click
import orjson

from catalog import paths
from catalog.artifact import document, without_metrics
from catalog.detect import NotFound, detect
from catalog.live import COLUMNS, quotes
from catalog.schema.record import Record
from catalog.screen import Screen
from catalog.serve import BuiltTree
from catalog.settings import Settings
from catalog.text import inert, inert_json
from commands import options
from commands.trouble import excuses
from commands.world import world


@click.command()
@click.argument("model_id", metavar="ID")
@click.option("--gateway", help="The answer of this gateway.")
@click.option("--live", is_flag=True, help="Ask its gateways now, and compare prices; nothing is kept.")
@click.option("--no-huggingface", is_flag=True, help="The form without Hugging Face metrics.")
@options.OUTPUT
@options.DATA
def show(
    model_id: str, gateway: str | None, live: bool, no_huggingface: bool, output: Path, data: Path
) -> None:
    """Print one record as it would be served."""
    try:
        paths.escape(model_id)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    with excuses():
        tree = BuiltTree(output)
    answer = detect(model_id, gateway, tree.index, tree.states, tree.has, tree.read)
    if answer.warning:
        click.echo(inert(f"warning: {answer.warning}"), err=True)
    if isinstance(answer, NotFound):
        raise click.ClickException(answer.message)
    body = tree.read(answer.path)
    if live:
        _compare_with_today(body, Settings(output=output, data=data))
        return
    shown = document(without_metrics(orjson.loads(body))) if no_huggingface else body
    click.echo(inert_json(shown.decode()), nl=False)


def _compare_with_today(record: bytes, settings: Settings) -> None:
    with excuses(), TemporaryDirectory() as scratch, Screen(options.NAMES, verbose=False) as screen:
        told = Record.model_validate_json(record)
        found, reasons = quotes(told, world(settings, screen), settings.data, Path(scratch))
    screen.table([quote.row() for quote in found], COLUMNS)
    for reason in reasons:
        screen.say(f"! {reason}")
