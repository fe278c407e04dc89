"""A toy gateway and a small world, for tests of what happens around an adapter."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from catalog.artifact import Artifact
from catalog.gather import Answer
from catalog.ports import Base, Gateway, Get, Missing, Payload, UpstreamRow
from catalog.run import Run
from catalog.schema.listing import Architecture, Listing
from catalog.settings import Settings
from catalog.world import World

NOW = datetime(2026, 11, 20, 2, 17, tzinfo=UTC)
LATER = datetime(2026, 11, 21, 2, 17, tzinfo=UTC)


class ToyRow(UpstreamRow):
    """A model as the toy gateway lists it."""

    id: str
    name: str = "A model"
    price: str = "0.000001"


class Silence:
    """The network of a gateway that asks for nothing."""

    def one(self, path: str, base: str = "") -> Payload:
        """Fail the test: nobody has a reason to call this."""
        raise AssertionError("the toy gateway asks the network for nothing")

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Fail the test: nobody has a reason to call this."""
        raise AssertionError("the toy gateway asks the network for nothing")


@dataclass
class Toy:
    """An adapter whose upstream is a list of rows that a test may change."""

    GATEWAY: Gateway
    rows: list[Any] = field(default_factory=list)
    trouble: Callable[[], object] = lambda: None
    """Called before the answer."""
    Row: type[UpstreamRow] = ToyRow
    parsed: int = 0
    """How often an answer was read."""

    def fetch(self, get: Get) -> Iterator[Payload]:
        """Answer with all rows at once."""
        self.trouble()
        yield Payload("/models", json.dumps(self.rows).encode(), f"{self.GATEWAY.id}_URL")

    def parse(self, payloads: Iterable[Payload]) -> Iterator[object]:
        """Read the rows of all payloads."""
        self.parsed += 1
        for payload in payloads:
            yield from payload.items("models")

    def normalize(self, row: ToyRow) -> Listing:
        """Make a listing of the little that there is."""
        return Listing(
            gateway=self.GATEWAY.id,
            id=row.id,
            name=row.name,
            architecture=Architecture(input_modalities=("text",), output_modalities=("text",)),
            pricing={"prompt": Decimal(row.price)},
        )


def toy(name: str = "toy", ids: Iterable[str] = ("a/one", "a/two", "b/three"), **facts: Any) -> Toy:  # noqa: ANN401 - passed on
    """Make a toy gateway with some models."""
    base = Base(f"{name}_URL", "https://toy.example.test/v1", f"{name.upper()}_KEY")
    gateway = Gateway(
        name, name.title(), "https://toy.example.test", "https://toy.example.test/docs", (base,)
    )
    changed = Gateway(**{**vars(gateway), **facts})
    return Toy(changed, [{"id": model_id} for model_id in ids])


class Watcher:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: dict[str, Answer] = {}

    def fetched(self, name: str, answer: Answer) -> None:
        """Note an answer."""
        self.told[name] = answer

    def writing(self, artifacts: Iterable[Artifact]) -> Iterable[Artifact]:
        """Pass on."""
        return artifacts


def no_network(_: Gateway) -> AbstractContextManager[Get]:
    """Open the network of a toy."""
    return nullcontext(Silence())


def world(*toys: Toy, **given: Any) -> World:  # noqa: ANN401 - passed on
    """Make a world of toys."""
    usual: dict[str, Any] = {
        "network": no_network,
        "patience": 10.0,
        "accounts": {},
        "now": NOW,
        "code": "code",
        "commit": None,
        "watcher": Watcher(),
        "site": {"hosts/toy/toy.conf": b"# a toy\n"},
    }
    return World(adapters=toys, **(usual | given))


def run(folder: Path, around: World, **options: Any) -> Run:  # noqa: ANN401 - passed on
    """Fetch and publish once, into `data` and `output` below a folder."""
    settings = Settings(output=folder / "output", data=folder / "data", **options)
    for path in (settings.output, settings.data):
        path.mkdir(parents=True, exist_ok=True)
    one = Run(settings, around)
    try:
        one.refresh()
        one.publish()
    finally:
        one.store.discard()
    return one


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file below a folder."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def marks(folder: Path) -> dict[str, tuple[int, int]]:
    """Return inode and modification time of every file below a folder."""
    stats = {path.relative_to(folder).as_posix(): path.stat() for path in folder.rglob("*") if path.is_file()}
    return {name: (stat.st_ino, stat.st_mtime_ns) for name, stat in stats.items()}
