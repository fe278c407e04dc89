"""Featherless: pages, duplicates, served limits, two spellings of one price, rows without any."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from catalog.schema.listing import Listing
from providers import featherless
from tests import captured, golden, handmade

ROW: dict[str, Any] = {"id": "meta-llama/Llama-3.1-8B-Instruct", "context_length": 32768}


def listing(**fields: object) -> Listing:
    """Normalize one row as it would come out of a body."""
    [row] = featherless.parse([body([{**ROW, **fields}])])
    return featherless.normalize(featherless.Row.model_validate(row))


def body(rows: list[Any], **rest: object) -> Payload:
    """Make one page."""
    return Payload("/models", json.dumps({"object": "list", "data": rows, **rest}).encode())


def pages(*counts: int, **pagination: int) -> Iterator[Payload]:
    """Make pages of so many rows, which announce what they hold unless told otherwise."""
    told = {"total_pages": len(counts), "total_items": sum(counts)} | pagination
    for number, count in enumerate(counts, 1):
        yield body([ROW] * count, pagination={"current_page": number} | told)


def upstream(first: object, **more: object) -> handmade.HandMade:
    """Make a network with a first page and perhaps more."""
    paths = {"/models?page=1&per_page=250": first}
    return handmade.HandMade(featherless.GATEWAY, {"FEATHERLESS_BASE_URL": paths | more})


def test_golden() -> None:
    """The hand-made pages become exactly the listings that a person has read."""
    found = handmade.listings(featherless, handmade.upstream(featherless.GATEWAY))
    golden.check(golden.FOLDER / "featherless.jsonl", handmade.lines(found))


# ---- fetch


def test_asks_for_every_announced_page() -> None:
    """The first page says how many there are; `limit` and `offset`, which are ignored, are not used."""
    get = handmade.upstream(featherless.GATEWAY)
    assert len(list(featherless.fetch(get))) == 2
    assert get.asked == ["/models?page=1&per_page=250", "/models?page=2&per_page=250"]


def test_a_body_without_pagination_is_the_whole_list() -> None:
    """A server that does not page sends everything at once."""
    get = upstream({"object": "list", "data": [ROW]})
    assert list(featherless.parse(featherless.fetch(get))) == [ROW]
    assert len(get.asked) == 1


def test_a_missing_page_fails_the_gateway() -> None:
    """Part of the list would look like a thousand removed models."""
    get = upstream({"data": [ROW], "pagination": {"total_pages": 2}})
    with pytest.raises(UseSnapshotError, match=r"page=2.*404"):
        list(featherless.fetch(get))


@pytest.mark.parametrize(
    "total",
    [
        pytest.param(10**9, id="more than anybody has"),
        pytest.param("2", id="text"),
        pytest.param(2.5, id="no whole number"),
        pytest.param(None, id="null"),
    ],
)
def test_an_impossible_number_of_pages_fails_the_gateway(total: object) -> None:
    """What an upstream announces never decides alone how long we ask."""
    get = upstream({"data": [ROW], "pagination": {"total_pages": total}})
    with pytest.raises(UseSnapshotError, match="pages announced"):
        list(featherless.fetch(get))


# ---- parse


def test_pages_are_read_one_at_a_time() -> None:
    """The second body is not asked for before the rows of the first are used up."""
    taken = []

    def watched() -> Iterator[Payload]:
        for page in pages(2, 2):
            taken.append(page)
            yield page

    rows = featherless.parse(watched())
    next(rows)
    next(rows)
    assert len(taken) == 1
    next(rows)
    assert len(taken) == 2


def test_a_server_that_ignores_the_page_number_is_found_out() -> None:
    """The same page again and again would pass for a long list of duplicates."""
    first = next(pages(2, total_pages=2, total_items=4))
    with pytest.raises(UseSnapshotError, match="another page"):
        list(featherless.parse([first, first]))


@pytest.mark.parametrize(
    ("announced", "usable"),
    [
        pytest.param(200, True, id="all there"),
        pytest.param(202, True, id="two moved between pages"),
        pytest.param(300, False, id="a third lost"),
    ],
)
def test_rows_that_were_announced_must_come(announced: int, *, usable: bool) -> None:
    """A few rows may move between two pages, a hundred may not vanish."""
    rows = featherless.parse(pages(100, 100, total_items=announced))
    if usable:
        assert len(list(rows)) == 200
    else:
        with pytest.raises(UseSnapshotError, match="200 rows of 300"):
            list(rows)


def test_duplicates_and_case_twins_are_passed_on() -> None:
    """Two rows with one id, and two repositories whose names differ in case, are the core's to decide."""
    ids = [found.id for found in handmade.listings(featherless, handmade.upstream(featherless.GATEWAY))]
    assert ids.count("yil384/Qwen3-0.6B-lora") == 2
    assert {"DeepMount00/Llama-3.1-8b-Ita", "DeepMount00/Llama-3.1-8b-ITA"} <= set(ids)


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"id": 123}])
def test_odd_rows_are_passed_on(odd: object) -> None:
    """What is no row is set aside by the core, which counts it."""
    assert list(featherless.parse([body([odd])])) == [odd]


