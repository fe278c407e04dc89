"""Words of others are fit for a report."""

from __future__ import annotations

import pytest

from catalog.wire.quote import redacted

KEY = "made-up-key-of-a-test"


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        pytest.param("a\x1b[31m\tb\r\n\u202ec", "a [31m b c", id="controls"),
        pytest.param(f"key {KEY}!", "key ***!", id="a configured key"),
        pytest.param("Authorization: Bearer abc.def", "Authorization: ***", id="bearer"),
        pytest.param('"sk-or-v1-0123"', '"***"', id="sk-"),
        pytest.param("hf_AbCdEf cpk_123.456 AKIAABCDEFGHIJKL", "*** *** ***", id="other shapes"),
        pytest.param("x" * 40, "***", id="long and opaque"),
        pytest.param("ab " * 100, ("ab " * 100)[:200], id="long"),
        pytest.param("ab " * 62 + KEY, "ab " * 62 + "***", id="a key across the end of the quote"),
    ],
)
def test_a_quote_is_short_printable_and_holds_no_key(text: str, quote: str) -> None:
    """What looks like a key or is one never reaches a report."""
    assert redacted(text, [KEY, ""]) == quote
