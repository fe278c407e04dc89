"""Nights with faults, in short; `make soak` has more of them."""

from __future__ import annotations

import json
import random
from itertools import islice
from pathlib import Path

import pytest

from tests.soak.faults import FAULTS, draw
from tests.soak.nights import FIRST, Soak
from tests.soak.upstreams import GATEWAYS, begin, dollars, next_night, published_id


@pytest.mark.slow
def test_nights_with_faults(tmp_path: Path) -> None:
    """Nothing is lost or wrong, nobody is needed, and the good nights alone leave the same data."""
    tally = Soak(tmp_path, seed=11).run(12)
    assert tally.trouble == []
    assert (tally.lost, tally.invented, tally.wrong) == (0, 0, 0)
    assert tally.nights == 12
    assert min(tally.faults, tally.good, tally.prices) > 10
    assert len(tally.kinds) > 8


def listed(folder: Path, rows: dict[str, tuple[str, str]]) -> None:
    """Publish a list of one gateway by hand."""
    path = folder / "output/catalog/gateway/chutes.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    models = [{"id": name, "prompt": price[0], "completion": price[1]} for name, price in rows.items()]
    path.write_text(json.dumps({"models": models}))


@pytest.mark.parametrize(
    ("shown", "lost", "invented", "wrong"),
    [
        pytest.param({"a/x-1": ("0.000000001", "0.000002")}, 0, 0, 0, id="as it is"),
        pytest.param({}, 1, 0, 0, id="lost"),
        pytest.param({"a/x-1": ("0.000000001", "0.000003")}, 0, 0, 1, id="wrong"),
        pytest.param({"a/x-1": ("0.000000001", "0.000002"), "a/x-2": ("1", "1")}, 0, 1, 0, id="invented"),
    ],
)
def test_what_is_wrong_is_counted(
    tmp_path: Path, shown: dict[str, tuple[str, str]], lost: int, invented: int, wrong: int
) -> None:
    """So the nights above can fail."""
    listed(tmp_path, shown)
    soak = Soak(tmp_path, seed=1)
    soak._compare(FIRST, "chutes", {"a/x-1": (1, 2000)})
    assert (soak.tally.lost, soak.tally.invented, soak.tally.wrong) == (lost, invented, wrong)
    assert bool(soak.tally.trouble) == bool(lost + invented + wrong)


def test_another_past_is_noticed(tmp_path: Path) -> None:
    """A snapshot that the good nights do not leave, and a past without any event."""
    for name, text in (("data", "1"), ("again", "2")):
        (tmp_path / name / "snapshots").mkdir(parents=True)
        (tmp_path / name / "snapshots/chutes.jsonl").write_text(text)
    soak = Soak(tmp_path, seed=1)
    soak._compare_data()
    assert [line.partition(" ")[2] for line in soak.tally.trouble] == [
        "no event to compare with a replay of the good nights",
        "data/snapshots/chutes.jsonl is not what the good nights alone leave",
    ]


def test_upstreams_live_on() -> None:
    """In sixty nights models come and go, and prices move, but never so many that a guard must hold."""
    chance = random.Random(7)
    models, most = begin(chance), 0
    first = models
    for _ in range(60):
        after = next_night(models, chance)
        most = max(most, len(models.keys() - after.keys()))
        models = after
    assert first.keys() - models.keys()
    assert models.keys() - first.keys()
    assert any(first[name] != models[name] for name in first.keys() & models.keys())
    assert most <= 5


def test_every_gateway_words_its_models() -> None:
    """Each answers something that names the model and the price."""
    for name, words in GATEWAYS.items():
        text = json.dumps(words({"acme1/model-1": (1230, 4560)}))
        assert published_id(name, "acme1/model-1") in text
    assert (dollars(1230), dollars(1), dollars(5000)) == ("0.00000123", "0.000000001", "0.000005")


def test_every_fault_is_drawn_before_any_comes_again() -> None:
    """And each has its own name."""
    drawn = [fault.name for fault in islice(draw(random.Random(1), FAULTS), len(FAULTS))]
    assert len(set(drawn)) == len(FAULTS) > 20
