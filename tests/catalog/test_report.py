"""What a run tells: rows, warnings, sizes, and the same for programs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from catalog import report
from catalog.hub import Night
from catalog.refresh import Outcome
from catalog.schema.documents import State, Totals
from catalog.schema.state import Memory
from catalog.snapshot import Counts
from catalog.write import Report
from tests.factories import THEN

FRESH = Memory(
    state="fresh", origin="fetch", fetched_at=THEN, attempted_at=THEN, rows=365, quarantined_total=2
)
STALE = Memory(state="stale", reason="no answer", origin="starter", attempted_at=THEN, rows=50)
MEMORIES = {"openrouter": FRESH, "chutes": STALE}
OUTCOMES = {"openrouter": Outcome(FRESH, Counts(live=365, added=3, removed=2, changed=9), seconds=1.25)}
TOTALS = Totals(listings=415, models=400, files=1600, folders=60, bytes=12_345_678)
WRITTEN = Report(created=5, updated=4, unchanged=3, linked=2, deleted=1, totals=TOTALS)


def test_a_row_for_each_gateway() -> None:
    """One that was not asked moved nothing and took no time."""
    assert report.table(MEMORIES, OUTCOMES) == [
        ("openrouter", "fresh", "365", "3", "2", "9", "2", "1.2"),
        ("chutes", "stale (starter)", "50", "0", "0", "0", "0", "-"),
    ]


def test_a_gateway_that_failed_moved_nothing() -> None:
    """It was asked, and that took time."""
    [row] = report.table({"chutes": STALE}, {"chutes": Outcome(STALE, seconds=60.0)})
    assert row == ("chutes", "stale (starter)", "50", "0", "0", "0", "0", "60.0")
    assert len(row) == len(report.COLUMNS)


@pytest.mark.parametrize(
    ("memory", "told"),
    [
        pytest.param(FRESH, [], id="fresh"),
        pytest.param(
            FRESH.model_copy(update={"state": "held", "reason": "shrunk"}),
            [f"g: held, 365 listings of {THEN} are served: shrunk"],
            id="held",
        ),
        pytest.param(
            STALE,
            [
                "g: stale, 50 listings of a static list are served: no answer",
                "starter listings, not today's, for g: never fetched successfully here",
            ],
            id="starter",
        ),
        pytest.param(
            Memory(state="unconfigured", reason="set TOY_API_KEY", attempted_at=THEN),
            ["g: unconfigured, nothing to serve: set TOY_API_KEY"],
            id="nothing to serve",
        ),
        pytest.param(
            STALE.model_copy(update={"attempted_at": None}),
            ["starter listings, not today's, for g: never fetched successfully here"],
            id="never asked",
        ),
        pytest.param(FRESH.model_copy(update={"reason": "accepted by hand: shrunk"}), [], id="accepted"),
    ],
)
def test_warnings(memory: Memory, told: list[str]) -> None:
    """What is not served from a good answer is said in words."""
    assert report.warnings({"g": memory}, offline=False) == told


def test_an_offline_run_says_so() -> None:
    """Nobody takes its catalog for today's."""
    assert report.warnings({"g": FRESH}, offline=True) == [
        "offline: no gateway was asked, everything comes from data/"
    ]


@pytest.mark.parametrize(
    ("state", "expected"),
    [("fresh", False), ("stale", True), ("held", True), ("unconfigured", True), ("unavailable", True)],
)
def test_degraded(state: State, expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """Any gateway that is not fresh makes a run degraded."""
    assert report.degraded({"a": FRESH, "b": Memory(state=state)}) is expected


def test_the_hub() -> None:
    """How much is known, missing and was asked, and why it was given up, if it was."""
    night = Night(wanted=15779, known=14588, missing=30, requests=500, swept=True, seconds=8.04)
    told = "huggingface: 14,588 of 15,779 repositories known, 30 missing; 500 requests, 8.0 s"
    assert report.hub(None) == []
    assert report.hub(night) == [told]
    assert report.hub(replace(night, reason="no answer")) == [told, "! huggingface: given up: no answer"]
    found = report.as_json(MEMORIES, OUTCOMES, WRITTEN, night)["huggingface"]
    assert found == {
        "wanted": 15779, "known": 14588, "missing": 30, "requests": 500, "swept": True, "seconds": 8.04,
        "reason": None,
    }  # fmt: skip
    assert report.as_json(MEMORIES, OUTCOMES, WRITTEN)["huggingface"] is None


def test_sizes() -> None:
    """Entries, megabytes and what was written stand in one line."""
    assert report.sizes(TOTALS, WRITTEN) == (
        "1,660 entries (4.00 per listing), 12.3 MB; "
        "5 files created, 4 updated, 1 deleted, 2 further names, 3 unchanged"
    )
    empty = Totals(listings=0, models=0, files=0, folders=0, bytes=0)
    assert report.sizes(empty, WRITTEN).startswith("0 entries (no listings), 0.0 MB")


def test_for_programs() -> None:
    """The same rows with reasons, totals and counts."""
    found = report.as_json(MEMORIES, OUTCOMES, WRITTEN)
    assert [row["reason"] for row in found["gateways"]] == [None, "no answer"]
    assert found["gateways"][0] | {"reason": None} == {
        **dict(zip(report.COLUMNS, report.table(MEMORIES, OUTCOMES)[0], strict=True)),
        "reason": None,
        "findings": [],
    }
    assert found["totals"] == TOTALS.model_dump()
    assert found["files"] == {
        "created": 5,
        "updated": 4,
        "unchanged": 3,
        "linked": 2,
        "deleted": 1,
        "bytes": 0,
    }


def test_for_programs_without_a_tree() -> None:
    """A run that only fetched has written nothing."""
    found = report.as_json(MEMORIES, {}, None)
    assert (found["totals"], found["files"]) == (None, None)
