"""One model on several gateways: who is shown, in which order, and who answers for which id."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.schema.facts import Alias, Aliases, HubName
from catalog.schema.listing import KeptListing
from catalog.store import Store
from tests.factories import assembled, document, kept, money, tombstone, tree

FACTS = Store(Path(__file__).parents[2] / "data").facts.identity()._replace(openrouter=(), aliases=Aliases())
"""The shipped facts about spellings and endings, without names settled by hand."""
DEEP = "deepseek-ai/DeepSeek-V3-0324"
ROUTED = kept(id="deepseek/deepseek-chat-v3-0324", hugging_face_id=DEEP, pricing=money(prompt="0.3"))
HOSTED = kept(gateway="deepinfra", id=DEEP, pricing=money(prompt="0.2", completion="0.5"))
FAST = kept(gateway="deepinfra", id=f"{DEEP}-Turbo", pricing=money(prompt="0.1", completion="0.1"))
WEIGHTS = kept(gateway="featherless", id=DEEP, price_kind="included")
KEY = "deepseek-ai/deepseek-v3-0324"


def record(path: str, *found: KeptListing, **given: Any) -> dict[str, Any]:  # noqa: ANN401 - passed on
    """Render a catalog and read one record."""
    return document(tree(*found, facts=FACTS, **given), f"catalog/{path}.json")


def test_every_gateway_of_a_model_is_shown() -> None:
    """Under whatever name it has it: in the order of detection, of one gateway the plain offer first."""
    found = record("model/deepseek/deepseek-chat-v3-0324", FAST, WEIGHTS, HOSTED, ROUTED)
    assert [(each["gateway"], each["variant"], each["match"]) for each in found["gateways"]] == [
        ("openrouter", None, "exact"),
        ("featherless", None, "hugging_face_id"),
        ("deepinfra", None, "hugging_face_id"),
        ("deepinfra", "turbo", "hugging_face_id"),
    ]
    assert (found["data"]["model_key"], found["data"]["variant"]) == (KEY, None)


def test_a_gateway_answers_for_every_id_of_a_model() -> None:
    """Asked for the name that another gateway gives it, the plain offer answers with its own id."""
    files = tree(ROUTED, HOSTED, FAST, facts=FACTS)
    assert document(files, "catalog/gateway/deepinfra/model/deepseek/deepseek-chat-v3-0324.json")["data"][
        "id"
    ] == (DEEP)
    assert (
        document(files, f"catalog/gateway/openrouter/model/{KEY}.json")["data"]["id"]
        == "deepseek/deepseek-chat-v3-0324"
    )


def test_detection_goes_by_the_very_id() -> None:
    """A model key opens no path without a gateway: the first gateway that lists the id answers."""
    assert record(f"model/{KEY}", ROUTED, HOSTED)["gateway"] == "deepinfra"


@pytest.mark.parametrize(
    ("offers", "answer"),
    [
        pytest.param(("x-turbo", "x"), "x", id="the plain one"),
        pytest.param(("X-FP8", "X-NVFP4"), "X-NVFP4", id="else the cheapest"),
    ],
)
def test_which_offer_answers(offers: tuple[str, ...], answer: str) -> None:
    """The one without a variant, else the cheapest known, else the first by id."""
    prices = dict(zip(offers, ("0.2", "0.1"), strict=True))
    hosts = [
        kept(gateway="deepinfra", id=f"acme/{name}", pricing=money(prompt=price, completion=price))
        for name, price in prices.items()
    ]
    found = record("gateway/deepinfra/model/acme/x", *hosts, kept(id="acme/x"))
    assert found["data"]["id"] == f"acme/{answer}"


def test_a_tombstone_shows_who_still_has_the_model() -> None:
    """It is no offer itself."""
    gone = tombstone(id=ROUTED.id, hugging_face_id=DEEP)
    found = record("model/deepseek/deepseek-chat-v3-0324", gone, HOSTED)
    assert (found["data"]["status"], [each["gateway"] for each in found["gateways"]]) == (
        "removed",
        ["openrouter", "deepinfra"],
    )


def test_a_former_id_and_an_alias_lead_to_the_model() -> None:
    """Under the gateways that have it; no gateway is invented for them."""
    alias = Alias(service="*", id="acme/nick", key=KEY, source="by hand", date="2026-11-20")
    facts = FACTS._replace(
        aliases=Aliases(aliases=(alias,)), openrouter=(HubName("deepseek/old", DEEP, "2026-01-01"),)
    )
    files = tree(HOSTED, facts=facts)
    for name in ("acme/nick", "deepseek/old"):
        assert document(files, f"catalog/gateway/deepinfra/model/{name}.json")["data"]["id"] == DEEP
        assert f"catalog/model/{name}.json" not in files
    told = document(files, "catalog/aliases.json")["aliases"]
    assert told == {
        "acme/nick": {"id": DEEP, "kind": "renamed"},
        "deepseek/old": {"id": DEEP, "kind": "moved"},
        KEY: {"id": DEEP, "kind": "case"},
    }


def test_a_free_offer_that_is_gone_is_not_replaced() -> None:
    """Who asked for a free model is not sent to one that costs money."""
    facts = FACTS._replace(openrouter=(HubName("deepseek/old:free", DEEP, "2026-01-01"),))
    assert assembled(HOSTED, facts=facts).spellings == {}


def test_the_price_of_the_same_model_is_borrowed() -> None:
    """Portkey publishes none: OpenRouter's stands in, and the record says so."""
    wrapped = kept(gateway="portkey", id=f"@x/{DEEP}", unwrapped=DEEP)
    found = record(f"gateway/portkey/model/{KEY}", ROUTED, wrapped)
    assert found["data"]["pricing"]["prompt"] == "0.3"
    assert found["data"]["price_source"] == {"gateway": "openrouter", "match": "hugging_face_id"}
    assert found["data"]["price_kind"] == "known"
    listed = document(tree(ROUTED, wrapped, facts=FACTS), "catalog/gateway/portkey.json")["models"]
    assert [(each["prompt"], each["price_kind"]) for each in listed] == [("0.3", "known")]


