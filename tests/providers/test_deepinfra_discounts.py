"""DeepInfra: which of its two prices is published, and discounts."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.providers.deepinfra import TOKENS, listing, shown


def test_the_openai_list_wins() -> None:
    """Where both lists have a price the dollars count; what only the cents have is added."""
    found = listing(
        metadata={"pricing": {"input_tokens": 2}},
        pricing=TOKENS | {"rate_per_input_token_cached": Decimal("0.5")},
    )
    assert shown(found.pricing) == {
        "prompt": "0.000002",
        "completion": "0.0000026",
        "input_cache_read": "0.000001",
    }


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            {
                "metadata": {
                    "pricing": {
                        "input_tokens": Decimal("0.15"),
                        "output_tokens": Decimal("0.5"),
                        "cache_read_tokens": Decimal("0.029999999700000002"),
                    },
                    "discount": Decimal("0.5"),
                }
            },
            id="dollars",
        ),
        pytest.param(
            {
                "pricing": {
                    "type": "tokens",
                    "cents_per_input_token": Decimal("1.5e-05"),
                    "cents_per_output_token": Decimal("5e-05"),
                    "rate_per_input_token_cached": Decimal("0.2"),
                    "discount": Decimal("0.5"),
                    "discount_ends_at": 4000000000,
                }
            },
            id="cents",
        ),
    ],
)
def test_discount(row: dict[str, object]) -> None:
    """What is charged is the list price less the discount; both stand side by side."""
    found = listing(**row)
    assert shown(found.pricing) == {
        "prompt": "0.000000075",
        "completion": "0.00000025",
        "input_cache_read": "0.000000015",
    }
    assert shown(found.list_pricing or {}) == {
        "prompt": "0.00000015",
        "completion": "0.0000005",
        "input_cache_read": "0.00000003",
    }
    assert found.discount == Decimal("0.5")


@pytest.mark.parametrize("served", [None, 0, Decimal("0.0")])
def test_no_discount(served: object) -> None:
    """Without a discount there is no list price beside the price."""
    found = listing(pricing=TOKENS | {"discount": served})
    assert (found.list_pricing, found.discount) == (None, None)


def test_discounted_service_tier() -> None:
    """A service tier is a rate on what is charged."""
    served = TOKENS | {"discount": Decimal("0.5"), "rate_per_service_tier_flex": Decimal("0.8")}
    (flex,) = listing(pricing=served).price_tiers
    assert shown(flex.pricing)["prompt"] == "0.00000052"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": -1}}, id="negative"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": Decimal("NaN")}}, id="NaN"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": Decimal("1e999")}}, id="too large"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": "cheap"}}, id="a word"),
        pytest.param({"pricing": TOKENS | {"discount": Decimal("1.1")}}, id="discount above one"),
        pytest.param({"pricing": TOKENS | {"rate_per_service_tier_flex": -1}}, id="negative rate"),
        pytest.param({"pricing": TOKENS | {"rate_per_input_token_cached": "x"}}, id="a word for a rate"),
        pytest.param({"pricing": "free"}, id="pricing"),
        pytest.param({"metadata": {"pricing": {"input_tokens": -1}}}, id="negative dollars"),
        pytest.param({"metadata": "none"}, id="metadata"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"id": ""}, id="empty id"),
        pytest.param({"tags": "vision"}, id="tags"),
        pytest.param({"max_tokens": "a lot"}, id="limit"),
        pytest.param({"deprecated": "soon"}, id="time"),
        pytest.param({"replaced_by": 7}, id="successor"),
    ],
)
def test_bad_rows(row: dict[str, object]) -> None:
    """A price that cannot be true, or a wrong type, makes one bad row."""
    with pytest.raises(ValueError, match=r"\S"):
        listing(**row)
