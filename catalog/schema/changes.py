"""What changed: one typed change, the lists of them, and the dated facts that follow from them."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from catalog.schema.base import Day, GatewayId, Noun, PriceText, Stamp
from catalog.schema.documents import Document
from catalog.schema.listing import PriceKind

ChangeKind = Literal[
    "added",
    "removed",
    "returned",
    "renamed",
    "price",
    "unstable",
    "price_kind",
    "tiers",
    "context",
    "output_limit",
    "modality",
    "capability",
    "deprecation",
    "gateway_gained",
    "gateway_lost",
    "first_fetch",
]
Value = str | int | bool | list[str] | list[dict[str, str | int]] | None
"""A price as decimal text, tokens, a day, an id, names, or tiers; null is unknown or not there."""


class Change(Noun):
    """One thing that changed."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True, serialize_by_alias=True)

    id: str
    """Stable: the day and the start of a digest of moment, kind, gateway, model and meter."""
    at: Stamp
    """Time of the build that saw it first."""
    kind: ChangeKind
    """What kind of change; readers should expect further kinds. `price` names the meter, `unstable` is a
    price that goes to and fro between two values and is reported once, `deprecation` an end announced, moved
    (two days) or called off, `first_fetch` a list that took the place of another one as a whole."""
    gateway: GatewayId
    """Where."""
    model: str | None
    """The id there; the model key for a gateway gained or lost; null for a whole list."""
    meter: str | None
    """What exactly: the meter of a price, or the field."""
    before: Value = Field(alias="from")
    """The value before."""
    to: Value
    """The value since."""
    percent: float | None
    """How much a price moved, in percent of what it was, to 0.01; null when that says nothing."""


class Offered(Noun):
    """What a listing offered after a change."""

    prompt: PriceText | None = None
    """US dollars per input token."""
    completion: PriceText | None = None
    """US dollars per output token."""
    context_length: int | None = None
    """Tokens."""
    price_kind: PriceKind = "unknown"
    """known, free, included, dynamic or unknown."""


class LoggedChange(Change):
    """One line of `data/changes/<YYYY-MM>.jsonl`: a change with what its history needs."""

    offered: Offered | None = None
    """What the listing offered from then on; of a removed one, what it last offered."""
    since: Stamp | None = None
    """From when on the listing had been as it was before."""


class Changes(Document):
    """A list of changes."""

    changes: list[Change]
    """Newest first; of one moment by gateway, model, kind and meter."""


class Point(Noun):
    """What one gateway offered from a moment on."""

    at: Stamp
    """From when on."""
    gateway: GatewayId
    """Where."""
    id: str
    """The id there."""
    prompt: PriceText | None
    """US dollars per input token."""
    completion: PriceText | None
    """US dollars per output token."""
    context_length: int | None
    """Tokens."""
    price_kind: PriceKind | None
    """known, free, included, dynamic or unknown; null from when on the gateway no longer had it."""


class History(Document):
    """Dated prices and limits of a model on every gateway that changed something about it."""

    model_key: str
    """The identity shared by the offers."""
    first_seen: Stamp
    """The oldest moment of which the log tells."""
    last_seen: Stamp | None
    """When the last of these offers was found gone; null while one is there."""
    points: list[Point]
    """By time, then by gateway."""


class Deprecation(Noun):
    """An offer whose end is announced."""

    gateway: GatewayId
    """Where."""
    model: str
    """The id there."""
    model_key: str
    """The identity shared with other gateways' offers."""
    name: str
    """Display name."""
    expiration_date: Day
    """Day on which the gateway ends the offer."""
    replaced_by: str | None
    """The successor that the gateway names."""
    announced_at: Stamp | None
    """Time of the build that first saw an end announced; null when that was before the log began."""


class Deprecations(Document):
    """Every offer whose end is announced and that is still there."""

    deprecations: list[Deprecation]
    """The next end first."""


class GatewayDay(Noun):
    """How fetching one gateway went on one day."""

    day: Day
    """The day."""
    attempts: int
    """How often it was tried."""
    answered: int
    """How often it gave a whole answer."""
    latency: float | None
    """Median time that a whole answer took, in seconds, to 0.1."""


class GatewayHistory(Document):
    """How fetching each gateway went, day by day."""

    gateways: dict[GatewayId, list[GatewayDay]]
    """By gateway; oldest day first, at most 400 days."""


class Attempt(Noun):
    """One line of `data/attempts/<YYYY-MM>.jsonl`: one gateway of one fetching run."""

    at: Stamp
    """Time of the build."""
    gateway: GatewayId
    """The gateway."""
    state: Literal["fresh", "stale", "held", "unconfigured", "unavailable"]
    """What became of it."""
    seconds: float
    """How long fetching took, to 0.1."""