@pytest.mark.parametrize("document", [None, 7, {}, {"data": {}}, {"error": {"message": "Gone."}}])
def test_an_answer_without_a_list_fails_the_gateway(document: object) -> None:
    """An error that came as a 200 is no empty list."""
    with pytest.raises(UseSnapshotError, match="no list of models"):
        list(featherless.parse([Payload("/models", json.dumps(document).encode())]))


# ---- normalize


def test_the_context_is_the_served_limit() -> None:
    """Llama 3.1 can handle 131,072 tokens; Featherless serves 32,768 and says only that."""
    found = listing()
    assert (found.context_length, found.served_context_length) == (32768, 32768)


def test_the_owner_is_no_author() -> None:
    """`owned_by` is Feather in every row; the id is the repository, and its author stands in it."""
    found = listing(owned_by="Feather")
    assert found.hugging_face_id == found.id == "meta-llama/Llama-3.1-8B-Instruct"
    assert "Feather" not in {found.name, found.description, found.canonical_slug}


@pytest.mark.parametrize(
    ("pricing", "expected"),
    [
        pytest.param(
            {"prompt": "0.000003", "input": 3, "image": "0", "request": "0"},
            {"prompt": "0.000003"},
            id="fillers left out",
        ),
        pytest.param(
            {"prompt": "0.000003", "image": "0.001"}, {"prompt": "0.000003", "image": "0.001"}, id="image"
        ),
        pytest.param(
            {"prompt": "0", "completion": "0"}, {"prompt": "0", "completion": "0"}, id="zero is served"
        ),
        pytest.param(
            {"input": 0.25, "output": 1},
            {"prompt": "0.00000025", "completion": "0.000001"},
            id="numbers only",
        ),
        pytest.param({"prompt": "0.0000003", "input": 0.31}, {"prompt": "0.0000003"}, id="text wins"),
        pytest.param(
            {"prompt": "0.0000003", "cached": "0.0000001"},
            {"prompt": "0.0000003", "cached": "0.0000001"},
            id="new meter",
        ),
        pytest.param(
            {"prompt": "0.0000003", "currency": "USD"}, {"prompt": "0.0000003"}, id="new field, no number"
        ),
    ],
)
def test_prices(pricing: dict[str, object], expected: dict[str, str]) -> None:
    """Text is US dollars per token, numbers are per million and a check; an unknown meter keeps its name."""
    found = listing(pricing=pricing)
    assert found.pricing == {meter: Decimal(value) for meter, value in expected.items()}
    assert found.price_kind is None
    assert found.price_source is not None
    assert (found.price_source.gateway, found.price_source.match) == ("featherless", "own")


