"""Gatelog: fetch the catalogs of the LLM gateways and publish them as static files.

The command line, command by command; each is in `commands/`.
"""

from __future__ import annotations

from typing import Any

import click
from click.core import ParameterSource

from commands import changes, check, identity, options, publish, run, serve, show
from commands.trouble import Harmless


@click.group(cls=Harmless, invoke_without_command=True)
@options.building
@click.pass_context
def main(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - click passes options by name
    """Fetch every gateway and write the catalog to the output folder."""
    if context.invoked_subcommand is None:
        run.perform(given, publish=True)
    elif any(context.get_parameter_source(name) is not ParameterSource.DEFAULT for name in given):
        raise click.UsageError(f"options belong behind the command: {context.invoked_subcommand} --option")


for command in (
    run.fetch,
    run.join,
    show.show,
    serve.serve,
    serve.mcp,
    check.check,
    publish.publish,
    identity.identity,
    changes.diff,
    changes.history,
    changes.look_out,
    changes.replay,
):
    main.add_command(command)


if __name__ == "__main__":
    main()
