"""Small built trees, and destinations that note what was done to them or die in the middle of it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import obstore
import orjson
from obstore.store import MemoryStore

from catalog.artifact import SHARDS, document
from catalog.days import stamp
from catalog.differences import Tree
from catalog.manifest import MANIFEST, UNLISTED
from catalog.publish import Options, Publication, Told
from catalog.upload import Destination
from tests.factories import NOW

Files = Mapping[str, str]
"""Path → content."""
FOLDER = "catalog/manifest/"


def plant(root: Path, files: Files, serial: int, digits: int = 2) -> Tree:
    """Write a tree with its manifest; with more than two digits the shards name parts."""
    bodies = {path: text.encode() for path, text in files.items()}
    listed = {name: _shard(bodies, name, digits) for name in SHARDS}
    parts = {path: body for each in listed.values() for path, body in each.items()}
    states = {path: f'{{"serial": {serial}}}\n'.encode() for path in UNLISTED}
    manifest = _manifest({name: parts[f"{FOLDER}{name}.json"] for name in SHARDS}, serial)
    for path, body in {**bodies, **parts, **states, MANIFEST: manifest}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)
    return Tree(root)


def _shard(bodies: Mapping[str, bytes], name: str, digits: int) -> dict[str, bytes]:
    rows = {path: _entry(body) for path, body in bodies.items() if _digest(path.encode()).startswith(name)}
    parts: dict[str, bytes] = {}
    if digits > 2:
        found: dict[str, dict[str, Any]] = {}
        for path, row in rows.items():
            found.setdefault(_digest(path.encode())[:digits], {})[path] = row
        parts = {f"{FOLDER}{part}.json": orjson.dumps(row) for part, row in found.items()}
        rows = {path: _entry(body) for path, body in parts.items()}
    return {**parts, f"{FOLDER}{name}.json": orjson.dumps(rows)}


def _entry(body: bytes) -> tuple[str, int]:
    return _digest(body), len(body)


def _digest(body: bytes) -> str:
    return sha256(body).hexdigest()


def _manifest(shards: Mapping[str, bytes], serial: int) -> bytes:
    totals = dict.fromkeys(("listings", "models", "files", "folders", "bytes"), 1)
    return document(
        {
            "schema_version": "1.0", "serial": serial, "generated_at": stamp(NOW), "expires": stamp(NOW),
            "commit": None, "inputs": "0" * 64, "totals": totals,
            "shards": {name: _digest(body) for name, body in shards.items()},
        }
    )  # fmt: skip


class DeadError(BaseException):
    """The publisher is gone: no handler of an ordinary error sees this."""


class Noted(Destination):
    """A destination that notes every change; after so many of them its publisher is dead."""

    def __init__(self, store: object, name: str = "memory", folder: Path | None = None) -> None:
        super().__init__(store, name, folder)
        self.changes: list[tuple[str, str]] = []
        self.left: int | None = None

    def _change(self, kind: str, path: str) -> None:
        if self.left is not None and len(self.changes) >= self.left:
            raise DeadError
        self.changes.append((kind, path))

    def put(self, path: str, body: bytes | Path) -> None:
        """Note it and put a file."""
        self._change("put", path)
        super().put(path, body)

    def put_if(self, path: str, body: bytes, tag: str | None) -> str | None:
        """Note it and put a file on a condition."""
        self._change("put", path)
        return super().put_if(path, body, tag)

    def delete(self, paths: Any) -> None:  # noqa: ANN401 - as the method that it takes the place of
        """Note and delete files one by one."""
        for path in paths:
            self._change("delete", path)
            super().delete([path])

    @property
    def puts(self) -> list[str]:
        """Which files of the tree were put, in their order."""
        return [path for kind, path in self.changes if kind == "put" and not path.startswith(".")]

    def files(self) -> dict[str, str]:
        """Return every file of the tree that is there; what the publisher notes is left out."""
        everything = {path: self.get(path) for path in list(self.paths())}
        return {
            path: held.body.decode() for path, held in everything.items() if held and not path.startswith(".")
        }


def memory(*files: Mapping[str, bytes]) -> MemoryStore:
    """Make a store with some files in it."""
    store = MemoryStore()
    for path, body in (item for each in files for item in each.items()):
        obstore.put(store, path, body)
    return store


def dump(store: MemoryStore) -> dict[str, bytes]:
    """Return everything that is in a store, what the publisher notes included."""
    paths = [each["path"] for chunk in obstore.list(store) for each in chunk]
    return {path: bytes(obstore.get(store, path).bytes()) for path in paths}


@dataclass
class Heard:
    """A watcher that notes what it hears."""

    lines: list[str] = field(default_factory=list)

    def say(self, line: str) -> None:
        """Note one line."""
        self.lines.append(line)

    def sent(self, what: str, files: int, compared: int) -> None:
        """Note how far it is."""
        self.lines.append(f"{what} {files} {compared}")


def publish(tree: Tree, store: object, *, left: int | None = None, **how: Any) -> tuple[Noted, Told]:  # noqa: ANN401 - options
    """Publish a tree, one request at a time; with `left` the publisher dies after so many changes."""
    there = Noted(store)
    there.left = left
    usual = {"now": NOW, "concurrency": 1, "take_over": True}
    publication = Publication(tree, there, Options(**{**usual, **how}), Heard())
    if left is None:
        return there, publication.run()
    with suppress(DeadError):
        publication.run()
    return there, publication.told


def later(days: float) -> datetime:
    """Return a moment so many days after the usual one."""
    return NOW + timedelta(days=days)


def on_disk(tree: Tree) -> dict[str, str]:
    """Return every file of a built tree."""
    return {
        str(path.relative_to(tree.root)): path.read_text(encoding="utf-8")
        for path in tree.root.rglob("*")
        if path.is_file()
    }
