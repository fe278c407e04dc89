"""Chutes: the catalog of what its API does not list."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from catalog.ports import Payload
from catalog.units import plain
from providers import chutes
from tests import captured
from tests.providers.chutes import STATIC, listings, static

DATA = Path(__file__).parents[2] / "data" / "chutes_catalog.json"


@pytest.mark.parametrize(
    ("kind", "inputs", "outputs"),
    [
        ("llm", None, ("text",)),
        ("image", ("text",), ("image",)),
        ("tts", ("text",), ("speech",)),
        ("stt", ("audio",), ("transcription",)),
        ("video", None, ("video",)),
        ("music", None, ("audio",)),
        ("embeddings", ("text",), ("embeddings",)),
        ("moderation", None, None),
        ("other", None, None),
        ("a new kind", None, None),
    ],
)
def test_kinds(kind: str, inputs: tuple[str, ...] | None, outputs: tuple[str, ...] | None) -> None:
    """A kind says what goes in and out where it is one sort of model; else nothing is claimed."""
    [found] = listings([static({**STATIC[1], "kind": kind})]).values()
    assert found.architecture.input_modalities == inputs
    assert found.architecture.output_modalities == outputs


def test_hours_are_not_tokens() -> None:
    """A price per hour stays one; divided by anything it would be an invented token price."""
    found = listings([static(*STATIC)])
    assert found["FLUX.1-schnell"].pricing == {"per_hour": Decimal("0.5")}
    assert found["FLUX.1-schnell"].price_source is not None


def test_zero_per_hour_is_unknown() -> None:
    """The list has 0 where it knew no price."""
    kokoro = listings([static(*STATIC)])["kokoro"]
    assert (kokoro.pricing, kokoro.price_kind, kokoro.price_source) == ({}, None, None)


def test_the_static_list_is_sound() -> None:
    """104 entries of known kinds, sorted, each with a price that prints as it stands."""
    document = json.loads(DATA.read_text(encoding="utf-8"))
    ids = [row["id"] for row in document["models"]]
    assert (document["as_of"], len(ids)) == ("2025-10-08", 104)
    assert ids == sorted(ids, key=lambda model_id: (model_id.lower(), model_id))
    for row in document["models"]:
        assert set(row) == {"id", "name", "kind", "per_hour"}
        assert plain(Decimal(row["per_hour"])) == row["per_hour"]
    kinds = {row["kind"] for row in document["models"]}
    assert kinds == {row["kind"] for row in STATIC}


def test_the_static_list_can_be_read() -> None:
    """Every entry becomes an unverified listing, language models too while there is no live list."""
    found = captured.listings(chutes, [Payload("chutes_catalog.json", DATA.read_bytes())])
    assert len(found) == 104
    assert sum(bool(row.pricing) for row in found) == 94
