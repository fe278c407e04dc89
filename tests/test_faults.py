"""Every fault × every gateway: the build ends, loses nothing, publishes nothing wrong, says what happened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace

import pytest

from tests.faults import table
from tests.faults.judge import DEADLINE, MEMORY, troubles
from tests.faults.kinds import KINDS, Kind
from tests.faults.night import PLACES, Place, applies
from tests.faults.rig import Rig, Seen, rig

NAMED = {kind.name: kind for kind in KINDS}
DIAGONAL = (
    "HTML with 503", "500", "empty list", "cut short, no length", "half of the rows",
    "prices in another unit", "null", "gzip bomb",
)  # fmt: skip
"""One kind for each place, in its order."""


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rig]:
    """Build the night before once."""
    with pytest.MonkeyPatch.context() as patched, rig(tmp_path_factory.mktemp("faults")) as built:
        patched.setattr(os, "sync", lambda: None)
        yield built


@pytest.mark.parametrize(
    ("place", "kind"),
    list(zip(PLACES, (NAMED[name] for name in DIAGONAL), strict=True)),
    ids=lambda each: each.name,
)
def test_a_fault(nights: Rig, place: Place, kind: Kind) -> None:
    """One kind at each place; the slow test below has all of them."""
    assert troubles(place, kind, nights.night(place, kind)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_fault_everywhere(nights: Rig, kind: Kind) -> None:
    """The other gateways are untouched; the affected one is fresh, stale or held as docs/faults.md says."""
    found = [
        trouble
        for place in PLACES
        if applies(place, kind)
        for trouble in troubles(place, kind, nights.night(place, kind))
    ]
    assert found == []


def test_the_table_has_every_fault_and_every_gateway() -> None:
    """And says of each cell what the tests above assert."""
    cells = table.committed()
    assert len(cells) == len(KINDS) * len(PLACES)
    for kind in KINDS:
        for place in PLACES:
            due = kind.due(place.name)[0] if applies(place, kind) else table.NOTHING
            assert cells[kind.name, place.name] == due, f"{place.name}, {kind.name}"


GOOD = Seen(state="stale", said="status 500 from there: oh")


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        pytest.param(replace(GOOD, state="fresh"), "fresh in place of stale", id="state"),
        pytest.param(replace(GOOD, said=""), "does not say 'status 500'", id="words"),
        pytest.param(replace(GOOD, seconds=DEADLINE + 1), "fetching took 21 s", id="deadline"),
        pytest.param(replace(GOOD, megabytes=MEMORY + 1), "took 321 MB", id="memory"),
        pytest.param(replace(GOOD, recovered=False), "the night after", id="recovery"),
        pytest.param(replace(GOOD, lost=["a/b"]), "1 models lost", id="lost"),
        pytest.param(replace(GOOD, invented=["a/b"]), "1 models invented", id="invented"),
        pytest.param(replace(GOOD, wrong=["a/b"]), "1 wrong prices", id="wrong"),
        pytest.param(replace(GOOD, unpriced=["a/b"]), "1 prices lost", id="unpriced"),
        pytest.param(replace(GOOD, touched=["data/x"]), "1 files of others touched", id="touched"),
        pytest.param(replace(GOOD, problems=["odd"]), "1 problems of the tree", id="tree"),
    ],
)
def test_every_broken_promise_is_noticed(seen: Seen, words: str) -> None:
    """So the matrix can fail."""
    chutes, kind = PLACES[-1], NAMED["500"]
    assert troubles(chutes, kind, GOOD) == []
    [found] = troubles(chutes, kind, seen)
    assert words in found
