"""What is found by the first letters of a word."""

from __future__ import annotations

import pytest

from catalog.pages.beginnings import Part, parts


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(["b/a b"], [Part("a", [0], 0), Part("b", [0], 0)], id="a word twice"),
        pytest.param(["ab", "ac"], [Part("a", [0, 1], 0)], id="as many as fit"),
        pytest.param(
            ["ab", "x-ac", "abd"],
            [Part("a", [0, 1], 1), Part("ab", [0, 2], 0), Part("ac", [1], 0), Part("x", [1], 0)],
            id="one more",
        ),
        pytest.param(
            ["a", "a", "a:b"], [Part("a", [0, 1], 1), Part("b", [2], 0)], id="words that cannot be told apart"
        ),
        pytest.param(["模型-é"], [Part("é", [0], 0), Part("模", [0], 0)], id="letters of any script"),
    ],
)
def test_parts(texts: list[str], expected: list[Part]) -> None:
    """Every beginning that is asked for leads to all of its items, or to the best and longer beginnings."""
    assert list(parts(texts, 2)) == expected
