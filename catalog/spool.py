"""EDGE What is too large to be held: byte strings in a file, by name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Generic, TypeVar

import orjson

Row = TypeVar("Row")

_BLOCK = 1 << 16
_HELD = 1 << 15
"""Rows of heaps that are held in memory."""


class DiskSpool:
    """Byte strings by name, kept in one file and read back in the order of their names."""

    def __init__(self, path: Path) -> None:
        """Make an empty spool."""
        self._file = path.open("w+b", buffering=0)
        self._pending: list[bytes] = []
        self._end = self._written = 0
        self._places: dict[str, tuple[int, int]] = {}

    def __len__(self) -> int:
        """Return the number of different names."""
        return len(self._places)

    def add(self, name: str, data: bytes) -> bool:
        """Keep data under a name; of two with one name the smaller one stays, False then."""
        known = self._places.get(name)
        if known is not None and self._read(known) <= data:
            return False
        self._places[name] = (self._end, len(data))
        self._pending.append(data)
        self._end += len(data)
        if self._end - self._written > _BLOCK:
            self._flush()
        return known is None

    def _flush(self) -> None:
        block = b"".join(self._pending)
        while block:
            block = block[self._file.write(block) :]
        self._pending = []
        self._written = self._end

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Yield names and data, sorted by name."""
        for name in sorted(self._places):
            yield name, self._read(self._places[name])

    def _read(self, place: tuple[int, int]) -> bytes:
        start, size = place
        if self._written < start + size:
            self._flush()
        return os.pread(self._file.fileno(), size, start)

    def close(self) -> None:
        """Let go of the file."""
        self._pending = []
        self._places = {}
        self._file.close()


class Heaps(Generic[Row]):
    """Rows in heaps by number, read back in the order given; beyond some of them they lie in one file."""

    def __init__(self, path: Path, heaps: int) -> None:
        """Make empty heaps; the file is made when it is needed."""
        self._path = path
        self._file: BinaryIO | None = None
        self._held: list[list[Row]] = [[] for _ in range(heaps)]
        self._places: list[list[tuple[int, int]]] = [[] for _ in range(heaps)]
        self._count = self._end = 0

    def add(self, number: int, row: Row) -> None:
        """Put a row, anything that JSON can hold, on a heap."""
        self._held[number].append(row)
        self._count += 1
        if self._count > _HELD:
            self._flush()

    def _flush(self) -> None:
        self._file = self._file or self._path.open("w+b")
        for rows, places in zip(self._held, self._places, strict=True):
            if rows:
                block = orjson.dumps(rows)
                places.append((self._end, len(block)))
                self._end += self._file.write(block)
                rows.clear()
        self._file.flush()
        self._count = 0

    def rows(self, number: int) -> Iterator[Row]:
        """Yield the rows of one heap."""
        for start, size in self._places[number]:
            if self._file is not None:
                yield from orjson.loads(os.pread(self._file.fileno(), size, start))
        yield from self._held[number]

    def close(self) -> None:
        """Let go of everything."""
        self._held = []
        if self._file is not None:
            self._file.close()
