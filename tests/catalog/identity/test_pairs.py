"""Truth tables: pairs of ids that are the same model, and pairs that only look like it."""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import NamedTuple

import pytest

from catalog.identity.known import row
from catalog.identity.resolve import Resolver
from catalog.store import Store
from tests.captured import VARIABLE
from tests.identities import facts, same
from tests.site import ROOT

OWN = Path(__file__).with_name("pairs.tsv")


class Pair(NamedTuple):
    """Two names, `gateway|id`, and whether a person takes them for one model."""

    same: bool
    first: str
    second: str


def own() -> list[Pair]:
    """Read the committed table."""
    with OWN.open(encoding="utf-8", newline="") as file:
        return [
            Pair(line["same"] == "yes", line["a"], line["b"]) for line in csv.DictReader(file, delimiter="\t")
        ]


def test_own_pairs() -> None:
    """Every pair of the committed table is judged as the person judged it, none falsely merged."""
    pairs = own()
    assert sum(pair.same for pair in pairs) > 300
    assert sum(not pair.same for pair in pairs) > 200
    assert [pair for pair in pairs if not pair.same and same(pair.first, pair.second)] == []
    assert [pair for pair in pairs if pair.same and not same(pair.first, pair.second)] == []


@pytest.mark.captures
def test_reference_pairs() -> None:
    """No pair of the reference table is falsely merged, and 97 of 100 that are the same are found."""
    path = Path(os.environ.get(VARIABLE, "")).parent / "reference" / "identity_pairs.tsv"
    if not os.environ.get(VARIABLE) or not path.exists():
        pytest.skip(f"no reference table beside the folder that {VARIABLE} names")
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file, delimiter="\t"))
    store = Store(ROOT / "data")
    gateways = ("openrouter", "portkey", "featherless", "deepinfra", "chutes")
    resolver = Resolver(facts(), [row(kept) for gateway in gateways for kept in store.kept(gateway)])
    missed, wrong, right = [], [], 0
    for line in lines:
        first = resolver.resolve(line["gateway_a"], line["id_a"]).key
        second = resolver.resolve(line["gateway_b"], line["id_b"]).key
        merged = first is not None and first == second
        if line["same_model"] == "yes":
            right += merged
            missed += [] if merged else [line]
        elif merged:
            wrong.append(line)
    assert wrong == []
    assert right >= 0.97 * (right + len(missed)), missed
