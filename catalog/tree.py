"""EDGE What lies in an output folder: the lock on it, its files, and what its manifest says of them."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from catalog import journal, notes
from catalog.errors import StopBuildError
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


def read_entries(root: Path) -> dict[str, tuple[str, int]]:
    """Return path → sha256 and size of every file that the manifest names."""
    entries: dict[str, tuple[str, int]] = {}
    for shard in (root / SHARDS).glob("??.json"):
        with suppress(ValidationError, OSError):
            entries.update(_SHARD.validate_json(shard.read_bytes()))
    return entries


def present(root: Path) -> dict[str, int]:
    """Return path → size of every file of a tree.

    Raises StopBuildError for a symbolic link, through which a file could land elsewhere, and for a
    name that no journal could hold.
    """
    return scanned(root)[0]


def scanned(root: Path) -> tuple[dict[str, int], set[str]]:
    """Return path → size of every file, and the path of every folder."""
    sizes: dict[str, int] = {}
    folders: set[str] = set()
    pending = [""]
    while pending:
        prefix = pending.pop()
        for entry in _entries(root, prefix):
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                pending.append(f"{path}/")
                folders.add(path)
            else:
                sizes[path] = entry.stat(follow_symlinks=False).st_size
    return sizes, folders


def _entries(root: Path, prefix: str) -> Iterator[os.DirEntry[str]]:
    with os.scandir(root / prefix) as found:
        for entry in found:
            if entry.is_symlink():
                raise StopBuildError(f"{root / prefix / entry.name} is a symbolic link; remove it")
            if not entry.name.isascii() and "\ufffd" in os.fsencode(entry.name).decode(errors="replace"):
                raise StopBuildError(f"{root / prefix}/{entry.name!a} has no name in UTF-8; remove it")
            if prefix or entry.name not in UNTRACKED:
                yield entry
