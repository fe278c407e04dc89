"""LiteLLM, genai-prices and llm-prices: every number to the last digit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.schema.listing import Architecture
from tests import factories
from tests.catalog.interop.forms import exact
from tests.factories import kept, money, tree


def test_litellm(files: dict[str, bytes]) -> None:
    """Digits are those of the record, tiers are keys or a table, hours stand for themselves."""
    entries = exact(files, "interop/litellm/gateways.json")
    body = files["interop/litellm/gateways.json"]
    assert b'"output_cost_per_token":0.1,"input_cost_per_token":0.00000077' in body
    assert body == files["interop/litellm/model_prices_and_context_window.json"]
    assert body == files["interop/aider/model-metadata.json"]
    assert entries["openrouter/special/free"]["input_cost_per_token"] == 0
    tiered = entries["openrouter/special/tiered"]
    assert tiered["input_cost_per_token_above_32k_tokens"] == Decimal("0.000005")
    assert tiered["output_cost_per_token_above_128k_tokens"] == Decimal("0.00002")
    table = entries["openrouter/special/oddly-tiered"]["tiered_pricing"]
    assert [tier["range"][0] for tier in table] == [0, 100_000]
    assert table[0]["output_cost_per_token"] == Decimal("0.0000125")
    night = entries["openrouter/special/by-night"]["off_peak_pricing"]
    assert night["hours_utc"] == ["16:30-00:30"]
    hasty = entries["openrouter/special/hasty"]
    assert hasty["input_cost_per_token_priority"] == Decimal("0.000009")
    assert all(isinstance(entry, dict) for entry in entries.values())


def test_litellm_plain_names_last(files: dict[str, bytes]) -> None:
    """`register_model` may take a dated name for the plain one, which must have the last word."""
    names = list(exact(files, "interop/litellm/gateways.json"))
    assert names == sorted(names, reverse=True)


def test_litellm_modes() -> None:
    """What embeds is no chat; a model of unknown output is left out."""
    free = money(prompt="0.000001", completion="0")
    found = tree(
        kept(id="a/embeds", architecture=factories.outputs("embeddings"), pricing=free),
        kept(id="a/unsaid", architecture=Architecture(), pricing=free),
    )
    modes = {key: entry["mode"] for key, entry in exact(found, "interop/litellm/gateways.json").items()}
    assert modes == {"openrouter/a/embeds": "embedding"}


def test_genai_prices(files: dict[str, bytes]) -> None:
    """Tiers are cliffs, hours are constraints behind the base price, and a provider is known by its host."""
    providers = {each["id"]: each for each in exact(files, "interop/genai-prices/data.json")}
    models = {model["id"]: model["prices"] for model in providers["openrouter"]["models"]}
    assert providers["deepinfra"]["api_pattern"] == r"https://api\.deepinfra\.com"
    assert models["special/oddly-tiered"]["input_mtok"] == {
        "base": 3,
        "tiers": [{"start": 100_000, "price": 6}],
    }
    assert models["special/by-night"] == [
        {"prices": {"input_mtok": 3, "output_mtok": Decimal("12.5")}},
        {
            "constraint": {"start_time": "16:30:00Z", "end_time": "00:30:00Z"},
            "prices": {"input_mtok": 1, "output_mtok": 5},
        },
    ]


AUDIO = {"audio": "0.000004", "audio_output": "0.000008"}


@pytest.mark.parametrize(
    ("pricing", "keys"),
    [
        pytest.param({"input_cache_write_1h": "1e-5"}, set(), id="an hour of cache without a cache"),
        pytest.param(AUDIO, {"input_audio_mtok", "output_audio_mtok"}, id="audio"),
        pytest.param(
            AUDIO | {"input_cache_read": "1e-7"}, {"output_audio_mtok", "cache_read_mtok"}, id="cached"
        ),
        pytest.param(
            AUDIO | {"input_cache_read": "1e-7", "input_audio_cache": "2e-7"},
            {"input_audio_mtok", "output_audio_mtok", "cache_read_mtok", "cache_audio_read_mtok"},
            id="cached audio",
        ),
        pytest.param(
            AUDIO | {"internal_reasoning": "1e-6"}, {"input_audio_mtok", "output_audio_mtok"}, id="spoken"
        ),
        pytest.param(
            {"web_search": "0.01", "request": "0.002"},
            {"web_searches_kcount", "requests_kcount"},
            id="counted",
        ),
    ],
)
def test_genai_prices_that_go_together(pricing: dict[str, str], keys: set[str]) -> None:
    """A price whose share with another one has no price of its own would make every calculation fail."""
    found = tree(kept(pricing=money(prompt="0.000001", completion="0.000002", **pricing)))
    (provider,) = exact(found, "interop/genai-prices/data.json")
    assert provider["models"][0]["prices"].keys() == keys | {"input_mtok", "output_mtok"}


def test_genai_prices_twins() -> None:
    """Ids are compared in any case: of twins the first one is there."""
    prices = money(prompt="0.000001", completion="0.000002")
    found = tree(kept(id="a/B", pricing=prices), kept(id="a/b", pricing=prices))
    (provider,) = exact(found, "interop/genai-prices/data.json")
    assert [model["id"] for model in provider["models"]] == ["a/B"]


def test_llm_prices(files: dict[str, bytes]) -> None:
    """Base prices, dated by the last change of a listing that is in."""
    document = exact(files, "interop/llm-prices/current-v1.json")
    assert document["updated_at"] == "2026-10-01"
    (tiered,) = [price for price in document["prices"] if price["id"] == "special/tiered"]
    assert (tiered["input"], tiered["output"], tiered["input_cached"]) == (3, Decimal("12.5"), None)
