"""The index of the exports in the formats of other tools."""

from __future__ import annotations

from catalog.schema.base import GatewayId, Noun
from catalog.schema.documents import Document


class LeftOut(Noun):
    """Listings of one gateway that a format cannot hold."""

    gateway: GatewayId
    """The gateway."""
    reason: str
    """Why, in words."""
    count: int
    """How many listings."""


class Exported(Noun):
    """One exported format."""

    format: str
    """Short name."""
    files: list[str]
    """Paths in the tree; all have the same content."""
    models: int
    """Listings that it holds."""
    left_out: list[LeftOut]
    """Listings that it does not hold, by gateway and reason."""


class InteropIndex(Document):
    """What the exports hold, and what was left out rather than given an invented number."""

    exports: list[Exported]
    """Every format."""
