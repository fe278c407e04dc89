"""What answers do to the data folder: five states, each with its reason, and bytes that stay."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from catalog.errors import SetVariableError, StopBuildError, UseSnapshotError
from catalog.schema.state import Memory
from tests.toys import LATER, NOW, Toy, contents, run, toy, world

TWENTY = [f"a/{number:02d}" for number in range(20)]
STATIC = {"as_of": "2025-10-08", "models": [{"id": "s/one"}, {"id": "s/two"}]}


@pytest.fixture(autouse=True)
def _no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the one call whose effect a test cannot see and whose cost it would feel."""
    monkeypatch.setattr(os, "sync", lambda: None)


def raising(problem: Exception) -> Callable[[], object]:
    """Return something that goes wrong."""

    def fail() -> None:
        raise problem

    return fail


def rows(*ids: str) -> list[dict[str, str]]:
    """Make upstream rows."""
    return [{"id": model_id} for model_id in ids]


def memory(folder: Path, *toys: Toy, **given: Any) -> Memory:  # noqa: ANN401 - passed on
    """Run once more, a day later, and return what is remembered of the toy gateway."""
    options = {name: given.pop(name) for name in ("accept", "offline", "gateways") if name in given}
    return run(folder, world(*toys, **({"now": LATER} | given)), **options).memories["toy"]


def kept(folder: Path) -> list[dict[str, Any]]:
    """Read the snapshot of the toy gateway."""
    path = folder / "data" / "snapshots" / "toy.jsonl"
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def ids(folder: Path) -> list[str]:
    """Return the ids in the snapshot of the toy gateway that are no tombstones."""
    return [row["id"] for row in kept(folder) if "removed_at" not in row]


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


def test_a_starter_gives_way_to_the_first_answer(tmp_path: Path) -> None:
    """Without the guard against shrinking and without tombstones: it was never today's list."""
    one = toy(ids=TWENTY)
    run(tmp_path, world(one))
    state = tmp_path / "data" / "state.json"
    told = json.loads(state.read_text())
    told["gateways"]["toy"]["origin"] = "starter"
    state.write_text(json.dumps(told))
    one.rows = rows("a/00", "z/new")
    found = memory(tmp_path, one)
    assert (found.state, found.origin, [row["id"] for row in kept(tmp_path)]) == (
        "fresh", "fetch", ["a/00", "z/new"],
    )  # fmt: skip
    assert kept(tmp_path)[0]["changed_at"] == "2026-11-20T02:17:00Z"


def test_the_list_of_another_account_is_no_baseline(tmp_path: Path) -> None:
    """Another key sees another workspace: fewer rows are no loss, and nothing was removed."""
    one = toy(ids=TWENTY)
    run(tmp_path, world(one, accounts={"toy": "first"}))
    one.rows = rows("a/00")
    found = memory(tmp_path, one, accounts={"toy": "second"})
    assert (found.state, found.account, [row["id"] for row in kept(tmp_path)]) == (
        "fresh",
        "second",
        ["a/00"],
    )
    one.rows = rows("b/00")
    assert memory(tmp_path, one, accounts={"toy": "second"}).state == "fresh"
    assert len(kept(tmp_path)) == 2


def with_static(folder: Path, text: str | None = None) -> Toy:
    """Make a toy gateway with a static catalog."""
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / "static.json").write_text(json.dumps(STATIC) if text is None else text)
    return toy(static=("static.json",))


@pytest.mark.parametrize("problem", [UseSnapshotError("status 500"), KeyError("x")], ids=["failed", "a bug"])
def test_a_static_catalog_stands_in_until_something_was_fetched(tmp_path: Path, problem: Exception) -> None:
    """As a starter, which the first answer replaces."""
    one = with_static(tmp_path)
    one.trouble = raising(problem)
    found = memory(tmp_path, one)
    assert (found.state, found.origin, found.rows, ids(tmp_path)) == (
        "stale", "starter", 2, ["s/one", "s/two"],
    )  # fmt: skip
    one.trouble = list
    one.rows = rows("a/one")
    assert (memory(tmp_path, one).origin, ids(tmp_path)) == ("fetch", ["a/one", "s/one", "s/two"])


def test_a_static_catalog_stands_in_for_a_first_answer_that_is_held(tmp_path: Path) -> None:
    """Nothing better is known then either."""
    one = with_static(tmp_path)
    one.rows = [{"name": "no id"}]
    found = memory(tmp_path, one)
    assert (found.state, found.reason, found.rows) == ("held", "1 of 3 rows cannot be read", 2)
    assert ids(tmp_path) == ["s/one", "s/two"]


def test_a_static_catalog_never_replaces_what_was_fetched(tmp_path: Path) -> None:
    """A stale list is younger than a static one."""
    one = with_static(tmp_path)
    one.rows = rows("a/one")
    memory(tmp_path, one)
    one.trouble = raising(UseSnapshotError("status 500"))
    assert (memory(tmp_path, one).origin, len(ids(tmp_path))) == ("fetch", 3)


@pytest.mark.parametrize("text", ["{", '{"as_of": "2025-10-08"}'], ids=["no JSON", "no list"])
def test_a_broken_static_catalog_stops_the_build(tmp_path: Path, text: str) -> None:
    """It is a file of ours: a person has to mend it."""
    one = with_static(tmp_path, text)
    one.trouble = raising(UseSnapshotError("status 500"))
    with pytest.raises(StopBuildError, match=r"static\.json"):
        memory(tmp_path, one)


def test_performance_is_kept_apart_from_listings(tmp_path: Path) -> None:
    """The day of a figure is the day on which it moved."""
    assert NOW < LATER
    (tmp_path / "data").mkdir()
    line = '{"as_of":"2026-11-19","key":"a/one host","uptime":99.5}\n'
    (tmp_path / "data" / "performance.jsonl").write_text(line)
    run(tmp_path, world(toy()))
    assert (tmp_path / "data" / "performance.jsonl").read_text() == line
