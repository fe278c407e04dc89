"""EDGE What lies in an output folder: the lock on it, its files, and what its manifest says of them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog import journal, notes
from catalog.artifact import SHARDS as DIGITS
from catalog.errors import StopBuildError
from catalog.ledger import Ledger
from catalog.manifest import MANIFEST, SHARDS
from catalog.schema.documents import Manifest, ManifestShard

UNTRACKED = frozenset({"README.md", ".gitignore", journal.STAGE, notes.FOLDER.rstrip("/")})
"""What lies in an output folder and is not part of the tree."""
_SHARD = TypeAdapter(ManifestShard)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder against a second build; raises StopBuildError when one is at work there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder, os.O_RDONLY)
    except OSError as problem:
        raise StopBuildError(f"{folder} cannot be used: {problem.strerror}") from problem
    try:
        _hold(handle, folder)
        yield
    finally:
        os.close(handle)


def _hold(handle: int, folder: Path) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise StopBuildError(f"another build is at work in {folder}") from None


def read_manifest(root: Path) -> Manifest | None:
    """Return the manifest of the tree that is there, None when there is none that can be read."""
    try:
        return Manifest.model_validate_json((root / MANIFEST).read_bytes())
    except (OSError, ValidationError):
        return None


def read_shards(root: Path) -> Iterator[dict[str, tuple[str, int]]]:
    """Yield what each of the 256 shards of a manifest names, with its parts: path → sha256 and size."""
    return (read_shard(root, name) for name in DIGITS)


def read_shard(root: Path, name: str) -> dict[str, tuple[str, int]]:
    """Return what one shard names; nothing for one that cannot be read."""
    found: dict[str, tuple[str, int]] = {}
    for path, entry in _shard(root, f"{SHARDS}{name}.json").items():
        found.update(_shard(root, path) if path.startswith(SHARDS) else {path: entry})
    return found


def _shard(root: Path, path: str) -> dict[str, tuple[str, int]]:
    try:
        return _SHARD.validate_json((root / path).read_bytes())
    except (ValidationError, OSError):
        return {}


def parts_in(body: bytes) -> Iterator[tuple[str, str]]:
    """Yield the parts of its own that a shard names, with their digests."""
    named = _SHARD.validate_json(body).items()
    yield from ((part, digest) for part, (digest, _) in named if part.startswith(SHARDS))


def read_entries(root: Path) -> Ledger:
    """Return path → sha256 and size of every file that the manifest names."""
    return Ledger(read_shards(root))


class Present:
    """The paths of all files of a tree, sorted; the folder is read anew whenever they are asked for."""

    def __init__(self, root: Path) -> None:
        """Take a folder."""
        self._root = root

    def __iter__(self) -> Iterator[str]:
        """Yield them.

        Raises StopBuildError for a symbolic link, through which a file could land elsewhere, and for a
        name that no journal could hold.
        """
        return walked(self._root)


def is_empty(root: Path) -> bool:
    """Tell whether a folder holds neither files nor folders of a tree."""
    return next(_entries(root, ""), None) is None


def walked(root: Path) -> Iterator[str]:
    """Yield the path of every file, sorted."""
    pending = [""]
    while pending:
        path = pending.pop()
        if path and not path.endswith("/"):
            yield path
        else:
            found = [
                f"{path}{each.name}/" if each.is_dir() else path + each.name for each in _entries(root, path)
            ]
            pending += sorted(found, reverse=True)


def _entries(root: Path, prefix: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(f"{root}/{prefix}") as found:
        for entry in found:
            if entry.is_symlink():
                raise StopBuildError(f"{root / prefix / entry.name} is a symbolic link; remove it")
            if not entry.name.isascii() and "\ufffd" in os.fsencode(entry.name).decode(errors="replace"):
                raise StopBuildError(f"{root / prefix}/{entry.name!a} has no name in UTF-8; remove it")
            if prefix or entry.name not in UNTRACKED:
                yield entry
