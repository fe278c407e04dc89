"""OpenRouter: prices, discounts, and tiers by length and by the clock."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from catalog import units
from catalog.ports import Payload
from providers import openrouter
from tests.providers.openrouter import (
    DAY,
    HOST,
    LIST,
    LONG,
    NIGHT,
    hosts,
    listing,
    priced,
    row,
)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("0.0000006000000000000001", "0.0000006", id="noise"),
        pytest.param("0.00000100000000000000015", "0.000001", id="more noise"),
        pytest.param("0.00000008333333333333333", "0.0000000833333333333", id="twelve digits"),
        pytest.param("0.00000008333333333333334", "0.0000000833333333333", id="the same a day later"),
        pytest.param(Decimal("1E-7"), "0.0000001", id="a number"),
        pytest.param(0, "0", id="zero as a number"),
    ],
)
def test_price(served: object, expected: str) -> None:
    """Prices are US dollars per token already; only their noise goes."""
    found = priced(prompt=served)
    assert units.plain(found.pricing["prompt"]) == expected
    assert found.price_source is not None
    assert (found.price_source.gateway, found.price_source.match) == ("openrouter", "own")


def test_absent_prices() -> None:
    """A meter that is null or missing is unknown, and without any price there is no source of one."""
    assert priced(prompt=None).pricing == {}
    assert priced().price_source is None
    assert listing(pricing=None).pricing == {}


@pytest.mark.parametrize("served", ["-1", -1])
def test_dynamic(served: object) -> None:
    """`-1` means decided per request: no price, and the kind says so."""
    found = priced(prompt=served, completion=served)
    assert (found.pricing, found.price_kind, found.price_source) == ({}, "dynamic", None)


@pytest.mark.parametrize("id", ["a/b", "a/b:free"])
def test_kind_is_left_to_the_core(id: str) -> None:
    """Neither zero prices nor a suffix make a row free here."""
    assert listing(id=id, pricing={"prompt": "0", "completion": "0"}).price_kind is None


@pytest.mark.parametrize(
    "pricing",
    [
        pytest.param({"prompt": "-0.5"}, id="negative"),
        pytest.param({"prompt": "-2"}, id="minus two"),
        pytest.param({"prompt": "NaN"}, id="NaN"),
        pytest.param({"prompt": Decimal("Infinity")}, id="infinite"),
        pytest.param({"prompt": "1e999"}, id="too large"),
        pytest.param({"prompt": "1e99999999"}, id="beyond arithmetic"),
        pytest.param({"prompt": "1e-99999999"}, id="below arithmetic"),
        pytest.param({"prompt": "cheap"}, id="a word"),
        pytest.param({"prompt": True}, id="a truth value"),
        pytest.param({"prompt": ["0"]}, id="a list"),
        pytest.param({"new_meter": "-0.5"}, id="negative in a new field"),
        pytest.param({"discount": 2}, id="discount above one"),
        pytest.param({"overrides": {"prompt": "0"}}, id="overrides of another shape"),
        pytest.param({"overrides": [7]}, id="an override of another shape"),
        pytest.param({"overrides": [{"prompt": "0.1"}]}, id="an override without a condition"),
        pytest.param({"overrides": [LONG | {"min_reasoning": 7}]}, id="an unknown condition"),
        pytest.param({"overrides": [LONG | {"prompt": "-1"}]}, id="a negative override"),
        pytest.param({"overrides": [LONG | {"service_tier": 7}]}, id="a tier that is no name"),
        pytest.param({"overrides": [{"utc_start": 100, "prompt": "0.1"}]}, id="half a window"),
        pytest.param({"overrides": [DAY | {"utc_end": 1060}]}, id="minute 60"),
        pytest.param({"overrides": [DAY | {"utc_end": 2500}]}, id="hour 25"),
    ],
)
def test_impossible_prices(pricing: dict[str, object]) -> None:
    """A price that cannot be true makes one bad row, never a published number."""
    with pytest.raises(ValueError, match=r"\S"):
        priced(**pricing)


def test_nan_in_the_body() -> None:
    """A bare NaN in the JSON becomes a bad row like any other."""
    body = json.dumps({"data": [row(pricing={"prompt": float("nan")})]}).encode()
    (raw,) = openrouter.parse([Payload(LIST, body)])
    with pytest.raises(ValueError, match="finite"):
        openrouter.normalize(openrouter.Row.model_validate(raw))


def test_every_known_meter_is_kept() -> None:
    """Each known meter stays under its name, and so does a new one, which is reported as new."""
    pricing = {
        "prompt": "0.000002",
        "image_token": "0.000003",
        "request": "0.01",
        "web_search": "0.014",
        "input_cache_write_1h": "0.000006",
        "video_token": "0.000007",
        "note": "per token",
        "regions": {"eu": "0.1"},
    }
    raw = openrouter.Row.model_validate(row(pricing=pricing))
    assert set(openrouter.normalize(raw).pricing) == set(pricing) - {"note", "regions"}
    assert raw.pricing is not None
    assert set(raw.pricing.model_extra or {}) == {"video_token", "note", "regions"}


def test_discount_of_a_row() -> None:
    """A row's discount is stated and not taken off a second time."""
    found = priced(prompt="0.000002", discount=Decimal("0.25"))
    assert (found.discount, found.list_pricing) == (Decimal("0.25"), None)
    assert found.pricing == {"prompt": Decimal("0.000002")}


