"""DeepInfra: dollars of one list, cents of the other."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog.schema.listing import Listing
from tests.providers.deepinfra import TOKENS, dollars, listing, shown


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("2.5999999999999996", "0.0000026", id="noise below"),
        pytest.param("0.020000000000000004", "0.00000002", id="noise above"),
        pytest.param("0.029999999700000002", "0.00000003", id="noise of a rate"),
        pytest.param("0.1300000002", "0.00000013", id="noise of another rate"),
        pytest.param("3", "0.000003", id="an integer"),
        pytest.param("0", "0", id="zero"),
    ],
)
def test_dollars_per_million(served: str, expected: str) -> None:
    """Dollars per million tokens lose their noise before they become dollars per token."""
    found = dollars(pricing={"input_tokens": Decimal(served), "output_tokens": 1})
    assert shown(found.pricing)["prompt"] == expected
    assert found.price_source is not None
    assert (found.price_source.gateway, found.price_source.match) == ("deepinfra", "own")


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param({"per_image_unit": Decimal("0.04")}, {"per_image": "0.04"}, id="image"),
        pytest.param({"input_characters": Decimal("0.62")}, {"per_character": "0.00000062"}, id="characters"),
        pytest.param({"input_seconds": Decimal("7.5e-06")}, {"per_audio_second": "0.0000075"}, id="seconds"),
        pytest.param({"cache_write_tokens": 1}, {"input_cache_write": "0.000001"}, id="cache write"),
        pytest.param({"video_tokens": 2}, {"video_tokens": "0.000002"}, id="unknown, per million"),
        pytest.param({"per_song": Decimal("0.5")}, {"per_song": "0.5"}, id="unknown, per unit"),
        pytest.param({"note": "x", "parts": []}, {}, id="no prices"),
    ],
)
def test_units_of_the_openai_list(served: object, expected: object) -> None:
    """Every unit of the OpenAI list has a meter of its own; an unknown one keeps its name."""
    found = dollars(pricing=served)
    assert shown(found.pricing) == expected


def test_no_metadata() -> None:
    """A row without metadata is a listing of unknowns."""
    assert listing(metadata=None) == Listing(gateway="deepinfra", id="a/b", name="b")


def test_a_free_word_is_no_price() -> None:
    """A description that says free changes no price."""
    found = dollars(description="Free of charge", pricing={"per_image_unit": Decimal("0.04")})
    assert (shown(found.pricing), found.price_kind) == ({"per_image": "0.04"}, None)


# ------------------------------------------------------------------------------------ cents


@pytest.mark.parametrize(
    ("kind", "served", "expected"),
    [
        pytest.param(
            "text-generation", TOKENS, {"prompt": "0.0000013", "completion": "0.0000026"}, id="tokens"
        ),
        pytest.param(
            "embeddings",
            {"type": "input_tokens", "cents_per_input_token": Decimal("1e-06")},
            {"prompt": "0.00000001"},
            id="input_tokens",
        ),
        pytest.param(
            "text-to-image",
            {"type": "image_units", "cents_per_image_unit": Decimal("0.05"), "default_width": 1024},
            {"per_image": "0.0005"},
            id="image_units",
        ),
        pytest.param(
            "text-to-image",
            {"type": "time", "cents_per_sec": Decimal("0.05")},
            {"per_second": "0.0005"},
            id="time",
        ),
        pytest.param(
            "text-generation",
            {"type": "uptime", "cents_per_sec": Decimal("0.1")},
            {"per_second": "0.001"},
            id="uptime",
        ),
        pytest.param(
            "automatic-speech-recognition",
            {"type": "input_length", "cents_per_input_sec": Decimal("0.00166667")},
            {"per_audio_second": "0.0000166667"},
            id="input_length",
        ),
        pytest.param(
            "text-to-video",
            {"type": "output_length", "cents_per_output_sec": 15},
            {"per_video_second": "0.15"},
            id="output_length of a film",
        ),
        pytest.param(
            "text-to-music",
            {"type": "output_length", "cents_per_output_sec": Decimal("0.1")},
            {"per_audio_second": "0.001"},
            id="output_length of music",
        ),
        pytest.param(
            "text-to-speech",
            {"type": "input_character_length", "cents_per_input_chars": Decimal("0.0001")},
            {"per_character": "0.000001"},
            id="input_character_length",
        ),
        pytest.param(
            "text-to-video",
            {"type": "frame_units", "cents_per_frame_unit": Decimal("0.01")},
            {"per_frame": "0.0001"},
            id="frame_units",
        ),
        pytest.param("new", {"type": "new", "cents_per_song": 50}, {"per_song": "0.5"}, id="an unknown type"),
        pytest.param("new", {"type": "new", "fine_print": "x", "seats": 5}, {}, id="no prices"),
    ],
)
def test_price_types(kind: str, served: object, expected: object) -> None:
    """Cents become dollars in the meter of their type, and no token price is made up."""
    assert shown(listing(type=kind, pricing=served).pricing) == expected


def test_tiers_in_words() -> None:
    """Prices by length of the prompt stand in display text only and are not read out of it."""
    found = listing(pricing=TOKENS | {"short": "$1.3", "full": "$1.3 <= 32K, $2.6 above", "table": {}})
    assert found.price_tiers == ()
    assert found.pricing == listing(pricing=TOKENS).pricing


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        pytest.param(
            {"rate_per_input_token_cached": Decimal("0.07692308")},
            {"input_cache_read": "0.0000001"},
            id="read",
        ),
        pytest.param(
            {"rate_per_input_token_cache_write": Decimal("1.25")},
            {"input_cache_write": "0.000001625"},
            id="write",
        ),
        pytest.param(
            {"rate_per_explicit_cache_write_token": {"5m": Decimal("1.25"), "1h": 2}},
            {"input_cache_write": "0.000001625", "input_cache_write_1h": "0.0000026"},
            id="write, by life",
        ),
        pytest.param(
            {"rate_per_explicit_cache_write_token": {"5m": 2}, "rate_per_input_token_cache_write": 1},
            {"input_cache_write": "0.0000013"},
            id="both",
        ),
        pytest.param({"rate_per_input_token_cached": None}, {}, id="null"),
    ],
)
def test_cache_rates(rates: dict[str, object], expected: dict[str, str]) -> None:
    """Cache prices are the input price times a rate, with the noise of the rate rounded away."""
    found = shown(listing(pricing=TOKENS | rates).pricing)
    assert found == {"prompt": "0.0000013", "completion": "0.0000026"} | expected


def test_rate_without_a_price() -> None:
    """A rate of an unknown input price is no price."""
    assert listing(pricing={"rate_per_input_token_cached": 1}).pricing == {}


def test_service_tiers() -> None:
    """The rates of the service tiers hold for what is counted in tokens, cached tokens too."""
    rates = {
        "rate_per_service_tier_priority": Decimal("1.5"),
        "rate_per_service_tier_flex": Decimal("0.8"),
        "rate_per_input_token_cached": Decimal("0.5"),
    }
    flex, priority = listing(pricing=TOKENS | rates | {"cents_per_image_unit": 1}).price_tiers
    assert (flex.service_tier, priority.service_tier) == ("flex", "priority")
    assert shown(flex.pricing) == {
        "prompt": "0.00000104",
        "completion": "0.00000208",
        "input_cache_read": "0.00000052",
    }
    assert shown(priority.pricing)["completion"] == "0.0000039"


def test_no_service_tiers() -> None:
    """A null rate is no tier, and a tier without a price is none either."""
    assert listing(pricing=TOKENS | {"rate_per_service_tier_flex": None}).price_tiers == ()
    assert listing(pricing={"rate_per_service_tier_flex": 1}).price_tiers == ()
