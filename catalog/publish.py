"""EDGE One publication: what differs at the destination goes there, in an order that readers bear.

Records go before the lists that name them, the parts of the manifest before the manifest, deletions last
and after a grace period. Nothing is held in memory but what changed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Protocol, TypeVar

from catalog import notes
from catalog.differences import Change, File, There, Tree, differences, loaded, read_log, unlisted
from catalog.errors import StopBuildError
from catalog.lease import Lease, held
from catalog.manifest import MANIFEST
from catalog.notes import State
from catalog.upload import Destination

BATCH = 500
"""Files that are noted in the log before the first of them is sent."""
BEAT = 15
"""Seconds after which the lock is looked at while a batch is sent."""
_FIRST = re.compile(r"assets/|schema/|model/|catalog/history/|catalog/(?:plain/)?(?:gateway/[^/]+/)?model/")
"""Files that lists and indexes name, and that name none of these."""
T = TypeVar("T")


class Watcher(Protocol):
    """Hears how it goes on."""

    def say(self, line: str) -> None:
        """Hear one line."""

    def sent(self, what: str, files: int, compared: int) -> None:
        """Hear how many files of a kind were sent, and how many of the 256 shards were compared."""


@dataclass(frozen=True)
class Options:
    """How to publish."""

    now: datetime
    grace: timedelta = timedelta(days=7)
    """How long a file stays that is no longer in the tree."""
    concurrency: int = 16
    """Requests at once."""
    force: bool = False
    """Put an older tree over a newer one, or a tree among files of others."""
    everything: bool = False
    """Send every file, whatever the destination has."""
    take_over: bool = False
    """Do not wait for the lock of another publisher."""
    no_lock: bool = False
    """Lock nothing and write on no condition."""


@dataclass
class Told:
    """What a publication did, or would do."""

    files: int = 0
    bytes: int = 0
    deleted: int = 0
    waiting: int = 0
    """Files that are no longer in the tree, and not yet deleted."""


class Publication:
    """A tree on its way to a destination."""

    def __init__(self, tree: Tree, destination: Destination, options: Options, watcher: Watcher) -> None:
        self._tree = tree
        self._destination = destination
        self._options = options
        self._watcher = watcher
        self.told = Told()

    def run(self) -> Told:
        """Publish; a destination that has all of it already gets no more than a few questions."""
        if self._is_done(self._loaded()):
            return self.told
        options = self._options
        with held(self._destination, take_over=options.take_over, without=options.no_lock) as lease:
            there = self._loaded()
            with ExitStack() as stack:
                pool = stack.enter_context(ThreadPoolExecutor(options.concurrency))
                stack.callback(pool.shutdown, cancel_futures=True)
                read_log(there, pool)
                _Sending(self._tree, there, options, self._watcher, lease, pool, self.told).all()
        return self.told

    def rehearse(self) -> Iterator[str]:
        """Yield what would be done, and do nothing."""
        there = self._loaded()
        dropped: list[str] = []
        with ThreadPoolExecutor(self._options.concurrency) as pool:
            read_log(there, pool)
            for change in differences(self._tree, there, pool, everything=self._options.everything):
                dropped += change.dropped
                yield from self._would_send([*change.files, *change.parts])
        yield from self._would_send(unlisted(self._tree, there, everything=self._options.everything))
        state = self._state(there, dropped)
        if there.digest != self._tree.digest:
            self.told.files += 1
            yield f"upload {MANIFEST}"
        yield from (f"drop {path}, delete it after {self._options.grace}" for path in state.dropped)
        due = state.due(self._options.now, self._options.grace)
        yield from (f"delete {path}" for path in due)
        self.told.deleted, self.told.waiting = len(due), len(state.waiting) + len(state.dropped) - len(due)

    def _would_send(self, files: list[File]) -> Iterator[str]:
        self.told.files += len(files)
        return (f"upload {file.path}" for file in files)

    def _loaded(self) -> There:
        there = loaded(self._destination)
        self._check(there)
        return there

    def _check(self, there: There) -> None:
        """Refuse what cannot be wanted."""
        if self._options.force:
            return
        name = self._destination.name
        if there.manifest and there.manifest.serial > self._tree.manifest.serial:
            raise StopBuildError(
                f"{name} holds a newer tree, serial {there.manifest.serial} of "
                f"{there.manifest.generated_at}; this one is {self._tree.manifest.serial} of "
                f"{self._tree.manifest.generated_at}. --force puts it there nevertheless"
            )
        if there.manifest is None and not there.log:
            foreign = next((path for path in self._destination.paths() if not path.startswith(".")), None)
            if foreign:
                raise StopBuildError(
                    f"{name} holds {foreign!r} and no published tree: name an empty prefix; "
                    "--force puts the tree among what is there"
                )

    def _is_done(self, there: There) -> bool:
        options = self._options
        self.told.waiting = len(there.state.waiting)
        return (
            there.digest == self._tree.digest
            and not (there.log or there.old_log or options.everything)
            and there.state.headers == notes.HEADERS
            and not there.state.dropped
            and not there.state.due(options.now, options.grace)
        )

    def _state(self, there: There, dropped: Iterable[str]) -> State:
        return _state(self._tree, there, self._options.now, dropped)


def _state(tree: Tree, there: There, now: datetime, dropped: Iterable[str]) -> State:
    known = [*there.state.waiting, *there.state.dropped]
    state = there.state.begun(there.digest, now, dropped, filter(tree.has, known))
    return state if there.manifest else state.model_copy(update={"headers": notes.HEADERS})


@dataclass
class _Sending:
    """One publication under its lock."""

    tree: Tree
    there: There
    options: Options
    watcher: Watcher
    lease: Lease
    pool: ThreadPoolExecutor
    told: Told
    later: list[File] = field(default_factory=list)
    """Lists and indexes, for when every record is there."""
    shards: list[File] = field(default_factory=list)
    """Changed shards of the manifest."""
    dropped: list[str] = field(default_factory=list)
    number: int = 0
    """Of the next batch."""
    compared: int = 0
    """Shards that were compared."""

    def all(self) -> None:
        """Do every step in its order."""
        log = self.there.log
        self.number = notes.number_of(log[-1]) + 1 if log else 0
        self._note_unknown()
        self._send("records", self._records())
        self._send(
            "lists", [*self.later, *unlisted(self.tree, self.there, everything=self.options.everything)]
        )
        state = _state(self.tree, self.there, self.options.now, self.dropped)
        self._keep(state, self.there.written)
        inner_first = sorted(self.shards, key=lambda file: (-len(file.path), file.path))
        self._send("shards of the manifest", inner_first)
        self._manifest()
        self._clear_log()
        self._delete(state)

    def _note_unknown(self) -> None:
        """Note again what an interrupted batch left uncertain, which a batch after it would make forget."""
        unknown = sorted(path for path, digest in self.there.touched.items() if digest is None)
        if unknown:
            for path in unknown:
                self.there.destination.sweep(path)
            self._note(dict.fromkeys(unknown))

    def _note(self, files: dict[str, str | None]) -> None:
        name = notes.log_name(self.there.digest, self.number)
        self.there.destination.put(name, notes.batch_body(files))
        self.there.log.append(name)
        self.number += 1

    def _records(self) -> Iterator[File]:
        """Yield changed records shard by shard, and put everything else aside."""
        found = differences(self.tree, self.there, self.pool, everything=self.options.everything)
        for change in found:
            self.lease.keep()
            self.compared += 1
            self.dropped += change.dropped
            self.shards += change.parts
            for path in change.damaged:
                self.watcher.say(f"{path} there is not what its manifest says: sending its files again")
            yield from self._records_of(change)

    def _records_of(self, change: Change) -> Iterator[File]:
        for file in change.files:
            if _FIRST.match(file.path):
                yield file
            else:
                self.later.append(file)

    def _send(self, what: str, files: Iterable[File]) -> None:
        before, size = self.told.files, self.told.bytes
        for batch in _batches(files, BATCH):
            self._note({file.path: file.digest for file in batch})
            self._upload(batch)
            self.watcher.sent(what, self.told.files - before, self.compared)
        if self.told.files > before:
            megabytes = (self.told.bytes - size) / 1e6
            self.watcher.say(f"{what}: {self.told.files - before:,} files, {megabytes:,.1f} MB")

    def _upload(self, batch: list[File]) -> None:
        waited = {self.pool.submit(self._put, file) for file in batch}
        try:
            while waited:
                done, waited = wait(waited, timeout=BEAT, return_when=FIRST_EXCEPTION)
                self.lease.keep()
                self.told.bytes += sum(each.result() for each in done)
                self.told.files += len(done)
        finally:
            for each in waited:
                each.cancel()

    def _put(self, file: File) -> int:
        """Send one file; returns its size."""
        self.lease.check()
        content = self.tree.content(file)
        self.there.destination.put(file.path, content)
        return len(content) if isinstance(content, bytes) else file.size

    def _keep(self, state: State, written: bytes | None) -> None:
        """Write the list of waiting deletions, if it is another one."""
        body = state.body()
        if body != written:
            self.there.destination.put(notes.STATE, body)
            self.there.written = body

    def _manifest(self) -> None:
        """Make the tree the published one, unless another publisher has published since."""
        again = self.there.again(everything=self.options.everything)
        if self.there.digest == self.tree.digest and not again:
            return
        self.lease.keep()
        body, name = self.tree.body, self.there.destination
        if self.options.no_lock or name.folder is not None:
            self.there.destination.put(MANIFEST, body)
        elif self.there.destination.put_if(MANIFEST, body, self.there.tag) is None:
            raise StopBuildError(f"{name.name}: another manifest appeared in the meantime; publish again")
        self.told.files += 1
        self.told.bytes += len(body)
        self.watcher.say(f"manifest: serial {self.tree.manifest.serial}")

    def _clear_log(self) -> None:
        """Delete the log, which a new manifest has made void.

        Under the same manifest it is not void: there the oldest batch has to go first.
        """
        if self.there.digest == self.tree.digest:
            for name in self.there.log:
                self.there.destination.delete([name])
        elif self.there.log:
            self.there.destination.delete(self.there.log)
        if self.there.old_log:
            self.there.destination.delete(self.there.old_log)

    def _delete(self, state: State) -> None:
        """Delete what no reader needs any longer, and note that it is gone."""
        after = state.finished(notes.HEADERS)
        due = after.due(self.options.now, self.options.grace)
        for batch in _batches(due, BATCH):
            self.lease.keep()
            self.there.destination.delete(batch)
        if due:
            self.watcher.say(f"deletions: {len(due):,} files")
        after = after.without(due)
        self._keep(after, self.there.written)
        self.told.deleted, self.told.waiting = len(due), len(after.waiting)


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
