"""What an assistant is told of a built tree."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from catalog import lists
from catalog.assistant import Assistant, _saying_why, serve
from catalog.errors import StopBuildError
from catalog.schema.state import Memory
from tests import factories
from tests.exported import SPECIAL
from tests.factories import kept, money


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """Open a tree with every kind of price, of which one model has a second gateway."""
    folder = tmp_path_factory.mktemp("tree")
    second = kept(gateway="deepinfra", id="special/tiered", pricing=money(prompt="1e-6", completion="2e-6"))
    memories = dict.fromkeys(factories.ORDER, Memory())
    states = lists.gateways(factories.FACTS, memories, dict.fromkeys(factories.ORDER, (0, 0)))
    files = factories.tree(*SPECIAL, second) | {states.path: states.body}
    for name, body in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    return Assistant(folder)


def test_search(assistant: Assistant) -> None:
    """Ids and names are searched in any case; base prices stand beside, unknown ones are null."""
    found = assistant.search_models("SPECIAL/t")
    assert [(row["gateway"], row["id"], row["prompt"]) for row in found] == [
        ("deepinfra", "special/tiered", "0.000001"),
        ("openrouter", "special/tiered", "0.000003"),
    ]
    assert [row["gateway"] for row in assistant.search_models("tiered", gateway="deepinfra")] == ["deepinfra"]
    (unknown,) = assistant.search_models("special/unknown")
    assert (unknown["prompt"], unknown["price_kind"]) == (None, "unknown")
    assert len(assistant.search_models("special", limit=3)) == 3


def test_get_model(assistant: Assistant) -> None:
    """The record of the first gateway, or of the one that is named."""
    assert assistant.get_model("special/tiered")["gateway"] == "openrouter"
    assert assistant.get_model("special/tiered", "deepinfra")["gateway"] == "deepinfra"
    with pytest.raises(ValueError, match="no/such"):
        assistant.get_model("no/such")


def test_compare(assistant: Assistant) -> None:
    """Every gateway that offers the model."""
    assert [offer["gateway"] for offer in assistant.compare_gateways("special/tiered")] == [
        "openrouter",
        "deepinfra",
    ]


@pytest.mark.parametrize(
    ("name", "prompt", "utc", "usd"),
    [
        pytest.param("free", 1000, "", "0", id="free"),
        pytest.param("tiered", 32_000, "", "0.096125", id="up to a tier"),
        pytest.param("tiered", 32_001, "", "0.16013", id="above it"),
        pytest.param("tiered", 200_000, "", "2.0002", id="the highest tier"),
        pytest.param("by-night", 1000, "", "0.003125", id="no time, no window"),
        pytest.param("by-night", 1000, "00:29", "0.00105", id="in a window"),
        pytest.param("by-night", 1000, "00:30", "0.003125", id="at its end"),
        pytest.param("hasty", 1000, "", "0.003125", id="a service tier that nobody asked for"),
    ],
)
def test_price_of_a_call(assistant: Assistant, name: str, prompt: int, utc: str, usd: str) -> None:
    """The exact price of a call with ten tokens of answer."""
    assert assistant.price_of_call(f"special/{name}", prompt, 10, "openrouter", utc)["usd"] == usd


def test_no_price_is_not_zero(assistant: Assistant) -> None:
    """Nothing is said of a price that nobody knows."""
    with pytest.raises(ValueError, match="unknown"):
        assistant.price_of_call("special/unknown", 1, 1)


def test_changes(assistant: Assistant) -> None:
    """A tree without a history has no changes."""
    assert assistant.recent_changes() == []


def test_without_the_sdk(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    """The extra is named."""
    monkeypatch.setitem(sys.modules, "mcp", None)
    with pytest.raises(StopBuildError, match="pip install"):
        serve(assistant)


class Refused(Exception):
    """Stands for the SDK's own exception."""


def test_a_tool_says_why(assistant: Assistant) -> None:
    """What the client is told of a question without an answer."""
    tool = _saying_why(assistant.get_model, Refused)
    assert tool("special/free")["gateway"] == "openrouter"
    with pytest.raises(Refused, match="no/such"):
        tool("no/such")


def test_no_tree(tmp_path: Path) -> None:
    """An empty folder is no catalog."""
    with pytest.raises(StopBuildError, match="no built tree"):
        Assistant(tmp_path)
