"""Portkey: a list that depends on its key, ids wrapped in the owner's words, prices by exact key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from catalog.schema.listing import Listing
from providers import portkey
from tests import captured, golden, handmade

LIST = "PORTKEY_BASE_URL"
PRICES = "PORTKEY_PRICING_URL"
PRICE = {"pricing_config": {"pay_as_you_go": {"request_token": {"price": 0.00025}}}}


def page(*ids: str, **rest: object) -> dict[str, Any]:
    """Make a page of the integrated list."""
    return {"object": "list", "data": [{"id": model_id, "object": "model"} for model_id in ids], **rest}


def upstream(pages: dict[int, object], prices: dict[str, object] | None = None) -> handmade.HandMade:
    """Make a network with pages by offset and with price files."""
    paths = {f"/models?limit=500&offset={offset}": body for offset, body in pages.items()}
    return handmade.HandMade(portkey.GATEWAY, {LIST: paths, PRICES: prices or {}})


def listings(get: handmade.HandMade) -> dict[str, Listing]:
    """Run the adapter; listings by id."""
    return {listing.id: listing for listing in handmade.listings(portkey, get)}


def test_golden() -> None:
    """The hand-made list and price files become exactly the listings that a person has read."""
    found = handmade.listings(portkey, handmade.upstream(portkey.GATEWAY))
    golden.check(golden.FOLDER / "portkey.jsonl", handmade.lines(found))


# ---- fetch


def test_the_integrated_list_is_forced_and_the_key_stays_with_it() -> None:
    """A config bound to the key would proxy the call; the open price files never see the key."""
    listed, prices = portkey.GATEWAY.bases
    assert listed.headers == {"x-portkey-fetch-integrated-models": "true"}
    assert (listed.key_header, listed.key_prefix) == ("x-portkey-api-key", "")
    assert (prices.key_variable, prices.headers) == (None, None)
    assert portkey.GATEWAY.key_required
    assert portkey.GATEWAY.account_bound


@pytest.mark.parametrize(
    ("pages", "asked"),
    [
        pytest.param({0: page("@a/x", total=1), 1: page(total=1)}, 2, id="an empty page ends it"),
        pytest.param({0: page("@a/x", total_count=1), 1: page("@a/x")}, 2, id="offset has no effect"),
        pytest.param({0: page("@a/x"), 1: page("@a/y"), 2: page()}, 3, id="fewer than asked for"),
        pytest.param({0: page()}, 1, id="nothing integrated"),
    ],
)
def test_pages_until_nothing_new_comes(pages: dict[int, object], asked: int) -> None:
    """The next offset is what has come, and a page without a new id is the last."""
    get = upstream(pages)
    rows = list(portkey.parse(portkey.fetch(get)))
    assert len(get.asked) == asked + 1  # and the services behind the slugs
    assert len(rows) == max(asked - 1, 0)


def test_paging_is_bounded() -> None:
    """A list that never ends is given up."""
    with pytest.raises(UseSnapshotError, match="more than 100 pages"):
        list(portkey.fetch(upstream({number: page(f"@a/{number}") for number in range(101)})))


def test_a_proxied_list_is_refused() -> None:
    """The list of one provider, got through a default config of the key, is not the workspace's."""
    proxied = {"object": "list", "data": [{"id": "gpt-4o", "object": "model", "provider": "openai"}]}
    with pytest.raises(UseSnapshotError, match="default config"):
        list(portkey.fetch(upstream({0: proxied})))


def test_price_files_of_the_known_services_are_asked_for() -> None:
    """One request per service that is in the list; a slug that nobody explains asks for nothing."""
    get = upstream(
        {0: page("@openai/gpt-4o", "@openai-prod/gpt-4o", "@deepinfra/zai-org/GLM-4.5"), 3: page()}
    )
    list(portkey.fetch(get))
    assert get.asked[2:] == ["/providers", "/deepinfra.json", "/openai.json"]


@pytest.mark.parametrize(
    ("row", "service"),
    [
        pytest.param({"slug": "prod", "integration_id": "openai"}, "openai", id="the integration names it"),
        pytest.param({"slug": "prod", "ai_provider_id": "openai"}, "openai", id="another field names it"),
        pytest.param({"slug": "prod", "integration_id": "int-1"}, None, id="an integration of one's own"),
        pytest.param({"slug": "other", "integration_id": "openai"}, None, id="another slug"),
        pytest.param({"slug": 5, "integration_id": "openai"}, None, id="no slug"),
    ],
)
def test_portkey_tells_what_stands_behind_a_slug(row: dict[str, object], service: str | None) -> None:
    """Where the key may ask for it; the price and the plain id then follow."""
    get = upstream({0: page("@prod/gpt-4o"), 1: page()})
    get.catalog[LIST]["/providers"] = {"data": [row]}
    [raw] = portkey.parse(portkey.fetch(get))
    found = portkey.normalize(portkey.Row.model_validate(raw))
    assert (found.service, found.unwrapped) == (service, service and "openai/gpt-4o")


