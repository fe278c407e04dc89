"""EDGE All gateways at once: one thread each, bodies kept on disk, one gateway's trouble its own.

Threads are daemons, so that a look-up that hangs in the operating system keeps nothing waiting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import sha256
from time import monotonic

from catalog import paths
from catalog.errors import SetVariableError, StopBuildError, UseSnapshotError
from catalog.ports import Adapter, Get, Payload, Spool
from catalog.schema.documents import State


@dataclass
class Answer:
    """What one gateway answered, or why it did not."""

    spool: Spool
    """The bodies."""
    places: list[tuple[str, str]] = field(default_factory=list)
    """Base and path of each body, in order."""
    state: State = "stale"
    """What the gateway becomes: fresh when the answer is complete."""
    reason: str | None = "no complete answer in time"
    """Why it is not."""
    seconds: float = 0.0
    """How long it took."""

    stop: StopBuildError | None = None
    """Trouble of our own that concerns every gateway."""
    digest: str = ""
    """The digest of everything that was asked and answered, in order."""

    def add(self, payload: Payload) -> None:
        """Keep one payload; raises StopBuildError when the disk does not take it."""
        try:
            self.spool.add(f"{len(self.places):06d}", payload.body)
        except OSError as problem:
            raise StopBuildError(f"an answer cannot be kept: {problem.strerror}") from problem
        self.places.append((payload.base, payload.path))
        named = f"{self.digest} {payload.base} {payload.path} "
        self.digest = sha256(named.encode() + sha256(payload.body).digest()).hexdigest()

    def payloads(self) -> Iterator[Payload]:
        """Yield the payloads in their order, one in memory at a time."""
        for (base, path), (_, body) in zip(self.places, self.spool.items(), strict=True):
            yield Payload(path=path, body=body, base=base)


@dataclass(frozen=True)
class Job:
    """One gateway to be fetched."""

    adapter: Adapter
    network: Callable[[], AbstractContextManager[Get]]
    static: Iterable[Payload]
    answer: Answer


def gather(jobs: Mapping[str, Job], patience: float, done: Callable[[str, Answer], None]) -> None:
    """Run every job and return when all are done, or after `patience` seconds.

    An answer that is not complete by then stays as it is: stale, for want of time. Raises StopBuildError
    when an answer could not be kept for a reason that is not its gateway's.
    """
    end = monotonic() + patience
    threads = {
        name: threading.Thread(target=_collect, args=(job,), daemon=True) for name, job in jobs.items()
    }
    for thread in threads.values():
        thread.start()
    for name, thread in threads.items():
        thread.join(max(0.0, end - monotonic()))
        answer = jobs[name].answer
        answer.seconds = answer.seconds or patience  # still at it
        if answer.stop:
            raise answer.stop
        done(name, answer)


def _collect(job: Job) -> None:
    started = monotonic()
    answer = job.answer
    try:
        with job.network() as get:
            for payload in job.adapter.fetch(get):
                answer.add(payload)
        for payload in job.static:
            answer.add(payload)
        answer.state, answer.reason = "fresh", None
    except SetVariableError as problem:  # words of ours alone
        answer.state, answer.reason = "unconfigured", str(problem)
    except UseSnapshotError as problem:
        answer.reason = paths.printable(problem.reason)
    except StopBuildError as problem:
        answer.stop = problem
    except Exception as problem:  # noqa: BLE001 - a bug in one adapter must not cost the other gateways
        answer.reason = failed(problem)
    answer.seconds = monotonic() - started


def failed(problem: Exception) -> str:
    """Say that an adapter did what it never should."""
    return paths.printable(f"the adapter failed: {type(problem).__name__}: {problem}")
