"""Lists and indexes: what lives, where it is, and no more bytes than allowed."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson
import pytest

from catalog import lists, paths, pipeline
from catalog.artifact import Limits, compact, shard_of
from catalog.attempts import Reach
from catalog.errors import StopBuildError
from catalog.schema.documents import (
    DetectionIndex,
    Drift,
    GatewayList,
    Gateways,
    GuardFinding,
    Provider,
    ProviderIndex,
    QuarantinedRow,
)
from catalog.schema.listing import KeptListing
from catalog.schema.state import Memory
from tests.factories import GATEWAY, ORDER, THEN, assembled, book, document, kept, tombstone, tree

INDEX = "catalog/index.json"
LONG = "acme/" + "m" * 200


def priced(prompt: str, completion: str) -> dict[str, Decimal]:
    """Make prices."""
    return {"prompt": Decimal(prompt), "completion": Decimal(completion)}


def index(*found: KeptListing) -> dict[str, Any]:
    """Render the whole detection index."""
    return document(tree(*found), INDEX)


def test_the_list_of_a_gateway() -> None:
    """Every living listing stands there in the order of ids, with the fields of the contract."""
    files = tree(kept(id="b/two"), kept(id="a/one", context_length=9, pricing=priced("1E-7", "2E-7")))
    assert files["catalog/gateway/openrouter.json"].count(b"\n") == 1
    found = document(files, "catalog/gateway/openrouter.json")
    GatewayList.model_validate_json(files["catalog/gateway/openrouter.json"], strict=True)
    assert [model["id"] for model in found["models"]] == ["a/one", "b/two"]
    assert found["models"][0] == {
        "id": "a/one",
        "name": "One",
        "context_length": 9,
        "prompt": "0.0000001",
        "completion": "0.0000002",
        "price_kind": "known",
        "model_key": "a/one",
        "status": "active",
    }


def test_every_gateway_has_a_list() -> None:
    """Also one that has nothing."""
    files = tree(kept())
    assert [document(files, f"catalog/gateway/{name}.json")["gateway"] for name in ORDER] == list(ORDER)
    assert document(files, "catalog/gateway/chutes.json")["models"] == []


def test_the_index() -> None:
    """Lower-cased ids lead to the gateways that have them, in the order of detection."""
    found = index(kept(gateway="chutes", id="Acme/One"), kept(id="acme/one"), kept(gateway="chutes", id="x"))
    assert found == {
        "schema_version": "1.0",
        "gateways": list(ORDER),
        "models": {"acme/one": ["openrouter", "chutes"], "chutes/x": ["chutes"]},
        "paths": {},
    }


def test_an_unwrapped_id_stands_in_the_index_beside_the_listed_one() -> None:
    """Both can be asked for."""
    found = index(kept(gateway="portkey", id="@X/Acme/One", unwrapped="Acme/One"))
    assert found["models"] == {"@x/acme/one": ["portkey"], "acme/one": ["portkey"]}


def test_the_index_names_paths_that_do_not_follow_from_the_rule() -> None:
    """Both twins and a hashed name are told, by their ids as spelled."""
    found = index(kept(id="A/x"), kept(id="a/X"), kept(id=LONG))
    assert found["paths"] == {"A/x": "a/x.json", "a/X": paths.twin("a/X"), LONG: paths.escape(LONG)}
    assert found["models"] == {"a/x": ["openrouter"], LONG: ["openrouter"]}


def test_every_path_of_the_index_has_a_file() -> None:
    """A reader who follows the index finds the record."""
    files = tree(kept(id="A/x"), kept(id="a/X"), kept(id=LONG), kept(id="a/b:c"), kept(gateway="chutes"))
    found = document(files, INDEX)
    told = [*found["paths"].values(), *map(paths.escape, found["models"])]
    assert len(told) == 7
    assert all(f"catalog/model/{path}" in files for path in told)


def test_tombstones_stand_in_no_list() -> None:
    """A removed model is in no index, no list, and its organisation is not shown for it."""
    files = tree(tombstone(id="gone/one"), tombstone(id=LONG), tombstone(id="A/x"), kept(id="a/X"), kept())
    named = [path for path in files if path.startswith("catalog/") and "/model/" not in path]
    assert not [path for path in named if b"gone" in files[path] or LONG.encode() in files[path]]
    assert document(files, INDEX)["models"] == {"a/x": ["openrouter"], "acme/one": ["openrouter"]}
    assert document(files, INDEX)["paths"] == {"a/X": "a/x.json"}


def test_shards_are_the_index() -> None:
    """256 shards hold together what the whole index holds, each id in the shard of its digest."""
    many = [kept(id=f"acme/{number}") for number in range(300)]
    files = tree(*many, kept(id="A/x"), kept(id="a/X"))
    shards = {path[14:16]: document(files, path) for path in files if path.startswith("catalog/index/")}
    assert sorted(shards) == [f"{number:02x}" for number in range(256)]
    whole: dict[str, Any] = {"models": {}, "paths": {}}
    for digits, shard in shards.items():
        assert {shard_of(paths.lower(name)) for name in [*shard["models"], *shard["paths"]]} <= {digits}
        whole["models"] |= shard["models"]
        whole["paths"] |= shard["paths"]
        DetectionIndex.model_validate(shard, strict=True)
    found = document(files, INDEX)
    assert (found["models"], found["paths"]) == (whole["models"], whole["paths"])
    assert all(shard["gateways"] == found["gateways"] for shard in shards.values())


def test_a_provider() -> None:
    """An organisation has its models with their gateways and the cheapest price."""
    files = tree(
        kept(id="Acme/One", pricing=priced("3", "3")),
        kept(gateway="deepinfra", name="Other", pricing=priced("1", "2")),
        kept(gateway="chutes", pricing={"prompt": Decimal("0.1")}),
        kept(id="acme/two"),
    )
    body = files["catalog/provider/acme.json"]
    Provider.model_validate_json(body, strict=True)
    assert orjson.loads(body)["models"] == [
        {
            "id": "Acme/One",
            "name": "One",
            "gateways": ["openrouter", "deepinfra", "chutes"],
            "cheapest": "deepinfra",
            "prompt": "1",
            "completion": "2",
        },
        {
            "id": "acme/two",
            "name": "One",
            "gateways": ["openrouter"],
            "cheapest": None,
            "prompt": None,
            "completion": None,
        },
    ]


def test_of_equal_prices_the_first_gateway_is_the_cheapest() -> None:
    """The order of detection decides."""
    same = [kept(gateway=name, pricing=priced("1", "1")) for name in ("chutes", "deepinfra")]
    assert document(tree(*same), "catalog/provider/acme.json")["models"][0]["cheapest"] == "deepinfra"


@pytest.mark.parametrize(
    ("pricing", "cheapest"),
    [
        pytest.param(priced("1", "2"), "openrouter", id="known"),
        pytest.param({"prompt": Decimal(1)}, None, id="no completion"),
        pytest.param({"completion": Decimal(1)}, None, id="no prompt"),
        pytest.param({}, None, id="unknown"),
    ],
)
@pytest.mark.parametrize("more", [False, True], ids=["alone", "beside an unpriced one"])
def test_only_a_whole_price_is_the_cheapest(
    pricing: dict[str, Decimal],
    cheapest: str | None,
    more: bool,  # noqa: FBT001 - a parameter of a test
) -> None:
    """Half a price is not compared, and not shown either."""
    files = tree(kept(pricing=pricing), *([kept(gateway="chutes")] if more else []))
    [model] = document(files, "catalog/provider/acme.json")["models"]
    assert model["cheapest"] == cheapest
    assert (model["prompt"], model["completion"]) == (("1", "2") if cheapest else (None, None))


@pytest.mark.parametrize(
    ("model", "shown"),
    [pytest.param("Acme/One", "acme/one", id="short"), pytest.param(LONG, LONG, id="hashed")],
)
def test_a_wrapped_model_belongs_to_who_made_it(model: str, shown: str) -> None:
    """It is listed once, under the id that people use."""
    files = tree(kept(gateway="portkey", id=f"@prod/{model}", unwrapped=model))
    assert [each["id"] for each in document(files, "catalog/provider/acme.json")["models"]] == [shown]
    assert [path for path in files if path.startswith("catalog/provider/")] == ["catalog/provider/acme.json"]


def test_all_providers() -> None:
    """Each organisation is counted, sorted by name, and has a file."""
    files = tree(kept(id="b/one"), kept(id="a/one"), kept(id="A/two"), kept(gateway="chutes", id="lonely"))
    ProviderIndex.model_validate_json(files["catalog/providers.json"], strict=True)
    found = document(files, "catalog/providers.json")["providers"]
    assert [(each["provider"], each["models"]) for each in found] == [("a", 2), ("b", 1), ("chutes", 1)]
    assert all(f"catalog/provider/{each['provider']}.json" in files for each in found)


@pytest.mark.parametrize(
    ("budget", "least", "path"),
    [
        pytest.param("gateway_list_bytes", 200, "catalog/gateway/openrouter.json", id="list"),
        pytest.param("shard_gzip_bytes", 50, "catalog/index/", id="shard"),
        pytest.param("index_gzip_bytes", 50, INDEX, id="index"),
    ],
)
def test_a_list_over_its_budget_stops_the_build(budget: str, least: int, path: str) -> None:
    """What readers fetch whole stays small, or nothing is published."""
    found = assembled(kept(), kept(id="acme/two"))
    assert list(lists.lists(found, replace(Limits(), **{budget: 10_000})))
    with pytest.raises(StopBuildError, match=f"^{path}.* is .* bytes, its budget is {least}$"):
        list(lists.lists(found, replace(Limits(), **{budget: least})))


def test_a_list_may_fill_its_budget() -> None:
    """To the byte it may be as large as allowed."""
    found = assembled(kept())
    size = len(next(lists.lists(found, Limits())).body)
    assert next(lists.lists(found, replace(Limits(), gateway_list_bytes=size)))
    with pytest.raises(StopBuildError, match=f"is {size} bytes"):
        next(lists.lists(found, replace(Limits(), gateway_list_bytes=size - 1)))


def test_the_budget_of_the_index_grows_with_the_ids() -> None:
    """It is meant for a number of ids; a larger catalog may have a larger index, a smaller one not less."""
    found = book(*(kept(id=f"acme/{number}") for number in range(400)))
    [whole] = [each for each in lists.index(found, Limits()) if each.path == INDEX]
    assert len(compact(orjson.loads(whole.body))) > 1000
    for ids in (40, 400):
        per_id = replace(Limits(), index_ids=ids, index_gzip_bytes=ids * 10)
        assert list(lists.index(found, per_id))
    with pytest.raises(StopBuildError, match=r"its budget is 400$"):
        list(lists.index(found, replace(Limits(), index_ids=400, index_gzip_bytes=400)))


def test_the_state_of_the_gateways() -> None:
    """Facts, outcome and coverage stand together; what only a build needs is not published."""
    memory = Memory(
        state="held",
        reason="shrunk",
        origin="fetch",
        fetched_at=THEN,
        attempted_at=THEN,
        rows=7,
        digest="d",
        account="a",
        quarantined=(QuarantinedRow(id=None, stage="parse", reason="odd"),),
        quarantined_total=1,
        drift=(Drift(field="new", count=2),),
        findings=(GuardFinding(check="drift", level="info", message="new to us: new"),),
    )
    reach = {"toy": Reach(99.1, 2.5)}
    artifact = lists.gateways({"toy": GATEWAY}, {"toy": memory}, {"toy": (7, 5)}, reach)
    Gateways.model_validate_json(artifact.body, strict=True)
    assert artifact.path == "catalog/gateways.json"
    assert orjson.loads(artifact.body)["gateways"] == [
        {
            "id": "toy",
            "name": "Toy",
            "site": "https://toy.example",
            "docs": "https://toy.example/docs",
            "api_base_url": "https://api.toy.example/v1",
            "env": ["TOY_API_KEY"],
            "state": "held",
            "reason": "shrunk",
            "origin": "fetch",
            "fetched_at": THEN,
            "attempted_at": THEN,
            "models": 7,
            "priced": 5,
            "availability": 99.1,
            "latency": 2.5,
            "quarantined": [{"id": None, "stage": "parse", "reason": "odd"}],
            "quarantined_total": 1,
            "drift": [{"field": "new", "count": 2}],
            "findings": [{"check": "drift", "level": "info", "message": "new to us: new"}],
        }
    ]


def test_coverage_counts_what_lives() -> None:
    """Listings of each gateway, and those whose price is known or free."""
    found = book(
        kept(pricing=priced("1", "1")),
        kept(id="acme/free", pricing=priced("0", "0")),
        kept(id="acme/two"),
        kept(gateway="chutes", price_kind="included"),
        tombstone(id="acme/gone", pricing=priced("1", "1")),
    )
    counted = pipeline.coverage(found)
    assert (counted["openrouter"], counted["chutes"], counted["portkey"]) == ((3, 2), (1, 0), (0, 0))
    assert pipeline.totals(found) == (4, 3)
