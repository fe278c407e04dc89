"""The list of all models that the website searches."""

from __future__ import annotations

from typing import NamedTuple

from catalog.schema.base import GatewayId, PriceText
from catalog.schema.documents import Document
from catalog.schema.listing import PriceKind


class Shape(NamedTuple):
    """What a model is like, as an array."""

    gateways: int
    """Who has it: bit n for gateway n of the list."""
    context_length: int | None
    """The longest of all gateways, in tokens."""
    price_kind: PriceKind
    """known, free, included, dynamic or unknown."""
    modality: str | None
    """`text+image->text`."""
    flags: int
    """1 takes tools, 2 reasons, 4 is free somewhere, 8 has a page of its own under `model/`."""
    cheapest: GatewayId | None
    """The gateway with the lowest sum of prompt and completion price."""


class Prices(NamedTuple):
    """What a model costs on the cheapest gateway, as an array."""

    prompt: PriceText | None
    """US dollars per input token."""
    completion: PriceText | None
    """US dollars per output token."""


class SearchList(Document):
    """Every model in one small list; what many models are like or cost is written once."""

    gateways: list[GatewayId]
    """The order of detection."""
    ids: list[str]
    """What stands before the first `/` of some ids, then the rest of each, all after `//`; in order."""
    names: dict[str, str]
    """Number of a model → display name, only where it is not the end of the id."""
    paths: dict[str, str]
    """Number of a model → its path without `.json`, only where that does not follow from the id."""
    shapes: list[Shape]
    """What models are like, the commonest first."""
    shape: list[int]
    """For each model the number of its shape."""
    prices: list[Prices]
    """What models cost, the commonest first."""
    price: list[int]
    """For each model the number of its prices."""
    more: int | None = None
    """Only where models are left out: how many; longer beginnings lead to them, see docs/sharding.md."""
