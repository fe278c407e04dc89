"""The published documents about prices: models on several gateways side by side, and disagreements."""

from __future__ import annotations

from pydantic import Field

from catalog.schema.base import GatewayId, Noun, PriceText, Stamp
from catalog.schema.documents import Document


class Claim(Noun):
    """What one source says of a price."""

    gateway: GatewayId
    """The gateway that says so."""
    id: str
    """The id under which it says so."""
    price: PriceText
    """US dollars per token."""


class Discrepancy(Noun):
    """One price of one offering that two sources tell differently."""

    model_key: str
    """The model."""
    offering: str
    """Who serves it: a gateway that is another one's host, or the organisation that made the model."""
    meter: str
    """`prompt` or `completion`."""
    since: Stamp
    """When the later of the two last changed."""
    says: list[Claim]
    """Both sources; the first one speaks of the other."""


class Discrepancies(Document):
    """Where two sources disagree on a price of the same offering."""

    discrepancies: list[Discrepancy]
    """Sorted by model, offering and meter."""


class Cheapest(Noun):
    """The lowest known price of one meter, and how far the highest is from it."""

    gateway: GatewayId
    """The cheapest gateway."""
    id: str
    """The id there."""
    price: PriceText
    """US dollars per token."""
    highest: PriceText
    """The highest known price of the meter, US dollars per token."""
    spread: str | None = Field(pattern=r"^\d+(\.\d+)?$")
    """Highest divided by lowest, to two decimals; null when the lowest is 0."""


class Comparison(Noun):
    """One model on several gateways."""

    model_key: str
    """The model."""
    gateways: list[GatewayId]
    """The gateways that have it, in the order of detection."""
    cheapest: dict[str, Cheapest]
    """By meter, `prompt` and `completion`; free and batch offers do not count, unknown prices neither."""


class Compare(Document):
    """Every model that two or more gateways have."""

    models: list[Comparison]
    """Sorted by model key."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""


class Alias(Noun):
    """What another spelling stands for."""

    id: str
    """The id as its gateway lists it."""
    kind: str = Field(pattern="^(case|moved|renamed|unwrapped|latest)$")
    """case (only capitals differ), moved (no longer listed under this id), renamed (another name, settled by
    a person), unwrapped (without a workspace's own name), latest (moves with every release)."""


class Aliases(Document):
    """Every other spelling of an id."""

    aliases: dict[str, Alias]
    """Lower-cased spelling → what it stands for."""
    digits: int | None = None
    """Only where the list is published in parts: how many hex digits name one, see docs/sharding.md."""
