"""What answers do to the data folder: five states, each with its reason, and bytes that stay."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.errors import SetVariableError, StopBuildError, UseSnapshotError
from tests.catalog.refreshed import TWENTY, ids, kept, memory, raising, rows
from tests.toys import LATER, NOW, Toy, contents, run, toy, world

pytestmark = pytest.mark.usefixtures("unsynced")


def test_a_good_answer_is_fresh(tmp_path: Path) -> None:
    """With moments, rows and where the listings come from."""
    found = run(tmp_path, world(toy())).memories["toy"]
    assert found.digest
    assert found.model_dump(exclude={"digest", "quarantined", "drift"}) == {
        "state": "fresh", "reason": None, "origin": "fetch", "rows": 3, "account": None,
        "quarantined_total": 0, "fetched_at": "2026-11-20T02:17:00Z", "attempted_at": "2026-11-20T02:17:00Z",
        "findings": (),
    }  # fmt: skip
    assert ids(tmp_path) == ["a/one", "a/two", "b/three"]


@pytest.mark.parametrize(
    ("problem", "state", "reason"),
    [
        pytest.param(UseSnapshotError("status 500"), "stale", "status 500", id="stale"),
        pytest.param(SetVariableError("TOY_KEY"), "unconfigured", "set TOY_KEY", id="unconfigured"),
        pytest.param(KeyError("x"), "stale", "the adapter failed: KeyError: 'x'", id="a bug"),
    ],
)
def test_a_missed_answer_leaves_the_last_one(
    tmp_path: Path, problem: Exception, state: str, reason: str
) -> None:
    """The snapshot is served, and what is remembered of it stays: only the attempt is new."""
    one = toy()
    first = run(tmp_path, world(one)).memories["toy"]
    snapshot = contents(tmp_path / "data" / "snapshots")
    one.trouble = raising(problem)
    told = {"state": state, "reason": reason, "attempted_at": "2026-11-21T02:17:00Z"}
    assert memory(tmp_path, one) == first.model_copy(update=told)
    assert contents(tmp_path / "data" / "snapshots") == snapshot


@pytest.mark.parametrize(
    ("problem", "state"),
    [
        pytest.param(UseSnapshotError("status 500"), "unavailable", id="failed"),
        pytest.param(SetVariableError("TOY_KEY"), "unconfigured", id="no key"),
    ],
)
def test_without_any_snapshot(tmp_path: Path, problem: Exception, state: str) -> None:
    """A gateway that was never fetched has nothing to serve and says why."""
    one = toy()
    one.trouble = raising(problem)
    found = memory(tmp_path, one, toy("other"))
    assert (found.state, found.reason, found.rows) == (state, str(problem), 0)


def broken(_: object) -> None:
    """Fail as no adapter should."""
    raise ZeroDivisionError("oops")


@pytest.mark.parametrize(
    ("function", "state", "reason"),
    [
        pytest.param("parse", "stale", "the adapter failed: ZeroDivisionError: oops", id="parse"),
        pytest.param("normalize", "held", "1 of 1 rows cannot be read", id="normalize"),
    ],
)
def test_a_bug_in_an_adapter_costs_its_gateway_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, state: str, reason: str
) -> None:
    """Wherever it sits: its snapshot is served, the others go on."""
    bad, good = toy(), toy("good")
    run(tmp_path, world(bad, good))
    bad.rows, good.rows = rows("a/new"), rows("a/new")
    monkeypatch.setattr(bad, function, broken)
    done = run(tmp_path, world(bad, good, now=LATER))
    assert done.memories["toy"].state == state
    assert reason in str(done.memories["toy"].reason)
    assert done.memories["good"].state == "fresh"
    assert ids(tmp_path) == ["a/one", "a/two", "b/three"]


def test_a_broken_snapshot_of_ours_is_no_bug_of_the_adapter(tmp_path: Path) -> None:
    """It stops the build and is named, with the line."""
    one = toy()
    run(tmp_path, world(one))
    path = tmp_path / "data" / "snapshots" / "toy.jsonl"
    path.write_text(path.read_text().replace('{"architecture"', "<<<<<<<", 1))
    one.rows = rows("a/new")
    with pytest.raises(StopBuildError, match=f"{path} line 1 cannot be read"):
        memory(tmp_path, one)


@pytest.mark.parametrize(
    ("left", "state"),
    [
        pytest.param(15, "fresh", id="five fewer"),
        pytest.param(14, "held", id="six fewer"),
        pytest.param(0, "held", id="none left"),
    ],
)
def test_a_list_that_shrinks_too_much_is_held(tmp_path: Path, left: int, state: str) -> None:
    """And the last one served."""
    one = toy(ids=TWENTY)
    run(tmp_path, world(one))
    one.rows = rows(*TWENTY[:left])
    found = memory(tmp_path, one)
    assert found.state == state
    assert len(ids(tmp_path)) == (left if state == "fresh" else 20)
    assert (found.reason is None) == (state == "fresh")


def test_what_is_held_stays_held_until_a_person_accepts_it(tmp_path: Path) -> None:
    """The night after says so too; `--accept` publishes the answer and the one after is fresh as any."""
    one = toy(ids=TWENTY)
    run(tmp_path, world(one))
    one.rows = rows(*TWENTY[:5])
    assert [memory(tmp_path, one).state for _ in range(2)] == ["held", "held"]
    accepted = memory(tmp_path, one, accept=("toy",))
    assert (accepted.state, accepted.rows, len(kept(tmp_path))) == ("fresh", 5, 20)
    assert accepted.reason == "accepted by hand: 5 listings, 20 before: 15 fewer"
    after = memory(tmp_path, one)
    assert (after.state, after.reason) == ("fresh", None)


def test_accepting_one_gateway_accepts_no_other(tmp_path: Path) -> None:
    """Each hold is a decision of its own."""
    one, other = toy(ids=TWENTY), toy("other")
    run(tmp_path, world(one, other))
    one.rows = rows(*TWENTY[:5])
    assert memory(tmp_path, one, other, accept=("other",)).state == "held"


def test_a_first_answer_that_is_held_leaves_nothing(tmp_path: Path) -> None:
    """There is no snapshot to serve: unavailable, with the reason of the guard."""
    one = toy()
    one.rows = [*rows("a/one"), {"name": "no id"}]
    found = memory(tmp_path, one, toy("other"))
    assert (found.state, found.reason) == ("unavailable", "1 of 2 rows cannot be read")
    assert [row.reason for row in found.quarantined] == ["id: Field required"]


def test_a_moment_of_ours_is_no_field_that_an_answer_lacks(tmp_path: Path) -> None:
    """A second, different answer is compared with what the snapshot says of models, not of itself."""
    one = toy(ids=TWENTY)
    run(tmp_path, world(one))
    one.rows[0]["name"] = "Another name"
    assert memory(tmp_path, one).state == "fresh"


def test_an_answer_that_did_not_change_is_not_read_again(tmp_path: Path) -> None:
    """It is fresh, and no byte of its snapshot moves."""
    one = toy()
    run(tmp_path, world(one))
    snapshot = contents(tmp_path / "data" / "snapshots")
    found = memory(tmp_path, one)
    assert (found.state, found.fetched_at, one.parsed) == ("fresh", "2026-11-21T02:17:00Z", 1)
    assert contents(tmp_path / "data" / "snapshots") == snapshot


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda folder, one: one.rows.reverse(), id="other bytes"),
        pytest.param(lambda folder, one: (folder / "data/snapshots/toy.jsonl").unlink(), id="no snapshot"),
    ],
)
def test_otherwise_it_is_read_again(tmp_path: Path, change: Callable[[Path, Toy], object]) -> None:
    """What is remembered without its listings is not enough."""
    one = toy()
    run(tmp_path, world(one))
    change(tmp_path, one)
    assert memory(tmp_path, one).state == "fresh"
    assert (one.parsed, ids(tmp_path)) == (2, ["a/one", "a/two", "b/three"])


def test_other_code_reads_again(tmp_path: Path) -> None:
    """A new version of an adapter may see more in the same answer."""
    one = toy()
    run(tmp_path, world(one))
    memory(tmp_path, one, code="newer")
    assert one.parsed == 2


def test_only_what_changed_gets_a_new_moment(tmp_path: Path) -> None:
    """Added and changed lines are of today, all others of the day that changed them."""
    one = toy()
    run(tmp_path, world(one))
    one.rows = [{"id": "a/one"}, {"id": "a/two", "name": "New name"}, {"id": "c/new"}]
    memory(tmp_path, one)
    days = {row["id"]: (row["changed_at"][:10], row.get("removed_at", "")[:10]) for row in kept(tmp_path)}
    assert days == {
        "a/one": ("2026-11-20", ""),
        "a/two": ("2026-11-21", ""),
        "b/three": ("2026-11-21", "2026-11-21"),
        "c/new": ("2026-11-21", ""),
    }


def test_the_counts_of_a_run(tmp_path: Path) -> None:
    """Live, added, removed and changed, for the closing table."""
    one = toy()
    run(tmp_path, world(one))
    one.rows = [{"id": "a/one"}, {"id": "a/two", "name": "New name"}, {"id": "c/new"}]
    counts = run(tmp_path, world(one, now=LATER)).outcomes["toy"].counts
    assert counts is not None
    assert (counts.live, counts.added, counts.removed, counts.changed) == (3, 1, 1, 1)


def test_performance_is_kept_apart_from_listings(tmp_path: Path) -> None:
    """The day of a figure is the day on which it moved."""
    assert NOW < LATER
    (tmp_path / "data").mkdir()
    line = '{"as_of":"2026-11-19","key":"a/one host","uptime":99.5}\n'
    (tmp_path / "data" / "performance.jsonl").write_text(line)
    run(tmp_path, world(toy()))
    assert (tmp_path / "data" / "performance.jsonl").read_text() == line