@pytest.mark.parametrize(
    "lender",
    [
        pytest.param(kept(id="acme/one:free", pricing=money(prompt="0.3")), id="a free offer lends nothing"),
        pytest.param(kept(id="acme/one", pricing=money(prompt="0", completion="0")), id="no price, no loan"),
        pytest.param(tombstone(id="acme/one", pricing=money(prompt="0.3")), id="what is gone lends nothing"),
        pytest.param(kept(id="acme/one-pro", pricing=money(prompt="0.3")), id="another model lends nothing"),
    ],
)
def test_no_price_is_borrowed(lender: KeptListing) -> None:
    """Unknown stays unknown."""
    wrapped = kept(gateway="portkey", id="@x/acme/one", unwrapped="acme/one")
    found = assembled(lender, wrapped, facts=FACTS)
    assert found.borrowed == {}
    assert found.book.entries["portkey"][0].price_kind == "unknown"


def test_a_batch_offer_borrows_nothing() -> None:
    """Nor does a free one: their prices are not the plain model's."""
    plain = kept(id="acme/one", pricing=money(prompt="0.3"))
    found = assembled(
        plain, kept(gateway="portkey", id="@openrouter/acme/one:batch", unwrapped="acme/one:batch")
    )
    assert found.borrowed == {}


def test_compare() -> None:
    """The cheapest gateway of each meter, and how far the dearest is from it; free offers do not count."""
    free = kept(id=f"{ROUTED.id}:free", pricing=money(prompt="0", completion="0"))
    found = document(tree(ROUTED, HOSTED, free, kept(id="acme/alone"), facts=FACTS), "catalog/compare.json")[
        "models"
    ]
    assert found == [
        {
            "model_key": KEY,
            "gateways": ["openrouter", "deepinfra"],
            "cheapest": {
                "prompt": {
                    "gateway": "deepinfra",
                    "id": DEEP,
                    "price": "0.2",
                    "highest": "0.3",
                    "spread": "1.5",
                },
                "completion": {
                    "gateway": "deepinfra",
                    "id": DEEP,
                    "price": "0.5",
                    "highest": "0.5",
                    "spread": "1",
                },
            },
        }
    ]


def test_hrefs_lead_to_files() -> None:
    """Every offer's link is a file of the tree."""
    files = tree(ROUTED, HOSTED, FAST, WEIGHTS, facts=FACTS)
    found = document(files, "catalog/model/deepseek/deepseek-chat-v3-0324.json")
    assert all(each["href"].removeprefix("/") in files for each in found["gateways"])
