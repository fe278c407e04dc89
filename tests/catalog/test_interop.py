"""Exports: what is in each, what is left out of it and why, and every number to the last digit."""

from __future__ import annotations

import csv
import gzip
import io
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from catalog import interop
from catalog.interop import models_dev, sqlite
from catalog.interop.format import Given
from catalog.kinds import kind_of
from catalog.render import Options
from catalog.schema.listing import Architecture, Capabilities, KeptListing
from catalog.units import read_json
from tests import captured, factories
from tests.exported import LONG, SPECIAL
from tests.factories import kept, money, tombstone, tree
from tests.test_docs import blocks

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


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Render a catalog with every kind of price."""
    return tree(*SPECIAL, *MORE)


def exact(files: dict[str, bytes], path: str) -> Any:  # noqa: ANN401 - a document
    """Parse an export with exact decimals."""
    return read_json(files[path])


def special(names: Iterator[str] | list[str]) -> set[str]:
    """Return the names of the special listings among ids and keys."""
    return {name.partition("special/")[2] for name in names if "special/" in name}


PRICED = {"free", "tiered", "oddly-tiered", "by-night", "by-day", "hasty", "renamed"}
UNPRICED = {"unknown", "dynamic", "drawn"}
SPACED = {"with space", LONG.partition("/")[2]}
TWICE = {"both", "at-once"}
HELD = {
    "litellm": (PRICED | SPACED) - {"by-day"},
    "genai-prices": PRICED,
    "llm-prices": PRICED | SPACED | TWICE,
    "openai": PRICED | SPACED | TWICE | UNPRICED,
    "csv": PRICED | SPACED | TWICE | UNPRICED,
}
"""Format → the special listings of OpenRouter that it holds."""


def names_in(files: dict[str, bytes], form: str) -> list[str]:
    """Return the ids that an export holds for OpenRouter."""
    match form:
        case "litellm":
            return [
                key for key in exact(files, "interop/litellm/gateways.json") if key.startswith("openrouter/")
            ]
        case "genai-prices":
            providers = exact(files, "interop/genai-prices/data.json")
            return [
                model["id"] for each in providers if each["id"] == "openrouter" for model in each["models"]
            ]
        case "llm-prices":
            prices = exact(files, "interop/llm-prices/current-v1.json")["prices"]
            return [price["id"] for price in prices if price["vendor"] == "openrouter"]
        case "openai":
            return [model["id"] for model in exact(files, "v1/models.json")["data"]]
        case _:
            return [row["id"] for row in rows(files) if row["gateway"] == "openrouter"]


def rows(files: dict[str, bytes]) -> list[dict[str, str]]:
    """Read the CSV."""
    return list(csv.DictReader(io.StringIO(files["catalog/models.csv"].decode(), newline="")))


@pytest.mark.parametrize("form", HELD)
def test_what_is_in(files: dict[str, bytes], form: str) -> None:
    """Unknown, dynamic and otherwise measured prices are never zeros, and a free model stays free."""
    assert special(names_in(files, form)) == HELD[form]


def test_what_is_left_out_is_counted(files: dict[str, bytes]) -> None:
    """Every listing that lives is in a format or counted with its reason."""
    index = exact(files, interop.INDEX)
    assert [each["format"] for each in index["exports"]] == [form.name for form in interop.FORMATS]
    for each in index["exports"]:
        assert each["models"] + sum(left["count"] for left in each["left_out"]) == LISTINGS
        assert all(path in files for path in each["files"])
    left = {(row["gateway"], row["reason"]): row["count"] for row in index["exports"][0]["left_out"]}
    assert left == {
        ("chutes", "not priced by the token"): 1,
        ("featherless", "included in a plan, no price per token"): 1,
        ("openrouter", "price unknown"): 1,
        ("openrouter", "price decided per request"): 1,
        ("openrouter", "not priced by the token"): 1,
        ("openrouter", "price under two conditions at once"): 3,
        ("portkey", "no provider of LiteLLM"): 1,
    }


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


ABLE = Capabilities(tools=True, reasoning=True, structured_outputs=False, vision=True)


def whole(**overrides: Any) -> KeptListing:  # noqa: ANN401 - the fields of a listing
    """Make a listing of which everything is known that models.dev asks for."""
    usual: dict[str, Any] = {
        "id": "acme/whole",
        "created": "2026-01-02",
        "context_length": 9000,
        "max_output_tokens": 800,
        "capabilities": ABLE,
        "architecture": Architecture(input_modalities=("text", "file"), output_modalities=("text",)),
        "pricing": money(prompt="0.000003", completion="0.0000125", input_cache_read="0.0000003"),
    }
    return kept(**{**usual, **overrides})


API = "interop/models.dev/api.json"


def test_models_dev() -> None:
    """A model of which everything is known, as models.dev writes it."""
    provider = exact(tree(whole()), API)["openrouter"]
    assert {name: value for name, value in provider.items() if name != "models"} == {
        "id": "openrouter",
        "name": "OpenRouter",
        "env": ["OPENROUTER_API_KEY"],
        "npm": "@openrouter/ai-sdk-provider",
        "api": "https://openrouter.ai/api/v1",
        "doc": "https://openrouter.ai/docs/guides/overview/models",
    }
    assert provider["models"]["acme/whole"] == {
        "id": "acme/whole",
        "name": "One",
        "release_date": "2026-01-02",
        "last_updated": "2026-10-01",
        "attachment": True,
        "reasoning": True,
        "reasoning_options": [],
        "tool_call": True,
        "open_weights": False,
        "structured_output": False,
        "modalities": {"input": ["text", "pdf"], "output": ["text"]},
        "limit": {"context": 9000, "output": 800},
        "cost": {"input": 3, "output": Decimal("12.5"), "cache_read": Decimal("0.3")},
    }


@pytest.mark.parametrize(
    "lack",
    [
        pytest.param({"created": None}, id="day"),
        pytest.param({"max_output_tokens": None}, id="longest answer"),
        pytest.param({"context_length": None}, id="context"),
        pytest.param({"capabilities": Capabilities(tools=True)}, id="reasoning"),
        pytest.param({"capabilities": Capabilities(reasoning=True)}, id="tools"),
        pytest.param({"architecture": Architecture()}, id="modalities"),
        pytest.param({"architecture": factories.outputs("embeddings")}, id="a modality of its own"),
        pytest.param({"gateway": "chutes"}, id="weights"),
    ],
)
def test_models_dev_invents_nothing(lack: dict[str, Any]) -> None:
    """A model of which something required is unknown is not there."""
    assert exact(tree(whole(**lack)), API) == {}


@pytest.mark.parametrize(
    "price",
    [
        pytest.param({"pricing": {}}, id="unknown"),
        pytest.param({"pricing": {}, "price_kind": "dynamic"}, id="dynamic"),
        pytest.param({"price_tiers": SPECIAL[8].price_tiers}, id="two conditions"),
    ],
)
def test_models_dev_without_a_cost(price: dict[str, Any]) -> None:
    """A price that cannot be told is no cost, and not 0."""
    assert "cost" not in exact(tree(whole(**price)), API)["openrouter"]["models"]["acme/whole"]


def test_models_dev_tiers() -> None:
    """A tier is whole, and hours leave the base price."""
    models = exact(
        tree(
            whole(id="acme/long", price_tiers=SPECIAL[3].price_tiers),
            whole(id="acme/night", price_tiers=SPECIAL[5].price_tiers),
            whole(id="acme/free", pricing=money(prompt="0", completion="0")),
        ),
        API,
    )["openrouter"]["models"]
    assert [tier["tier"]["size"] for tier in models["acme/long"]["cost"]["tiers"]] == [32_000, 128_000]
    assert models["acme/long"]["cost"]["tiers"][0]["output"] == Decimal("12.5")
    assert models["acme/night"]["cost"]["input"] == 3
    assert models["acme/free"]["cost"] == {"input": 0, "output": 0}


@pytest.mark.captures
def test_models_dev_accepts_the_real_thing() -> None:
    """The declared shape is theirs: it takes their own document, and no broken one."""
    (path,) = captured.files("peers/models.dev.api.*.json")
    assert len(models_dev.FORMAT.kind.validate_json(path.read_bytes())) > 100
    document = orjson.loads(path.read_bytes())
    del document["openrouter"]["models"][next(iter(document["openrouter"]["models"]))]["limit"]
    with pytest.raises(ValidationError):
        models_dev.FORMAT.kind.validate_json(orjson.dumps(document))


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


def test_llm_prices(files: dict[str, bytes]) -> None:
    """Base prices, dated by the last change of a listing that is in."""
    document = exact(files, "interop/llm-prices/current-v1.json")
    assert document["updated_at"] == "2026-10-01"
    (tiered,) = [price for price in document["prices"] if price["id"] == "special/tiered"]
    assert (tiered["input"], tiered["output"], tiered["input_cached"]) == (3, Decimal("12.5"), None)


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


def query(body: bytes, question: str) -> list[tuple[Any, ...]]:
    """Ask a database that is in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(body)
        return connection.execute(question).fetchall()


