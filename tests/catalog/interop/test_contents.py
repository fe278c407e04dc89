"""What is in each export, and what is left out of it and why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from catalog import interop
from catalog.kinds import kind_of
from catalog.render import Options
from tests.catalog.interop.forms import LISTINGS, MORE, exact, rows
from tests.exported import LONG, SPECIAL
from tests.factories import tree

PRICED = {"free", "tiered", "oddly-tiered", "by-night", "by-day", "hasty", "renamed"}
UNPRICED = {"unknown", "dynamic", "drawn"}
SPACED = {"with space", LONG.partition("/")[2]}
TWICE = {"both", "at-once"}
HELD = {
    "litellm": (PRICED | SPACED) - {"by-day"},
    "genai-prices": PRICED,
    "llm-prices": PRICED | SPACED | TWICE,
    "openai": PRICED | SPACED | TWICE | UNPRICED,
    "csv": PRICED | SPACED | TWICE | UNPRICED,
}
"""Format → the special listings of OpenRouter that it holds."""


def special(names: Iterator[str] | list[str]) -> set[str]:
    """Return the names of the special listings among ids and keys."""
    return {name.partition("special/")[2] for name in names if "special/" in name}


def names_in(files: dict[str, bytes], form: str) -> list[str]:
    """Return the ids that an export holds for OpenRouter."""
    match form:
        case "litellm":
            return [
                key for key in exact(files, "interop/litellm/gateways.json") if key.startswith("openrouter/")
            ]
        case "genai-prices":
            providers = exact(files, "interop/genai-prices/data.json")
            return [
                model["id"] for each in providers if each["id"] == "openrouter" for model in each["models"]
            ]
        case "llm-prices":
            prices = exact(files, "interop/llm-prices/current-v1.json")["prices"]
            return [price["id"] for price in prices if price["vendor"] == "openrouter"]
        case "openai":
            return [model["id"] for model in exact(files, "v1/models.json")["data"]]
        case _:
            return [row["id"] for row in rows(files) if row["gateway"] == "openrouter"]


@pytest.mark.parametrize("form", HELD)
def test_what_is_in(files: dict[str, bytes], form: str) -> None:
    """Unknown, dynamic and otherwise measured prices are never zeros, and a free model stays free."""
    assert special(names_in(files, form)) == HELD[form]


def test_what_is_left_out_is_counted(files: dict[str, bytes]) -> None:
    """Every listing that lives is in a format or counted with its reason."""
    index = exact(files, interop.INDEX)
    assert [each["format"] for each in index["exports"]] == [form.name for form in interop.FORMATS]
    for each in index["exports"]:
        assert each["models"] + sum(left["count"] for left in each["left_out"]) == LISTINGS
        assert all(path in files for path in each["files"])
    left = {(row["gateway"], row["reason"]): row["count"] for row in index["exports"][0]["left_out"]}
    assert left == {
        ("chutes", "not priced by the token"): 1,
        ("featherless", "included in a plan, no price per token"): 1,
        ("openrouter", "price unknown"): 1,
        ("openrouter", "price decided per request"): 1,
        ("openrouter", "not priced by the token"): 1,
        ("openrouter", "price under two conditions at once"): 3,
        ("portkey", "no provider of LiteLLM"): 1,
    }


def test_the_same_bytes_twice(files: dict[str, bytes]) -> None:
    """No clock, no chance, no order of arrival."""
    again = tree(*reversed((*SPECIAL, *MORE)))
    assert {path: again[path] == files[path] for path in interop.FILES} == dict.fromkeys(interop.FILES, True)


@pytest.mark.parametrize("path", interop.FILES)
def test_a_broken_export_is_known(files: dict[str, bytes], path: str) -> None:
    """Every export has a form that a whole one has and half of one has not."""
    kind = interop.KINDS[kind_of(path) or ""]
    kind.validate_json(files[path])
    with pytest.raises(ValueError, match=r"\S"):
        kind.validate_json(files[path][: len(files[path]) // 2])


def test_a_tree_without_exports() -> None:
    """Whoever measures the records alone leaves them out."""
    files = tree(*SPECIAL, options=Options(exports=False))
    assert not interop.FILES.keys() & files.keys()
    assert "catalog/index.json" in files
