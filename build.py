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
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ParamSpec, TextIO, TypeVar

import click
import orjson
from click.core import ParameterSource
from dotenv import dotenv_values

from catalog import assistant, changelog, deployed, journal, paths, pipeline, report, watch
from catalog import replay as replays
from catalog.artifact import Limits, document, without_metrics
from catalog.assemble import LateKeys
from catalog.changelog.words import harmless
from catalog.comparison import changes, kept
from catalog.detect import NotFound, detect
from catalog.diff import identity_of
from catalog.differences import Tree
from catalog.errors import StopBuildError
from catalog.fetch import Fetcher, visitor
from catalog.hub import Hub
from catalog.identity.explain import explain, lines
from catalog.identity.known import row
from catalog.identity.merge import merge
from catalog.identity.resolve import PRICES, Resolver
from catalog.live import COLUMNS as LIVE_COLUMNS
from catalog.live import quotes
from catalog.ports import Gateway
from catalog.publish import Options, Publication
from catalog.run import Run, World
from catalog.schema.record import Record
from catalog.screen import Screen
from catalog.serve import BuiltTree, listening, opened, server
from catalog.settings import Settings, duration
from catalog.sides import sides
from catalog.store import Store
from catalog.tree import Present, locked, read_manifest
from catalog.units import inert, inert_json, stamp
from catalog.upload import opened as opened_destination
from catalog.verify import verify
from catalog.wire.limits import Limits as Patience
from catalog.write import Report
from providers import ADAPTERS, huggingface

ROOT = Path(__file__).parent
SITE = ROOT / "site"
AGENT = "Gatelog/1.0 (+https://github.com/gatelog/gatelog)"
NAMES = [adapter.GATEWAY.id for adapter in ADAPTERS]
FEW_REQUESTS = 4
"""Requests at once to a gateway."""
MANY_REQUESTS = {"openrouter": 8}
"""Requests at once where one request for every model is needed."""
LIMITS = {
    huggingface.SOURCE.id: Patience(
        connect=5, read=20, request=30, first_answer=8, tries=2, patience=10, longest_pause=10
    )
}
"""Bounds other than the usual ones. The Hub is asked when all gateways are done: where no network is, they
have taken 45 of the 60 seconds after which fetching is over. It can wait for another night."""
CHECKS = Patience(gateway=3600, tries=3, failures_in_a_row=8)
"""Bounds of a look at a deployed tree, every file of which may be asked for."""
LONGEST_FAULT = 300
"""Characters of one sentence about a deployed tree."""
LOOK_AGAIN = 20.0
"""Seconds between two looks at a tree that is still on its way."""
MANY_FAULTS = 20
"""More are counted, not told."""
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


def _checked_day(_: click.Context, __: click.Parameter, text: str) -> str:
    try:
        return text and date.fromisoformat(text).isoformat()
    except ValueError as problem:
        raise click.BadParameter("a day is written 2026-11-20") from problem


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
_EXISTING = click.Path(exists=True, file_okay=False, path_type=Path)
_ACCEPT = click.option("--accept", type=_NAME, multiple=True, help="Overrule one gateway's hold; repeatable.")
_NO_HUB = click.option(
    "--no-huggingface", is_flag=True, help="Do not ask the Hugging Face Hub; keep what is known."
)
_LOG_ATTEMPT = click.option(
    "--log-attempt", is_flag=True, help="Note in the data folder how each fetch went."
)
_STRICT = click.option("--strict", is_flag=True, help="Exit 3 when a gateway is not fresh.")
_REPORT = click.option(
    "--report", "report_file", type=_FILE, callback=_checked_report, help="Write a JSON report."
)
_VERBOSE = click.option("-v", "--verbose", is_flag=True, help="Name every request.")
_OPTIONS = (
    click.option("--gateway", "gateways", type=_NAME, multiple=True, help="Fetch only this one; repeatable."),
    click.option("--offline", is_flag=True, help="Ask no gateway: build from the data folder alone."),
    click.option("--max-age", callback=_checked_age, help="Fetch only what is older than this, such as 6h."),
    _ACCEPT,
    _NO_HUB,
    click.option("--plain", is_flag=True, help="Also publish the records without Hugging Face metrics."),
    _OUTPUT,
    _DATA,
    click.option(
        "--base-url", default="", callback=_checked_url, help="Make links absolute: https://host/path."
    ),
    click.option("--max-entries", type=click.IntRange(1), help="Allow a tree of more files and folders."),
    _LOG_ATTEMPT,
    _STRICT,
    _REPORT,
    click.option("--concurrency", type=click.IntRange(1, 32), help="Requests at once to each gateway."),
    _VERBOSE,
)


