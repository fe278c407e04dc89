"""What `data/state.json` remembers of each gateway between two builds."""

from __future__ import annotations

from typing import Literal

from catalog.schema.base import Day, Noun, Stamp
from catalog.schema.documents import Drift, GuardFinding, QuarantinedRow, State

Origin = Literal["starter", "fetch"]


class Memory(Noun):
    """One gateway between two builds."""

    state: State = "unavailable"
    """Outcome of the last attempt to fetch it."""
    reason: str | None = None
    """Why it is not fresh."""
    origin: Origin | None = None
    """Whether the snapshot shipped with the repository or was fetched since."""
    fetched_at: Stamp | None = None
    """When the snapshot was fetched."""
    attempted_at: Stamp | None = None
    """When it was last tried."""
    rows: int = 0
    """Listings of the snapshot without tombstones."""
    digest: str | None = None
    """Digest of the upstream bodies and of the code that read them; equal means nothing to do."""
    account: str | None = None
    """Short digest of the key that the list belongs to, where lists depend on the account."""
    quarantined: tuple[QuarantinedRow, ...] = ()
    """The first rows of the last answer that could not be read."""
    quarantined_total: int = 0
    """How many there were."""
    drift: tuple[Drift, ...] = ()
    """What the last answer brought that is new to us."""
    findings: tuple[GuardFinding, ...] = ()
    """What the guards said of the last answer."""


class Memories(Noun):
    """The whole of `data/state.json`."""

    gateways: dict[str, Memory] = {}
    """By gateway."""
    huggingface_swept: Day | None = None
    """Day on which the Hub's most downloaded models were last asked for."""
