"""The record: one published answer of the catalog."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, Field

from catalog.schema.base import Day, GatewayId, Noun, PriceText, Stamp
from catalog.schema.listing import Capabilities, PriceKind, PriceSource, Status


class RecordArchitecture(Noun):
    """What goes into a model and what comes out."""

    modality: str | None
    """`text+image->text`, derived from the lists; null when they are unknown."""
    input_modalities: list[str] | None
    """text, image, file, audio, video …"""
    output_modalities: list[str] | None
    """text, image, audio, embeddings …"""
    tokenizer: str | None
    """The gateway's name for the tokenizer family."""
    instruct_type: str | None
    """The gateway's name for the prompt format."""


class RecordPricing(Noun):
    """US dollars per unit; further meters stand beside these four when a gateway publishes them."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, PriceText] = Field(init=False)  # type: ignore[mutable-override]  # pydantic's way

    prompt: PriceText | None
    """Per input token."""
    completion: PriceText | None
    """Per output token."""
    request: PriceText | None
    """Per request."""
    image: PriceText | None
    """Per image token or image, as the gateway charges it."""


class Meters(Noun):
    """US dollars per unit, only the meters that are known."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, PriceText] = Field(init=False)  # type: ignore[mutable-override]  # pydantic's way


class RecordTier(Meters):
    """Prices that replace the base prices while a condition holds."""

    min_prompt_tokens: int | None = None
    """Holds for prompts of strictly more tokens than this."""
    utc_start: str | None = None
    """Holds from this time of the day, UTC, `10:00`."""
    utc_end: str | None = None
    """Holds until this time of the day, UTC; earlier than `utc_start` means the next day."""
    service_tier: str | None = None
    """Holds when this service tier is asked for."""


class RecordEndpoint(Noun):
    """One host behind the gateway."""

    name: str
    """The host's name."""
    tag: str
    """The gateway's short name of the host and its variant."""
    pricing: Meters
    """US dollars per unit as charged."""
    discount: PriceText | None
    """Share that the host takes off its list price, 0 to 1."""
    context_length: int | None
    """Tokens."""
    max_output_tokens: int | None
    """Tokens."""
    quantization: str | None
    """The number format of the served weights."""
    uptime: float | None = None
    """Share of answered requests over a day, in percent."""
    latency: int | None = None
    """Median time to the first token, in milliseconds."""
    throughput: int | None = None
    """Median output speed, in tokens per second."""
    as_of: Day | None = None
    """Day of uptime, latency and throughput."""


class HuggingFaceMetrics(Noun):
    """What the Hugging Face Hub says of the repository with the weights."""

    downloads: int | None
    """Downloads of the 30 days before `as_of`."""
    likes: int | None
    """Likes."""
    pipeline_tag: str | None
    """The Hub's task name."""
    library_name: str | None
    """The library that loads it."""
    gated: bool | None
    """Whether access must be asked for."""
    as_of: Day
    """Day of the numbers."""


class RecordData(Noun):
    """The model as its gateway offers it."""

    id: str
    """The id as the gateway lists it."""
    slug: str
    """The same as `id`."""
    canonical_slug: str | None
    """The gateway's permanent name of this version."""
    name: str
    """Display name."""
    description: str | None
    """The gateway's description, plain text."""
    context_length: int | None
    """Tokens of prompt and answer together."""
    architecture: RecordArchitecture
    """Modalities and tokenizer."""
    pricing: RecordPricing
    """US dollars per unit as charged."""
    provider_slug: str
    """Who made the model, as its id says: organisations with several spellings keep each."""
    provider_site_url: str | None
    """The organisation's own site, else its page on the Hugging Face Hub; null when neither is known."""
    model_logo_url: str | None
    """The organisation's logo, else the monogram of its name, an SVG of the tree; null when there is none."""
    source_gateway: GatewayId
    """The gateway that this answer comes from."""
    huggingface_metrics: HuggingFaceMetrics | None
    """Numbers of the Hugging Face Hub."""
    hugging_face_id: str | None
    """Repository with the weights."""
    model_key: str | None
    """The identity shared by all offers of the same released model."""
    variant: str | None
    """What sets this offer apart: free, batch, turbo, fp8 …"""
    created: Day | None
    """Day on which the gateway first had it."""
    max_output_tokens: int | None
    """Tokens of one answer at most."""
    served_context_length: int | None
    """Tokens that this gateway serves at most."""
    supported_parameters: list[str] | None
    """Request parameters that the gateway accepts."""
    capabilities: Capabilities
    """Tools, reasoning, structured outputs, vision."""
    quantization: str | None
    """The number format of the served weights."""
    knowledge_cutoff: str | None
    """Day, month or year up to which the model knows the world."""
    expiration_date: Day | None
    """Day on which the gateway ends the offer."""
    status: Status
    """active, unverified, deprecated or removed."""
    price_kind: PriceKind
    """known, free, included (flat plan), dynamic (decided per request) or unknown."""
    price_source: PriceSource | None
    """Where the price comes from."""
    price_tiers: list[RecordTier]
    """Prices under a condition."""
    endpoints: list[RecordEndpoint]
    """Hosts behind the gateway."""
    list_pricing: Meters | None = None
    """US dollars per unit before the discount; only where there is one."""
    discount: PriceText | None = None
    """Share taken off the list price; only where there is one."""
    alias_target: str | None = None
    """The id that this moving alias stands for now; only on aliases."""
    replaced_by: str | None = None
    """The successor that the gateway names; only where there is one."""
    as_of: Day | None = None
    """Date of the static list; only on unverified rows."""
    removed_at: Stamp | None = None
    """Time of the build that first missed it; only on removed rows."""


class Offer(Noun):
    """One gateway that has the model."""

    gateway: GatewayId
    """The gateway."""
    id: str
    """The id there."""
    match: Literal["exact", "unwrapped", "spelling", "canonical_slug", "hugging_face_id", "alias"]
    """How the offer was found to be of the same model."""
    variant: str | None
    """What sets the offer apart."""
    prompt: PriceText | None
    """US dollars per input token."""
    completion: PriceText | None
    """US dollars per output token."""
    price_kind: PriceKind
    """known, free, included, dynamic or unknown."""
    context_length: int | None
    """Tokens."""
    href: str
    """Where that gateway's record is."""


class Record(Noun):
    """The answer to `GET /catalog/model/{provider}/{model}`."""

    data: RecordData
    """The model as the gateway offers it."""
    provider: str
    """What stands before the first `/` of `data.id`."""
    model: str
    """What stands behind it."""
    gateway: GatewayId
    """The gateway that answers."""
    include_huggingface: bool
    """Whether `huggingface_metrics` could be there."""
    timestamp: Stamp
    """When anything that this record shows last changed; never the time of the build."""
    schema_version: str = Field(pattern=r"^\d+\.\d+$")
    """Major.Minor; a client should fail on a greater major version."""
    gateways: list[Offer]
    """Every gateway that has the model, in the order of detection."""
