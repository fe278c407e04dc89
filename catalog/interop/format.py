"""What a foreign format has to tell of itself to be exported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

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


@dataclass(frozen=True)
class Format:
    """One foreign format."""

    name: str
    """Its name in `interop/index.json`."""
    files: tuple[str, ...]
    """Where it is published; all names have the same bytes."""
    kind: Kind
    """The declaration of its shape."""
    start: Callable[[Mapping[str, Gateway]], Export]
    """Begins an export; takes the facts of the gateways."""
