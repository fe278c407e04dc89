"""Captured answers of the gateways, for the tests that run where a folder of them is at hand."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from catalog.ports import Adapter, Payload
from catalog.schema.listing import Listing
from catalog.units import plain

VARIABLE = "GATELOG_CAPTURES"
"""The variable that names the folder."""
PRINTED_PRICE = re.compile(r"\d+(\.\d*[1-9])?")
"""A price as it is published."""


def files(pattern: str) -> list[Path]:
    """Return the captures that fit a pattern; skips the test where there is no folder of them."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with captured answers")
    found = sorted(Path(folder).glob(pattern))
    assert found, f"no capture fits {pattern}"
    return found


def listings(adapter: Adapter, payloads: list[Payload]) -> list[Listing]:
    """Turn every row of an answer into a listing; a bad row or price fails the test."""
    rows = list(adapter.parse(payloads))
    found = [adapter.normalize(adapter.Row.model_validate(row)) for row in rows]
    assert found, "a capture without rows proves nothing"
    for listing in found:
        for price in listing.pricing.values():
            assert PRINTED_PRICE.fullmatch(plain(price)), listing.id
    return found
