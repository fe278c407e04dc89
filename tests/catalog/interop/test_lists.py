"""Lists of all models: as the OpenAI API has them, CSV, NDJSON."""

from __future__ import annotations

import gzip

import orjson

from tests.catalog.interop.forms import LISTINGS, exact, rows
from tests.factories import kept, tree


def test_openai(files: dict[str, bytes]) -> None:
    """Prices are text, unknown ones are not there, and an override says its hours as OpenRouter does."""
    data = {model["id"]: model for model in exact(files, "v1/models.json")["data"]}
    assert files["v1/models"] == files["v1/models.json"]
    assert data["special/unknown"]["pricing"] == {} == data["special/drawn"]["pricing"]
    assert data["special/free"]["pricing"] == {"prompt": "0", "completion": "0"}
    assert data["special/by-night"]["pricing"]["overrides"] == [
        {"utc_start": 1630, "utc_end": 30, "prompt": "0.000001", "completion": "0.000005"}
    ]
    assert data["special/free"]["created"] == 1767312000
    assert data["special/free"]["top_provider"] == {
        "context_length": 2_000_000,
        "max_completion_tokens": 8192,
    }
    assert "Acme/Plan" in data
    assert "Special/Renamed" not in data, "OpenRouter answers for that id"


def test_openai_empty() -> None:
    """A list of nothing is a list."""
    assert exact(tree(kept()), "v1/models.json") == {"object": "list", "data": []}


def test_csv(files: dict[str, bytes]) -> None:
    """One row for each listing that lives; empty is unknown; a borrowed price is there."""
    table = rows(files)
    assert len(table) == LISTINGS
    by_id = {row["id"]: row for row in table}
    assert by_id["special/unknown"]["prompt"] == ""
    assert by_id["special/free"]["prompt"] == "0"
    assert by_id["'@x/special/renamed"]["prompt"] == "0.00000077"  # no formula for a spreadsheet
    assert "special/gone" not in by_id


def test_ndjson(files: dict[str, bytes]) -> None:
    """Everything that is known, with the model key."""
    lines = [orjson.loads(line) for line in gzip.decompress(files["catalog/models.ndjson.gz"]).splitlines()]
    by_id = {line["id"]: line for line in lines}
    assert len(lines) == LISTINGS
    assert by_id["special/tiered"]["price_tiers"][0]["min_prompt_tokens"] == 32_000
    assert by_id["@x/special/renamed"]["price_source"]["gateway"] == "openrouter"
    assert by_id["special/free"]["model_key"]
