"""Names and text of upstreams, and the price keys that nobody has told us of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog import units


@pytest.mark.parametrize(
    ("served", "model_id", "shown"),
    [
        pytest.param("Qwen3 32B", "Qwen/Qwen3-32B", "Qwen3 32B", id="served"),
        pytest.param(" Qwen3\n32B\u202e", "Qwen/Qwen3-32B", "Qwen3 32B", id="one clean line"),
        pytest.param(None, "Qwen/Qwen3-32B", "Qwen3-32B", id="not served"),
        pytest.param("\u0000 ", "Qwen/Qwen3-32B", "Qwen3-32B", id="nothing left of it"),
        pytest.param(None, "@deepinfra/zai-org/GLM-4.5", "GLM-4.5", id="behind the last slash"),
        pytest.param(None, "kokoro", "kokoro", id="no slash"),
        pytest.param(None, "evil/", "evil/", id="nothing behind the slash"),
    ],
)
def test_display_names(served: str | None, model_id: str, shown: str) -> None:
    """A model has a name to show, whatever its gateway serves."""
    assert units.display_name(served, model_id) == shown


def test_lone_surrogates_go() -> None:
    """Half a character can be written in JSON and in no file: it must not reach one."""
    assert units.clean_line("a \ud800 b") == "a b"
    assert units.clean_text("a\ud800b", 100).encode() == b"ab"


@pytest.mark.parametrize(
    ("extra", "expected"),
    [
        pytest.param(None, {}, id="none"),
        pytest.param({"cached": "0.0000001"}, {"cached": "0.0000001"}, id="text"),
        pytest.param(
            {"cached": Decimal("0.1"), "per_song": 2}, {"cached": "0.1", "per_song": "2"}, id="numbers"
        ),
        pytest.param({"cached": None}, {}, id="null"),
        pytest.param({"currency": "USD", "overrides": [], "promotion": True}, {}, id="no numbers"),
        pytest.param({"": 1, "Per Song": 1, "__proto__": 1, "x" * 65: 1, "a\nb": 1}, {}, id="no sane names"),
    ],
)
def test_unknown_meters_keep_their_names(extra: dict[str, object] | None, expected: dict[str, str]) -> None:
    """A number under a new key is a price that is kept; anything else is left to the drift report."""
    found = units.extra_meters(extra, units.usd)
    assert found == {meter: Decimal(text) for meter, text in expected.items()}


@pytest.mark.parametrize("value", ["NaN", "-1", Decimal("Infinity"), -1, 10**9])
def test_an_unknown_meter_must_still_be_a_price(value: object) -> None:
    """A number that is no price is an error under every name."""
    with pytest.raises(ValueError, match=r"price|number"):
        units.extra_meters({"cached": value}, units.usd)


def test_the_quick_look_at_a_text_is_as_good_as_the_slow_one() -> None:
    """Of every character up to U+3000, alone among others, it says the same as the rule itself."""
    said = {number: units._is_clean(f"a{chr(number)}b") for number in range(0x3000)}
    assert said == {number: not units._CONTROLS.search(chr(number)) for number in range(0x3000)}