def _shared(command: Callable[P, T]) -> Callable[P, T]:
    """Give a command the options that building and fetching have in common."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


class _Harmless(click.Group):
    """Commands whose complaints may hold words of others, which must not steer a terminal."""

    def invoke(self, context: click.Context) -> Any:  # noqa: ANN401 - whatever a command returns
        """Call the command."""
        try:
            return super().invoke(context)
        except click.ClickException as problem:
            vars(problem)["message"] = inert(problem.message)
            raise


@click.group(cls=_Harmless, invoke_without_command=True)
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


@main.command()
@click.argument("parts", metavar="PART...", nargs=-1, required=True, type=_EXISTING)
@_ACCEPT
@_NO_HUB
@_DATA
@_LOG_ATTEMPT
@_STRICT
@_REPORT
@_VERBOSE
def join(parts: tuple[Path, ...], data: Path, **given: Any) -> None:  # noqa: ANN401 - as above
    """Refresh the data folder from others, into which `fetch --gateway` fetched elsewhere.

    All have to begin as the same data folder. Of a gateway that no PART tried the last listings are served.
    """
    _run({**given, "data": data, "output": ROOT / "output"}, publish=False, parts=parts)


def _run(given: dict[str, Any], *, publish: bool, parts: tuple[Path, ...] = ()) -> None:
    _hush()
    strict, report_file, verbose = given.pop("strict"), given.pop("report_file"), given.pop("verbose")
    settings = Settings(**given)
    _check_apart(settings)
    with _excuses():
        with Screen([*NAMES, huggingface.SOURCE.id], verbose=verbose) as screen:
            run = Run(settings, _world(settings, screen))
            refresh = partial(run.join, map(Store, parts)) if parts else run.refresh
            done = _done(run, settings, refresh, publish=publish)
        _tell(screen, run, done, settings)
        if report_file:
            told = report.as_json(run.memories, run.outcomes, done, run.night)
            text = orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()
            report_file.write_text(inert_json(text), encoding="utf-8")
    if strict and report.degraded(run.memories):
        sys.exit(3)


def _hush() -> None:
    """Keep retries off the screen, which tells what matters."""
    logging.getLogger("stamina").addHandler(logging.NullHandler())


def _check_apart(settings: Settings) -> None:
    """The output folder loses every file that is not produced: the state must not lie in it."""
    data, output = settings.data.resolve(), settings.output.resolve()
    if data.is_relative_to(output) or output.is_relative_to(data):
        raise click.UsageError(f"--data and --output must lie apart: {data}, {output}")


def _done(run: Run, settings: Settings, refresh: Callable[[], None], *, publish: bool) -> Report | None:
    """Do the work under locks; whatever stops it, what was not decided leaves no trace."""
    with ExitStack() as held:
        for folder in (settings.data, settings.output) if publish else (settings.data,):
            held.enter_context(locked(folder))
            held.callback(journal.recover, folder)
        held.callback(run.store.discard)
        refresh()
        done = run.publish() if publish else None
        run.store.commit()
    return done


def _tell(screen: Screen, run: Run, done: Report | None, settings: Settings) -> None:
    screen.table(report.table(run.memories, run.outcomes))
    if done and done.totals:
        screen.say(report.sizes(done.totals, done))
    for line in report.hub(run.night):
        screen.say(line)
    for line in report.worth_a_look(run.memories, () if settings.offline else run.unseen()):
        screen.say(f"worth a look: {line}")
    for line in [*filter(None, [run.clock]), *report.warnings(run.memories, offline=settings.offline)]:
        screen.say(f"! {line}")


def _world(settings: Settings, screen: Screen) -> World:
    environ = {**_file_variables(), **os.environ}

    def network(gateway: Gateway) -> Fetcher:
        return Fetcher(
            gateway=gateway,
            environ=environ,
            agent=AGENT,
            limits=LIMITS.get(gateway.id, Patience()),
            concurrency=settings.concurrency or MANY_REQUESTS.get(gateway.id, FEW_REQUESTS),
            on_request=partial(screen.asked, gateway.id),
        )

    return World(
        adapters=ADAPTERS,
        network=network,
        patience=Patience().gateway + 30,
        accounts=_accounts(environ),
        now=_now(environ),
        code=_code_digest(),
        commit=_commit(environ),
        watcher=screen,
        site=_site(),
        limits=_limits(settings),
        hub=None if settings.no_huggingface else _hub(network, environ),
    )


def _hub(network: Callable[[Gateway], Fetcher], environ: Mapping[str, str]) -> Hub:
    """The Hugging Face Hub, which allows more to those who say who they are."""
    token = environ.get(huggingface.SOURCE.bases[0].key_variable or "", "").strip()
    budget = huggingface.BUDGET_WITH_TOKEN if token else huggingface.BUDGET
    return Hub(lambda: network(huggingface.SOURCE), partial(huggingface.ask, budget=budget))


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
    return {name: hashlib.sha256(os.fsencode(key)).hexdigest()[:12] for name, key in keys.items()}


def _site_files() -> dict[str, Path]:
    """Return what of the tree does not come from a gateway, and the client that its pages use."""
    named = {path.relative_to(SITE).as_posix(): path for path in SITE.rglob("*") if path.is_file()}
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
@click.option("--live", is_flag=True, help="Ask its gateways now, and compare prices; nothing is kept.")
@click.option("--no-huggingface", is_flag=True, help="The form without Hugging Face metrics.")
@_OUTPUT
@_DATA
def show(
    model_id: str, gateway: str | None, live: bool, no_huggingface: bool, output: Path, data: Path
) -> None:
    """Print one record as it would be served."""
    try:
        paths.escape(model_id)
    except ValueError as problem:
        raise click.UsageError(str(problem)) from problem
    with _excuses():
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


@main.command()
@_OUTPUT
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one."
)
def serve(output: Path, host: str, port: int) -> None:
    """Serve a built tree with every request of the old endpoint, for looking at it."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with _excuses():
        tree = opened(output)
        with listening(host, port) as entrance:
            name = f"[{host}]" if ":" in host else host
            click.echo(f"serving {output} at http://{name}:{entrance.getsockname()[1]}/catalog/model/")
            with suppress(KeyboardInterrupt):  # the usual way to end it
                server(tree).run([entrance])


