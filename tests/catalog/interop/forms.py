"""A catalog with every kind of price, and its exports."""

from __future__ import annotations

import csv
import io
from typing import Any

from catalog.schema.listing import Capabilities
from catalog.units import read_json
from tests.exported import SPECIAL
from tests.factories import kept, money, tombstone

MORE = (
    kept(
        id="special/renamed",
        created="2026-01-02",
        capabilities=Capabilities(tools=True),
        pricing=money(prompt="0.00000077", completion="0.1"),
    ),
    kept(gateway="featherless", id="Acme/Plan", price_kind="included", created="2025-01-01"),
    kept(gateway="portkey", id="@x/special/renamed", unwrapped="special/renamed"),
    kept(gateway="chutes", id="acme/hourly", pricing=money(per_hour="1.5"), status="unverified"),
    kept(gateway="deepinfra", id="Special/Renamed", pricing=money(prompt="0.000002", completion="0.000003")),
    tombstone(id="special/gone", pricing=money(prompt="1", completion="1")),
)
LISTINGS = len(SPECIAL) + len(MORE) - 1


def exact(files: dict[str, bytes], path: str) -> Any:  # noqa: ANN401 - a document
    """Parse an export with exact decimals."""
    return read_json(files[path])


def rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    """Read the CSV."""
    return list(csv.DictReader(io.StringIO(files["catalog/models.csv"].decode(), newline="")))
