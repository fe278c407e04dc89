"""Two nights of a small site: what the upstreams answer, where the state is kept, and builds in forks.

A fork has every module loaded already, so that nearly all of its time is the build's own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import click

import build
from catalog import journal
from tests.crash.dying import Changes
from tests.site import EPOCH, MANIFEST, serving_site
from tests.toys import contents

Environ = dict[str, str]
State = dict[str, bytes]
"""Path → content; of the manifest without what counts builds."""

FIRST = "first"
SECOND = "second"
NEXT_NIGHT = str(int(EPOCH) + 86_400)
LIST = "/models?output_modalities=all"


class Night(NamedTuple):
    """One night: how it is told where to ask, what it begins with and what it has to end with."""

    name: str
    environ: Environ
    before: Path
    after: Path
    changes: int
    """Changes of the file system that it makes."""
    decided: list[int]
    """How many were made when the journal of `data/` appeared and went, and that of `output/`."""
    seconds: float


def another_day(catalog: dict[str, dict[str, Any]]) -> None:
    """Let upstreams answer otherwise than the night before: a price, a removal, an addition, an end."""
    rows = catalog["OPENROUTER_BASE_URL"][LIST]["data"]
    rows[0]["pricing"]["prompt"] = "0.0000033"
    rows[1]["expiration_date"] = "2026-12-24"
    gone = rows.pop()
    rows.append({**gone, "id": "acme/brand-new", "canonical_slug": "acme/brand-new", "name": "Brand New"})
    catalog["DEEPINFRA_BASE_URL"].update(_cheaper(catalog["DEEPINFRA_BASE_URL"]))


def _cheaper(answers: dict[str, Any]) -> dict[str, Any]:
    """Let DeepInfra describe every model in other words."""
    return {
        path: [{**row, "description": "Told anew."} for row in answer]
        for path, answer in answers.items()
        if isinstance(answer, list)
    }


@contextmanager
def upstreams(folder: Path) -> Iterator[dict[str, Environ]]:
    """Serve both nights from a process of their own, so that this one has no threads when it forks."""
    reader, writer = os.pipe()
    server = os.fork()
    if server == 0:
        _serve(folder, writer)
    os.close(writer)
    try:
        with os.fdopen(reader, encoding="utf-8") as told:
            yield json.loads(told.readline())
    finally:
        os.kill(server, signal.SIGKILL)
        os.waitpid(server, 0)


def _serve(folder: Path, writer: int) -> None:
    """Tell both environments and answer until killed; never returns."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())  # a client that died is no news
    with serving_site(folder / FIRST) as first, serving_site(folder / SECOND) as second:
        another_day(second.catalog)
        told = {FIRST: first.environ, SECOND: {**second.environ, "SOURCE_DATE_EPOCH": NEXT_NIGHT}}
        os.write(writer, json.dumps(told).encode() + b"\n")
        os.close(writer)
        while True:
            signal.pause()


def forked(work: Callable[[], int], log: Path) -> int:
    """Do some work in a fork whose words go to a file; returns its process id."""
    child = os.fork()
    if child:
        return child
    with log.open("wb") as said:
        os.dup2(said.fileno(), sys.stdout.fileno())
        os.dup2(said.fileno(), sys.stderr.fileno())
    code = 70
    try:
        code = work()
    finally:
        sys.stdout.flush()
        os._exit(code)


def ended(child: int) -> int:
    """Wait for a process; returns its exit code, or the number of the signal that ended it, negative."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def command(environ: Environ, words: list[str]) -> int:
    """Call `build.py` in this process and return its exit code."""
    os.environ.update(environ)
    _without_sync()
    try:
        build.main(words, standalone_mode=False)
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _without_sync() -> None:
    """Leave out what guards against a power cut: a killed process loses nothing that it wrote."""
    for name in ("_sync", "_sync_folder"):
        setattr(journal, name, lambda _: None)


def building(folder: Path, environ: Environ) -> int:
    """Build a site in this process and return the exit code."""
    return command(environ, ["--data", str(folder / "data"), "--output", str(folder / "output")])


def copied(template: Path, folder: Path) -> Path:
    """Copy a site, whole or empty, to where a build may change it."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["cp", "-a", template, folder], check=True)  # with links as links
    return folder


def state(folder: Path) -> State:
    """Read a data or output folder, a stage included; serials count builds and are left out."""
    found = contents(folder)
    if MANIFEST in found:
        manifest = json.loads(found[MANIFEST])
        found[MANIFEST] = json.dumps({k: v for k, v in manifest.items() if k != "serial"}).encode()
    return found


@contextmanager
def nights() -> Iterator[tuple[Path, list[Night]]]:
    """Yield a scratch folder and both nights, each made once without any trouble."""
    with TemporaryDirectory(prefix="gatelog-crash-", dir=_memory()) as scratch:
        folder = Path(scratch)
        with upstreams(folder) as environs:
            found: list[Night] = []
            for name, environ in environs.items():
                before = folder / FIRST if not found else found[-1].after
                (before / "output").mkdir(exist_ok=True)
                found.append(_undisturbed(name, environ, before, folder / f"after-{name}"))
            yield folder, found


def _memory() -> str | None:
    """Return a folder in memory where there is one: what a killed process wrote is as safe there."""
    wanted = "/dev/shm"  # noqa: S108 - a folder of our own in it
    return wanted if os.access(wanted, os.W_OK) else None


def _undisturbed(name: str, environ: Environ, before: Path, after: Path) -> Night:
    copied(before, after)
    counted = after.with_suffix(".count")

    def work() -> int:
        changes = Changes()
        code = building(after, environ)
        counted.write_text(json.dumps([changes.made, changes.decided]))
        return code

    started = time.monotonic()
    code = ended(forked(work, after.with_suffix(".log")))
    if code:
        raise AssertionError(after.with_suffix(".log").read_text())
    made, decided = json.loads(counted.read_text())
    return Night(name, environ, before, after, made, decided, time.monotonic() - started)
