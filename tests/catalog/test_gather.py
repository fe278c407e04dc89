"""All gateways at once: each answers, fails or hangs for itself."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

from catalog.errors import SetVariableError, StopBuildError, UseSnapshotError
from catalog.gather import Answer, Job, gather
from catalog.ports import Get, Payload
from catalog.spool import DiskSpool
from tests.toys import Silence, Toy, toy


@pytest.fixture
def job(tmp_path: Path) -> Iterator[Callable[..., Job]]:
    """Return a function that makes the job of a toy gateway."""
    spools: list[DiskSpool] = []

    def make(adapter: Toy, *static: Payload) -> Job:
        spools.append(DiskSpool(tmp_path / str(len(spools))))
        return Job(adapter, lambda: nullcontext(Silence()), static, Answer(spools[-1]))

    yield make
    for spool in spools:
        spool.close()


def raising(problem: BaseException) -> Callable[[], object]:
    """Return something that goes wrong."""

    def fail() -> None:
        raise problem

    return fail


def gathered(jobs: dict[str, Job], patience: float = 10.0) -> dict[str, Answer]:
    """Run jobs; the answers as they were when they were told, in that order."""
    told: dict[str, Answer] = {}
    gather(jobs, patience, lambda name, answer: told.update({name: replace(answer)}))
    return told


def test_payloads_come_back_in_order(job: Callable[..., Job]) -> None:
    """The fetched ones, then the static ones, each with its base and path."""

    class Pages(Toy):
        def fetch(self, get: Get) -> Iterator[Payload]:
            yield from (Payload(f"/{number}", b"%d" % number, "BASE") for number in range(12))

    static = Payload("static.json", b"[]")
    answer = gathered({"pages": job(Pages(toy().GATEWAY), static)})["pages"]
    assert (answer.state, answer.reason) == ("fresh", None)
    assert list(answer.payloads()) == [*Pages(toy().GATEWAY).fetch(Silence()), static]
    assert list(answer.payloads()) == list(answer.payloads())


@pytest.mark.parametrize(
    ("problem", "state", "reason"),
    [
        pytest.param(UseSnapshotError("status 500"), "stale", "status 500", id="no usable answer"),
        pytest.param(SetVariableError("TOY_KEY"), "unconfigured", "set TOY_KEY", id="no key"),
        pytest.param(KeyError("x"), "stale", "the adapter failed: KeyError: 'x'", id="a bug"),
        pytest.param(
            OSError("a\nb\x1b[31m"),
            "stale",
            "the adapter failed: OSError: a?b?[31m",
            id="odd words",
        ),
    ],
)
def test_one_gateway_fails_for_itself(
    job: Callable[..., Job], problem: BaseException, state: str, reason: str
) -> None:
    """It says why, and its neighbours are fresh."""
    bad = toy()
    bad.trouble = raising(problem)
    told = gathered({"one": job(toy()), "bad": job(bad), "two": job(toy())})
    assert [told[name].state for name in ("one", "bad", "two")] == ["fresh", state, "fresh"]
    assert told["bad"].reason == reason


def test_a_gateway_that_fails_midway_is_not_fresh(job: Callable[..., Job]) -> None:
    """Half an answer is none."""

    class Half(Toy):
        def fetch(self, get: Get) -> Iterator[Payload]:
            yield Payload("/1", b"")
            raise UseSnapshotError("/2: status 500")

    answer = gathered({"half": job(Half(toy().GATEWAY))})["half"]
    assert (answer.state, answer.reason, len(answer.places)) == ("stale", "/2: status 500", 1)


def test_a_gateway_that_hangs_is_given_up(job: Callable[..., Job]) -> None:
    """The others are not kept waiting longer than agreed, and what it still says then goes nowhere."""
    never = threading.Event()
    slow = toy()
    slow.trouble = never.wait
    told = gathered({"slow": job(slow), "quick": job(toy())}, 0.05)
    never.set()
    assert {name: answer.state for name, answer in told.items()} == {"slow": "stale", "quick": "fresh"}
    assert told["slow"].reason == "no complete answer in time"


def test_all_gateways_are_asked_at_the_same_time(job: Callable[..., Job]) -> None:
    """Five that wait for one another all get their answer."""
    together = threading.Barrier(5, timeout=10)
    jobs = {}
    for number in range(5):
        one = toy()
        one.trouble = together.wait
        jobs[f"g{number}"] = job(one)
    assert [answer.state for answer in gathered(jobs).values()] == ["fresh"] * 5


def test_a_full_disk_is_no_gateways_trouble(job: Callable[..., Job], monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops the build: served snapshots would hide it."""
    full = raising(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))
    monkeypatch.setattr(DiskSpool, "add", lambda *_: full())
    with pytest.raises(StopBuildError, match="an answer cannot be kept: No space left on device"):
        gathered({"one": job(toy())})


def test_time_is_measured(job: Callable[..., Job]) -> None:
    """For the table at the end."""
    assert 0 < gathered({"one": job(toy())})["one"].seconds < 10


ONE = Payload("/models", b"{}", "X")


@pytest.mark.parametrize(
    "payloads",
    [
        pytest.param([], id="no payload"),
        pytest.param([ONE, ONE], id="twice"),
        pytest.param([Payload("/models", b"[]", "X")], id="body"),
        pytest.param([Payload("/model", b"{}", "X")], id="path"),
        pytest.param([Payload("/models", b"{}", "Y")], id="base"),
        pytest.param([Payload("/models", b"{", "X"), Payload("", b"}")], id="cut elsewhere"),
    ],
)
def test_the_digest_of_an_answer(payloads: list[Payload], tmp_path: Path) -> None:
    """It changes with every byte that was asked or served, and with nothing else."""

    def digest(*payloads: Payload) -> str:
        spool = DiskSpool(tmp_path / "x")
        answer = Answer(spool)
        for payload in payloads:
            answer.add(payload)
        spool.close()
        return answer.digest

    assert digest(*payloads) != digest(ONE) == digest(ONE)
