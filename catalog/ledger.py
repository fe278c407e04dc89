"""Very many texts in little memory: paths with their entries of the manifest, and texts that come twice.

A path takes eight bytes of its digest, and its entry forty, or fewer where the beginning of a digest does.
Two paths of one tree with the same eight bytes are kept apart, whole.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from itertools import pairwise

Entry = tuple[str, int]
"""sha256 and size of a file."""
_SHARDS = 256
_KEY_BYTES, _DIGEST_BYTES, _SIZE_BYTES = 8, 32, 8
_SHARD_SHIFT = 56


def key_of(path: str) -> int:
    """Return the first eight bytes of the digest of a path; the first of them is its shard."""
    return int.from_bytes(sha256(path.encode()).digest()[:_KEY_BYTES], "big")


def shard_number(path: str) -> int:
    """Return the number of the shard of a path."""
    return sha256(path.encode()).digest()[0]


def _place(keys: array[int], key: int) -> int | None:
    at = bisect_left(keys, key)
    return at if at < len(keys) and keys[at] == key else None


def repeated(texts: Iterable[str]) -> set[int]:
    """Return the hashes of all texts that come more than once, and hardly ever of one that does not."""
    once: set[int] = set()
    again: set[int] = set()
    for known in map(hash, texts):
        (again if known in once else once).add(known)
    return again


class Folders:
    """The folders of very many files, by their hashes; hardly ever one passes for another."""

    def __init__(self) -> None:
        """Know none yet, but for the root."""
        self._known = {hash("")}

    def __len__(self) -> int:
        """Return how many there are, the root left out."""
        return len(self._known) - 1

    def __contains__(self, folder: object) -> bool:
        """Tell whether a folder is known."""
        return hash(folder) in self._known

    def enter(self, folder: str) -> Iterator[str]:
        """Note a folder and those above it; yields the ones that were not known."""
        while folder not in self:
            self._known.add(hash(folder))
            yield folder
            folder = folder.rpartition("/")[0]


class Paths:
    """A set of paths."""

    def __init__(self, found: Iterable[str]) -> None:
        """Take them in, in any order."""
        loose = [array("Q") for _ in range(_SHARDS)]
        for path in found:
            key = key_of(path)
            loose[key >> _SHARD_SHIFT].append(key)
        self._shards = [array("Q", sorted(keys)) for keys in loose]

    def __contains__(self, path: object) -> bool:
        """Tell whether a path is among them."""
        key = key_of(str(path))
        return _place(self._shards[key >> _SHARD_SHIFT], key) is not None

    def __len__(self) -> int:
        """Return how many there are."""
        return sum(map(len, self._shards))


class _Shard:
    """The entries of one shard, in the order of their keys."""

    def __init__(self, entries: Mapping[str, Entry], kept: int) -> None:
        self._kept = kept
        named = sorted((key_of(path), path) for path in entries)
        alike = {one for (one, _), (other, _) in pairwise(named) if one == other}
        self.alike = {path: entries[path] for key, path in named if key in alike}
        packed = [(key, entries[path]) for key, path in named if key not in alike]
        self._keys = array("Q", (key for key, _ in packed))
        self._data = b"".join(
            bytes.fromhex(digest)[:kept] + size.to_bytes(_SIZE_BYTES, "big") for _, (digest, size) in packed
        )
        self.claimed = bytearray(len(packed))

    def __len__(self) -> int:
        return len(self._keys) + len(self.alike)

    def place(self, key: int) -> int | None:
        return _place(self._keys, key)

    def entry(self, at: int) -> Entry:
        length = self._kept + _SIZE_BYTES
        data = self._data[at * length : (at + 1) * length]
        return data[: self._kept].hex(), int.from_bytes(data[self._kept :], "big")


class Ledger:
    """Path → entry of the manifest, and which of them were claimed."""

    def __init__(self, shards: Iterable[Mapping[str, Entry]], kept: int = _DIGEST_BYTES) -> None:
        """Take in the shards of a manifest one by one, in order; each may be gone after it was read.

        Of a digest so many bytes are kept.
        """
        self._shards = [_Shard(entries, kept) for entries in shards]
        self._digits = 2 * kept
        self._alike = {path for shard in self._shards for path in shard.alike}

    def __len__(self) -> int:
        """Return the number of paths."""
        return sum(map(len, self._shards))

    def __contains__(self, path: object) -> bool:
        """Tell whether a path is there; quicker than asking for its entry."""
        if not self._shards:
            return False
        key = key_of(str(path))
        shard = self._shards[key >> _SHARD_SHIFT]
        return shard.place(key) is not None or path in shard.alike

    def get(self, path: str) -> Entry | None:
        """Return the entry of a path, None for one that is not there."""
        return self._entry(path, claim=False)

    def claim(self, path: str, entry: Entry) -> bool | None:
        """Note that a path is wanted; tell whether it has this entry, None for one that is not there."""
        known = self._entry(path, claim=True)
        return known and (known[0][: self._digits], known[1]) == (entry[0][: self._digits], entry[1])

    def claim_all(self) -> None:
        """Note that every path is wanted."""
        self._alike = set()
        for shard in self._shards:
            shard.claimed = bytearray(b"\1") * len(shard.claimed)

    def _entry(self, path: str, *, claim: bool) -> Entry | None:
        if not self._shards:
            return None
        key = key_of(path)
        shard = self._shards[key >> _SHARD_SHIFT]
        at = shard.place(key)
        if at is None:
            if claim:
                self._alike.discard(path)
            return shard.alike.get(path)
        if claim:
            shard.claimed[at] = 1
        return shard.entry(at)

    def unclaimed(self, number: int, entries: Iterable[str]) -> Iterator[str]:
        """Yield the paths of a shard that nobody claimed; `entries` are all that it has."""
        shard = self._shards[number]
        for path in entries:
            at = shard.place(key_of(path))
            if path in self._alike or (at is not None and not shard.claimed[at]):
                yield path

    def incomplete(self) -> list[int]:
        """Return the numbers of the shards that hold a path that nobody claimed."""
        return [
            number
            for number, shard in enumerate(self._shards)
            if 0 in shard.claimed or not self._alike.isdisjoint(shard.alike)
        ]
