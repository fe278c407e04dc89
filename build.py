"""Gatelog: fetch the catalogs of the LLM gateways and publish them as static files.

The command line and the composition root: the one file that knows adapters, core and edges.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import click
import orjson
from click.core import ParameterSource
from dotenv import dotenv_values
from pydantic import ValidationError

from catalog import journal, paths, report
from catalog.artifact import Limits
from catalog.detect import NotFound, detect
from catalog.errors import StopBuildError
from catalog.fetch import Fetcher
from catalog.identity.known import row
from catalog.identity.resolve import PRICES, Resolver
from catalog.identity.work import Resolution
from catalog.run import Run, World
from catalog.schema.documents import DetectionIndex, Gateways
from catalog.screen import Screen
from catalog.settings import Settings, duration
from catalog.store import Store
from catalog.tree import locked, present
from catalog.verify import verify
from catalog.wire.limits import Limits as Patience
from catalog.write import Report
from providers import ADAPTERS

ROOT = Path(__file__).parent
AGENT = "Gatelog/1.0 (+https://github.com/gatelog/gatelog)"
NAMES = [adapter.GATEWAY.id for adapter in ADAPTERS]
FEW_REQUESTS = 4
"""Requests at once to a gateway."""
MANY_REQUESTS = {"openrouter": 8}
"""Requests at once where one request for every model is needed."""
PLAIN_LIMITS = Limits(entries=400_000, megabytes=4_000)
"""`--plain` doubles the tree; such a tree is for a server of one's own."""

P = ParamSpec("P")
T = TypeVar("T")


def _checked_age(_: click.Context, __: click.Parameter, text: str | None) -> str | None:
    try:
        return text if text is None or duration(text) is not None else None
    except ValueError as problem:
        raise click.BadParameter(str(problem)) from problem


def _checked_url(_: click.Context, __: click.Parameter, text: str) -> str:
    if text and not _BASE_URL.fullmatch(text):
        raise click.BadParameter("a base URL is https://host/path, without spaces, ? and #")
    return text.rstrip("/")


def _checked_report(_: click.Context, __: click.Parameter, path: Path | None) -> Path | None:
    if path is not None and not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}")
    return path


_BASE_URL = re.compile(r"https?://[^\s?#]+")
_FOLDER = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)
_NAME = click.Choice(NAMES)
_OUTPUT = click.option("--output", type=_FOLDER, default=ROOT / "output", help="Where the tree goes.")
_DATA = click.option("--data", type=_FOLDER, default=ROOT / "data", help="Where the state is kept.")
_OPTIONS = (
    click.option("--gateway", "gateways", type=_NAME, multiple=True, help="Fetch only this one; repeatable."),
    click.option("--offline", is_flag=True, help="Ask no gateway: build from the data folder alone."),
    click.option("--max-age", callback=_checked_age, help="Fetch only what is older than this, such as 6h."),
    click.option("--accept", type=_NAME, multiple=True, help="Overrule one gateway's hold; repeatable."),
    click.option("--plain", is_flag=True, help="Also publish the records without Hugging Face metrics."),
    _OUTPUT,
    _DATA,
    click.option(
        "--base-url", default="", callback=_checked_url, help="Make links absolute: https://host/path."
    ),
    click.option("--max-entries", type=click.IntRange(1), help="Allow a tree of more files and folders."),
    click.option("--strict", is_flag=True, help="Exit 3 when a gateway is not fresh."),
    click.option(
        "--report", "report_file", type=_FILE, callback=_checked_report, help="Write a JSON report."
    ),
    click.option("--concurrency", type=click.IntRange(1, 32), help="Requests at once to each gateway."),
    click.option("-v", "--verbose", is_flag=True, help="Name every request."),
)


