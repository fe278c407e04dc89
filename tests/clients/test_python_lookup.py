"""Which record the Python client returns, and what it says when there is none."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from catalog.detect import Found, detect
from catalog.schema.documents import DetectionIndex, Gateways
from gatelog_client import (
    Catalog,
    CatalogUnreachable,
    CatalogWarning,
    GatewayNotConfigured,
    GatewayUnavailable,
    ModelNotFound,
    UnsupportedSchema,
    escape,
)
from tests.clients.pages import Pages, pages
from tests.factories import ORDER

FIRST, SECOND = "DeepMount00/Llama-3.1-8b-ITA", "DeepMount00/Llama-3.1-8b-Ita"
"""A pair of ids that differ in nothing but case."""
SHARED = "google/gemma-4-26b-a4b-it"
"""On openrouter and featherless."""


@pytest.fixture
def copy(tree: Path, tmp_path: Path) -> Path:
    """A tree that may be changed."""
    return shutil.copytree(tree, tmp_path / "copy")


def change(path: Path, **fields: Any) -> None:  # noqa: ANN401 - any JSON
    """Change the fields of a document."""
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **fields}), encoding="utf-8")


def in_state(copy: Path, gateway: str, **fields: Any) -> None:  # noqa: ANN401 - any JSON
    """Change the state of one gateway, which then has no record in the tree."""
    path = copy / "catalog/gateways.json"
    rows = json.loads(path.read_bytes())["gateways"]
    change(path, gateways=[row | fields if row["id"] == gateway else row for row in rows])
    shutil.rmtree(copy / f"catalog/gateway/{gateway}")


@pytest.mark.parametrize(
    ("model_id", "gateway", "path"),
    [
        pytest.param("openai/gpt-4o", None, "model/openai/gpt-4o.json", id="detected"),
        pytest.param("OpenAI/GPT-4o", None, "model/openai/gpt-4o.json", id="any case"),
        pytest.param("@openai-prod/gpt-4o", None, "model/~40openai-prod/gpt-4o.json", id="@"),
        pytest.param(
            "deepseek/deepseek-chat-v3-0324:free",
            None,
            "model/deepseek/deepseek-chat-v3-0324~3afree.json",
            id=":",
        ),
        pytest.param(
            "~anthropic/claude-sonnet-latest", None, "model/~7eanthropic/claude-sonnet-latest.json", id="~"
        ),
        pytest.param(
            "accounts/fireworks/models/gpt-oss-120b",
            None,
            "model/accounts/fireworks/models/gpt-oss-120b.json",
            id="four parts",
        ),
        pytest.param(SHARED, None, f"gateway/openrouter/model/{SHARED}.json", id="first gateway"),
        pytest.param(SHARED, "featherless", f"gateway/featherless/model/{SHARED}.json", id="one gateway"),
        pytest.param(SHARED, " FeatherLess ", f"gateway/featherless/model/{SHARED}.json", id="odd spelling"),
        pytest.param(SHARED, " ", f"gateway/openrouter/model/{SHARED}.json", id="no gateway"),
        pytest.param("FLUX.1-schnell", None, "model/chutes/flux.1-schnell.json", id="no organisation"),
        pytest.param(
            "flux.1-SCHNELL", "chutes", "gateway/chutes/model/chutes/flux.1-schnell.json", id="bare"
        ),
        pytest.param(FIRST, None, "model/deepmount00/llama-3.1-8b-ita.json", id="first twin"),
        pytest.param(
            SECOND,
            "featherless",
            "gateway/featherless/model/deepmount00/llama-3.1-8b-ita~~baca550e35bbdf8b9fd98b47.json",
            id="second twin",
        ),
        pytest.param(FIRST.lower(), None, "model/deepmount00/llama-3.1-8b-ita.json", id="neither twin"),
    ],
)
def test_found(catalog: Catalog, tree: Path, model_id: str, gateway: str | None, path: str) -> None:
    """The answer is the published file, whole."""
    record = catalog.model(model_id, gateway)
    assert record.envelope == json.loads((tree / "catalog" / path).read_bytes())
    assert (record.id, record.gateway) == (record.envelope["data"]["id"], record.envelope["gateway"])


@pytest.mark.parametrize(
    ("model_id", "more"),
    [
        pytest.param(FIRST, [], id="as its gateway spells it"),
        pytest.param("openai/gpt-4o", [], id="by another name, in lower case"),
        pytest.param("chutes/Nemotron-3-Nano-Omni-30B-TEE", [], id="with its gateway's name"),
        pytest.param("deepmount00/llama-3.1-8b-ita", ["catalog/index/ad.json"], id="in another case"),
    ],
)
def test_a_model_is_one_request(catalog: Catalog, host: Pages, model_id: str, more: list[str]) -> None:
    """Only an id in another case needs the index, which says whether it is another model."""
    catalog.model(model_id)
    assert host.news() == [(path, 200) for path in [f"catalog/model/{escape(model_id)}", *more]]


@pytest.mark.parametrize("gateway", [None, *ORDER])
def test_the_whole_tree_as_detection_has_it(tree: Path, gateway: str | None) -> None:
    """Every id in two spellings gives what the catalog's own detection finds."""
    index = DetectionIndex.model_validate_json((tree / "catalog/index.json").read_bytes())
    states = Gateways.model_validate_json((tree / "catalog/gateways.json").read_bytes())
    catalog = Catalog(tree)
    for model_id in {*index.models, *map(str.upper, index.models), *index.paths, "FLUX.1-schnell"}:
        answer = detect(model_id, gateway, index, states, lambda path: (tree / path).is_file(), lambda _: b"")
        expected = json.loads((tree / answer.path).read_bytes()) if isinstance(answer, Found) else None
        assert asked(catalog, model_id, gateway) == expected


