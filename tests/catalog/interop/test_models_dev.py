"""models.dev: what it requires, and nothing that is not known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
import pytest
from pydantic import ValidationError

from catalog.interop import models_dev
from catalog.schema.listing import Architecture, Capabilities, KeptListing
from tests import captured, factories
from tests.catalog.interop.forms import exact
from tests.exported import SPECIAL
from tests.factories import kept, money, tree

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
