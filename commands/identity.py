"""`build.py identity`: how an id got its model key, step by step."""

from __future__ import annotations

from pathlib import Path

import click
import orjson

from catalog.identity.explain import explain, lines
from catalog.identity.known import row
from catalog.identity.merge import merge
from catalog.identity.resolve import PRICES, Resolver
from catalog.store import Store
from catalog.text import inert, inert_json
from commands.options import DATA, NAMES
from commands.trouble import excuses


@click.command()
@click.argument("names", metavar="GATEWAY|ID...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help='Print {"gateway|id": "model-key" or null}.')
@DATA
def identity(names: tuple[str, ...], as_json: bool, data: Path) -> None:
    """Explain how an id got its model key; it need not be listed anywhere.

    The gateway may be portkey-pricing:SERVICE, for a key of one of Portkey's price files.
    """
    asked = [_asked(name) for name in names]
    with excuses():
        store = Store(data)
        rows = [row(line) for name in NAMES for line in store.kept(name)]
        resolver = Resolver(store.facts.identity(), rows)
    identities = merge(resolver, rows)
    found = [explain(resolver, identities, *place) for place in asked]
    if as_json:
        keys = {name: each.key for name, each in zip(names, found, strict=True)}
        click.echo(inert_json(orjson.dumps(keys, option=orjson.OPT_INDENT_2).decode()))
        return
    for name, each in zip(names, found, strict=True):
        click.echo("\n".join(map(inert, [name, *lines(each)])))


def _asked(name: str) -> tuple[str, str]:
    gateway, bar, model_id = name.partition("|")
    if not bar or not model_id or not (gateway in NAMES or gateway.startswith(PRICES)):
        raise click.UsageError(f"{name!r} is not GATEWAY|ID with one of {', '.join(NAMES)}, {PRICES}SERVICE")
    return gateway, model_id
