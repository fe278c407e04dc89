"""EDGE The tree that a build finds: which files are as its manifest says, and which others there are."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from catalog.artifact import HISTORY
from catalog.artifact import SHARDS as DIGITS
from catalog.ledger import Entry, Ledger
from catalog.manifest import GATEWAYS, MANIFEST, SHARDS
from catalog.tree import is_empty, parts_in, read_shard, read_shards, walked

_OWN = (SHARDS, MANIFEST, GATEWAYS, HISTORY)
"""What begins like this is listed in no shard."""
_KEPT = 8
"""Bytes of a digest by which a file is known again: no other file has them by chance."""
_NAMES_PARTS = f'"{SHARDS}'.encode()


class OldTree:
    """What lies in an output folder, and what of it is wanted again."""

    def __init__(self, root: Path) -> None:
        """Look at every file once."""
        self.is_empty = is_empty(root)
        self._root = root
        self._base = f"{root}/"
        self._complete = True
        self._ledger = Ledger(map(self._as_listed, read_shards(root)), _KEPT)
        self._loose = {path: self._size(path) for path in self._unlisted()}
        self._wanted: set[str] = set()

    def __len__(self) -> int:
        """Return how many files are as the manifest says."""
        return len(self._ledger)

    def _as_listed(self, entries: Mapping[str, Entry]) -> dict[str, Entry]:
        found = {path: entry for path, entry in entries.items() if self._size(path) == entry[1]}
        self._complete = self._complete and len(found) == len(entries)
        return found

    def _unlisted(self) -> list[str]:
        """Return the files that no shard lists as they are.

        As a rule these are the manifest, its shards and the states of gateways. When all others are as
        many as the ledger has, which are all there, they are the same, and none has to be looked up.
        """
        own, others = [], 0
        for path in walked(self._root):
            if path.startswith(_OWN):
                own.append(path)
            else:
                others += 1
        if others == len(self._ledger):
            return own
        return [path for path in walked(self._root) if path not in self._ledger]

    def _size(self, path: str) -> int:
        try:
            return os.lstat(self._base + path).st_size
        except (OSError, ValueError):
            return -1

    def foreign(self) -> str | None:
        """Return a file that no manifest lists, if there is any."""
        return next((path for path in self._loose if not path.startswith(".")), None)

    def has(self, path: str) -> bool:
        """Tell whether a file is there."""
        return path in self._loose or path in self._ledger

    def blocks(self, path: str) -> bool:
        """Tell whether a folder stands where a file is to be put."""
        return os.path.isdir(self._base + path)  # noqa: PTH112 - as above

    def claim(self, path: str, entry: Entry) -> bool:
        """Note that a file is wanted; True when it is there already."""
        if (same := self._ledger.claim(path, entry)) is not None:
            return same
        self._wanted.add(path)
        return self._loose.get(path) == entry[1] and self._digest(path) == entry[0]

    def is_whole(self, shards: Mapping[str, str]) -> bool:
        """Tell whether every file is as the manifest says, whose shards have these digests."""
        named = ((f"{SHARDS}{digits}.json", digest) for digits, digest in shards.items())
        return self._complete and len(self) > 0 and all(self._holds(path, digest) for path, digest in named)

    def _holds(self, path: str, digest: str) -> bool:
        """Tell whether a part of the manifest, with the parts that it names, is the published one."""
        if path not in self._loose:
            return False
        body = (self._root / path).read_bytes()
        if sha256(body).hexdigest() != digest:
            return False
        return _NAMES_PARTS not in body or all(self._holds(part, its) for part, its in parts_in(body))

    def claim_all(self) -> None:
        """Note that everything that the manifest lists is wanted, and the manifest's own parts."""
        self._ledger.claim_all()
        self._wanted.update(path for path in self._loose if path.startswith(SHARDS))

    def unwanted(self) -> Iterator[str]:
        """Yield the path of every file that nobody claimed."""
        yield from self._loose.keys() - self._wanted
        for number in self._ledger.incomplete():
            yield from self._ledger.unclaimed(number, read_shard(self._root, DIGITS[number]))

    def _digest(self, path: str) -> str:
        return sha256((self._root / path).read_bytes()).hexdigest()
