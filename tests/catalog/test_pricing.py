"""Where two sources tell different prices of one offering."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from catalog.schema.facts import PortkeyNames, PortkeyService
from catalog.schema.listing import Endpoint, KeptListing, PriceSource
from catalog.store import Store
from tests.factories import document, kept, money, tree

FACTS = (
    Store(Path(__file__).parents[2] / "data")
    .facts.identity()
    ._replace(
        portkey=PortkeyNames(
            services=(
                PortkeyService(service="acme", organisation="acme", source="by hand", date="2026-11-20"),
            )
        )
    )
)
HOSTED = kept(
    gateway="deepinfra", id="acme/one", pricing=money(prompt="0.2"), changed_at="2026-11-01T00:00:00Z"
)


def routed(prompt: str, tag: str) -> KeptListing:
    """Make a model of OpenRouter with one host."""
    host = Endpoint(name="Host", tag=tag, pricing=money(prompt=prompt))
    return kept(id="acme/one", pricing=money(prompt="0.3"), endpoints=(host,))


def wrapped(slug: str, prompt: str) -> KeptListing:
    """Make a listing of Portkey that has a price of its own."""
    own = PriceSource(gateway="portkey", match="exact")
    return kept(
        gateway="portkey",
        id=f"@{slug}/acme/one",
        unwrapped="acme/one",
        pricing=money(prompt=prompt),
        price_source=own,
    )


def told(*found: KeptListing) -> list[dict[str, Any]]:
    """Return the discrepancies of a catalog."""
    said: list[dict[str, Any]] = document(tree(*found, facts=FACTS), "catalog/discrepancies.json")[
        "discrepancies"
    ]
    return said


def test_a_host_that_is_a_gateway_too() -> None:
    """What OpenRouter says of DeepInfra is held against DeepInfra's own list, since the later change."""
    assert told(routed("0.25", "deepinfra/fp8"), HOSTED) == [
        {
            "model_key": "acme/one",
            "offering": "deepinfra",
            "meter": "prompt",
            "since": "2026-11-01T00:00:00Z",
            "says": [
                {"gateway": "openrouter", "id": "acme/one", "price": "0.25"},
                {"gateway": "deepinfra", "id": "acme/one", "price": "0.2"},
            ],
        }
    ]


@pytest.mark.parametrize(
    "found",
    [
        pytest.param((routed("0.2", "deepinfra"), HOSTED), id="they agree"),
        pytest.param((routed("0.25", "other"), HOSTED), id="another host"),
        pytest.param((routed("0.25", "chutes"), HOSTED), id="a gateway that does not have it"),
        pytest.param((wrapped("acme", "0.3"), routed("0.3", "other")), id="the maker's price"),
        pytest.param(
            (wrapped("together", "0.9"), routed("0.3", "other")), id="a reseller has its own prices"
        ),
        pytest.param((wrapped("deepinfra", "0.2"), HOSTED), id="a gateway behind an integration"),
    ],
)
def test_no_discrepancy(found: tuple[KeptListing, ...]) -> None:
    """Equal prices, and prices of different offerings, contradict nobody."""
    assert told(*found) == []


@pytest.mark.parametrize(
    ("found", "offering"),
    [
        pytest.param((wrapped("acme", "0.4"), routed("0.3", "other")), "acme", id="the maker's price"),
        pytest.param(
            (wrapped("deepinfra", "0.4"), HOSTED), "deepinfra", id="a gateway behind an integration"
        ),
    ],
)
def test_an_integration_with_a_price_of_its_own(found: tuple[KeptListing, ...], offering: str) -> None:
    """Portkey's price file is held against who really sells the model."""
    assert [each["offering"] for each in told(*found)] == [offering]


def test_any_offer_of_the_host_may_agree() -> None:
    """A gateway that has a model twice contradicts nobody when one of the two costs what is said."""
    fast = kept(gateway="deepinfra", id="acme/one-FP8", pricing=money(prompt="0.25"))
    assert told(routed("0.25", "deepinfra/fp8"), HOSTED, fast) == []


def test_the_hosts_of_a_free_offer_say_nothing() -> None:
    """OpenRouter names the hosts of the plain model for `:free` too: what they charge is told once."""
    free = routed("0.25", "deepinfra/fp8").model_copy(update={"id": "acme/one:free"})
    assert told(free, HOSTED) == []
    assert [each["says"][0]["id"] for each in told(routed("0.25", "deepinfra/fp8"), free, HOSTED)] == [
        "acme/one"
    ]