def asked(catalog: Catalog, model_id: str, gateway: str | None) -> dict[str, Any] | None:
    """Return an answer as published, None for a model that is not found."""
    try:
        return catalog.model(model_id, gateway).envelope
    except ModelNotFound:
        return None


def test_prices_are_exact(catalog: Catalog) -> None:
    """A price is a Decimal; one that is unknown or not charged is None."""
    record = catalog.model("deepseek/deepseek-chat-v3-0324")
    assert record.price("prompt") == Decimal("0.00000027")
    assert record.price("per_hour") is None
    assert record.price("request") is None


def test_without_hugging_face(catalog: Catalog) -> None:
    """The same record, without metrics and saying so."""
    record = catalog.model("openai/gpt-4o")
    plain = catalog.model("openai/gpt-4o", include_huggingface=False)
    assert plain.data == {**record.data, "huggingface_metrics": None}
    assert plain.envelope == {**record.envelope, "data": plain.data, "include_huggingface": False}
    assert record.envelope["include_huggingface"] is True


def test_metrics_are_taken_out(copy: Path) -> None:
    """Metrics that are there are not there any more, and the next answer has them again."""
    path = copy / "catalog/model/openai/gpt-4o.json"
    change(path, data={**json.loads(path.read_bytes())["data"], "huggingface_metrics": {"likes": 1}})
    catalog = Catalog(copy)
    assert catalog.model("openai/gpt-4o", include_huggingface=False).data["huggingface_metrics"] is None
    assert catalog.model("openai/gpt-4o").data["huggingface_metrics"] == {"likes": 1}


@pytest.mark.parametrize(
    ("chain", "gateway"),
    [
        pytest.param(["deepinfra", "featherless"], "featherless", id="the first has not"),
        pytest.param(["featherless", "openrouter"], "featherless", id="the first has"),
        pytest.param(("", "deepinfra", "openrouter"), "openrouter", id="an empty name"),
        pytest.param([], "openrouter", id="nobody named"),
    ],
)
def test_a_fallback_chain(catalog: Catalog, chain: list[str], gateway: str) -> None:
    """The first gateway of a chain that has the model answers."""
    assert catalog.model(SHARED, gateway=chain).gateway == gateway


@pytest.mark.parametrize("name", ["nobody", "../../etc/passwd", "x y", "catalog/model"])
def test_an_unknown_gateway(catalog: Catalog, host: Pages, name: str) -> None:
    """It is taken for openrouter, with a warning, and no odd name gets into a path."""
    with pytest.warns(CatalogWarning, match="unknown gateway .*, openrouter answers") as warned:
        assert catalog.model(SHARED, name).gateway == "openrouter"
    assert warned[0].filename == __file__
    assert {path for path, _ in host.news()} <= {
        f"catalog/gateway/{name}/model/{SHARED}.json" if name == "nobody" else "catalog/gateways.json",
        "catalog/gateways.json",
        f"catalog/gateway/openrouter/model/{SHARED}.json",
    }


def test_an_unknown_gateway_that_would_not_help(catalog: Catalog) -> None:
    """Openrouter is asked in its place, and then the chain goes on."""
    with pytest.warns(CatalogWarning):
        assert catalog.model("moonshotai/kimi-k3", ["nobody", "featherless"]).gateway == "featherless"


