"""EDGE A built tree beside the tree at a destination: what differs, shard by shard of their manifests.

A shard of the destination is read only where its digest is another one, or where an unfinished upload has
touched what it names; so comparing costs in proportion to the change.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from catalog import notes
from catalog.artifact import SHARDS as DIGITS
from catalog.artifact import shard_of
from catalog.errors import StopBuildError
from catalog.manifest import MANIFEST, SHARDS, UNLISTED
from catalog.schema.documents import Manifest, ManifestShard
from catalog.upload import Destination

_AHEAD = 8
"""Shards that are asked for before they are needed."""
_LARGE = 8_000_000
"""Bytes above which a file is sent from the disk."""
_SHARD = TypeAdapter(ManifestShard)
T = TypeVar("T")
S = TypeVar("S")
Entries = Mapping[str, tuple[str, int]]


class File(NamedTuple):
    """One file of the built tree."""

    path: str
    digest: str
    size: int


class Change(NamedTuple):
    """What differs between two shards."""

    files: list[File]
    """New and changed files."""
    parts: list[File]
    """New and changed shards, and parts of them."""
    dropped: list[str]
    """Files that only the destination has."""
    damaged: list[str]
    """Shards of the destination that are not what its manifest says: their files count as changed."""


class Tree:
    """A built tree; raises StopBuildError where it is not what its manifest says."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            self.body = (root / MANIFEST).read_bytes()
            self.manifest = Manifest.model_validate_json(self.body)
        except (OSError, ValidationError) as problem:
            raise StopBuildError(f"{root} holds no built tree to publish") from problem
        self.digest = sha256(self.body).hexdigest()

    def has(self, path: str) -> bool:
        """Tell whether a file is in the tree."""
        return (self.root / path).is_file()

    def shard(self, path: str, digest: str) -> Entries:
        """Read one shard, or a part of one."""
        return _SHARD.validate_json(self._checked(path, digest))

    def unlisted(self) -> list[File]:
        """Return the files that no shard names."""
        bodies = {path: self._read(path) for path in UNLISTED}
        return [File(path, sha256(body).hexdigest(), len(body)) for path, body in bodies.items()]

    def content(self, file: File) -> bytes | Path:
        """Return what is sent: the bytes, or the place of a large file."""
        if file.size <= _LARGE:
            return self._checked(file.path, file.digest)
        with (self.root / file.path).open("rb") as opened:
            if file_digest(opened, "sha256").hexdigest() != file.digest:
                raise self._spoilt(file.path)
        return self.root / file.path

    def _checked(self, path: str, digest: str) -> bytes:
        body = self._read(path)
        if sha256(body).hexdigest() != digest:
            raise self._spoilt(path)
        return body

    def _read(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except OSError as problem:
            raise self._spoilt(path) from problem

    def _spoilt(self, path: str) -> StopBuildError:
        return StopBuildError(f"{self.root / path} is not what the manifest says: build the tree again")


@dataclass
class There:
    """What the destination has."""

    destination: Destination
    manifest: Manifest | None
    digest: str
    """Of its manifest."""
    tag: str | None
    """The version of its manifest."""
    state: notes.State
    written: bytes | None
    """The state as it is written there."""
    log: list[str]
    """The batches of uploads that no manifest has followed yet."""
    old_log: list[str]
    """Batches that a manifest has made void."""
    touched: notes.Touched = field(default_factory=dict)
    """What those uploads made of files."""

    def again(self, *, everything: bool) -> bool:
        """Tell whether every file counts as changed: it is wished, or files have other headers than now."""
        return everything or (self.manifest is not None and self.state.headers != notes.HEADERS)


def loaded(destination: Destination) -> There:
    """Ask a destination what it has; the log is read when it is needed."""
    held, state = destination.get(MANIFEST), destination.get(notes.STATE)
    digest = sha256(held.body).hexdigest() if held else notes.NOTHING
    batches = list(destination.paths(notes.LOG))
    log = notes.of_base(batches, digest)
    return There(
        destination=destination,
        manifest=_manifest(held.body, destination) if held else None,
        digest=digest,
        tag=held.tag if held else None,
        state=notes.read_state(state.body if state else None).seen_from(digest),
        written=state.body if state else None,
        log=log,
        old_log=sorted(set(batches) - set(log)),
    )


def _manifest(body: bytes, destination: Destination) -> Manifest:
    try:
        return Manifest.model_validate_json(body)
    except ValidationError as problem:
        raise StopBuildError(
            f"{destination.name}/{MANIFEST} cannot be read: delete it to send everything again"
        ) from problem


def read_log(there: There, pool: Executor) -> None:
    """Read what unfinished uploads have touched."""
    found = ahead(pool, there.destination.get, there.log)
    there.touched = notes.touched(held.body if held else None for held in found)


def differences(tree: Tree, there: There, pool: Executor, *, everything: bool = False) -> Iterator[Change]:
    """Yield the change of each of the 256 shards, those without any included."""
    again = there.again(everything=everything)
    touched = {_shard_of(path) for path in there.touched}
    theirs = there.manifest.shards if there.manifest else {}
    ours = tree.manifest.shards
    wanted = [name for name in DIGITS if again or name in touched or ours[name] != theirs.get(name)]
    found = ahead(pool, partial(_compared, tree, there, touched, again=again), wanted)
    changes = zip(wanted, found, strict=True)
    for name in DIGITS:
        yield next(changes)[1] if name in wanted else _NONE


def unlisted(tree: Tree, there: There, *, everything: bool) -> list[File]:
    """Return the files that no shard names, if there may be something new in them."""
    again = there.again(everything=everything)
    if there.digest == tree.digest and not (again or there.touched):
        return []
    return [file for file in tree.unlisted() if again or there.touched.get(file.path) != file.digest]


_NONE = Change([], [], [], [])


def _shard_of(path: str) -> str:
    """Return the shard that names a file, or that a part of a manifest belongs to."""
    return path[len(SHARDS) :][:2] if path.startswith(SHARDS) else shard_of(path)


class _Theirs:
    """The shards of a destination, and which of them were not what they should be."""

    def __init__(self, there: There) -> None:
        self._there = there
        self.damaged: list[str] = []

    def shard(self, path: str, digest: str | None) -> Entries:
        """Read one shard; nothing for one that is not there or not what was said of it."""
        if digest is None:
            return {}
        held = self._there.destination.get(path)
        known = held and (sha256(held.body).hexdigest() == digest or path in self._there.touched)
        try:
            if held and known:
                return _SHARD.validate_json(held.body)
        except ValidationError:
            pass
        self.damaged.append(path)
        return {}


def _compared(tree: Tree, there: There, touched: AbstractSet[str], name: str, *, again: bool) -> Change:
    """Compare one shard, whose parts, if it has any, are read only where they differ."""
    path = f"{SHARDS}{name}.json"
    digest = tree.manifest.shards[name]
    reader = _Theirs(there)
    our_head = tree.shard(path, digest)
    their_head = reader.shard(path, there.manifest.shards.get(name) if there.manifest else None)
    whole = again or name in touched
    same = set() if whole else {part for part in _parts(our_head) if our_head[part] == their_head.get(part)}
    ours = _expanded(our_head, same, tree.shard)
    theirs = _expanded(their_head, same, reader.shard)
    known = {**{file: entry[0] for file, entry in theirs.items()}, **there.touched}
    changed = [
        File(file, *entry) for file, entry in sorted(ours.items()) if again or known.get(file) != entry[0]
    ]
    if again or known.get(path, there.manifest and there.manifest.shards.get(name)) != digest:
        changed.append(File(path, digest, 0))
    ended = {*theirs, *(file for file in there.touched if _shard_of(file) == name)}
    return Change(
        files=[file for file in changed if not file.path.startswith(SHARDS)],
        parts=[file for file in changed if file.path.startswith(SHARDS)],
        dropped=sorted(ended - ours.keys() - {path, *UNLISTED}),
        damaged=reader.damaged,
    )


def _parts(head: Entries) -> Iterator[str]:
    return (path for path in head if path.startswith(SHARDS))


def _expanded(
    head: Entries, same: AbstractSet[str], read: Callable[[str, str], Entries]
) -> dict[str, tuple[str, int]]:
    """Return what a shard names, its parts and what they name, but for the parts that are the same."""
    found = {path: entry for path, entry in head.items() if path not in same}
    for part in list(_parts(found)):
        found.update(read(part, found[part][0]))
    return found


def ahead(pool: Executor, ask: Callable[[T], S], items: Iterable[T]) -> Iterator[S]:
    """Yield an answer for each item in order; a few are asked for before they are needed."""
    waiting: deque[Future[S]] = deque()
    for item in items:
        waiting.append(pool.submit(ask, item))
        if len(waiting) > _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()
