"""The network of a benchmark: bodies come from files, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

import orjson

from catalog.errors import UseSnapshotError
from catalog.ports import Gateway, Missing, Payload
from tests.bench.bodies import INDEX


class Bodies:
    """A folder of bodies."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index: dict[str, list[list[str]]] = orjson.loads((root / INDEX).read_bytes())

    def open(self, gateway: Gateway) -> nullcontext[Files]:
        """Open the network of one gateway."""
        return nullcontext(Files(gateway, self._root, self._index[gateway.id]))

    def payloads(self, gateway: Gateway) -> Iterator[Payload]:
        """Yield every body of a gateway in the order in which it is asked for."""
        for base, path, name in self._index[gateway.id]:
            yield Payload(path, (self._root / name).read_bytes(), base)


class Files:
    """What one gateway answers."""

    def __init__(self, gateway: Gateway, root: Path, index: list[list[str]]) -> None:
        self._base = gateway.bases[0].variable
        self._files = {(base, path): root / name for base, path, name in index}

    def one(self, path: str, base: str = "") -> Payload:
        """Read one body."""
        answer = self._answer(path, base)
        if isinstance(answer, Missing):
            raise UseSnapshotError(f"{path}: {answer.reason}")
        return answer

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Read several bodies, each when it is wanted."""
        return (self._answer(path, base) for path in paths)

    def _answer(self, path: str, base: str) -> Payload | Missing:
        where = base or self._base
        file = self._files.get((where, path))
        return (
            Missing(path, "answer 404", gone=True)
            if file is None
            else Payload(path, file.read_bytes(), where)
        )
