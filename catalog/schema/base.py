"""What every published noun shares: strict, frozen, described by attribute docstrings."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from catalog.units import HIGHEST_PRICE, plain

SCHEMA_VERSION = "1.0"
"""Major.Minor of every published document; see docs on compatibility."""

GATEWAY_PATTERN = r"^[a-z0-9][a-z0-9._-]{0,63}$"
STAMP_PATTERN = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"
DAY_PATTERN = r"^\d{4}-\d\d-\d\d$"
PRICE_PATTERN = r"^\d+(\.\d*[1-9])?$"
SHA256_PATTERN = r"^[0-9a-f]{64}$"


class Noun(BaseModel):
    """A frozen record that accepts no unknown field and converts nothing silently."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, use_attribute_docstrings=True, validate_default=False
    )


Money = Annotated[
    Decimal,
    Field(ge=0, le=HIGHEST_PRICE, allow_inf_nan=False),
    PlainSerializer(plain, return_type=str, when_used="json"),
]
"""US dollars per unit, as an exact decimal."""

PriceText = Annotated[str, Field(pattern=PRICE_PATTERN)]
"""US dollars per unit, as a plain decimal string: no exponent, no sign, no trailing zeros."""

Stamp = Annotated[str, Field(pattern=STAMP_PATTERN)]
"""A moment in UTC, `2026-11-20T02:17:00Z`."""

Day = Annotated[str, Field(pattern=DAY_PATTERN)]
"""A day in UTC, `2026-11-20`."""

GatewayId = Annotated[str, Field(pattern=GATEWAY_PATTERN)]
"""The short name of a gateway, `openrouter`."""
