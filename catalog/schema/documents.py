"""The other published documents: lists, index, state of the gateways, manifest."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from catalog.schema.base import SHA256_PATTERN, Day, GatewayId, Noun, PriceText, Stamp
from catalog.schema.listing import PriceKind, Status

State = Literal["fresh", "stale", "held", "unconfigured", "unavailable"]
Stage = Literal["parse", "normalize"]
Sha256 = Annotated[str, Field(pattern=SHA256_PATTERN)]


class Document(Noun):
    """Anything published that carries the version of the contract."""

    schema_version: str = Field(pattern=r"^\d+\.\d+$")
    """Major.Minor; a client should fail on a greater major version."""


class ListedModel(Noun):
    """One row of a gateway's compact list."""

    id: str
    """The id as the gateway lists it."""
    name: str
    """Display name."""
    context_length: int | None
    """Tokens."""
    prompt: PriceText | None
    """US dollars per input token."""
    completion: PriceText | None
    """US dollars per output token."""
    price_kind: PriceKind
    """known, free, included, dynamic or unknown."""
    model_key: str | None
    """The identity shared with other gateways' offers."""
    status: Status
    """active, unverified or deprecated."""


class GatewayList(Document):
    """Every listing of one gateway, compact."""

    gateway: GatewayId
    """The gateway."""
    models: list[ListedModel]
    """Its listings, sorted by id."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""


class ProviderModel(Noun):
    """One model of an organisation."""

    id: str
    """The id that a request names."""
    name: str
    """Display name."""
    gateways: list[GatewayId]
    """The gateways that have it, in the order of detection."""
    cheapest: GatewayId | None
    """The gateway with the lowest known sum of prompt and completion price."""
    prompt: PriceText | None
    """US dollars per input token there."""
    completion: PriceText | None
    """US dollars per output token there."""


class ProviderSummary(Noun):
    """One organisation in the list of all."""

    provider: str
    """Short name, as in a model id."""
    name: str
    """Display name; the short name where no other is known."""
    site: str | None
    """Its own site, else its page on the Hugging Face Hub; null when neither is known."""
    logo: str | None
    """Its logo, else the monogram of its name, an SVG of the tree; null when there is none."""
    models: int
    """How many of its models are in the catalog."""


class Provider(Document):
    """One organisation and its models."""

    provider: str
    """Short name, as in a model id."""
    name: str
    """Display name; the short name where no other is known."""
    site: str | None
    """Its own site, else its page on the Hugging Face Hub; null when neither is known."""
    logo: str | None
    """Its logo, else the monogram of its name, an SVG of the tree; null when there is none."""
    models: list[ProviderModel]
    """Its models, sorted by id."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""


class ProviderIndex(Document):
    """All organisations."""

    providers: list[ProviderSummary]
    """Sorted by short name."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""


class DetectionIndex(Document):
    """Which gateways have a model; whole, or one shard of it."""

    gateways: list[GatewayId]
    """The order of detection."""
    models: dict[str, list[GatewayId]]
    """Lower-cased id → the gateways that have it, in the order of detection."""
    paths: dict[str, str]
    """Id → its file under `catalog/model/`, only where that does not follow from the escape."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""


class QuarantinedRow(Noun):
    """A row that could not be read."""

    id: str | None
    """Its id, if it has one that can be shown."""
    stage: Stage
    """Where it failed."""
    reason: str
    """Why, in words."""


class Drift(Noun):
    """Something that an upstream brought and that we do not know yet."""

    field: str
    """The unknown field, meter or value."""
    count: int
    """In how many rows."""


class GuardFinding(Noun):
    """What a guard said of the last answer of a gateway."""

    check: str
    """Name of the guard, see docs/guards.md."""
    level: Literal["info", "hold"]
    """info: a person may want to look; hold: the last good listings are served instead, or were overruled."""
    message: str
    """What is the matter, in words."""


class GatewayState(Noun):
    """One gateway: facts, outcome of the last attempt to fetch it, coverage."""

    id: GatewayId
    """Short name."""
    name: str
    """Display name."""
    site: str
    """Site."""
    docs: str
    """Documentation of its API."""
    api_base_url: str
    """Base URL of its API."""
    env: list[str]
    """Environment variables that hold its key."""
    state: State
    """Outcome of the last attempt to fetch it."""
    reason: str | None
    """Why it is not fresh."""
    origin: Literal["starter", "fetch"] | None
    """Whether the listings shipped with the repository or were fetched since."""
    fetched_at: Stamp | None
    """When the listings were fetched."""
    attempted_at: Stamp | None
    """When it was last tried."""
    models: int
    """Listings without tombstones."""
    priced: int
    """Listings whose price is known or free."""
    availability: float | None
    """Share of the logged attempts of the last 30 days that got a whole answer, in percent, to 0.1."""
    latency: float | None
    """Median time that a whole answer took in these days, in seconds, to 0.1."""
    quarantined: list[QuarantinedRow]
    """The first rows of the last answer that could not be read."""
    quarantined_total: int
    """How many there were."""
    drift: list[Drift]
    """What the last answer brought that is new to us."""
    findings: list[GuardFinding]
    """What the guards said of the last answer."""


class Gateways(Document):
    """State and coverage of every gateway; the only document that changes with every fetch."""

    gateways: list[GatewayState]
    """In the order of detection."""


class Totals(Noun):
    """Sizes of a tree."""

    listings: int
    """Listings of all gateways."""
    models: int
    """Different model ids."""
    files: int
    """Files, hard-linked names and the manifest included."""
    folders: int
    """Folders."""
    bytes: int
    """Sum of the sizes of the files that the manifest lists, a hard-linked one counted once for each name."""


class Manifest(Document):
    """Facts of a build, and the digests of the shards that name every file."""

    serial: int
    """Grows with every build."""
    generated_at: Stamp
    """Time of the build."""
    expires: Stamp
    """A reader should doubt the tree after this time."""
    commit: str | None
    """Commit of the code and data."""
    inputs: Sha256
    """Digest of everything that the tree is made from."""
    totals: Totals
    """Sizes."""
    shards: dict[str, Sha256]
    """Two hex digits → sha256 of `catalog/manifest/<digits>.json`."""
    states: dict[str, tuple[Sha256, int]] = Field(default_factory=dict)
    """Path → sha256 and size of the files that change with every build, and that no shard names."""
    digits: int | None = None
    """Only where the shards have parts of their own: how many hex digits name one, see docs/sharding.md."""


ManifestShard = dict[str, tuple[Sha256, int]]
"""Path → sha256 and size of the file; the shard of a path is the start of its own sha256."""

__all__ = [
    "Day", "DetectionIndex", "Document", "Drift", "GatewayList", "GatewayState", "Gateways",
    "ListedModel", "Manifest", "ManifestShard", "Provider", "ProviderIndex", "ProviderModel",
    "ProviderSummary", "QuarantinedRow", "Sha256", "Stage", "State", "Totals",
]  # fmt: skip