@pytest.mark.parametrize("pricing", [None, {}, {"image": "0", "request": "0"}, {"prompt": None}])
def test_no_price_means_that_the_plan_includes_it(pricing: object) -> None:
    """A row without prices is sold by the month: neither free nor unknown."""
    found = listing(pricing=pricing)
    assert (found.price_kind, found.pricing, found.price_source) == ("included", {}, None)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"pricing": {"prompt": "0.000003", "input": 0.000003}}, id="unit of the number changed"),
        pytest.param({"pricing": {"prompt": "3", "input": 3}}, id="unit of the text changed"),
        pytest.param({"pricing": {"prompt": "0", "input": 3}}, id="free and not free"),
        pytest.param({"pricing": {"prompt": "-0.000003"}}, id="negative"),
        pytest.param({"pricing": {"prompt": "NaN"}}, id="not a number"),
        pytest.param({"pricing": {"completion": float("inf")}}, id="infinite"),
        pytest.param({"pricing": {"prompt": "1e999"}}, id="out of range"),
        pytest.param({"pricing": {"prompt": True}}, id="a truth value"),
        pytest.param({"pricing": {"request": "free"}}, id="a word"),
        pytest.param({"pricing": "free"}, id="a word for all prices"),
        pytest.param({"context_length": "a lot"}, id="context in words"),
        pytest.param({"context_length": -1}, id="negative context"),
        pytest.param({"created": "yesterday"}, id="time in words"),
        pytest.param({"created": 10**20}, id="time out of range"),
        pytest.param({"features": [1]}, id="features as a list"),
        pytest.param({"id": None}, id="no id"),
    ],
)
def test_a_value_that_cannot_be_true_costs_its_row(fields: dict[str, object]) -> None:
    """Nothing is guessed and nothing dropped in silence: the row is set aside."""
    with pytest.raises(ValueError):  # noqa: PT011 - validation errors of both stages
        listing(**fields)


@pytest.mark.parametrize(
    ("fields", "tools", "vision"),
    [
        pytest.param({}, None, None, id="nothing said"),
        pytest.param({"features": {"tool_use": True}}, True, None, id="schema of April 2026"),
        pytest.param({"features": {"tool_use": False, "image_input": False}}, False, False, id="neither"),
        pytest.param({"features": {"image_input": True}}, None, True, id="image input"),
        pytest.param({"vision_supported": True}, None, True, id="vision"),
        pytest.param(
            {"vision_supported": False, "features": {"image_input": True}}, None, True, id="one of two"
        ),
    ],
)
def test_capabilities(fields: dict[str, object], *, tools: bool | None, vision: bool | None) -> None:
    """A capability that a row does not speak of is unknown, not absent."""
    found = listing(**fields)
    assert (found.capabilities.tools, found.capabilities.vision) == (tools, vision)
    inputs = ("text", "image") if vision else ("text",)
    assert (found.architecture.input_modalities, found.architecture.output_modalities) == (inputs, ("text",))


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        pytest.param({}, "Llama-3.1-8B-Instruct", id="from the id"),
        pytest.param({"name": "Llama 3.1\u202e 8B\n"}, "Llama 3.1 8B", id="served, cleaned"),
        pytest.param({"name": "\u0000"}, "Llama-3.1-8B-Instruct", id="nothing left of it"),
    ],
)
def test_names(fields: dict[str, object], name: str) -> None:
    """The served name is shown, else the part of the id behind the author."""
    assert listing(**fields).name == name


def test_limits_of_zero_are_unknown() -> None:
    """Unknown is null, never 0."""
    found = listing(context_length=0, max_completion_tokens=0, created=0)
    assert (found.context_length, found.max_output_tokens, found.created) == (None, None, None)


def test_new_fields_are_counted_not_refused() -> None:
    """A field that the row does not know stays visible as an extra; every known one is declared."""
    row = featherless.Row.model_validate({**ROW, "license": "mit", "pricing": {"cached": "0"}})
    assert row.model_extra == {"license": "mit"}
    assert row.pricing is not None
    assert row.pricing.model_extra == {"cached": "0"}
    for raw in featherless.parse(featherless.fetch(handmade.upstream(featherless.GATEWAY))):
        assert not featherless.Row.model_validate(raw).model_extra


@pytest.mark.captures
def test_captures() -> None:
    """Every row of every captured list becomes a listing without unknown fields."""
    for path in captured.files("featherless/models/*.json"):
        payload = Payload("/models", path.read_bytes())
        found = captured.listings(featherless, [payload])
        assert len({listing.id for listing in found}) >= len(found) - 3
        assert {listing.price_kind for listing in found} <= {None, "included"}
        extras = [featherless.Row.model_validate(row).model_extra for row in featherless.parse([payload])]
        assert not any(extras)
