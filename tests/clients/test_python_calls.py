"""The asynchronous client is the synchronous one, and the functions of the old service are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

import gatelog_client
from gatelog_client import (
    AsyncCatalog,
    Catalog,
    CatalogError,
    CatalogUnreachable,
    CatalogWarning,
    GatewayUnavailable,
    detect_model_gateway,
    fetch_specific_model,
)
from tests.clients.pages import Pages

STATES = {
    "schema_version": "1.0",
    "gateways": [{"id": "portkey", "state": "unavailable", "models": 0, "env": ["PORTKEY_API_KEY"]}],
}


@pytest.fixture
def usual(host: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """Make the host the default catalog."""
    monkeypatch.setenv("GATELOG_URL", host.url)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    yield host.url
    gatelog_client.default_catalog().close()
    gatelog_client._opened.cache_clear()


def outcome(ask: Callable[[], object]) -> object:
    """Return an answer, or the kind and the words of an error."""
    try:
        return ask()
    except CatalogError as problem:
        return type(problem), str(problem)


QUESTIONS: list[tuple[str, tuple[Any, ...]]] = [
    ("model", ("openai/gpt-4o",)),
    ("model", ("DeepMount00/Llama-3.1-8b-Ita", "featherless")),
    ("model", ("google/gemma-4-26b-a4b-it", ["deepinfra", "featherless"])),
    ("model", ("flux.1-schnell",)),
    ("model", ("openai/gpt-9",)),
    ("model", ("openai/gpt-4o", "chutes")),
    ("detect_model_gateway", ("openai", "gpt-4o")),
    ("detect_model_gateway", ("openai", "gpt-9")),
    ("fetch_specific_model", ("openai", "gpt-4o", "portkey")),
    ("fetch_specific_model", ("openai", "gpt-4o", "chutes")),
    ("watch", ("openai/gpt-5.2-chat", "2026-01-01")),
]


@pytest.mark.parametrize(("name", "words"), QUESTIONS, ids=[f"{name} {words}" for name, words in QUESTIONS])
def test_both_clients_are_one(
    catalog: Catalog, host: Pages, tmp_path: Path, name: str, words: tuple[Any, ...]
) -> None:
    """The same answers and errors, by the same requests."""

    async def ask() -> object:
        async with AsyncCatalog(host.url, cache=tmp_path / "other", max_age=0) as other:
            question: Callable[..., Coroutine[Any, Any, object]] = getattr(other, name)
            return await question(*words)

    expected = outcome(lambda: getattr(catalog, name)(*words))
    requests = host.news()
    assert outcome(lambda: asyncio.run(ask())) == expected
    assert host.news() == requests


def test_many_at_once(host: Pages) -> None:
    """One asynchronous client answers many questions at a time."""

    async def ask() -> set[str]:
        async with AsyncCatalog(host.url, cache=None) as catalog:
            names = ("openai/gpt-4o", "z-ai/glm-5-turbo", "stealth/ox-alpha")
            return {record.gateway for record in await asyncio.gather(*map(catalog.model, names))}

    assert asyncio.run(ask()) == {"openrouter", "portkey"}


def test_the_asynchronous_client_serves_what_it_kept(host: Pages, tmp_path: Path) -> None:
    """Its warning, too, points to the line that asked."""

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async def ask() -> None:
        async with AsyncCatalog(host.url, cache=tmp_path) as catalog:
            first = await catalog.model("openai/gpt-4o")
        down = httpx.AsyncClient(transport=httpx.MockTransport(refuse))
        async with AsyncCatalog(host.url, cache=tmp_path, max_age=0, client=down) as catalog:
            with pytest.warns(CatalogWarning, match="cannot be reached") as warned:
                assert await catalog.model("openai/gpt-4o", include_huggingface=True) == first
            assert warned[0].filename == __file__

    asyncio.run(ask())


@pytest.mark.parametrize(
    ("provider", "model", "gateway"),
    [
        pytest.param("openai", "gpt-4o", "portkey", id="unwrapped"),
        pytest.param("deepseek", "deepseek-chat-v3-0324", "openrouter", id="openrouter"),
        pytest.param("zai-org", "GLM-5.3-Flash", "deepinfra", id="deepinfra"),
        pytest.param("accounts/fireworks/models", "gpt-oss-120b", "portkey", id="a long provider"),
        pytest.param("openai", "gpt-9", "openrouter", id="nobody has it"),
        pytest.param("", "", "openrouter", id="nothing"),
    ],
)
def test_detect_model_gateway(usual: str, provider: str, model: str, gateway: str) -> None:
    """The gateway that answers, openrouter when none does."""
    assert detect_model_gateway(provider, model) == gateway


def test_fetch_specific_model(usual: str, catalog: Catalog) -> None:
    """The `data` object of the answer, None for what is not found."""
    assert fetch_specific_model("openai", "gpt-4o") == catalog.model("openai/gpt-4o").data
    name = "gemma-4-26b-a4b-it"
    found = fetch_specific_model("google", name, gateway="featherless")
    assert found == catalog.model(f"google/{name}", "featherless").data
    assert fetch_specific_model("openai", "gpt-9") is None
    assert fetch_specific_model("openai", "gpt-4o", "chutes") is None


def test_fetch_specific_model_without_a_list() -> None:
    """A gateway that is not there is an error, not a missing model."""

    def answer(request: httpx.Request) -> httpx.Response:
        found = request.url.path == "/catalog/gateways.json"
        return httpx.Response(200, json=STATES) if found else httpx.Response(404)

    with (
        httpx.Client(transport=httpx.MockTransport(answer)) as client,
        pytest.raises(GatewayUnavailable),
    ):
        Catalog("https://example.test", cache=None, client=client).fetch_specific_model("a", "b", "portkey")


def test_the_default_catalog_may_change(usual: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable is read at every call; the catalog behind it is opened once."""
    first = gatelog_client.default_catalog()
    assert gatelog_client.default_catalog() is first
    first.close()
    monkeypatch.setenv("GATELOG_URL", str(tree))
    assert gatelog_client.default_catalog() is not first
    assert detect_model_gateway("openai", "gpt-4o") == "portkey"


@pytest.mark.parametrize("place", [None, ""], ids=["not set", "empty"])
def test_there_is_no_default_host(monkeypatch: pytest.MonkeyPatch, place: str | None) -> None:
    """The error names the variable that has to be set."""
    monkeypatch.delenv("GATELOG_URL", raising=False)
    if place is not None:
        monkeypatch.setenv("GATELOG_URL", place)
    with pytest.raises(CatalogUnreachable, match="set GATELOG_URL"):
        fetch_specific_model("openai", "gpt-4o")
