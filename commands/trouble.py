"""What a person is told when a command cannot go on: one line, which steers no terminal."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from catalog.errors import StopBuildError
from catalog.text import inert


class Harmless(click.Group):
    """Commands whose complaints may hold words of others, which must not steer a terminal."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - whatever a command returns
        """Call the command."""
        try:
            return super().invoke(context)
        except click.ClickException as problem:
            vars(problem)["message"] = inert(problem.message)
            raise


@contextmanager
def excuses() -> Iterator[None]:
    """Turn what stops a run into one line and exit 1."""
    try:
        yield
    except StopBuildError as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename or 'no file named'}") from problem


def hush() -> None:
    """Keep retries off the screen, which tells what matters."""
    logging.getLogger("stamina").addHandler(logging.NullHandler())
