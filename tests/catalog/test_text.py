"""Text of others: what stays of it, and how much."""

from __future__ import annotations

import pytest

from catalog import text as texts
from catalog.text import DESCRIPTION_BYTES, clean_line, clean_text, description, display_name


def test_clean_line() -> None:
    """A name is one line without control or bidirectional characters."""
    assert clean_line("  A\tb\n\u202ec\x00 ") == "A b c"


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        pytest.param("a\r\nb\x07", 99, "a\nb", id="lines stay, controls go"),
        pytest.param("abcdefgh", 8, "abcdefgh", id="as long as allowed"),
        pytest.param("abcdefghi", 8, "abcde…", id="cut"),
        pytest.param("éééééé", 8, "éé…", id="never inside a character"),
    ],
)
def test_clean_text(text: str, limit: int, expected: str) -> None:
    """Prose is cut to a number of bytes, and says so."""
    assert clean_text(text, limit) == expected
    assert len(expected.encode()) <= limit


def test_description() -> None:
    """An empty description is unknown, a long one is cut."""
    assert description(" \n") is None
    assert len((description("x" * 9000) or "").encode()) <= DESCRIPTION_BYTES


def test_lone_surrogates_go() -> None:
    """Half a character can be written in JSON and in no file: it must not reach one."""
    assert clean_line("a \ud800 b") == "a b"
    assert clean_line("a\ud800b") == "a b"
    assert clean_text("a\ud800b", 100).encode() == b"ab"
    assert description("a\ud800b") == "ab"


def test_the_quick_look_at_a_text_is_as_good_as_the_slow_one() -> None:
    """Of every character up to U+3000, alone among others, it says the same as the rule itself."""
    said = {number: texts._is_clean(f"a{chr(number)}b") for number in range(0x3000)}
    assert said == {number: not texts._CONTROLS.search(chr(number)) for number in range(0x3000)}


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
    assert display_name(served, model_id) == shown