def _shared(command: Callable[P, T]) -> Callable[P, T]:
    """Give a command the options that building and fetching have in common."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@_shared
@click.pass_context
def main(context: click.Context, /, **given: Any) -> None:  # noqa: ANN401 - click passes options by name
    """Fetch every gateway and write the catalog to the output folder."""
    if context.invoked_subcommand is None:
        _run(given, publish=True)
    elif any(context.get_parameter_source(name) is not ParameterSource.DEFAULT for name in given):
        raise click.UsageError(f"options belong behind the command: {context.invoked_subcommand} --option")


@main.command()
@_shared
def fetch(**given: Any) -> None:  # noqa: ANN401 - as above
    """Refresh the data folder only."""
    _run(given, publish=False)


def _run(given: dict[str, Any], *, publish: bool) -> None:
    logging.getLogger("stamina").addHandler(logging.NullHandler())  # the screen tells what matters
    strict, report_file, verbose = given.pop("strict"), given.pop("report_file"), given.pop("verbose")
    settings = Settings(**given)
    _check_apart(settings)
    with _excuses():
        with Screen(NAMES, verbose=verbose) as screen:
            run = Run(settings, _world(settings, screen))
            done = _done(run, settings, publish=publish)
        _tell(screen, run, done, settings)
        if report_file:
            told = report.as_json(run.memories, run.outcomes, done)
            report_file.write_bytes(
                orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            )
    if strict and report.degraded(run.memories):
        sys.exit(3)


def _check_apart(settings: Settings) -> None:
    """The output folder loses every file that is not produced: the state must not lie in it."""
    data, output = settings.data.resolve(), settings.output.resolve()
    if data.is_relative_to(output) or output.is_relative_to(data):
        raise click.UsageError(f"--data and --output must lie apart: {data}, {output}")


def _done(run: Run, settings: Settings, *, publish: bool) -> Report | None:
    """Do the work under locks; whatever stops it, what was not decided leaves no trace."""
    with ExitStack() as held:
        for folder in (settings.data, settings.output) if publish else (settings.data,):
            held.enter_context(locked(folder))
            held.callback(journal.recover, folder)
        held.callback(run.store.discard)
        run.refresh()
        done = run.publish() if publish else None
        run.store.commit()
    return done


def _tell(screen: Screen, run: Run, done: Report | None, settings: Settings) -> None:
    screen.table(report.table(run.memories, run.outcomes))
    if done and done.totals:
        screen.say(report.sizes(done.totals, done))
    for line in report.warnings(run.memories, offline=settings.offline):
        screen.say(f"! {line}")


def _world(settings: Settings, screen: Screen) -> World:
    environ = {**_file_variables(), **os.environ}
    return World(
        adapters=ADAPTERS,
        network=lambda gateway: Fetcher(
            gateway=gateway,
            environ=environ,
            agent=AGENT,
            concurrency=settings.concurrency or MANY_REQUESTS.get(gateway.id, FEW_REQUESTS),
            on_request=partial(screen.asked, gateway.id),
        ),
        patience=Patience().gateway + 30,
        accounts=_accounts(environ),
        now=_now(environ),
        code=_code_digest(),
        commit=_commit(environ),
        watcher=screen,
        limits=_limits(settings),
        site=_site(),
    )


def _limits(settings: Settings) -> Limits:
    usual = PLAIN_LIMITS if settings.plain else Limits()
    if settings.max_entries is None:
        return usual
    return replace(usual, entries=settings.max_entries, megabytes=usual.megabytes * 10)


def _file_variables() -> dict[str, str]:
    return {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}


def _now(environ: Mapping[str, str]) -> datetime:
    """Return the moment of the build, or the one that SOURCE_DATE_EPOCH asks for."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as problem:
        raise StopBuildError(f"SOURCE_DATE_EPOCH is no moment in seconds: {epoch!r}") from problem


def _accounts(environ: Mapping[str, str]) -> dict[str, str]:
    """Return a short digest of the key of each gateway whose list depends on the account."""
    keys = {
        adapter.GATEWAY.id: environ.get(adapter.GATEWAY.bases[0].key_variable or "", "").strip()
        for adapter in ADAPTERS
        if adapter.GATEWAY.account_bound
    }
    return {name: hashlib.sha256(key.encode()).hexdigest()[:12] for name, key in keys.items()}


def _site_files() -> dict[str, Path]:
    """Return what the website is made from: templates, assets, and the client that its pages use."""
    found = [*ROOT.glob("site/templates/**/*"), *ROOT.glob("site/assets/**/*")]
    named = {path.relative_to(ROOT / "site").as_posix(): path for path in found if path.is_file()}
    return {**named, "assets/gatelog.js": ROOT / "clients/js/gatelog.js"}


