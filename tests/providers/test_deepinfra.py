"""DeepInfra: the whole path, its two lists, and real answers."""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from providers import deepinfra
from tests import golden, handmade
from tests.providers.deepinfra import joined

CAPTURES = os.environ.get("GATELOG_CAPTURES", "")


# ------------------------------------------------------------------------------------ the whole path


def test_golden() -> None:
    """The hand-made catalog becomes the listings that a person has read."""
    found = handmade.listings(deepinfra, handmade.upstream(deepinfra.GATEWAY))
    golden.check(golden.FOLDER / "deepinfra.jsonl", handmade.lines(found))


@pytest.mark.parametrize("seed", range(3))
def test_order_does_not_matter(seed: int) -> None:
    """DeepInfra's order changes with every request and means nothing."""
    one, other = handmade.upstream(deepinfra.GATEWAY), handmade.upstream(deepinfra.GATEWAY)
    chance = random.Random(seed)
    lists = other.catalog["DEEPINFRA_BASE_URL"]
    for rows in (lists["/v1/openai/models"]["data"], lists["/models/list"]):
        chance.shuffle(rows)
        for row in rows:
            chance.shuffle(row.get("tags") or [])
    assert handmade.listings(deepinfra, one) == handmade.listings(deepinfra, other)


# ------------------------------------------------------------------------------------ two lists


def test_join() -> None:
    """A model of both lists is one row; a model of one list is a row of its own."""
    rows = joined(
        {"data": [{"id": "a/both", "metadata": None}, {"id": "a/first"}]},
        [
            {"model_name": "a/second", "type": "embeddings"},
            {"model_name": "a/both", "type": "text-generation"},
        ],
    )
    assert [(row["id"], row.get("type")) for row in rows] == [
        ("a/both", "text-generation"),
        ("a/first", None),
        ("a/second", "embeddings"),
    ]


def test_join_is_exact() -> None:
    """Ids that differ in case are two models."""
    rows = joined({"data": [{"id": "a/B"}]}, [{"model_name": "a/b"}])
    assert [row["id"] for row in rows] == ["a/B", "a/b"]


@pytest.mark.parametrize("private", [1, True, "yes"])
def test_private_rows(private: object) -> None:
    """A private row is left out of both lists without being a bad row."""
    assert joined({"data": [{"id": "a/b"}]}, [{"model_name": "a/b", "private": private}]) == []


def test_odd_rows_are_passed_on() -> None:
    """What is no row goes through the join as it is, for the core to set aside."""
    odd = [None, 7, {}, {"id": 5}]
    assert joined({"data": odd}, ["text", {"model_name": None}]) == [*odd, "text", {"model_name": None}]


@pytest.mark.parametrize("path", ["/v1/openai/models", "/models/list"])
def test_half_an_answer(path: str) -> None:
    """With one list missing the gateway counts as failed: half the fields would turn unknown."""
    network = handmade.upstream(deepinfra.GATEWAY)
    network.catalog["DEEPINFRA_BASE_URL"][path] = {"$status": 500}
    with pytest.raises(UseSnapshotError):
        list(deepinfra.fetch(network))


def test_no_list() -> None:
    """An answer without a list is no answer."""
    with pytest.raises(UseSnapshotError, match="no list"):
        joined({"data": []}, {"detail": "x"})


# ------------------------------------------------------------------------------------ real answers


@pytest.mark.captures
@pytest.mark.skipif(not CAPTURES, reason="GATELOG_CAPTURES is not set")
def test_captures() -> None:
    """Every captured row becomes a listing with clean prices and without new fields."""
    folder = Path(CAPTURES) / "deepinfra"
    files = sorted(folder.glob("openai-models/*.json"))
    assert files
    second = Payload("/models/list", (folder / "models-list" / "sample.json").read_bytes())
    for file in files:
        rows = list(deepinfra.parse([Payload("/v1/openai/models", file.read_bytes()), second]))
        assert len(rows) >= len(json.loads(file.read_bytes())["data"])
        for raw in rows:
            row = deepinfra.Row.model_validate(raw)
            assert not row.model_extra
            for price in deepinfra.normalize(row).pricing.values():
                assert re.fullmatch(r"\d+(\.\d*[1-9])?", units.plain(price))
