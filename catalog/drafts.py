"""EDGE Files of one folder as they will be: drafted in its stage, then put in their places at once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path

from catalog import journal
from catalog.spool import DiskSpool

_BLOCK = 1 << 16
_BLOCK_LINES = 64


class Drafts:
    """What a build is about to change in a folder; nothing is changed in place."""

    def __init__(self, root: Path) -> None:
        """Begin without any; the folder may be empty or not there yet."""
        self._root = root
        self._stage = root / journal.STAGE
        self._steps: list[journal.Step] = []
        self._digests: dict[str, str] = {}
        self._spools: dict[str, DiskSpool] = {}

    @property
    def digests(self) -> Mapping[str, str]:
        """Path of every file that is going to change → the digest that it will have."""
        return self._digests

    def current(self, name: str) -> Path:
        """Return where a file stands now: in the stage if there is a draft of it."""
        return self._drafted(name) if self.has(name) else self._root / name

    def has(self, name: str) -> bool:
        """Tell whether a file is drafted."""
        return self._drafted(name).exists()

    def _drafted(self, name: str) -> Path:
        return self._stage / name.replace("/", "-")

    def begin(self) -> None:
        """Begin a change."""
        journal.stage(self._root)
        self._steps = []
        self._digests = {}

    def spool(self, name: str) -> DiskSpool:
        """Return a spool in the stage, for what is too large to be held; closed when the change is over."""
        spool = DiskSpool(self._stage / f"{name}.spool")
        self._spools[name] = spool
        return spool

    def close_spools(self, prefix: str) -> None:
        """Let go of the spools whose names are the prefix, a hyphen and another word."""
        for name in [each for each in self._spools if each.rpartition("-")[0] == prefix]:
            self._spools.pop(name).close()

    def write(self, name: str, lines: Iterable[bytes]) -> None:
        """Draft a file; the draft is dropped again if it equals the present file."""
        drafted = self._drafted(name)
        draft = drafted.with_name(f"{drafted.name}.draft")
        total = hashlib.sha256()
        with draft.open("wb") as file:
            for block in _blocks(lines):
                total.update(block)
                file.write(block)
        self._keep(draft, name, total.hexdigest())

    def _keep(self, draft: Path, name: str, digest: str) -> None:
        current = self._root / name
        if current.exists() and digest_of(current) == digest:
            draft.unlink()
            return
        draft.replace(self._drafted(name))
        self._steps.append(("move", self._drafted(name).name, name))
        self._digests[name] = digest

    def commit(self) -> None:
        """Put every draft in its place at once."""
        if self._steps:
            journal.commit(self._root, self._steps)
        self.discard()

    def discard(self) -> None:
        """Forget every draft that is not decided."""
        for spool in self._spools.values():
            spool.close()
        self._spools = {}
        self._steps = []
        self._digests = {}
        journal.recover(self._root)


def digest_of(path: Path) -> str:
    """Return the digest of a file."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total.update(block)
    return total.hexdigest()


def _blocks(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines some at a time."""
    rest = iter(lines)
    while block := b"".join(islice(rest, _BLOCK_LINES)):
        yield block