# ------------------------------------------------------------------------------------ price tiers


def test_tiers_are_sorted() -> None:
    """Overrides become tiers in a fixed order, with the clock written out."""
    tiers = priced(prompt="1", overrides=[DAY, LONG, NIGHT, LONG | {"min_prompt_tokens": 32000}]).price_tiers
    assert [(tier.min_prompt_tokens, tier.utc_start, tier.utc_end) for tier in tiers] == [
        (None, "01:00", "10:00"),
        (None, "10:00", "01:00"),
        (32000, None, None),
        (200000, None, None),
    ]
    assert tiers[3].pricing == {"prompt": Decimal("0.000006"), "completion": Decimal("0.0000225")}


def test_long_prompts_do_not_touch_the_base() -> None:
    """A tier by length leaves the base price as it is, even where both are equal."""
    found = priced(prompt="0.000006", completion="0.0000225", overrides=[LONG])
    assert found.price_kind is None
    assert found.pricing["prompt"] == Decimal("0.000006")


@pytest.mark.parametrize("now", [DAY, NIGHT], ids=["by day", "by night"])
def test_windows_that_fill_the_day(now: dict[str, object]) -> None:
    """At any time of the day the dearest window is the base, and other meters stay as served."""
    shown = {"prompt": now["prompt"], "completion": now["completion"], "input_cache_read": "0.0000000028"}
    found = priced(**shown, overrides=[NIGHT, DAY])
    assert found == priced(
        prompt="9", completion="9", input_cache_read="0.0000000028", overrides=[DAY, NIGHT]
    )
    assert found.pricing == {
        "prompt": Decimal("0.00000056"),
        "completion": Decimal("0.00000112"),
        "input_cache_read": Decimal("0.0000000028"),
    }
    assert found.price_kind is None


def test_window_that_hides_the_base() -> None:
    """Inside a window that leaves part of the day open the base is not visible, so it is not stated."""
    inside = priced(prompt=NIGHT["prompt"], completion=NIGHT["completion"], audio="0.1", overrides=[NIGHT])
    outside = priced(prompt="0.00000056", completion="0.00000112", audio="0.1", overrides=[NIGHT])
    assert (set(inside.pricing), inside.price_kind) == ({"audio"}, "dynamic")
    assert (set(outside.pricing), outside.price_kind) == ({"prompt", "completion", "audio"}, None)
    assert inside.price_tiers == outside.price_tiers
    assert inside.price_source == outside.price_source


def test_clock_of_a_host() -> None:
    """A host's prices do not follow the clock either."""
    by_day = HOST | {"pricing": {"prompt": DAY["prompt"], "overrides": [DAY, NIGHT]}}
    by_night = HOST | {"pricing": {"prompt": NIGHT["prompt"], "overrides": [DAY, NIGHT]}}
    assert hosts(by_day) == hosts(by_night)


def test_discount_in_an_override() -> None:
    """A discount inside an override is no price and no condition."""
    (tier,) = priced(prompt="1", overrides=[LONG | {"discount": 0}]).price_tiers
    assert set(tier.pricing) == {"prompt", "completion"}
