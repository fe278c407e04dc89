"""The published document about identity: what people have to settle."""

from __future__ import annotations

from typing import Literal

from catalog.schema.base import GatewayId, Noun
from catalog.schema.documents import Document

Guard = Literal["organisation", "size", "date", "output modality", "context"]
"""What speaks against a merge that the names alone would make."""


class RefusedMerge(Noun):
    """A listing that a name or a gateway's word makes a known model, and something else does not."""

    gateway: GatewayId
    """The gateway that has it."""
    id: str
    """The id as the gateway lists it."""
    model_key: str
    """The key that it does not get."""
    guard: Guard
    """What speaks against it."""
    reason: str
    """The two things that do not agree."""


class UnresolvedListing(Noun):
    """A listing that stands for no released model, as far as anybody knows."""

    gateway: GatewayId
    """The gateway that has it."""
    id: str
    """The id as the gateway lists it."""
    reason: str
    """Why it has no key."""


class IdentityReport(Document):
    """What a person can settle with a line in the facts."""

    refused: list[RefusedMerge]
    """Merges that were not made, sorted by gateway and id."""
    doubtful: list[RefusedMerge]
    """Merged although their context lengths differ by far, which a host's limit can explain."""
    unresolved: list[UnresolvedListing]
    """Without a key, sorted by gateway and id."""