def _compare_with_today(record: bytes, settings: Settings) -> None:
    with _excuses(), TemporaryDirectory() as scratch, Screen(NAMES, verbose=False) as screen:
        world = _world(settings, screen)
        told = Record.model_validate_json(record)
        found, reasons = quotes(told, world, settings.data, Path(scratch))
    screen.table([quote.row() for quote in found], LIVE_COLUMNS)
    for reason in reasons:
        screen.say(f"! {reason}")


@main.command()
@_OUTPUT
def mcp(output: Path) -> None:
    """Serve a built tree to assistants over MCP, on standard input and output."""
    with _excuses():
        assistant.serve(assistant.Assistant(output))


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


@main.command(name="diff")
@click.argument("old")
@click.argument("new")
@click.option("--format", "form", type=click.Choice(["markdown", "json", "line"]), default="markdown")
@_DATA
def compare(old: str, new: str, form: str, data: Path) -> None:
    """Tell what changed between two built trees, two data folders or two git revisions."""
    with _excuses():
        both = sides(old, new, data)
        keys = LateKeys(lambda: kept(*both), Store(data).facts.identity)
        found = changes(*both, stamp(_now(os.environ)), keys)
    told = changelog.FORMS[form](found)
    click.echo(inert_json(told) if form == "json" else inert(told), nl=False)


@main.command()
@click.argument("folder", type=_EXISTING)
@click.option("--gateway", "gateways", type=_NAME, multiple=True, help="Only this one; repeatable.")
@_ACCEPT
@_DATA
def replay(folder: Path, gateways: tuple[str, ...], accept: tuple[str, ...], data: Path) -> None:
    """Run a folder of dated captures, <gateway>/<request>/<YYYY-MM-DD>.json, as if each day was a night."""
    settings = Settings(output=data, data=data, gateways=gateways, accept=accept)
    with _excuses(), locked(data), Screen(NAMES, verbose=False) as screen:
        for day, name, outcome in replays.replay(folder, settings, _world(settings, screen)):
            screen.say(f"{day} {name}: {report.told(outcome)}")