def test_sqlite(files: dict[str, bytes]) -> None:
    """Listings with exact prices and their conditions, gateways and models counted."""
    body = files["catalog/catalog.sqlite"]
    assert query(body, "SELECT count(*) FROM listings") == [(LISTINGS,)]
    night = query(
        body, "SELECT price FROM prices WHERE id = 'special/by-night' AND utc_start = '16:30' ORDER BY 1"
    )
    assert night == [("0.000001",), ("0.000005",)]
    assert query(body, "SELECT listings, priced FROM gateways WHERE gateway = 'featherless'") == [(1, 0)]
    shared = query(body, "SELECT gateways, listings FROM models WHERE model_key = 'special/renamed'")
    assert shared == [(3, 3)]
    assert query(body, "PRAGMA user_version") == [(sqlite.VERSION,)]


QUERIES = [text for language, _, text in blocks("docs/interop.md") if language == "sql"]


@pytest.mark.parametrize("question", QUERIES)
def test_documented_queries(files: dict[str, bytes], question: str) -> None:
    """The examples of the documentation find something."""
    assert query(files["catalog/catalog.sqlite"], question)


def test_sqlite_uses_its_indexes(files: dict[str, bytes]) -> None:
    """The cheapest price of a meter is found without reading the table."""
    plan = query(
        files["catalog/catalog.sqlite"],
        "EXPLAIN QUERY PLAN"
        " SELECT id FROM prices WHERE meter = 'prompt' ORDER BY CAST(price AS REAL) LIMIT 5",
    )
    assert "USING INDEX prices_meter" in plan[0][3]
    assert len(plan) == 1


