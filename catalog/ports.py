"""What the core asks of the outside: gateways as declarations, answers as payloads, adapters."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import msgspec
from pydantic import BaseModel, ConfigDict

from catalog.errors import UseSnapshotError
from catalog.schema.listing import Listing
from catalog.schema.metrics import Repository
from catalog.units import read_json

READER = "https://reader.example"
"""The origin of a page that reads a deployed tree, as a browser would name it."""


@dataclass(frozen=True)
class Base:
    """One base URL of a gateway: the variable that overrides it, its default, its key."""

    variable: str
    """`OPENROUTER_BASE_URL`; also the name by which an adapter asks for this base."""
    url: str
    """The real one, without a slash at the end."""
    key_variable: str | None = None
    """The variable that holds the key for this host; a key goes to no other host."""
    key_header: str = "Authorization"
    """The header that carries the key."""
    key_prefix: str = "Bearer "
    """What stands before the key in that header."""
    headers: Mapping[str, str] | None = None
    """Further headers that every request to this base needs."""
    hides: frozenset[int] = frozenset()
    """Statuses by which it says, to a caller without a key, that it does not have this one thing."""


@dataclass(frozen=True)
class Gateway:
    """The facts of one gateway that code needs."""

    id: str
    """`openrouter`."""
    name: str
    """`OpenRouter`."""
    site: str
    """Its home page."""
    docs: str
    """The documentation of its API."""
    bases: tuple[Base, ...]
    """The first one is asked unless a request names another."""
    key_required: bool = False
    """Whether nothing is served without the key."""
    account_bound: bool = False
    """Whether the list depends on the account, so that only lists of one key are comparable."""
    static: tuple[str, ...] = ()
    """Files under `data/` whose bytes stand behind the fetched payloads."""


@dataclass(frozen=True)
class Rows:
    """The rows of a list, each parsed when it is wanted, so that it is still at hand when it is read."""

    path: str
    """What was asked for."""
    raw: Sequence[msgspec.Raw]
    """The rows as they were served."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.raw)

    def __iter__(self) -> Iterator[object]:
        """Yield the rows; raises UseSnapshotError for one that is not JSON."""
        return (_parsed(self.path, bytes(row)) for row in self.raw)


_PARTS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_LIST = msgspec.json.Decoder(list[msgspec.Raw])


def _parsed(path: str, body: bytes) -> Any:  # noqa: ANN401 - an upstream document can be anything
    try:
        return read_json(body)
    except ValueError as problem:
        raise UseSnapshotError(f"{path}: not JSON ({problem})") from problem


@dataclass(frozen=True)
class Payload:
    """One body as an upstream served it."""

    path: str
    """What was asked for: the path and query below the base, or the name of a static file."""
    body: bytes
    """The decoded bytes."""
    base: str = ""
    """The variable of the base that it came from; empty for a static file."""
    link: str = ""
    """The URL of the next page, where the answer's `Link` header names one."""

    def json(self) -> Any:  # noqa: ANN401 - an upstream document can be anything
        """Parse the body with exact decimals; raises UseSnapshotError when it is not JSON."""
        return _parsed(self.path, self.body)

    def page(self, key: str) -> tuple[Rows | list[object], dict[str, Any]]:
        """Return the rows under `key` and what stands beside them; a document can be a list itself.

        Raises UseSnapshotError when there is no such list.
        """
        try:
            parts = _PARTS.decode(self.body)
            rows = Rows(self.path, _LIST.decode(parts.pop(key, b"")))
        except (
            ValueError,
            RecursionError,
        ):  # not what a page looks like, or nothing that a strict parser takes
            return self.items(key), self._beside(key)
        return rows, {name: _parsed(self.path, bytes(part)) for name, part in parts.items()}

    def _beside(self, key: str) -> dict[str, Any]:
        document = self.json()
        return (
            {name: document[name] for name in document if name != key} if isinstance(document, dict) else {}
        )

    def items(self, *keys: str) -> list[object]:
        """Return the list under the first of `keys` that is there, or the document if it is a list.

        Raises UseSnapshotError when there is no such list.
        """
        document = self.json()
        found = document if isinstance(document, list) else None
        if isinstance(document, dict):
            found = next((document[key] for key in keys if isinstance(document.get(key), list)), None)
        if found is None:
            raise UseSnapshotError(f"{self.path}: no list of models in the answer")
        return found


@dataclass(frozen=True)
class Missing:
    """A request that got no usable answer while others of the same gateway did."""

    path: str
    """What was asked for."""
    reason: str
    """Why there is no answer, in words without secrets."""
    gone: bool = False
    """Whether a healthy server said that there is no such thing (404, 410)."""


@dataclass(frozen=True)
class Reply:
    """What a host says to a reader of a deployed tree, whatever it is."""

    path: str
    """What was asked for, below the address of the tree."""
    status: int
    """Of HTTP."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    """The decoded bytes; empty unless the status is 200."""


Visit = Callable[[Iterable[str]], Iterator[Reply | Missing]]
"""Asks for several files of a deployed tree; what they get comes in the order asked."""


class Get(Protocol):
    """The network as an adapter sees it: already bounded, patient and polite."""

    def one(self, path: str, base: str = "") -> Payload:
        """Fetch one path below a base; raises UseSnapshotError when there is no usable answer."""

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Fetch several paths with bounded concurrency; answers come in the order asked."""


class MeteredGet(Get, Protocol):
    """A network whose host says how much it may be asked."""

    def left(self, base: str = "") -> int | None:
        """Return how many more requests the host allows, None while it has not said."""


@dataclass(frozen=True)
class Facts:
    """What a source of facts said in one night."""

    repositories: Sequence[Repository]
    """What it said of each repository."""
    requests: int
    """How many requests that took."""
    swept: bool
    """Whether its most downloaded models were asked for today."""
    reason: str | None = None
    """Why it was given up, if it was."""


class Spool(Protocol):
    """Byte strings by name, kept outside of memory and read back sorted by name."""

    def __len__(self) -> int:
        """Return the number of different names."""

    def add(self, name: str, data: bytes) -> bool:
        """Keep data; False when the name is there already, and of the two the smaller one stays."""

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Yield names and data, sorted by name."""


class UpstreamRow(BaseModel):
    """A row in a gateway's own words: unknown fields are kept and counted, known ones checked."""

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)

    quick: ClassVar[bool] = False
    """Whether its adapter asks it for nothing but fields and `model_extra`, so that a twin can stand in."""


class Adapter(Protocol):
    """A module in `providers/` that speaks to one gateway."""

    @property
    def GATEWAY(self) -> Gateway:  # noqa: N802 - a constant of the module
        """The facts of the gateway."""

    @property
    def Row(self) -> type[UpstreamRow]:  # noqa: N802 - a class of the module
        """The upstream row."""

    @property
    def fetch(self) -> Callable[[Get], Iterator[Payload]]:
        """Say which URLs make up the gateway's catalog."""

    @property
    def parse(self) -> Callable[[Iterable[Payload]], Iterator[object]]:
        """Join the payloads into raw rows."""

    @property
    def normalize(self) -> Callable[[Any], Listing]:
        """Turn one validated row into a listing; raises ValueError or SkipRowError."""
