"""Records: every field of the contract, under every name, in bytes that depend on nothing else."""

from __future__ import annotations

import random
from dataclasses import replace
from decimal import Decimal
from typing import Any

import orjson
import pytest

from catalog import paths, render
from catalog.artifact import Limits
from catalog.errors import StopBuildError
from catalog.render import Options
from catalog.schema.listing import Architecture, KeptListing
from catalog.schema.record import Record
from tests.factories import ORDER, THEN, assembled, document, kept, tombstone, tree
from tests.full import EXPECTED, FULL, HOST, VARIETY

RECORD = "catalog/model/acme/one.json"
LATER = "2026-11-01T00:00:00Z"
ALWAYS = EXPECTED["data"].keys() - {"list_pricing", "discount", "replaced_by", "alias_target"}
"""The fields that stand in every record."""


def record(*found: KeptListing, path: str = RECORD, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Render a catalog and read one record."""
    return document(tree(*found, **given), path)


def test_a_full_record() -> None:
    """Everything that a listing knows is published, in the words of the contract."""
    assert record(FULL) == EXPECTED


def test_a_bare_record_has_every_field() -> None:
    """What is unknown is null, never 0 and never left out."""
    data = record(kept(architecture=Architecture()))["data"]
    known = {
        "id", "slug", "name", "architecture", "pricing", "provider_slug", "source_gateway", "capabilities",
        "status", "price_kind", "price_tiers", "endpoints", "model_key",
    }  # fmt: skip
    assert data.keys() == ALWAYS
    assert {name for name, value in data.items() if value is not None} == known
    assert data["pricing"] == dict.fromkeys(("prompt", "completion", "request", "image"))
    assert set(data["architecture"].values()) == {None}
    assert (data["price_tiers"], data["endpoints"], data["price_kind"]) == ([], [], "unknown")


@pytest.mark.parametrize("known", ["input_modalities", "output_modalities"])
def test_half_a_modality_is_none(known: str) -> None:
    """What goes in and what comes out must both be known for the arrow between them."""
    shape = record(kept(architecture=Architecture.model_validate({known: ("text",)})))["data"]["architecture"]
    assert (shape[known], shape["modality"]) == (["text"], None)


def test_bytes() -> None:
    """Sorted keys, two spaces, UTF-8 without escapes, a final newline."""
    body = tree(FULL)[RECORD]
    assert body.startswith(b'{\n  "data": {\n    "alias_target"')
    assert body.endswith(b"\n}\n")
    assert "One – été".encode() in body
    style = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    assert body == orjson.dumps(orjson.loads(body), option=style)


def test_every_record_is_a_record() -> None:
    """The strict model, unknown fields forbidden, accepts everything that is rendered."""
    seen = 0
    performance = {"acme/one host": {"uptime": 99.9, "latency": 10, "throughput": 5, "as_of": "2026-11-02"}}
    for path, body in tree(*VARIETY, options=Options(plain=True), performance=performance).items():
        if "/model/" in path:
            Record.model_validate_json(body, strict=True)
            seen += 1
    assert seen == 36


@pytest.mark.parametrize(
    ("listing", "path", "provider", "model"),
    [
        pytest.param(kept(id="a/b/c:x"), "a/b/c~3ax", "a", "b/c:x", id="the rest may have slashes"),
        pytest.param(kept(gateway="chutes", id="lonely"), "chutes/lonely", "chutes", "lonely", id="lonely"),
        pytest.param(
            kept(gateway="portkey", id="@x/acme/one", unwrapped="acme/one"), "acme/one", "@x", "acme/one",
            id="wrapped",
        ),
    ],
)  # fmt: skip
def test_provider_and_model_follow_from_the_id(
    listing: KeptListing, path: str, provider: str, model: str
) -> None:
    """All names of an answer are the same bytes, so the request decides nothing in them."""
    found = record(listing, path=f"catalog/model/{path}.json")
    assert (found["provider"], found["model"]) == (provider, model)
    assert found["data"]["id"] == listing.id


def test_names_of_one_answer() -> None:
    """A model stands under its gateway, detected, and as its gateways spell it."""
    files = tree(kept(id="Acme/One"), kept(gateway="chutes", id="ACME/one"))
    assert [path for path in sorted(files) if "/model/" in path] == [
        "catalog/gateway/chutes/model/acme/one.json",
        "catalog/gateway/openrouter/model/acme/one.json",
        "catalog/model/ACME/one.json",
        "catalog/model/Acme/One.json",
        RECORD,
    ]
    detected = {body for path, body in files.items() if path.startswith("catalog/model/")}
    assert detected == {files["catalog/gateway/openrouter/model/acme/one.json"]}


def test_twins_have_no_names_as_spelled() -> None:
    """Of two ids that differ in case each has one detected path."""
    files = tree(kept(id="Acme/One"), kept(id="Acme/ONE"))
    detected = sorted(path for path in files if path.startswith("catalog/model/"))
    assert detected == [RECORD, f"catalog/model/{paths.twin('Acme/One')}"]
    assert document(files, RECORD)["data"]["id"] == "Acme/ONE"


def test_the_cheaper_of_two_integrations_stands_at_the_unwrapped_path() -> None:
    """Both stand in `gateways`, and each under its own id."""
    dear, cheap = (
        kept(
            gateway="portkey", id=f"@{name}/acme/one", unwrapped="acme/one",
            pricing={"prompt": Decimal(price), "completion": Decimal(price)},
        )
        for name, price in (("a", "2"), ("b", "1"))
    )  # fmt: skip
    files = tree(dear, cheap)
    found = document(files, RECORD)
    assert found["data"]["id"] == "@b/acme/one"
    assert [(offer["id"], offer["match"]) for offer in found["gateways"]] == [
        ("@b/acme/one", "unwrapped"),
        ("@a/acme/one", "unwrapped"),
    ]
    assert [offer["href"] for offer in found["gateways"]] == [
        f"/catalog/gateway/portkey/model/~40{name}/acme/one.json" for name in "ba"
    ]
    assert all(offer["href"][1:] in files for offer in found["gateways"])
    assert files["catalog/gateway/portkey/model/acme/one.json"] == files[RECORD]
    own = document(files, "catalog/gateway/portkey/model/~40a/acme/one.json")
    assert own["data"]["id"] == "@a/acme/one"
    assert own["gateways"] == found["gateways"]


def test_a_listing_that_answers_nowhere_has_no_record() -> None:
    """Two ids of one gateway can mean one path: the first one has it, and nothing is made twice."""
    files = tree(kept(gateway="chutes", id="chutes/x", name="A"), kept(gateway="chutes", id="x", name="B"))
    assert document(files, "catalog/model/chutes/x.json")["data"]["name"] == "A"
    assert len([path for path in files if "/model/" in path]) == 2


@pytest.mark.parametrize("base_url", ["", "https://user.example/gatelog"])
def test_href(base_url: str) -> None:
    """Links are absolute with a base URL, else from the root; every one leads to a file."""
    files = tree(*(kept(gateway=name) for name in ORDER), options=Options(base_url=base_url))
    hrefs = [offer["href"] for offer in document(files, RECORD)["gateways"]]
    assert hrefs == [f"{base_url}/catalog/gateway/{name}/model/acme/one.json" for name in ORDER]
    assert all(href.removeprefix(f"{base_url}/") in files for href in hrefs)


def test_timestamp() -> None:
    """A record is as old as the youngest listing or figure that it shows, and no older listing hides it."""
    one = kept(endpoints=(HOST,))
    assert record(one)["timestamp"] == THEN
    assert record(one, kept(gateway="chutes", changed_at=LATER))["timestamp"] == LATER
    assert record(one, tombstone(gateway="chutes", changed_at=LATER))["timestamp"] == THEN
    figures = {"acme/one host": {"uptime": 99.9, "as_of": "2026-11-02"}}
    assert record(one, performance=figures)["timestamp"] == "2026-11-02T00:00:00Z"


METRICS = {
    "downloads": 250000, "likes": 3000, "pipeline_tag": "text-generation", "library_name": None,
    "gated": False, "as_of": "2026-11-02",
}  # fmt: skip


def test_metrics_of_its_repository() -> None:
    """Found by the name in any spelling, with the day that they are of; it is as young as they are."""
    metrics = {"acme/one": METRICS}
    found = record(kept(hugging_face_id="Acme/One"), metrics=metrics)
    assert (found["data"]["huggingface_metrics"], found["timestamp"]) == (METRICS, "2026-11-02T00:00:00Z")
    younger = kept(hugging_face_id="Acme/One", changed_at="2026-11-02T02:17:00Z")
    assert record(younger, metrics=metrics)["timestamp"] == younger.changed_at
    for other in (kept(), kept(hugging_face_id="acme/two")):
        assert record(other, metrics=metrics)["data"]["huggingface_metrics"] is None


def test_performance_stands_with_its_endpoint() -> None:
    """Figures are found by id and tag, a repeated tag by its number, with the day that they are of."""
    hosts = (HOST, HOST.model_copy(update={"name": "Other"}))
    figures = {"acme/one host 2": {"uptime": 99.9, "as_of": "2026-11-02"}}
    [first, second] = record(kept(endpoints=hosts), performance=figures)["data"]["endpoints"]
    assert "uptime" not in first
    assert (second["name"], second["uptime"], second["as_of"]) == ("Other", 99.9, "2026-11-02")


def test_a_tombstone_stays_at_its_path() -> None:
    """A removed model says so, and since when, and is an offer of nobody else."""
    files = tree(tombstone(gateway="deepinfra"))
    found = document(files, RECORD)
    assert (found["data"]["status"], found["data"]["removed_at"]) == ("removed", THEN)
    assert [offer["gateway"] for offer in found["gateways"]] == ["deepinfra"]

    files = tree(tombstone(), kept(gateway="chutes"))
    assert document(files, RECORD)["gateway"] == "chutes"
    assert [offer["gateway"] for offer in document(files, RECORD)["gateways"]] == ["chutes"]
    own = document(files, "catalog/gateway/openrouter/model/acme/one.json")
    assert [offer["gateway"] for offer in own["gateways"]] == ["openrouter", "chutes"]


def test_plain_records() -> None:
    """Every name exists without the Hub's numbers as well; only these two fields differ."""
    metrics = {"acme/one": METRICS}
    files = tree(FULL, kept(gateway="chutes", id="Acme/Two"), options=Options(plain=True), metrics=metrics)
    names = {path.removeprefix("catalog/") for path in files if "/model/" in path}
    plain = {name for name in names if name.startswith("plain/")}
    assert plain == {f"plain/{name}" for name in names - plain}
    assert "gateway/chutes/model/Acme/Two.json" in names
    full, found = (document(files, path) for path in (RECORD, "catalog/plain/model/acme/one.json"))
    assert full["data"].pop("huggingface_metrics") == METRICS
    assert found["data"].pop("huggingface_metrics") is None
    assert found == {**full, "include_huggingface": False}


def test_no_plain_records_unless_asked_for() -> None:
    """They double the tree."""
    assert not [path for path in tree(FULL) if path.startswith("catalog/plain/")]


@pytest.mark.parametrize(
    ("budget", "listing"),
    [
        pytest.param("record_bytes", kept(), id="record"),
        pytest.param("record_with_endpoints_bytes", kept(endpoints=(HOST,)), id="record with endpoints"),
    ],
)
def test_a_record_over_its_budget_stops_the_build(budget: str, listing: KeptListing) -> None:
    """To the byte it may be as large as allowed."""
    size = len(tree(listing)[RECORD])
    tree(listing, options=Options(limits=replace(Limits(), **{budget: size})))
    with pytest.raises(StopBuildError, match=f"acme/one.json is larger than {size - 1} bytes"):
        tree(listing, options=Options(limits=replace(Limits(), **{budget: size - 1})))


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_arrival_leaves_no_trace(seed: int) -> None:
    """A shuffled catalog is the same tree, byte by byte."""
    shuffled = random.Random(seed).sample(VARIETY, len(VARIETY))
    assert tree(*shuffled) == tree(*VARIETY)


def test_lines_and_entries_that_do_not_fit_stop_rendering() -> None:
    """A snapshot that changed between two readings is noticed."""
    with pytest.raises(ValueError, match="shorter"):
        list(render.records(assembled(FULL), lambda _: [], Options()))


def test_an_account_with_very_many_integrations_stays_within_the_budget() -> None:
    """A record shows the cheapest ten offers of one gateway, and the one that it is about."""
    pricing = [{"prompt": Decimal(n), "completion": Decimal(n)} for n in range(1, 41)]
    found = [
        kept(gateway="portkey", id=f"@i{n:02}/acme/one", unwrapped="acme/one", pricing=price)
        for n, price in enumerate(pricing)
    ]
    files = tree(*found, kept())
    cheapest = [f"@i{n:02}/acme/one" for n in range(10)]
    last = document(files, "catalog/gateway/portkey/model/~40i39/acme/one.json")
    assert [offer["id"] for offer in last["gateways"]] == ["acme/one", *cheapest, "@i39/acme/one"]
    assert [offer["id"] for offer in document(files, RECORD)["gateways"]] == ["acme/one", *cheapest]
