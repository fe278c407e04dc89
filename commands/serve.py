"""`build.py serve` and `mcp`: a built tree for browsers and for assistants."""

from __future__ import annotations

import logging
from contextlib import suppress
from pathlib import Path

import click

from catalog import assistant
from catalog.serve import listening, opened, server
from commands import options
from commands.trouble import excuses


@click.command()
@options.OUTPUT
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one."
)
def serve(output: Path, host: str, port: int) -> None:
    """Serve a built tree with every request of the old endpoint, for looking at it."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with excuses():
        tree = opened(output)
        with listening(host, port) as entrance:
            name = f"[{host}]" if ":" in host else host
            click.echo(f"serving {output} at http://{name}:{entrance.getsockname()[1]}/catalog/model/")
            with suppress(KeyboardInterrupt):  # the usual way to end it
                server(tree).run([entrance])


@click.command()
@options.OUTPUT
def mcp(output: Path) -> None:
    """Serve a built tree to assistants over MCP, on standard input and output."""
    with excuses():
        assistant.serve(assistant.Assistant(output))
