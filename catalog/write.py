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
from itertools import chain
from pathlib import Path

from pydantic import ValidationError

from catalog import journal
from catalog.artifact import SHARDS as DIGITS
from catalog.artifact import Artifact, Limits
from catalog.errors import StopBuildError
from catalog.ledger import Entry, Folders, shard_number
from catalog.manifest import (
    GATEWAYS,
    MANIFEST,
    Stamped,
    digits_of,
    manifest_file,
    shard_files,
)
from catalog.old_tree import OldTree
from catalog.schema.documents import Gateways, Manifest, Totals
from catalog.spool import Heaps
from catalog.tree import read_manifest

_OUTSIDE = re.compile(r"/[./]|[\\\0]")
"""An empty segment, one that begins with a dot, a backslash or NUL: nothing that a path of ours holds."""
_TREE, _ROWS, _STEPS = "tree", "rows", "steps"


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
    bytes: int = 0
    """Of the contents that were created or updated, each once."""
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
        self._inside = Folders()
        self._files = self._bytes = 0
        self._old = OldTree(root)
        self._check_ours()
        self._stage = journal.stage(root)
        self._steps: Heaps[journal.Step] = Heaps(self._stage / _STEPS, 1)
        self._moved = 0
        self._rows: Heaps[tuple[str, str, int]] = Heaps(self._stage / _ROWS, len(DIGITS))
        self._tree = _NewTree(self._stage / _TREE) if self._old.is_empty else None

    def _check_ours(self) -> None:
        """Whatever is not produced gets deleted: never in a folder that was named by mistake."""
        foreign = self._old.foreign()
        if foreign and not self._old and read_manifest(self._root) is None:
            raise StopBuildError(
                f"{self._root} holds {foreign!r} and no published tree: name an empty folder, or empty it"
            )

    def stage(self, artifacts: Iterable[Artifact]) -> None:
        """Stage every artifact that differs from what is there.

        Raises StopBuildError for a path that would leave the folder.
        """
        for artifact in artifacts:
            digest = sha256(artifact.body).hexdigest()
            self._put(artifact, digest)
            size = len(artifact.body)
            for path in (artifact.path, *artifact.names):
                self._rows.add(shard_number(path), (path, digest, size))

    def _put(self, artifact: Artifact, digest: str) -> None:
        size = len(artifact.body)
        self._claim(artifact.path, size)
        for name in artifact.names:
            self._claim(name, size)
        if self._tree is None:
            self._renew(artifact, (digest, size))
        else:
            self._tree.put(artifact)
            self.report.created += 1
            self.report.bytes += size
            self.report.linked += len(artifact.names)

    def _put_unlisted(self, artifact: Artifact) -> str:
        """Stage what no shard of the manifest names; returns its digest."""
        digest = sha256(artifact.body).hexdigest()
        self._put(artifact, digest)
        return digest

    def keep(self, shards: Mapping[str, str]) -> bool:
        """Keep every file that the manifest lists; False, and nothing kept, when one is missing.

        `shards` are the digests of the manifest's own parts, without which it lists too few files.
        """
        if not self._old.is_whole(shards):
            return False
        self._old.claim_all()
        self.report.unchanged = len(self._old)
        return True

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
        content = self._bytes
        for state in states:
            self._rows.add(shard_number(state.path), (state.path, "", 0))
        found = self._put_states(states)
        digits = digits_of(self._files, self._limits)
        shards = {name: self._put_shard(number, digits) for number, name in enumerate(DIGITS)}
        totals = Totals(
            listings=counts[0],
            models=counts[1],
            files=self._files + 1,  # the manifest itself
            folders=len(self._inside),
            bytes=content,
        )
        self._check_budget(totals.files + totals.folders, self._bytes)
        self._close(manifest_file(shards, found, totals, stamped, digits))

    def _put_states(self, states: Sequence[Artifact]) -> dict[str, Entry]:
        """Stage the states of gateways; returns what the manifest says of them."""
        return {state.path: (self._put_unlisted(state), len(state.body)) for state in states}

    def _put_shard(self, number: int, digits: int) -> str:
        """Stage one shard of the manifest after its parts, if it has any; returns its digest."""
        entries: dict[str, Entry] = {}
        for path, digest, size in self._rows.rows(number):
            if path in entries:
                raise StopBuildError(f"{path} would be written twice")
            entries[path] = (digest, size)
        listed = {path: entry for path, entry in entries.items() if entry[0]}
        digest = ""
        for artifact in shard_files(DIGITS[number], listed, digits):
            digest = self._put_unlisted(artifact)
        return digest

    def finish_kept(self, states: Sequence[Artifact], before: Manifest, stamped: Stamped) -> None:
        """Stage the states of gateways and a manifest over a tree that was kept as it is."""
        found = self._put_states(states)
        self._close(manifest_file(before.shards, found, before.totals, stamped, before.digits))

    def _close(self, last: Artifact) -> None:
        self.report.totals = Manifest.model_validate_json(last.body).totals
        self._rows.close()
        gone = sorted(set(self._old.unwanted()) - {MANIFEST})
        self.report.deleted = len(gone)
        for path in gone:
            self._steps.add(0, ("delete", path, ""))
        self._put_unlisted(last)

    def _in_the_way(self, path: str) -> StopBuildError:
        return StopBuildError(f"{self._root / path} is in the way of the tree; remove it")

    def _check_budget(self, entries: int, size: int) -> None:
        if entries > self._limits.entries:
            raise StopBuildError(
                f"{entries} entries, the budget is {self._limits.entries}; --max-entries allows more"
            )
        if size > self._limits.megabytes * 1_000_000:
            raise StopBuildError(f"{size // 1_000_000} MB, the budget is {self._limits.megabytes} MB")

    def commit(self) -> None:
        """Make the staged tree the published one."""
        first = self._tree.steps() if self._tree else ()
        journal.commit(self._root, chain(first, self._steps.rows(0)))
        self._steps.close()

    def _claim(self, path: str, size: int) -> None:
        folder, _, name = path.rpartition("/")
        if not name or name[0] == "." or "\\" in name or "\0" in name:
            raise StopBuildError(f"{path!r} is not a path inside the output folder")
        if folder not in self._inside:
            self._enter(folder, path)
        self._files += 1
        self._bytes += size

    def _enter(self, folder: str, path: str) -> None:
        if _OUTSIDE.search(f"/{folder}/x"):
            raise StopBuildError(f"{path!r} is not a path inside the output folder")
        for each in self._inside.enter(folder):
            if self._tree is None and self._old.has(each):  # a rename could not replace it
                raise self._in_the_way(each)
        if self._tree is not None:
            self._tree.enter(folder)

    def _renew(self, artifact: Artifact, entry: Entry) -> None:
        stale = [name for name in (artifact.path, *artifact.names) if not self._old.claim(name, entry)]
        if not stale:
            self.report.unchanged += 1
            return
        if blocked := [name for name in stale if self._old.blocks(name)]:
            raise self._in_the_way(blocked[0])
        if stale[0] == artifact.path:
            self._move(artifact)
            del stale[0]
        self.report.linked += len(stale)
        for name in stale:
            self._steps.add(0, ("link", artifact.path, name))

    def _move(self, artifact: Artifact) -> None:
        known = self._old.has(artifact.path)
        self.report.updated += known
        self.report.created += not known
        self.report.bytes += len(artifact.body)
        staged = str(self._moved)
        self._moved += 1
        _write_new(f"{self._stage}/{staged}", artifact.body)
        self._steps.add(0, ("move", staged, artifact.path))


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
        try:
            _write_new(path, artifact.body)
        except FileExistsError:
            raise StopBuildError(f"{artifact.path} would be written twice") from None
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