def test_services_that_cannot_be_read_are_not_told() -> None:
    """They are a help, and no reason to lose the list."""
    get = upstream({0: page("@prod/gpt-4o"), 1: page()})
    get.catalog[LIST]["/providers"] = {"data": None}
    [raw] = portkey.parse(portkey.fetch(get))
    assert portkey.Row.model_validate(raw).service is None


def test_a_page_that_fails_fails_the_gateway() -> None:
    """Half a list would look like removed models."""
    with pytest.raises(UseSnapshotError, match="offset=1"):
        list(portkey.fetch(upstream({0: page("@a/x")})))


# ---- parse: prices


def test_a_price_is_found_by_exact_service_and_model() -> None:
    """The same model name in another integration, or in another case, has no price of its own."""
    get = upstream(
        {0: page("@openai/gpt-4o", "@openai-prod/gpt-4o", "@groq/gpt-4o", "@openai/GPT-4o"), 4: page()},
        {"/openai.json": {"gpt-4o": PRICE}, "/groq.json": {"default": PRICE}},
    )
    found = listings(get)
    priced = {model_id for model_id, listing in found.items() if listing.pricing}
    assert priced == {"@openai/gpt-4o"}
    source = found["@openai/gpt-4o"].price_source
    assert source is not None
    assert (source.gateway, source.match) == ("portkey", "exact")


@pytest.mark.parametrize("suffix", [":free", ":batch"])
def test_a_free_or_batch_row_borrows_nothing(suffix: str) -> None:
    """The price files hold such rows of other gateways; their price is not this row's."""
    model = f"z-ai/glm-5.2{suffix}"
    get = upstream({0: page(f"@openrouter/{model}"), 1: page()}, {"/openrouter.json": {model: PRICE}})
    [found] = listings(get).values()
    assert (found.pricing, found.price_source) == ({}, None)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_price_file_that_fails_fails_the_gateway(status: int) -> None:
    """The last good list has the prices; a list without them would make them vanish."""
    get = upstream({0: page("@openai/gpt-4o"), 1: page()}, {"/openai.json": {"$status": status}})
    with pytest.raises(UseSnapshotError, match=rf"prices at /openai\.json: answer {status}"):
        list(portkey.fetch(get))


@pytest.mark.parametrize(
    "file",
    [
        pytest.param({"$status": 404}, id="missing"),
        pytest.param({}, id="empty"),
        pytest.param({"gpt-4o": {}}, id="an entry without prices"),
        pytest.param({"gpt-4o": None}, id="an entry that is null"),
    ],
)
def test_without_a_usable_price_file_prices_are_unknown(file: object) -> None:
    """The list stands on its own: a service without prices costs no models."""
    get = upstream({0: page("@openai/gpt-4o"), 1: page()}, {"/openai.json": file})
    [found] = listings(get).values()
    assert found.pricing == {}


@pytest.mark.parametrize("body", [b"<html>", b'{"gpt-4o": {', b"null", b"[]"])
def test_a_price_file_that_is_none_fails_the_gateway(body: bytes) -> None:
    """The last good list has the prices of its service, which would vanish."""
    payloads = [Payload("/models", json.dumps(page("@openai/gpt-4o")).encode(), LIST)]
    payloads.append(Payload("/openai.json", body, PRICES))
    with pytest.raises(UseSnapshotError, match=r"^/openai\.json: "):
        list(portkey.parse(payloads))


def test_an_entry_of_another_kind_costs_its_row() -> None:
    """Its model keeps the last price; dropped, it would have none."""
    get = upstream({0: page("@openai/gpt-4o"), 1: page()}, {"/openai.json": {"gpt-4o": "free"}})
    [row] = portkey.parse(portkey.fetch(get))
    with pytest.raises(ValueError, match="pricing_config"):
        portkey.Row.model_validate(row)


