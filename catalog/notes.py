"""What a publisher notes at the destination: deletions that wait, and what an unfinished upload has touched.

Pure: documents to values and back. All of it lies in `.publish/`, which is no part of the tree.

A batch is noted before its first file is sent. So an upload that ended too early leaves files of which is
known what they are, and one batch, the last, of which each file is either as it was or as it was to become.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from catalog.artifact import compact, document
from catalog.days import moment, stamp
from catalog.errors import StopBuildError
from catalog.headers import policy

FOLDER = ".publish/"
STATE = f"{FOLDER}state.json"
LOCK = f"{FOLDER}lock.json"
LOG = f"{FOLDER}log/"
NOTHING = "nothing"
"""Stands for the digest of a manifest where none is."""
HEADERS = sha256(repr(policy()).encode()).hexdigest()
"""Stands for the types and ages that files get; files that got other ones are sent again."""


class State(BaseModel):
    """`state.json`: which files readers may still need although no manifest names them."""

    model_config = ConfigDict(frozen=True)

    headers: str | None = None
    """The headers that the files there have."""
    base: str = NOTHING
    """The digest of the manifest that was there when this was written."""
    at: str | None = None
    """When `dropped` left the tree, if the manifest has changed since."""
    dropped: tuple[str, ...] = ()
    """Files that leave the tree with the next manifest."""
    waiting: dict[str, str] = {}
    """File → when it left the tree."""

    def seen_from(self, manifest: str) -> State:
        """Return the state as it is now that a manifest of this digest is there."""
        if self.base == manifest or self.at is None:
            return self
        return self.finished(self.headers)

    def begun(self, base: str, now: datetime, dropped: Iterable[str], kept: Iterable[str]) -> State:
        """Return the state for a publication: `dropped` leave the tree, `kept` are in it."""
        back = set(kept)
        leaving = {*self.dropped, *dropped} - back
        waiting = {path: since for path, since in self.waiting.items() if path not in back | leaving}
        if not leaving:
            return State(headers=self.headers, waiting=waiting)
        dropped = tuple(sorted(leaving))
        return State(headers=self.headers, base=base, at=stamp(now), dropped=dropped, waiting=waiting)

    def finished(self, headers: str | None) -> State:
        """Return the state after the manifest was replaced: what was dropped waits from then on."""
        since = {path: self.at for path in self.dropped if self.at}
        return State(headers=headers, waiting={**self.waiting, **since})

    def due(self, now: datetime, grace: timedelta) -> list[str]:
        """Return the files that no reader needs any longer."""
        return sorted(path for path, since in self.waiting.items() if moment(since) + grace <= now)

    def without(self, paths: Iterable[str]) -> State:
        """Return the state after some files were deleted."""
        gone = set(paths)
        left = {path: since for path, since in self.waiting.items() if path not in gone}
        return self.model_copy(update={"waiting": left})

    def body(self) -> bytes:
        """Write the document."""
        return document(self.model_dump())


class Batch(BaseModel):
    """One file of the log: what a batch of uploads makes of files, null where that is not known."""

    headers: str
    files: dict[str, str | None]


Touched = dict[str, str | None]
"""File → its digest, None where it is not known."""
_BATCH = TypeAdapter(Batch)


def read_state(body: bytes | None) -> State:
    """Read `state.json`, which need not be there."""
    try:
        return State.model_validate_json(body) if body else State()
    except ValidationError as problem:
        raise StopBuildError(f"{STATE} at the destination cannot be read: delete it to go on") from problem


def log_name(base: str, number: int) -> str:
    """Return the name of one batch of a publication that replaces the manifest `base`."""
    return f"{LOG}{base[:16]}-{number:08}.json"


def of_base(names: Iterable[str], base: str) -> list[str]:
    """Return the batches that were sent on top of one manifest, in their order."""
    return sorted(name for name in names if name.startswith(f"{LOG}{base[:16]}-"))


def number_of(name: str) -> int:
    """Return the number of a batch."""
    return int(name.rpartition("-")[2].removesuffix(".json"))


def batch_body(files: Mapping[str, str | None]) -> bytes:
    """Write one file of the log."""
    return compact({"headers": HEADERS, "files": dict(files)})


def touched(bodies: Iterable[bytes | None]) -> Touched:
    """Return what is known of the files in a log: the last batch may have been interrupted."""
    found: Touched = {}
    last: Iterable[str] = ()
    for body in bodies:
        batch = _batch(body)
        known = batch.headers == HEADERS
        found.update(batch.files if known else dict.fromkeys(batch.files))
        last = batch.files
    return {**found, **dict.fromkeys(last)}


def _batch(body: bytes | None) -> Batch:
    try:
        return _BATCH.validate_json(body or b"")
    except ValidationError as problem:
        raise StopBuildError(
            f"{LOG} at the destination cannot be read: publish with --all to send everything again"
        ) from problem