def test_sqlite_changes() -> None:
    """Rows of the list of changes, with values that are no text as JSON."""
    row: dict[str, Any] = {
        "id": "2026-11-20-ab",
        "at": "2026-11-20T02:17:00Z",
        "kind": "price",
        "gateway": "openrouter",
    }
    row |= {"model": "a/b", "meter": "prompt", "from": None, "to": ["text"], "percent": 1.5}
    body = sqlite.FORMAT.start(Given(factories.FACTS, [row])).body()
    assert query(body, 'SELECT id, "from", "to", percent FROM changes') == [
        ("2026-11-20-ab", None, '["text"]', 1.5)
    ]


def test_the_same_bytes_twice(files: dict[str, bytes]) -> None:
    """No clock, no chance, no order of arrival."""
    again = tree(*reversed((*SPECIAL, *MORE)))
    assert {path: again[path] == files[path] for path in interop.FILES} == dict.fromkeys(interop.FILES, True)


@pytest.mark.parametrize("path", interop.FILES)
def test_a_broken_export_is_known(files: dict[str, bytes], path: str) -> None:
    """Every export has a form that a whole one has and half of one has not."""
    kind = interop.KINDS[kind_of(path) or ""]
    kind.validate_json(files[path])
    with pytest.raises(ValueError, match=r"\S"):
        kind.validate_json(files[path][: len(files[path]) // 2])


def test_a_tree_without_exports() -> None:
    """Whoever measures the records alone leaves them out."""
    files = tree(*SPECIAL, options=Options(exports=False))
    assert not interop.FILES.keys() & files.keys()
    assert "catalog/index.json" in files