def _site() -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in sorted(_site_files().items())}


def _code_digest() -> str:
    """Return the digest of the program, of `site/` and of the versions that it runs with."""
    files = [
        ROOT / "build.py",
        ROOT / "requirements.lock",
        *ROOT.glob("catalog/**/*.py"),
        *ROOT.glob("providers/*.py"),
        *_site_files().values(),
    ]
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def _commit(environ: Mapping[str, str]) -> str | None:
    named = environ.get("GITHUB_SHA")
    if named or not shutil.which("git"):
        return named or None
    command = ["git", "rev-parse", "HEAD"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - constant
    return asked.stdout.strip() or None


@contextmanager
def _excuses() -> Iterator[None]:
    """Turn what stops a run into one line and exit 1."""
    try:
        yield
    except StopBuildError as problem:
        raise click.ClickException(str(problem)) from problem
    except OSError as problem:
        raise click.ClickException(f"{problem.strerror}: {problem.filename or 'no file named'}") from problem


@main.command()
@click.argument("model_id", metavar="ID")
@click.option("--gateway", help="The answer of this gateway.")
@_OUTPUT
def show(model_id: str, gateway: str | None, output: Path) -> None:
    """Print one record as it would be served."""
    try:
        paths.escape(model_id)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    try:
        index = DetectionIndex.model_validate_json((output / "catalog/index.json").read_bytes())
        states = Gateways.model_validate_json((output / "catalog/gateways.json").read_bytes())
    except (OSError, ValidationError) as problem:
        raise click.ClickException(f"{output} holds no built tree") from problem
    answer = detect(model_id, gateway, index, states, lambda path: (output / path).is_file())
    if answer.warning:
        click.echo(f"warning: {answer.warning}", err=True)
    if isinstance(answer, NotFound):
        raise click.ClickException(answer.message)
    click.echo((output / answer.path).read_bytes(), nl=False)


@main.command()
@click.argument("names", metavar="GATEWAY|ID...", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help='Print {"gateway|id": "model-key" or null}.')
@_DATA
def identity(names: tuple[str, ...], as_json: bool, data: Path) -> None:
    """Explain how an id got its model key; it need not be listed anywhere.

    The gateway may be portkey-pricing:SERVICE, for a key of one of Portkey's price files.
    """
    asked = [_asked(name) for name in names]
    with _excuses():
        store = Store(data)
        resolver = Resolver(
            store.identity_facts(), (row(line) for name in NAMES for line in store.kept(name))
        )
    found = [resolver.resolve(gateway, model_id, explain=not as_json) for gateway, model_id in asked]
    if as_json:
        keys = {name: each.key for name, each in zip(names, found, strict=True)}
        click.echo(orjson.dumps(keys, option=orjson.OPT_INDENT_2))
        return
    for name, each in zip(names, found, strict=True):
        click.echo("\n".join(_explained(name, each)))


def _asked(name: str) -> tuple[str, str]:
    gateway, bar, model_id = name.partition("|")
    if not bar or not model_id or not (gateway in NAMES or gateway.startswith(PRICES)):
        raise click.UsageError(f"{name!r} is not GATEWAY|ID with one of {', '.join(NAMES)}, {PRICES}SERVICE")
    return gateway, model_id


def _explained(name: str, found: Resolution) -> Iterator[str]:
    yield name
    yield from (f"  {step.result:<56} {step.rule}" for step in found.steps)
    if found.key is None:
        yield f"= unresolved: {found.reason}"
    else:
        yield f"= {found.key}  ({', '.join(filter(None, [found.kind, found.variant]))})"


@main.command()
@click.argument(
    "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=ROOT / "output"
)
def check(folder: Path) -> None:
    """Verify a built tree: manifest, schemas, index, links, nothing foreign."""
    with _excuses(), locked(folder):
        journal.recover(folder)
        files = present(folder)
        found = 0
        for problem in verify(files, lambda path: (folder / path).read_bytes()):
            found += 1
            click.echo(problem)
    click.echo(f"{len(files)} files checked, {found} problems")
    if found:
        sys.exit(1)


if __name__ == "__main__":
    main()
