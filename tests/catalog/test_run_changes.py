"""What a run logs: changes in the same step as the snapshots that they show in, and how fetching went."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from catalog.errors import StopBuildError, UseSnapshotError
from catalog.manifest import GATEWAYS, MANIFEST
from tests.toys import NOW, Toy, contents, marks, run, toy, world


def nights(folder: Path, one: Toy, *changes: dict[str, Any], **options: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - passed on
    """Run a first night, then one for each change of the first row; return the log."""
    run(folder, world(one), **options)
    for number, change in enumerate(changes, 1):
        one.rows[0] |= change
        run(folder, world(one, now=NOW + timedelta(days=number)), **options)
    return log(folder)


def log(folder: Path, name: str = "changes") -> list[dict[str, Any]]:
    """Read a log."""
    files = sorted((folder / "data" / name).glob("*.jsonl"))
    return [orjson.loads(line) for path in files for line in path.read_bytes().splitlines()]


def kinds(found: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return day and kind."""
    return [(each["at"][5:10], each["kind"]) for each in found]


def test_the_first_fetch_is_one_change(tmp_path: Path) -> None:
    """However long the list is."""
    [found] = nights(tmp_path, toy())
    assert (found["kind"], found["gateway"], found["model"], found["from"], found["to"]) == (
        "first_fetch", "toy", None, 0, 3,
    )  # fmt: skip


def test_the_first_fetch_after_a_starter(tmp_path: Path) -> None:
    """What was fetched takes its place as a whole; nothing of it is news."""
    one = toy()
    run(tmp_path, world(one))
    state = tmp_path / "data/state.json"
    state.write_text(state.read_text().replace('"fetch"', '"starter"'))
    one.rows[0]["price"] = "0.5"
    run(tmp_path, world(one, now=NOW + timedelta(days=1)))
    assert [(each["kind"], each["from"], each["to"]) for each in log(tmp_path)] == [
        ("first_fetch", 0, 3), ("first_fetch", 3, 3),
    ]  # fmt: skip


def test_nights(tmp_path: Path) -> None:
    """Each night logs what it saw, at the end of its month's file."""
    found = nights(tmp_path, toy(), {"price": "0.000002"}, {}, {"name": "Another"})
    assert kinds(found[1:]) == [("11-21", "price"), ("11-23", "renamed")]
    assert found[1] | {"id": ""} == {
        "id": "",
        "at": "2026-11-21T02:17:00Z",
        "kind": "price",
        "gateway": "toy",
        "model": "a/one",
        "meter": "prompt",
        "from": "0.000001",
        "to": "0.000002",
        "percent": 100.0,
        "since": "2026-11-20T02:17:00Z",
        "offered": {"prompt": "0.000002", "price_kind": "known"},
    }


def test_a_month_has_a_file(tmp_path: Path) -> None:
    """What is in the file of another month stays as it is."""
    one = toy()
    run(tmp_path, world(one))
    one.rows.pop()
    run(tmp_path, world(one, now=NOW + timedelta(days=30)))
    assert [path.name for path in sorted((tmp_path / "data/changes").iterdir())] == [
        "2026-11.jsonl",
        "2026-12.jsonl",
    ]
    assert kinds(log(tmp_path)) == [("11-20", "first_fetch"), ("12-20", "removed")]


def test_a_wobble_is_logged_once(tmp_path: Path) -> None:
    """Ten nights with two prices in turn."""
    prices = [{"price": ("0.000002", "0.000001")[number % 2]} for number in range(10)]
    found = nights(tmp_path, toy(), *prices)
    assert [each["kind"] for each in found] == ["first_fetch", "price", "price", "unstable"]


def test_a_model_that_comes_back(tmp_path: Path) -> None:
    """It was known before."""
    one = toy(ids=[f"a/{number}" for number in range(9)])
    run(tmp_path, world(one))
    row = one.rows.pop()
    run(tmp_path, world(one, now=NOW + timedelta(days=1)))
    one.rows.append(row)
    run(tmp_path, world(one, now=NOW + timedelta(days=2)))
    assert kinds(log(tmp_path))[1:] == [("11-21", "removed"), ("11-22", "returned")]


def raises(problem: Exception) -> object:
    """Raise."""
    raise problem


