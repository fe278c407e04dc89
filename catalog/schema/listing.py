"""A listing: one row of one gateway in our words and units."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from catalog.schema.base import Day, GatewayId, Money, Noun, Stamp

PriceKind = Literal["known", "free", "included", "dynamic", "unknown"]
Status = Literal["active", "unverified", "deprecated", "removed"]
Match = Literal["own", "exact", "unwrapped", "spelling", "canonical_slug", "hugging_face_id", "alias"]

METERS = frozenset(
    {
        "prompt", "completion", "request", "image", "input_cache_read", "input_cache_write",
        "input_cache_write_1h", "internal_reasoning", "web_search", "audio", "audio_output",
        "image_output", "image_token", "input_audio_cache", "per_image", "per_second", "per_character",
        "per_hour", "per_frame", "per_audio_second", "per_video_second", "per_step", "file_search",
    }
)  # fmt: skip
"""The meters that we know; another one of an upstream is kept and reported as drift."""
TOKEN_METERS = ("prompt", "completion")
"""The meters that the price of a text model is known by."""


class Architecture(Noun):
    """What goes into a model and what comes out."""

    input_modalities: tuple[str, ...] | None = None
    """text, image, file, audio, video …; null when the gateway does not say."""
    output_modalities: tuple[str, ...] | None = None
    """text, image, audio, embeddings …; null when the gateway does not say."""
    tokenizer: str | None = None
    """The gateway's name for the tokenizer family."""
    instruct_type: str | None = None
    """The gateway's name for the prompt format."""


class Capabilities(Noun):
    """What a model can do as this gateway serves it; null when the gateway does not say."""

    tools: bool | None = None
    """Accepts tool definitions."""
    reasoning: bool | None = None
    """Can return a reasoning part."""
    structured_outputs: bool | None = None
    """Can be held to a JSON schema."""
    vision: bool | None = None
    """Accepts images."""


class PriceSource(Noun):
    """Where a price comes from."""

    gateway: GatewayId
    """The gateway that published the price."""
    match: Match
    """How the price was found: its own row, or another source and the kind of match."""


class PriceTier(Noun):
    """A price that replaces the base price while its condition holds."""

    min_prompt_tokens: int | None = None
    """Holds for prompts of strictly more tokens than this."""
    utc_start: str | None = Field(default=None, pattern=r"^\d\d:\d\d$")
    """Holds from this time of the day, UTC."""
    utc_end: str | None = Field(default=None, pattern=r"^\d\d:\d\d$")
    """Holds until this time of the day, UTC; earlier than `utc_start` means the next day."""
    service_tier: str | None = None
    """Holds when this service tier is asked for."""
    pricing: dict[str, Money]
    """US dollars per unit, by meter."""


class Performance(Noun):
    """How an endpoint did lately; kept apart from listings because it moves all the time."""

    uptime: float | None = None
    """Share of answered requests over the last day, in percent, to 0.1."""
    latency: int | None = None
    """Median time to the first token over the last 30 minutes, in milliseconds, to 10."""
    throughput: int | None = None
    """Median output speed over the last 30 minutes, in tokens per second."""


class Endpoint(Noun):
    """One host behind a gateway that serves the model."""

    name: str
    """The host's name."""
    tag: str
    """The gateway's short name of the host and its variant, `deepinfra/fp8`."""
    pricing: dict[str, Money]
    """US dollars per unit, by meter, as charged."""
    discount: Money | None = None
    """Share that the host takes off its list price, 0 to 1."""
    context_length: int | None = None
    """Tokens."""
    max_output_tokens: int | None = None
    """Tokens."""
    quantization: str | None = None
    """The number format of the served weights."""
    performance: Performance | None = None
    """Never in a snapshot line."""


class Listing(Noun):
    """One row of one gateway in our words and units; unknown is null, never 0."""

    gateway: GatewayId
    """The gateway that has it."""
    id: str = Field(min_length=1)
    """The id as the gateway lists it."""
    unwrapped: str | None = None
    """The id that people use, where the listed one is wrapped in a workspace's own names."""
    service: str | None = None
    """The service behind a wrapped id, where the gateway tells it; published nowhere."""
    name: str
    """Display name."""
    description: str | None = None
    """The gateway's description, plain text."""
    created: Day | None = None
    """Day on which the gateway first had it."""
    canonical_slug: str | None = None
    """The gateway's permanent name of this version."""
    hugging_face_id: str | None = None
    """Repository with the weights, as the gateway names it."""
    alias_target: str | None = None
    """The id that this moving alias stands for now."""
    context_length: int | None = Field(default=None, gt=0)
    """Tokens of prompt and answer together that the model can handle."""
    served_context_length: int | None = Field(default=None, gt=0)
    """Tokens that this gateway serves at most."""
    max_output_tokens: int | None = Field(default=None, gt=0)
    """Tokens of one answer at most."""
    architecture: Architecture = Architecture()
    """Modalities and tokenizer."""
    pricing: dict[str, Money] = Field(default_factory=dict)
    """US dollars per unit as charged, by meter; a meter that is not there is unknown."""
    list_pricing: dict[str, Money] | None = None
    """US dollars per unit before the discount, where there is one."""
    discount: Money | None = None
    """Share taken off the list price, 0 to 1."""
    price_kind: PriceKind | None = None
    """Set by an adapter only for `dynamic` and `included`; otherwise settled from the prices."""
    price_source: PriceSource | None = None
    """Where the price comes from; null when there is none."""
    price_tiers: tuple[PriceTier, ...] = ()
    """Prices under a condition, in a fixed order."""
    supported_parameters: tuple[str, ...] | None = None
    """Request parameters that the gateway accepts, sorted."""
    capabilities: Capabilities = Capabilities()
    """Tools, reasoning, structured outputs, vision."""
    quantization: str | None = None
    """The number format of the served weights."""
    knowledge_cutoff: str | None = None
    """Day, month or year up to which the model knows the world, as served."""
    expiration_date: Day | None = None
    """Day on which the gateway ends the offer."""
    replaced_by: str | None = None
    """The id that the gateway names as the successor."""
    status: Status = "active"
    """active, unverified (from a static list), deprecated or removed."""
    as_of: Day | None = None
    """Date of the static list that an unverified row comes from."""
    endpoints: tuple[Endpoint, ...] | None = None
    """Hosts behind the gateway; null when the gateway was not asked or did not answer."""


class KeptListing(Listing):
    """A snapshot line: a listing and the moments that the catalog itself knows about it."""

    changed_at: Stamp
    """Time of the build that last changed this line."""
    removed_at: Stamp | None = None
    """Time of the build that first missed it; kept for 90 days as a tombstone."""