@pytest.mark.parametrize(
    ("model_id", "gateway", "message"),
    [
        pytest.param("openai/gpt-9", None, "model 'openai/gpt-9' not found", id="nowhere"),
        pytest.param("openai/gpt-4o", "chutes", "not found on chutes", id="elsewhere"),
        pytest.param("openai/gpt-4o", ["chutes", "deepinfra"], "not found on chutes, deepinfra", id="chain"),
        pytest.param("flux.9", None, "model 'flux.9' not found", id="no organisation"),
        pytest.param("../../gateways", None, "not found", id="a path"),
        pytest.param("../../../index", "chutes", "not found on chutes", id="a path below a gateway"),
        *(
            pytest.param(odd, None, "cannot be a model", id=repr(odd[:4]))
            for odd in ("", "a//b", "/a", "a/", "a\0b", "x" * 600, "\ud800/x")
        ),
    ],
)
def test_not_found(catalog: Catalog, model_id: str, gateway: str | list[str] | None, message: str) -> None:
    """What nobody has and what cannot be an id are not found."""
    with pytest.raises(ModelNotFound, match=message):
        catalog.model(model_id, gateway)


def test_the_states_are_read_once(catalog: Catalog, host: Pages) -> None:
    """A chain of misses asks once what the gateways are, and only then."""
    with pytest.raises(ModelNotFound):
        catalog.model("a/b", ["chutes", "deepinfra"])
    assert host.news() == [
        ("catalog/gateway/chutes/model/a/b.json", 404),
        ("catalog/gateways.json", 200),
        ("catalog/gateway/deepinfra/model/a/b.json", 404),
    ]


@pytest.mark.parametrize("gateway", ["portkey", ["chutes", "portkey"]], ids=["alone", "in a chain"])
def test_a_gateway_without_a_list(copy: Path, gateway: str | list[str]) -> None:
    """Nobody knows whether it has the model."""
    in_state(copy, "portkey", state="unavailable", models=0)
    with pages(copy) as host, Catalog(host.url, cache=None) as catalog:
        with pytest.raises(GatewayUnavailable, match="no list of portkey"):
            catalog.model("openai/gpt-4o", gateway)
        assert catalog.model("openai/gpt-4o").id == "@openai/gpt-4o"


def test_a_gateway_without_a_key(copy: Path) -> None:
    """The error names the variable; with a list of old the gateway has simply not got the model."""
    in_state(copy, "portkey", state="unconfigured", models=0)
    with pytest.raises(GatewayNotConfigured, match="portkey needs PORTKEY_API_KEY to be set") as raised:
        Catalog(copy).model("openai/gpt-4o", "portkey")
    assert raised.value.variables == ("PORTKEY_API_KEY",)


def test_an_old_list_without_a_key(copy: Path) -> None:
    """A gateway that is served from its last list is known to lack a model."""
    in_state(copy, "portkey", state="unconfigured", models=14)
    with pytest.raises(ModelNotFound):
        Catalog(copy).model("openai/gpt-9", "portkey")


@pytest.mark.parametrize("version", ["2.0", "10.3"])
def test_a_newer_contract(copy: Path, tmp_path: Path, version: str) -> None:
    """A record of a greater major version is refused, and not kept."""
    change(copy / "catalog/model/openai/gpt-4o.json", schema_version=version)
    with pages(copy) as host, Catalog(host.url, cache=tmp_path / "cache") as catalog:
        with pytest.raises(UnsupportedSchema, match=version.partition(".")[0]):
            catalog.model("openai/gpt-4o")
        assert not (tmp_path / "cache").exists()


def test_a_newer_minor_version(copy: Path) -> None:
    """Fields and values that are new are no trouble."""
    change(copy / "catalog/model/openai/gpt-4o.json", schema_version="1.7", new={"field": 1})
    assert Catalog(copy).model("openai/gpt-4o").envelope["new"] == {"field": 1}


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        pytest.param(404, "text/html", "<p>404", id="404"),
        pytest.param(403, "application/xml", "<Error>", id="403, as S3 says it"),
        pytest.param(410, "text/html", "", id="410"),
        pytest.param(200, "text/html; charset=utf-8", "<p>Welcome", id="200 and the front page"),
    ],
)
def test_how_hosts_say_that_a_file_is_missing(tree: Path, status: int, kind: str, body: str) -> None:
    """A catalog that answers otherwise has no such model; where nothing else is, there is no catalog."""

    def answer(request: httpx.Request) -> httpx.Response:
        file = tree / request.url.path.removeprefix("/there/")
        if "there" in request.url.path and file.is_file():
            return httpx.Response(200, content=file.read_bytes())
        return httpx.Response(status, headers={"Content-Type": kind}, text=body)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        with pytest.raises(ModelNotFound):
            Catalog("https://example.test/there", cache=None, client=client).model("openai/gpt-9")
        with pytest.raises(CatalogUnreachable, match=r"no catalog: catalog/gateways\.json is missing"):
            Catalog("https://example.test/elsewhere", cache=None, client=client).model("openai/gpt-4o")