def test_a_broken_price_costs_its_row() -> None:
    """A price that is there and cannot be read is never dropped in silence."""
    entry = {"pricing_config": {"pay_as_you_go": {"request_token": {"price": "NaN"}}}}
    get = upstream({0: page("@openai/gpt-4o"), 1: page()}, {"/openai.json": {"gpt-4o": entry}})
    [row] = portkey.parse(portkey.fetch(get))
    with pytest.raises(ValueError, match="finite"):
        portkey.normalize(portkey.Row.model_validate(row))


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"id": 123}])
def test_odd_rows_are_passed_on(odd: object) -> None:
    """What is no row is set aside by the core, which counts it."""
    body = json.dumps({"data": [odd, {"id": "@openai/gpt-4o"}]}).encode()
    assert next(portkey.parse([Payload("/models", body, LIST)])) == odd


def test_a_byte_order_mark_is_no_obstacle() -> None:
    """A recorded answer of October 2025 begins with one."""
    body = b"\xef\xbb\xbf" + json.dumps(page("@xai/grok-3")).encode()
    assert len(list(portkey.parse([Payload("/models", body, LIST)]))) == 1


# ---- normalize


@pytest.mark.parametrize(
    ("model_id", "unwrapped"),
    [
        pytest.param("@deepinfra/zai-org/GLM-4.5", "zai-org/GLM-4.5", id="organisation inside"),
        pytest.param("@my-own-words/zai-org/GLM-4.5", "zai-org/GLM-4.5", id="inside an unknown integration"),
        pytest.param("@openrouter/openai/gpt-4o", "openai/gpt-4o", id="gateway in a gateway"),
        pytest.param(
            "@deepinfra/Qwen/Qwen/Qwen3.5-397B-A17B", "Qwen/Qwen3.5-397B-A17B", id="organisation twice"
        ),
        pytest.param("@openai/gpt-4o", "openai/gpt-4o", id="service of a vendor"),
        pytest.param("@azure-openai/gpt-4o", "openai/gpt-4o", id="service for a vendor"),
        pytest.param(
            "@mistral-ai/codestral-latest", "mistralai/codestral-latest", id="vendor of another name"
        ),
        pytest.param("@cerebras/llama-3.3-70b", "cerebras/llama-3.3-70b", id="host of many vendors"),
        pytest.param("@openai-prod/gpt-4o", None, id="slug that only looks like a vendor"),
        pytest.param("@xai/grok-3", None, id="slug that is no service"),
        pytest.param("openai/gpt-4o", None, id="not wrapped"),
        pytest.param("@openai/", None, id="nothing inside"),
        pytest.param("@openai", None, id="nothing behind"),
    ],
)
def test_unwrapping(model_id: str, unwrapped: str | None) -> None:
    """A vendor is read from the model or from the service, never out of a slug that the owner chose."""
    found = portkey.normalize(portkey.Row(id=model_id))
    assert (found.id, found.unwrapped) == (model_id, unwrapped)


def test_nothing_is_claimed_that_is_not_served() -> None:
    """Portkey says no context, no modality, no author."""
    found = portkey.normalize(portkey.Row(id="@openai/gpt-4o"))
    assert (found.name, found.context_length, found.created, found.hugging_face_id) == (
        "gpt-4o",
        None,
        None,
        None,
    )
    assert found.architecture.input_modalities is None
    assert found.capabilities.tools is None


def test_the_served_name_is_shown() -> None:
    """A name is not in the list yet; when it comes it is used."""
    assert portkey.normalize(portkey.Row(id="@openai/gpt-4o", name="GPT-4o\n")).name == "GPT-4o"


def test_every_known_field_is_declared() -> None:
    """What the list and the price files serve today is no news."""
    for raw in portkey.parse(portkey.fetch(handmade.upstream(portkey.GATEWAY))):
        row = portkey.Row.model_validate(raw)
        assert not row.model_extra
        assert row.pricing_config is None or not row.pricing_config.model_extra


@pytest.mark.captures
def test_captures() -> None:
    """Every row of every captured list becomes a listing, most of a priced service's with a price."""
    prices = [
        Payload(f"/{path.name}", path.read_bytes(), PRICES)
        for path in captured.files("portkey/pricing/*.json")
    ]
    for path in captured.files("portkey/models/*.json"):
        found = captured.listings(portkey, [Payload("/models", path.read_bytes(), LIST), *prices])
        hosted = [listing for listing in found if listing.id.startswith("@deepinfra/")]
        assert sum(bool(listing.pricing) for listing in hosted) > len(hosted) / 2
