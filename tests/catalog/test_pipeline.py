"""One answer to the next snapshot and its memory: the steps put together."""

from __future__ import annotations

import random

import orjson
import pytest

from catalog import pipeline
from catalog.checks import Answer
from catalog.days import stamp
from catalog.schema.documents import Drift, GuardFinding
from catalog.schema.listing import KeptListing
from catalog.schema.state import Memory
from catalog.snapshot import Counts
from tests.factories import NOW, THEN, Spool, Toy, answer, kept, line, tombstone

ROWS = [{"id": f"acme/{number:03}", "pricing": {"prompt": "0.1"}} for number in range(100)]
MEMORY = Memory(state="fresh", origin="fetch", fetched_at=THEN, attempted_at=THEN, rows=100, digest="d")


def reading(*rows: object, last: Answer | None = None) -> tuple[pipeline.Reading, Spool]:
    """Read an answer."""
    spool = Spool()
    return pipeline.read_answer(Toy(), answer(*rows), spool, last, NOW), spool


def snapshot(*rows: object) -> list[bytes]:
    """Make the snapshot of an answer as it stood in October."""
    _, spool = reading(*rows)
    return [data.replace(stamp(NOW).encode(), THEN.encode()) for data in dict(spool.items()).values()]


def following(old: list[bytes], *rows: object, baseline: bool = True) -> tuple[list[KeptListing], Counts]:
    """Return the snapshot that follows another one."""
    found, spool = reading(*rows)
    lines, counts = pipeline.next_lines(old, spool, found, NOW, baseline=baseline)
    return [KeptListing.model_validate_json(each) for each in lines], counts


def test_an_answer_is_read_and_judged() -> None:
    """The figures of an answer are what the guards look at."""
    found, spool = reading(*ROWS, {"id": ""}, {"id": "", "new": 1})
    assert (found.gateway, len(spool), found.held) == ("toy", 100, None)
    assert found.answer is not None
    assert found.answer == Answer("toy", 102, 100, 2, found.answer.filled)
    assert found.answer.filled["pricing.prompt"] == 100


@pytest.mark.parametrize(
    ("rows", "check"),
    [
        pytest.param([], "empty", id="nothing"),
        pytest.param(ROWS[:89], "shrunk", id="too few"),
        pytest.param([*ROWS, *[{"id": ""}] * 3], "unreadable", id="too many unreadable"),
        pytest.param([{"id": row["id"]} for row in ROWS], "emptied", id="prices gone"),
    ],
)
def test_an_answer_that_a_guard_distrusts_is_held(rows: list[object], check: str) -> None:
    """The memory says why, keeps when the served snapshot was fetched, and shows what was seen."""
    last = pipeline.last_answer("toy", snapshot(*ROWS))
    found, _ = reading(*rows, last=last)
    assert found.held is not None
    assert found.held.check == check
    memory = pipeline.held_memory(found, MEMORY, NOW)
    assert (memory.state, memory.reason) == ("held", "; ".join(each.message for each in found.findings))
    assert (memory.fetched_at, memory.attempted_at, memory.rows) == (THEN, stamp(NOW), 100)
    assert memory.quarantined_total == found.tally.quarantined_total


def test_a_held_answer_can_be_accepted_by_hand() -> None:
    """It is fresh, and the memory says that a guard was overruled."""
    found, _ = reading(last=pipeline.last_answer("toy", snapshot(*ROWS)))
    memory = pipeline.fresh_memory(found, MEMORY, 0, NOW)
    assert (memory.state, memory.reason) == (
        "fresh",
        "accepted by hand: the answer holds no listing (0 rows)",
    )


def test_a_good_answer_is_remembered() -> None:
    """What is new to us and what could not be read stand in the memory, too."""
    found, _ = reading(*ROWS, {"id": "acme/new", "new": 1}, {"id": ""})
    memory = pipeline.fresh_memory(found, Memory(state="held", reason="x", origin="starter"), 101, NOW)
    assert memory == Memory(
        state="fresh",
        origin="fetch",
        fetched_at=stamp(NOW),
        attempted_at=stamp(NOW),
        rows=101,
        quarantined=tuple(found.tally.quarantined),
        quarantined_total=1,
        drift=(Drift(field="new", count=1),),
        findings=(GuardFinding(check="drift", level="info", message="new to us: new"),),
    )


def test_an_answer_that_is_seen_again_is_fresh() -> None:
    """Only the moments move."""
    stale = MEMORY.model_copy(update={"state": "stale", "reason": "no answer"})
    moved = {"fetched_at": stamp(NOW), "attempted_at": stamp(NOW)}
    assert pipeline.seen_again(stale, NOW) == MEMORY.model_copy(update=moved)


def test_the_figures_of_a_snapshot() -> None:
    """Tombstones do not count."""
    lines = [line(kept(name="A")), line(tombstone(id="acme/two"))]
    found = pipeline.last_answer("openrouter", lines)
    assert (found.listings, found.filled["name"], found.filled["removed_at"]) == (1, 1, 0)


def test_an_unchanged_answer_leaves_the_snapshot_as_it_was() -> None:
    """No byte moves on a quiet night."""
    old = snapshot(*ROWS)
    found, spool = reading(*ROWS)
    lines, _ = pipeline.next_lines(old, spool, found, NOW, baseline=True)
    assert list(lines) == old


def test_an_answer_without_a_model_buries_it() -> None:
    """What was seen before and is not in the answer becomes a tombstone."""
    found, counts = following(snapshot(*ROWS), *ROWS[1:])
    assert (found[0].id, found[0].status) == ("acme/000", "removed")
    assert (counts.live, counts.removed) == (99, 1)


def test_a_starter_leaves_no_tombstones() -> None:
    """The first real answer replaces what shipped with the repository."""
    found, counts = following(snapshot(*ROWS), *ROWS[1:], baseline=False)
    assert (found[0].id, len(found), counts.removed) == ("acme/001", 99, 1)


def test_a_quarantined_row_keeps_its_last_good_line() -> None:
    """A price that turned into nonsense does not remove the model."""
    broken = {**ROWS[0], "pricing": {"prompt": "-7"}}
    found, counts = following(snapshot(*ROWS), broken, *ROWS[1:])
    assert (found[0].id, found[0].status, found[0].changed_at) == ("acme/000", "active", THEN)
    assert (counts.live, counts.removed) == (100, 0)


@pytest.mark.parametrize("seed", range(3))
def test_repeated_ids_and_shuffled_rows_leave_no_trace(seed: int) -> None:
    """Of two rows with one id the same one stays, whichever came first; the repetition is drift."""
    rows = [*ROWS, {"id": "acme/001", "pricing": {"prompt": "0.2"}}, {"id": "acme/002", "description": "x"}]
    shuffled = random.Random(seed).sample(rows, len(rows))
    found, spool = reading(*shuffled)
    assert list(spool.items()) == list(reading(*rows)[1].items())
    assert found.tally.drift["repeated id"] == 2
    assert found.answer is not None
    assert (found.answer.rows, found.answer.listings) == (102, 100)


def test_ids_are_sorted_by_character() -> None:
    """Both sides of a comparison have one order, whatever the characters."""
    ids = ["b/é", "B/x", "b/🦙", "b/~", "b/\uffff"]
    old = snapshot(*({"id": model_id} for model_id in ids))
    assert [orjson.loads(each)["id"] for each in old] == sorted(ids)
    found, counts = following(old, *({"id": model_id} for model_id in reversed(ids)))
    assert (len(found), counts.changed, counts.removed) == (5, 0, 0)