def test_a_gateway_that_is_not_fresh_reports_nothing(tmp_path: Path) -> None:
    """Neither when it does not answer nor when a guard distrusts its answer."""
    one, other = toy(ids=[f"a/{number}" for number in range(60)]), toy("other")
    run(tmp_path, world(one, other))
    first = log(tmp_path)
    other.trouble = lambda: raises(UseSnapshotError("down"))
    other.rows[0]["price"] = "0.5"
    del one.rows[5:]
    done = run(tmp_path, world(one, other, now=NOW + timedelta(days=1)))
    assert [memory.state for memory in done.memories.values()] == ["held", "stale"]
    assert log(tmp_path) == first


def test_a_night_without_changes_writes_nothing(tmp_path: Path) -> None:
    """But the state of the gateways and the manifest."""
    one = toy()
    nights(tmp_path, one, {"price": "0.000002"})
    before = marks(tmp_path)
    run(tmp_path, world(one, now=NOW + timedelta(days=2)))
    moved = {name for name, mark in marks(tmp_path).items() if before.get(name) != mark}
    assert moved == {"data/state.json", f"output/{GATEWAYS}", f"output/{MANIFEST}"}


def test_everything_is_made_from_the_log(tmp_path: Path) -> None:
    """An offline build into another folder writes the same bytes."""
    one = toy()
    nights(tmp_path, one, {"price": "0.000002"}, {"price": "0.000004"}, log_attempt=True)
    first = contents(tmp_path / "output")
    (tmp_path / "output").rename(tmp_path / "away")
    run(tmp_path, world(one, now=NOW + timedelta(days=9)), offline=True)
    second = contents(tmp_path / "output")
    assert first.keys() == second.keys()
    assert {name for name in first if first[name] != second[name]} == {MANIFEST}
    assert "catalog/history/a/one.json" in first


def test_a_run_that_publishes_nothing_logs_nothing(tmp_path: Path) -> None:
    """The log is drafted with the snapshots, and decided with them."""
    one = toy()
    run(tmp_path, world(one))
    before = contents(tmp_path / "data")
    one.rows[0]["price"] = "0.5"
    (tmp_path / "output/catalog/model/a/one.json").unlink()
    (tmp_path / "output/catalog/model/a/one.json").mkdir()
    with pytest.raises(StopBuildError):
        run(tmp_path, world(one, now=NOW + timedelta(days=1)))
    assert contents(tmp_path / "data") == before


@pytest.mark.parametrize("name", ["changes", "attempts"])
def test_a_broken_log_stops_the_build(tmp_path: Path, name: str) -> None:
    """It is named with its line; a last line without its end is no harm."""
    nights(tmp_path, toy(), log_attempt=True)
    [path] = (tmp_path / "data" / name).iterdir()
    path.write_text(path.read_text().rstrip("\n"))
    run(tmp_path, world(toy(), now=NOW + timedelta(days=1)), log_attempt=True)
    path.write_text(path.read_text() + '{"at":"today"}\n')
    with pytest.raises(StopBuildError, match=rf"{name}/2026-11.jsonl line \d cannot be read"):
        run(tmp_path, world(toy(), now=NOW + timedelta(days=2)), log_attempt=True)


def test_attempts(tmp_path: Path) -> None:
    """A line for each gateway of each fetching run, figures in the published files."""
    one, other = toy(), toy("other")
    run(tmp_path, world(one, other), log_attempt=True)
    one.trouble = lambda: raises(UseSnapshotError("down"))
    run(tmp_path, world(one, other, now=NOW + timedelta(days=1)), log_attempt=True)
    run(tmp_path, world(one, other, now=NOW + timedelta(days=2)), log_attempt=True, offline=True)
    run(tmp_path, world(one, other, now=NOW + timedelta(days=3)))
    assert [(each["at"][:10], each["gateway"], each["state"]) for each in log(tmp_path, "attempts")] == [
        ("2026-11-20", "toy", "fresh"),
        ("2026-11-20", "other", "fresh"),
        ("2026-11-21", "toy", "stale"),
        ("2026-11-21", "other", "fresh"),
    ]
    rows = json.loads((tmp_path / "output" / GATEWAYS).read_bytes())["gateways"]
    assert [(row["availability"], row["latency"]) for row in rows] == [(50.0, 0.0), (100.0, 0.0)]
    days = json.loads((tmp_path / "output/catalog/history/gateways.json").read_bytes())["gateways"]
    assert days["toy"] == [
        {"day": "2026-11-20", "attempts": 1, "answered": 1, "latency": 0.0},
        {"day": "2026-11-21", "attempts": 1, "answered": 0, "latency": None},
    ]