@main.command()
@click.argument("model_id", metavar="ID")
@_DATA
def history(model_id: str, data: Path) -> None:
    """Print what is logged of a model: a table, and its price as a line."""
    with _excuses():
        found = changelog.history_of(model_id, Store(data).changes())
    if found is None:
        raise click.ClickException(f"no change of {model_id} is logged in {data}")
    click.echo(changelog.history_text(found), nl=False)


@main.command(name="watch")
@click.argument("file", type=click.File(encoding="utf-8", errors="replace"))
@click.option("--since", default="", callback=_checked_day, help="Look at changes from this day on.")
@_DATA
def look_out(file: TextIO, since: str, data: Path) -> None:
    """Tell which models that FILE names are gone, renamed, ending or dearer; exit 3 if any is."""
    with _excuses():
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


@main.command()
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--against", metavar="URL", default="", callback=_checked_url, help="Look at the tree deployed there."
)
@click.option(
    "--sample",
    type=click.IntRange(0),
    default=deployed.SAMPLE,
    show_default=True,
    help="Files drawn by chance, beside the manifest, every list and ids of every special kind; 0: all.",
)
@click.option("--all", "whole", is_flag=True, help="Every file, as --sample 0.")
@click.option("--wait", callback=_checked_age, help="Look again until all is well, at most so long: 15m.")
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
    _hush()
    limit = duration(wait) if wait else timedelta()
    with _excuses():
        if folder and read_manifest(folder) is None:
            raise StopBuildError(f"{folder} holds no built tree to compare with")
        looks = partial(_looks, against, folder, 0 if whole else sample, concurrency)
        _check_deployed(against, looks, limit.total_seconds())


@main.command()
@click.argument("destination", metavar="DEST")
@_OUTPUT
@click.option("--dry-run", is_flag=True, help="Print what would be uploaded and deleted.")
@click.option("--force", is_flag=True, help="Replace a newer tree, or write among files of others.")
@click.option("--all", "everything", is_flag=True, help="Upload every file, whatever is there.")
@click.option("--take-over", is_flag=True, help="Do not wait for the lock of a publisher that was stopped.")
@click.option("--no-lock", is_flag=True, help="For a store that cannot write on condition: lock nothing.")
@click.option(
    "--grace",
    callback=_checked_age,
    default="7d",
    show_default=True,
    help="Delete what is gone so much later.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 256), default=16, show_default=True, help="Requests at once."
)
def publish(destination: str, output: Path, dry_run: bool, grace: str, **how: Any) -> None:  # noqa: ANN401 - as above
    """Upload what changed to DEST: a folder, or s3://, gs:// or az:// with a bucket and a prefix.

    Keys and the endpoint come from the environment or .env, by the names that these services use.
    """
    for name, value in _file_variables().items():
        os.environ.setdefault(name, value)
    options = Options(now=_now(os.environ), grace=duration(grace), **how)
    _check_elsewhere(output, destination)
    with _excuses(), locked(output), Screen((), verbose=False) as screen:
        journal.recover(output)
        there = opened_destination(destination, make_folder=not dry_run)
        publication = Publication(Tree(output), there, options, screen)
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


def _check_built(folder: Path) -> None:
    with _excuses(), locked(folder):
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
        return list(deployed.Inspection(host.visit, _now(os.environ), built, sample).looks())


def _check_deployed(url: str, looks: Callable[[], list[deployed.Looked]], patience: float) -> None:
    """Look until all is well or patience ends, and tell what was seen last."""
    ends = time.monotonic() + patience
    while True:
        looked = looks()
        faults = [fault for each in looked for fault in each.faults]
        left = ends - time.monotonic()
        if not faults or left <= 0:
            break
        shown = harmless(faults[0], LONGEST_FAULT)
        click.echo(f"not yet: {shown} (problems: {len(faults)}, seconds left: {left:.0f})")
        time.sleep(min(left, LOOK_AGAIN))
    click.echo(changelog.columns(deployed.tally(looked)), nl=False)
    for fault in faults[:MANY_FAULTS]:
        click.echo(f"! {harmless(fault, LONGEST_FAULT)}")
    if len(faults) > MANY_FAULTS:
        click.echo(f"! and {len(faults) - MANY_FAULTS} more")
    click.echo(f"{url}: {len(looked)} files checked, {len(faults)} problems")
    if faults:
        sys.exit(1)


if __name__ == "__main__":
    main()
