"""Static catalogs and starters: what stands in until a gateway was fetched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from catalog.errors import StopBuildError, UseSnapshotError
from tests.catalog.refreshed import TWENTY, ids, kept, memory, raising, rows
from tests.toys import Toy, run, toy, world

pytestmark = pytest.mark.usefixtures("unsynced")


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


STATIC = {"as_of": "2025-10-08", "models": [{"id": "s/one"}, {"id": "s/two"}]}


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
