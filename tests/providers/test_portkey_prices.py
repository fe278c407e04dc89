"""Portkey's price files: cents, zeros, units in the wrong field, several prices for one image."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from catalog.ports import Payload
from providers import portkey_prices
from tests import captured


def priced(served: object, **rest: object) -> dict[str, str]:
    """Read one entry; prices as text."""
    text = json.dumps({"model": {"pricing_config": {"pay_as_you_go": served, **rest}}})
    [entry] = portkey_prices.entries(Payload("/service.json", text.encode())).values()
    found = portkey_prices.pricing(portkey_prices.PricingConfig.model_validate(entry["pricing_config"]))
    return {meter: f"{value:f}" for meter, value in found.items()}


def cents(**prices: object) -> dict[str, Any]:
    """Write prices the way the files have them."""
    return {name: {"price": value} for name, value in prices.items()}


IMAGE = {"default": cents(default=4, **{"1024x1024": 4}), "hd": cents(default=8)}


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param(
            cents(request_token=0.0003, response_token=0.0015, cache_read_input_token=3e-05)
            | {"additional_units": cents(cache_write_1h=0.0006)},
            {
                "prompt": "0.000003",
                "completion": "0.000015",
                "input_cache_read": "0.0000003",
                "input_cache_write_1h": "0.000006",
            },
            id="cents, also with an exponent",
        ),
        pytest.param(
            cents(request_token=0.00025, cache_write_input_token=0)
            | {"additional_units": cents(web_search=1, file_search=0.25)},
            {"prompt": "0.0000025", "web_search": "0.01", "file_search": "0.0025"},
            id="other units, zero as a filler",
        ),
        pytest.param(
            cents(request_token=2e-06, response_token=0),
            {"prompt": "0.00000002", "completion": "0"},
            id="embeddings put out nothing",
        ),
        pytest.param(cents(request_token=0, response_token=0), {}, id="all zero"),
        pytest.param(cents(request_token=None) | {"response_token": {}}, {}, id="null and missing"),
        pytest.param({"request_token": None, "additional_units": None, "image": None}, {}, id="null units"),
        pytest.param(None, {}, id="no prices"),
        pytest.param(
            cents(request_audio_token=0.01, response_audio_token=0.02),
            {"audio": "0.0001", "audio_output": "0.0002"},
            id="audio",
        ),
        pytest.param(
            cents(request_text_token=0.0005, request_token=0.001, response_text_token=0.001),
            {"prompt": "0.00001", "completion": "0.00001"},
            id="text tokens where tokens are not told apart",
        ),
        pytest.param(cents(request_token=0.6, response_token=0), {}, id="a minute in the field of a token"),
        pytest.param(cents(response_token=0.06), {"completion": "0.0006"}, id="the dearest token"),
        pytest.param(cents(new_unit=2), {"new_unit": "0.02"}, id="an unknown unit keeps its name"),
        pytest.param(
            {"image": {"default": cents(default=8)}}, {"per_image": "0.08"}, id="one price for images"
        ),
        pytest.param({"image": IMAGE}, {}, id="several prices for images"),
        pytest.param(
            {"image": {"default": cents(default=0.0002)}}, {}, id="a token in the field of an image"
        ),
        pytest.param({"image": {}}, {}, id="no images"),
    ],
)
def test_prices(served: object, expected: dict[str, str]) -> None:
    """Cents become dollars; what is no price of that unit is unknown, never 0."""
    found = priced(served)
    assert {meter: Decimal(text) for meter, text in found.items()} == {
        meter: Decimal(text) for meter, text in expected.items()
    }


@pytest.mark.parametrize(("currency", "known"), [("USD", True), (None, True), ("EUR", False)])
def test_other_currencies_are_unknown(currency: str | None, *, known: bool) -> None:
    """Nothing is converted at a rate of the day."""
    assert bool(priced(cents(request_token=0.00025), currency=currency)) is known


@pytest.mark.parametrize(
    "served",
    [
        pytest.param("free", id="a word for all prices"),
        pytest.param({"request_token": 0.00025}, id="no unit around it"),
        pytest.param(cents(request_token="cheap"), id="a word"),
        pytest.param(cents(request_token=-0.00025), id="negative"),
        pytest.param(cents(request_token=float("nan")), id="not a number"),
        pytest.param({"additional_units": {"web_search": 1}}, id="no unit around an additional one"),
        pytest.param({"image": {"default": 4}}, id="no sizes"),
        pytest.param({"image": {"default": {"default": 4}}}, id="no unit around an image"),
    ],
)
def test_a_value_that_is_no_price_is_an_error(served: object) -> None:
    """Whatever an upstream puts there, the row is set aside and the next one read."""
    with pytest.raises(ValueError):  # noqa: PT011 - validation errors of both stages
        priced(served)


def test_the_default_entry_is_no_price() -> None:
    """It says what Portkey counts for a model that it has no price of."""
    body = json.dumps({"default": {"pricing_config": {}}, "gpt-4o": {"pricing_config": {}}}).encode()
    assert list(portkey_prices.entries(Payload("/openai.json", body))) == ["gpt-4o"]


@pytest.mark.parametrize(
    ("slug", "service"),
    [
        ("openai", "openai"),
        ("x-ai", "x-ai"),
        ("openai-prod", None),
        ("xai", None),
        ("OpenAI", None),
        ("", None),
    ],
)
def test_only_the_very_name_of_a_service_is_a_service(slug: str, service: str | None) -> None:
    """A slug is the owner's choice: nothing is read out of a part of it."""
    assert portkey_prices.service_of(slug) == service


@pytest.mark.captures
def test_captures() -> None:
    """Every entry of every captured file can be read, and no token costs more than any ever has."""
    for path in captured.files("portkey/pricing/*.json"):
        entries = portkey_prices.entries(Payload(path.name, path.read_bytes()))
        configs = [
            portkey_prices.PricingConfig.model_validate(entry["pricing_config"]) for entry in entries.values()
        ]
        found = [portkey_prices.pricing(config) for config in configs]
        assert sum(map(bool, found)) > len(found) / 2
        assert max(pricing.get("completion", Decimal(0)) for pricing in found) <= Decimal("0.0006")
        assert not any(config.model_extra for config in configs)
