"""Two listings of one model: what counts as a change, and what is noise."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from catalog.compare import compare, percent, same_price
from catalog.kept import kept_fields
from catalog.schema.listing import Architecture, Capabilities, Endpoint, PriceTier
from tests.changed import priced
from tests.factories import kept

LONG = PriceTier(min_prompt_tokens=200_000, pricing={"prompt": Decimal("0.000002")})
NIGHT = PriceTier(utc_start="16:30", utc_end="00:30", pricing={"prompt": Decimal("0.0000001")})


def parts(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Compare two listings that differ in the given fields."""
    return [tuple(part) for part in compare(kept_fields(kept(**old)), kept_fields(kept(**new)))]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            {"pricing": priced("0.000001")},
            {"pricing": priced("0.0000015")},
            ("price", "prompt", "0.000001", "0.0000015", 50.0),
            id="dearer",
        ),
        pytest.param(
            {"pricing": priced("0.000003")},
            {"pricing": priced("0.000001")},
            ("price", "prompt", "0.000003", "0.000001", -66.67),
            id="cheaper, to a hundredth of a percent",
        ),
        pytest.param(
            {"pricing": priced(input_cache_read="0.0000003")},
            {"pricing": priced()},
            ("price", "input_cache_read", "0.0000003", None, None),
            id="a cache price that is gone: cached tokens cost the full price",
        ),
        pytest.param(
            {"pricing": priced()},
            {"pricing": {"prompt": Decimal("0.000001")}},
            ("price", "completion", "0.000002", None, None),
            id="a meter that every text model has",
        ),
        pytest.param(
            {"pricing": priced()}, {}, ("price_kind", "price_kind", "known", "unknown", None), id="price lost"
        ),
        pytest.param(
            {},
            {"price_kind": "included"},
            ("price_kind", "price_kind", "unknown", "included", None),
            id="kind",
        ),
        pytest.param(
            {},
            {"price_tiers": (LONG,)},
            ("tiers", "price_tiers", [], [{"min_prompt_tokens": 200_000, "prompt": "0.000002"}], None),
            id="tiers",
        ),
        pytest.param(
            {"context_length": 1},
            {"context_length": 2},
            ("context", "context_length", 1, 2, None),
            id="context",
        ),
        pytest.param(
            {"max_output_tokens": 2},
            {"max_output_tokens": 1},
            ("output_limit", "max_output_tokens", 2, 1, None),
            id="output limit",
        ),
        pytest.param(
            {},
            {"architecture": Architecture(input_modalities=("text", "image"), output_modalities=("text",))},
            ("modality", "input_modalities", ["text"], ["text", "image"], None),
            id="modality",
        ),
        pytest.param(
            {"capabilities": Capabilities(tools=True)},
            {"capabilities": Capabilities(tools=False)},
            ("capability", "tools", True, False, None),
            id="capability",
        ),
        pytest.param(
            {},
            {"expiration_date": "2026-12-01"},
            ("deprecation", "expiration_date", None, "2026-12-01", None),
            id="an end announced",
        ),
        pytest.param(
            {"expiration_date": "2026-12-01"},
            {"expiration_date": "2027-01-01"},
            ("deprecation", "expiration_date", "2026-12-01", "2027-01-01", None),
            id="an end moved",
        ),
        pytest.param(
            {},
            {"replaced_by": "acme/two"},
            ("deprecation", "replaced_by", None, "acme/two", None),
            id="successor",
        ),
        pytest.param({"name": "One"}, {"name": "Uno"}, ("renamed", "name", "One", "Uno", None), id="name"),
        pytest.param(
            {"alias_target": "acme/a"},
            {"alias_target": "acme/b"},
            ("renamed", "alias_target", "acme/a", "acme/b", None),
            id="what a moving alias stands for",
        ),
    ],
)
def test_a_change(old: dict[str, Any], new: dict[str, Any], expected: tuple[Any, ...]) -> None:
    """One difference is one typed change, and nothing else."""
    assert parts(old, new) == [expected]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            {"description": "Long and full."}, {"description": "Long..."}, id="a description that was cut"
        ),
        pytest.param({"name": "One  two"}, {"name": "One two"}, id="spaces in a name"),
        pytest.param(
            {"pricing": priced("0.0000000833333333333")},
            {"pricing": priced("0.0000000833333333334")},
            id="noise of numbers",
        ),
        pytest.param(
            {"pricing": priced(request="0", image="0")}, {"pricing": priced()}, id="zero or not there"
        ),
        pytest.param(
            {"pricing": priced()}, {"pricing": priced(web_search="0.01")}, id="a meter that is told now"
        ),
        pytest.param(
            {"pricing": priced(request="0.005", web_search="0")},
            {"pricing": priced(web_search="0.005")},
            id="a meter under another name",
        ),
        pytest.param(
            {"pricing": priced(image="0.008256")},
            {"pricing": priced(image="0.000001")},
            id="images by token instead of whole",
        ),
        pytest.param({}, {"context_length": 1000}, id="a context that became known"),
        pytest.param({"max_output_tokens": 9}, {}, id="a limit that is not told any more"),
        pytest.param({}, {"capabilities": Capabilities(tools=True)}, id="a capability that became known"),
        pytest.param(
            {"architecture": Architecture(input_modalities=("text", "image"))},
            {"architecture": Architecture(input_modalities=("image", "text"))},
            id="order",
        ),
        pytest.param({}, {"alias_target": "acme/b"}, id="a target that became known"),
        pytest.param({}, {"endpoints": (Endpoint(name="Host", tag="host", pricing=priced()),)}, id="hosts"),
        pytest.param(
            {"hugging_face_id": "a/b"}, {"canonical_slug": "a/c", "knowledge_cutoff": "2026"}, id="names"
        ),
        pytest.param(
            {"pricing": priced(), "price_tiers": (NIGHT,)},
            {
                "pricing": {"completion": Decimal("0.000002")},
                "price_tiers": (NIGHT,),
                "price_kind": "dynamic",
            },
            id="a base price that the present window hides",
        ),
        pytest.param(
            {"price_tiers": (LONG,)},
            {
                "price_tiers": (
                    LONG.model_copy(update={"pricing": {"prompt": Decimal("0.00000200000000001")}}),
                )
            },
            id="noise in a tier",
        ),
    ],
)
def test_no_change(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Noise is nothing, in both directions."""
    assert (parts(old, new), parts(new, old)) == ([], [])


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(LONG.model_copy(update={"min_prompt_tokens": 128_000}), id="another threshold"),
        pytest.param(LONG.model_copy(update={"pricing": priced("0.000003")}), id="another price"),
    ],
)
def test_tiers_that_differ(other: PriceTier) -> None:
    """Condition and price of a tier both count."""
    assert [part[0] for part in parts({"price_tiers": (LONG,)}, {"price_tiers": (other,)})] == ["tiers"]


def test_a_price_under_windows_still_counts() -> None:
    """Only what is hidden is left out: a base price that is told twice and differs has changed."""
    old, new = ({"pricing": priced(price), "price_tiers": (NIGHT,)} for price in ("0.000001", "0.000002"))
    assert parts(old, new) == [("price", "prompt", "0.000001", "0.000002", 100.0)]


def test_free_that_costs_something_now() -> None:
    """Kind and prices both move; from nothing there is no percentage."""
    found = parts({"pricing": priced("0", "0")}, {"pricing": priced("0.000001", "0.000002")})
    assert found == [
        ("price_kind", "price_kind", "free", "known", None),
        ("price", "completion", "0", "0.000002", None),
        ("price", "prompt", "0", "0.000001", None),
    ]


@pytest.mark.parametrize(
    ("meter", "was", "now", "same"),
    [
        pytest.param("prompt", "0", None, False, id="0 is no unknown prompt price"),
        pytest.param("request", "0", None, True, id="but might as well not be there for a request"),
        pytest.param("input_cache_read", "0", "0.1", False, id="a cache that was not priced"),
        pytest.param("prompt", "1", "1.000000001", True, id="nine digits"),
        pytest.param("prompt", "1", "1.00000001", False, id="eight digits"),
    ],
)
def test_same_price(meter: str, was: str | None, now: str | None, same: bool) -> None:  # noqa: FBT001 - expected
    """Prices are compared as numbers, at nine digits."""
    assert same_price(meter, was, now) is same


@pytest.mark.parametrize(
    ("was", "now", "share"),
    [
        pytest.param("3", "1", -66.67, id="down"),
        pytest.param("0.000001", "0.000245", 24400.0, id="far up"),
        pytest.param("0", "1", None, id="from nothing"),
        pytest.param(None, "1", None, id="from unknown"),
    ],
)
def test_percent(was: str | None, now: str | None, share: float | None) -> None:
    """Of what it was, to a hundredth; nothing where that says nothing."""
    assert percent(was, now) == share
