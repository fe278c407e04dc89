"""Builds in processes of their own: killed, crowded, short of disk, and without anybody who answers."""

from __future__ import annotations

import os
import random
import resource
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from catalog.report import COLUMNS
from tests.site import HOUR_LATER, MANIFEST, Site, base_variables
from tests.toys import contents

LATER = {"SOURCE_DATE_EPOCH": HOUR_LATER}
"""An hour after the first build."""
MONTHS_LATER = {"SOURCE_DATE_EPOCH": "1800412800"}
"""When everything that was said of Hugging Face is old."""
UNMEASURED = {"COVERAGE_PROCESS_CONFIG": "", "PYTHONDONTWRITEBYTECODE": "1"}
"""A build that writes nothing but its own files."""


def test_what_a_pipe_gets(site: Site) -> None:
    """Plain lines, one for each gateway when it is done, then the table and the sizes."""
    done = site.run()
    lines = done.output.splitlines()
    assert (done.code, done.errors) == (0, "")
    assert sorted(line.split(":")[0] for line in lines[:5]) == [
        "chutes", "deepinfra", "featherless", "openrouter", "portkey",
    ]  # fmt: skip
    assert tuple(lines[5].split()) == COLUMNS
    assert [line.split()[0] for line in lines[6:11]] == [
        "openrouter", "portkey", "featherless", "deepinfra", "chutes",
    ]  # fmt: skip
    assert " entries (" in lines[11]
    assert not set(done.output) - set(map(chr, range(32, 127))) - {"\n"}


def test_no_room_for_a_large_file(built: Site) -> None:
    """The operating system refuses in the middle of a write: exit 1, one line, everything as it was."""
    before = contents(built.folder)
    limit = 20_000  # less than the index and the answers, more than any record

    def prepare() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    done = built.run(prepare=prepare, environ=UNMEASURED | LATER)
    assert (done.code, done.errors.count("\n"), "File too large" in done.errors) == (1, 1, True)
    assert contents(built.folder) == before
    assert not (built.output / ".next").exists()
    assert not (built.data / ".next").exists()


def test_two_builds_at_once(site: Site) -> None:
    """One of them publishes, the other one says why it does not."""
    processes = [site.start() for _ in range(2)]
    said = [process.communicate(timeout=120) for process in processes]
    assert sorted(process.returncode for process in processes) in ([0, 0], [0, 1])
    for process, (_, errors) in zip(processes, said, strict=True):
        assert errors == (
            "" if process.returncode == 0 else f"Error: another build is at work in {site.data}\n"
        )
    assert site.call("check", str(site.output)).exit_code == 0


@pytest.mark.slow
def test_kill_a_build_at_any_moment(built: Site) -> None:
    """Whenever it dies, the next command finds the old tree or the new one, and data/ that can be read."""
    chance = random.Random(7)
    started = time.monotonic()
    built.run()
    length = time.monotonic() - started
    trees = {name: tree_after(built, name) for name in ("https://a.test", "https://b.test")}
    ends = set()
    for number in range(60):
        wanted = list(trees)[number % 2]
        process = built.start("--base-url", wanted)
        time.sleep(chance.uniform(0.3, 1.1) * length)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert built.call("check", str(built.output)).exit_code == 0
        found = built.tree()
        assert found in trees.values()
        ends.add(found == trees[wanted])
    assert ends == {True, False}


def tree_after(site: Site, base_url: str) -> dict[str, bytes]:
    """Return the tree that a build with this address writes."""
    site.build("--base-url", base_url)
    return site.tree()


@contextmanager
def deaf() -> Iterator[str]:
    """Yield the address of a port at which connections are never accepted, as if packets were dropped."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        crowd = [socket.socket() for _ in range(4)]
        for one in crowd:  # fill the queue of the listener; whoever comes next gets no answer at all
            one.settimeout(0)
            one.connect_ex(listener.getsockname())
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        for one in crowd:
            one.close()


@pytest.mark.slow
def test_dropped_packets_cost_a_minute_at_most(built: Site) -> None:
    """Exit 0 within 60 s, everything stale and said so, the Hub given up after all gateways.

    The tree is what it was but for the states.
    """
    before = built.tree()
    with deaf() as address:
        bases = dict.fromkeys(base_variables(built.environ), address)
        started = time.monotonic()
        done = built.run(environ=bases | MONTHS_LATER)
        took = time.monotonic() - started
    assert (done.code, took < 60) == (0, True), (done, took)
    assert set(built.states().values()) == {"stale"}
    assert done.output.count("\n! ") == 6
    assert "\n! huggingface: given up: no " in done.output
    gateways = "catalog/gateways.json"
    assert {**built.tree(), gateways: b""} == {**before, gateways: b""}
    assert (built.output / MANIFEST).is_file()


def listening_to_ctrl_c() -> None:
    """Undo what a shell does to a command in the background, where it is deaf to Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def test_interrupted_by_hand(built: Site) -> None:
    """Ctrl-C leaves the old tree and nothing lying about."""
    before = contents(built.folder)
    with deaf() as address:
        process = built.start("-v", prepare=listening_to_ctrl_c, environ={"CHUTES_BASE_URL": address} | LATER)
        assert process.stdout is not None
        next(line for line in process.stdout if line.startswith("openrouter: "))
        os.kill(process.pid, signal.SIGINT)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors.strip()) == (1, "Aborted!")
    assert contents(built.folder) == before
    assert not (built.output / ".next").exists()
    assert not (built.data / ".next").exists()
