"""What a foreign format has to tell of itself to be exported."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from catalog.artifact import Json
from catalog.interop.offer import Offer
from catalog.ports import Gateway


class Kind(Protocol):
    """Knows whether bytes are of a format."""

    def validate_json(self, body: bytes, /) -> Any:  # noqa: ANN401 - whatever stands there
        """Return what the bytes say; raises ValueError when they are of another form."""


class Export(Protocol):
    """One file while it fills up."""

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns in words why it is left out, None when it is in."""

    def body(self) -> bytes:
        """Return the finished file."""


class Given(NamedTuple):
    """What an export may need besides listings."""

    gateways: Mapping[str, Gateway]
    """Facts, by short name."""
    changes: Iterable[Json]
    """Rows of `catalog/changes.json`."""


@dataclass(frozen=True)
class Format:
    """One foreign format."""

    name: str
    """Its name in `interop/index.json`."""
    files: tuple[str, ...]
    """Where it is published; all names have the same bytes."""
    kind: Kind
    """The declaration of its shape."""
    start: Callable[[Given], Export]
    """Begins an export."""
    about: str
    """What it is, in a line."""
    media: str = "application/json"
    """Its media type."""
