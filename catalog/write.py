"""EDGE Artifacts to files: only what changed, journalled, with a manifest.

`Writer.stage` looks at everything and decides nothing; `Writer.commit` makes it the published
tree, all at once or not at all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pydantic import ValidationError

from catalog import journal
from catalog.artifact import Artifact, Limits
from catalog.errors import StopBuildError
from catalog.manifest import (
    GATEWAYS,
    MANIFEST,
    SHARDS,
    Stamped,
    digests_of,
    manifest_file,
    shard_files,
    with_parents,
)
from catalog.schema.documents import Gateways, Manifest, Totals
from catalog.tree import read_entries, read_manifest, scanned

_OUTSIDE = re.compile(r"/[./]|[\\\0]")
"""An empty segment, one that begins with a dot, a backslash or NUL: nothing that a path of ours holds."""
_TREE = "tree"


@dataclass
class Report:
    """What a write did or would do, in files."""

    created: int = 0
    """Contents written to a path that was not there."""
    updated: int = 0
    """Contents written over other ones."""
    unchanged: int = 0
    """Contents that were there already."""
    linked: int = 0
    """Further names made."""
    deleted: int = 0
    """Files that are no longer produced."""
    totals: Totals | None = None
    """Sizes of the tree."""


class Writer:
    """One write of one tree: stage everything, finish, commit."""

    def __init__(self, root: Path, limits: Limits | None = None) -> None:
        """Look at the tree that is there.

        Raises StopBuildError when the folder holds files that no build of ours put there.
        """
        self.report = Report()
        self._root = root
        self._limits = limits or Limits()
        self._steps: list[journal.Step] = []
        self._files: dict[str, tuple[str, int]] = {}
        self._inside = {""}
        self._known = read_entries(root)
        self._sizes, self._folders = scanned(root)
        self._check_ours()
        self._stage = journal.stage(root)
        self._tree = None if self._sizes or self._folders else _NewTree(self._stage / _TREE)

    def _check_ours(self) -> None:
        """Whatever is not produced gets deleted: never in a folder that was named by mistake."""
        foreign = [path for path in self._sizes if not path.startswith(".")]
        if foreign and not self._known and read_manifest(self._root) is None:
            raise StopBuildError(
                f"{self._root} holds {foreign[0]!r} and no published tree: name an empty folder, or empty it"
            )

    def stage(self, artifacts: Iterable[Artifact]) -> None:
        """Stage every artifact that differs from what is there.

        Raises StopBuildError for a path that is produced twice or would leave the folder.
        """
        for artifact in artifacts:
            entry = (sha256(artifact.body).hexdigest(), len(artifact.body))
            self._claim(artifact.path, entry)
            for name in artifact.names:
                self._claim(name, entry)
            if self._tree is None:
                self._renew(artifact, entry)
            else:
                self._tree.put(artifact)
                self.report.created += 1
                self.report.linked += len(artifact.names)

    def keep(self, shards: Mapping[str, str]) -> bool:
        """Keep every file that the manifest lists; False, and nothing kept, when one is missing.

        `shards` are the digests of the manifest's own parts, without which it lists too few files.
        """
        whole = all(self._has(f"{SHARDS}{digits}.json", digest) for digits, digest in shards.items())
        complete = all(self._sizes.get(path) == size for path, (_, size) in self._known.items())
        if not (self._known and whole and complete):
            return False
        self._files = dict(self._known)
        self.report.unchanged = len(self._known)
        return True

    def _has(self, path: str, digest: str) -> bool:
        return path in self._sizes and _digest(self._root / path) == digest

    def coverage(self) -> dict[str, tuple[int, int]]:
        """Return the counts in the `gateways.json` that is there; empty when it cannot be read."""
        try:
            rows = Gateways.model_validate_json((self._root / GATEWAYS).read_bytes()).gateways
        except (OSError, ValidationError):
            return {}
        return {row.id: (row.models, row.priced) for row in rows}

    def finish(self, states: Sequence[Artifact], counts: tuple[int, int], stamped: Stamped) -> None:
        """Stage what changes with every build: the states of gateways, the manifest, and the deletions.

        `counts` are listings and different ids. Raises StopBuildError when a budget is exceeded.
        """
        shards = shard_files(self._files)
        content = sum(size for _, size in self._files.values())
        self.stage([*states, *shards])
        folders = with_parents(self._inside)
        self._check_places(folders)
        totals = Totals(
            listings=counts[0],
            models=counts[1],
            files=len(self._files) + 1,  # the manifest itself
            folders=len(folders),
            bytes=content,
        )
        self._check_budget(totals.files + totals.folders, content + _size(*states, *shards))
        self._close(manifest_file(digests_of(shards), totals, stamped))

    def finish_kept(self, states: Sequence[Artifact], before: Manifest, stamped: Stamped) -> None:
        """Stage the states of gateways and a manifest over a tree that was kept as it is."""
        self._files |= {f"{SHARDS}{digits}.json": (digest, 0) for digits, digest in before.shards.items()}
        self.stage(states)
        self._close(manifest_file(before.shards, before.totals, stamped))

    def _close(self, last: Artifact) -> None:
        self.report.totals = Manifest.model_validate_json(last.body).totals
        gone = sorted(self._sizes.keys() - self._files.keys() - {MANIFEST})
        self.report.deleted = len(gone)
        self._steps += [("delete", path, "") for path in gone]
        self.stage([last])

    def _check_places(self, folders: set[str]) -> None:
        """Refuse what a rename could not replace; once the change is decided it would be too late."""
        blocked = (folders & self._sizes.keys()) | (self._files.keys() & self._folders)
        if blocked:
            raise StopBuildError(f"{self._root / min(blocked)} is in the way of the tree; remove it")

    def _check_budget(self, entries: int, size: int) -> None:
        if entries > self._limits.entries:
            raise StopBuildError(
                f"{entries} entries, the budget is {self._limits.entries}; --max-entries allows more"
            )
        if size > self._limits.megabytes * 1_000_000:
            raise StopBuildError(f"{size // 1_000_000} MB, the budget is {self._limits.megabytes} MB")

    def commit(self) -> None:
        """Make the staged tree the published one."""
        journal.commit(self._root, [*(self._tree.steps() if self._tree else ()), *self._steps])

    def _is_there(self, name: str, entry: tuple[str, int]) -> bool:
        if self._sizes.get(name) != entry[1]:
            return False
        known = self._known.get(name)
        return known == entry if known else _digest(self._root / name) == entry[0]

    def _claim(self, path: str, entry: tuple[str, int]) -> None:
        if path in self._files:
            raise StopBuildError(f"{path} would be written twice")
        folder, _, name = path.rpartition("/")
        if not name or name[0] == "." or "\\" in name or "\0" in name:
            raise StopBuildError(f"{path!r} is not a path inside the output folder")
        if folder not in self._inside:
            self._enter(folder, path)
        self._files[path] = entry

    def _enter(self, folder: str, path: str) -> None:
        if _OUTSIDE.search(f"/{folder}/x"):
            raise StopBuildError(f"{path!r} is not a path inside the output folder")
        self._inside.add(folder)
        if self._tree is not None:
            self._tree.enter(folder)

    def _renew(self, artifact: Artifact, entry: tuple[str, int]) -> None:
        stale = [name for name in (artifact.path, *artifact.names) if not self._is_there(name, entry)]
        if not stale:
            self.report.unchanged += 1
            return
        if stale[0] == artifact.path:
            self._put(artifact)
            del stale[0]
        self.report.linked += len(stale)
        self._steps += [("link", artifact.path, name) for name in stale]

    def _put(self, artifact: Artifact) -> None:
        known = artifact.path in self._sizes
        self.report.updated += known
        self.report.created += not known
        staged = str(len(self._steps))
        _write_new(f"{self._stage}/{staged}", artifact.body)
        self._steps.append(("move", staged, artifact.path))


class _NewTree:
    """A tree where none is yet: staged in its own shape, so that a few moves put it in place."""

    def __init__(self, root: Path) -> None:
        self._base = f"{root}/"
        self._scratch = f"{root}/../"
        root.mkdir()

    def enter(self, folder: str) -> None:
        """Make one folder, which must stand before anything is put into it."""
        journal.make_folder(self._base + folder)

    def put(self, artifact: Artifact) -> None:
        """Write one artifact under all its names."""
        path = self._base + artifact.path
        _write_new(path, artifact.body)
        for name in artifact.names:
            journal.link(path, self._base + name, self._scratch)

    def steps(self) -> list[journal.Step]:
        """Return the moves that put the tree in place."""
        return [("move", f"{_TREE}/{name}", name) for name in sorted(os.listdir(self._base))]  # noqa: PTH208 - as above


def _write_new(path: str, body: bytes) -> None:
    """Write a new file; on the hot path, where a file object costs half as much again."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        while body:
            body = body[os.write(handle, body) :]
    finally:
        os.close(handle)


def _size(*artifacts: Artifact) -> int:
    return sum(len(artifact.body) for artifact in artifacts)


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
