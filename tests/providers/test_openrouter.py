"""OpenRouter: the whole path, its paging, and real answers."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path
from typing import Any

import pytest

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from catalog.schema.listing import Listing
from providers import openrouter
from tests import golden, handmade
from tests.providers.openrouter import (
    LIST,
    one_page,
    parsed,
    row,
)

CAPTURES = os.environ.get("GATELOG_CAPTURES", "")


# ------------------------------------------------------------------------------------ the whole path


def test_golden() -> None:
    """The hand-made catalog becomes the listings that a person has read."""
    found = handmade.listings(openrouter, handmade.upstream(openrouter.GATEWAY))
    golden.check(golden.FOLDER / "openrouter.jsonl", handmade.lines(found))


@pytest.mark.parametrize("seed", range(3))
def test_order_does_not_matter(seed: int) -> None:
    """Two answers of one state in different order give equal listings."""
    one, other = handmade.upstream(openrouter.GATEWAY), handmade.upstream(openrouter.GATEWAY)
    shuffle(other.catalog, random.Random(seed))
    assert handmade.listings(openrouter, one) == handmade.listings(openrouter, other)


def shuffle(value: object, chance: random.Random) -> None:
    """Shuffle every list below a value and the keys of every object, in place."""
    if isinstance(value, list):
        chance.shuffle(value)
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        value.clear()
        value.update(items)
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        shuffle(below, chance)


# ------------------------------------------------------------------------------------ the list


def test_pages_are_followed() -> None:
    """`links.next` leads from page to page, and only its path and query count."""
    second = "/api/v1/models?output_modalities=all&offset=1&limit=1"
    third = "/api/v1/models?output_modalities=all&offset=2&limit=1"
    pages = {
        LIST: {"data": [row(id="a/1")], "total_count": 3, "links": {"next": second}},
        second: {"data": [row(id="a/2")], "links": {"next": "https://elsewhere.example" + third}},
        third: {"data": [row(id="a/3")], "links": {"next": None}},
    }
    assert [found["id"] for found in parsed(pages)] == ["a/1", "a/2", "a/3"]


def test_endless_pages() -> None:
    """A list whose pages lead in a circle is not believed."""
    with pytest.raises(UseSnapshotError, match="no end"):
        parsed(one_page(row(), links={"next": LIST}))


def test_fewer_rows_than_announced() -> None:
    """A list that is shorter than its own `total_count` is not believed."""
    with pytest.raises(UseSnapshotError, match="1 of 2 rows"):
        parsed(one_page(row(), total_count=2))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="before 2026-07-13"),
        pytest.param({"total_count": 1, "links": {"next": None}}, id="since"),
        pytest.param({"total_count": "1", "links": []}, id="of another type"),
    ],
)
def test_envelopes(more: dict[str, Any]) -> None:
    """The list is read with and without the fields of paging."""
    assert len(parsed(one_page(row(), **more))) == 1


def test_no_list() -> None:
    """An answer without a list of models is no answer."""
    with pytest.raises(UseSnapshotError, match="no list"):
        parsed({LIST: {"error": {"code": 500, "message": "x"}}})


def test_odd_rows_are_passed_on() -> None:
    """What is no object goes through `parse` as it is, for the core to set aside."""
    assert parsed(one_page(None, "text", 7)) == [None, "text", 7]


# ------------------------------------------------------------------------------------ real answers


@pytest.mark.captures
@pytest.mark.skipif(not CAPTURES, reason="GATELOG_CAPTURES is not set")
def test_captures() -> None:
    """Every row of every captured list becomes a listing with clean prices and the served modality."""
    folder = Path(CAPTURES) / "openrouter"
    files = sorted(folder.glob("models/*.json"))
    assert files
    for file in files:
        payloads = [Payload(LIST, file.read_bytes())]
        if file.stem == "2026-05-16":
            payloads += captured_hosts(folder / "endpoints" / file.name)
        for raw in openrouter.parse(payloads):
            one = openrouter.Row.model_validate(raw)
            check_capture(one, openrouter.normalize(one), recent=file.stem >= "2026-01-20")


def captured_hosts(file: Path) -> list[Payload]:
    """The captured answers about hosts, as if each had been asked for by id."""
    answers = json.loads(file.read_bytes())["data"]
    return [
        Payload(f"/models/{one['modelId']}/endpoints", json.dumps(one["response"]).encode())
        for one in answers
    ]


def check_capture(one: openrouter.Row, found: Listing, *, recent: bool) -> None:
    """What must hold for a listing of a captured row."""
    assert not set(one.model_extra or {}) - {"endpoints that were not answered"}
    assert one.architecture is not None
    assert (found.endpoints is None) == (one.endpoints is None)
    ends = found.endpoints or ()
    for pricing in (
        found.pricing,
        *(tier.pricing for tier in found.price_tiers),
        *(end.pricing for end in ends),
    ):
        for price in pricing.values():
            assert re.fullmatch(r"\d+(\.\d*[1-9])?", units.plain(price))
    if recent:
        shape = found.architecture
        assert (
            units.modality(shape.input_modalities or (), shape.output_modalities or ())
            == one.architecture.modality
        )
