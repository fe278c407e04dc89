"""Rows of DeepInfra as it serves them, and what becomes of them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from catalog import units
from catalog.schema.listing import Listing
from providers import deepinfra
from tests import handmade

TOKENS = {
    "type": "tokens",
    "cents_per_input_token": Decimal("0.00013"),
    "cents_per_output_token": Decimal("0.00026"),
}


def listing(**row: Any) -> Listing:  # noqa: ANN401 - whatever an upstream may serve
    """The listing of a row of the joined lists."""
    return deepinfra.normalize(deepinfra.Row.model_validate({"id": "a/b"} | row))


def dollars(**metadata: Any) -> Listing:  # noqa: ANN401 - as above
    """The listing of a row of the OpenAI list."""
    return listing(metadata=metadata)


def shown(found: dict[str, Decimal]) -> dict[str, str]:
    """Prices as they are published."""
    return {meter: units.plain(price) for meter, price in found.items()}


def joined(first: object, second: object) -> list[Any]:
    """The raw rows that come out of the two lists."""
    lists = {"/v1/openai/models": first, "/models/list": second}
    network = handmade.HandMade(deepinfra.GATEWAY, {"DEEPINFRA_BASE_URL": lists})
    return list(deepinfra.parse(deepinfra.fetch(network)))
