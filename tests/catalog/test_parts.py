"""Data folders that other runners filled come together as if one run had fetched them all."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from catalog.errors import StopBuildError, UseSnapshotError
from catalog.parts import ABSENT
from catalog.run import Run
from catalog.schema.state import Memory
from catalog.settings import Settings
from catalog.snapshot import Counts
from catalog.store import Store
from tests.toys import LATER, Toy, contents, run, toy, world

JOINED = LATER + timedelta(minutes=5)


@pytest.fixture
def toys(tmp_path: Path) -> tuple[Toy, Toy]:
    """Two gateways whose first night is over; the first lists another price since."""
    one, other = toy("one"), toy("other", ids=["x/one", "x/two"])
    run(tmp_path / "home", world(one, other))
    one.rows[0]["price"] = "0.000002"
    other.rows.append({"id": "x/three"})
    return one, other


def fetched(folder: Path, name: str, *toys: Toy, accept: tuple[str, ...] = ()) -> Store:
    """Fetch one gateway into a copy of the home folder, at the hour of the next night."""
    shutil.copytree(folder / "home/data", folder / name / "data")
    run(folder / name, world(*toys, now=LATER), gateways=(name,), accept=accept, log_attempt=True)
    return Store(folder / name / "data")


def joined(folder: Path, toys: tuple[Toy, ...], *parts: Store, accept: tuple[str, ...] = ()) -> Run:
    """Join parts into the home folder."""
    home = folder / "home"
    settings = Settings(output=home / "output", data=home / "data", accept=accept, log_attempt=True)
    one = Run(settings, world(*toys, now=JOINED))
    try:
        one.join(parts)
        one.store.commit()
    finally:
        one.store.discard()
    return one


def log(folder: Path) -> list[tuple[str, str, str | None]]:
    """Return gateway, kind and model of each logged change of the second night."""
    lines = (folder / "home/data/changes/2026-11.jsonl").read_bytes().splitlines()
    told = map(orjson.loads, lines)
    return [(each["gateway"], each["kind"], each["model"]) for each in told if each["kind"] != "first_fetch"]


def test_parts_come_together_as_one_run_would_have_fetched_them(
    tmp_path: Path, toys: tuple[Toy, Toy]
) -> None:
    """Snapshots, state and log of changes are those of one run that fetched both."""
    shutil.copytree(tmp_path / "home/data", tmp_path / "alone/data")
    parts = [fetched(tmp_path, name, *toys) for name in ("one", "other")]
    done = joined(tmp_path, toys, *parts)
    run(tmp_path / "alone", world(*toys, now=LATER))
    assert log(tmp_path) == [("one", "price", "a/one"), ("other", "added", "x/three")]
    home, alone = contents(tmp_path / "home/data"), contents(tmp_path / "alone/data")
    same = ["state.json", "snapshots/one.jsonl", "snapshots/other.jsonl"]
    assert [home[name] for name in same] == [alone[name] for name in same]
    assert done.outcomes["one"].counts == Counts(live=3, changed=1)
    assert done.outcomes["other"].counts == Counts(live=3, added=1)


def test_a_gateway_without_a_part_is_stale(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """Its last listings are served; the others are what their parts say."""
    done = joined(tmp_path, toys, fetched(tmp_path, "one", *toys))
    absent = done.memories["other"]
    assert (absent.state, absent.reason, absent.rows) == ("stale", ABSENT, 2)
    assert (absent.fetched_at, absent.attempted_at) == ("2026-11-20T02:17:00Z", "2026-11-21T02:22:00Z")
    assert done.memories["one"].state == "fresh"
    assert log(tmp_path) == [("one", "price", "a/one")]


def test_a_part_whose_gateway_failed_says_why(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """And costs the other part nothing."""

    def trouble() -> None:
        raise UseSnapshotError("the toy is broken")

    toys[0].trouble = trouble
    done = joined(tmp_path, toys, *(fetched(tmp_path, name, *toys) for name in ("one", "other")))
    assert (done.memories["one"].state, done.memories["one"].reason) == ("stale", "the toy is broken")
    assert log(tmp_path) == [("other", "added", "x/three")]


def test_the_later_of_two_attempts_counts(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """A part that repeats what is known already is not looked at."""
    first = fetched(tmp_path, "one", *toys)
    joined(tmp_path, toys, first)
    toys[0].rows[0]["price"] = "0.000003"
    done = joined(tmp_path, toys, first)
    assert done.outcomes["one"].memory.reason == ABSENT


def test_a_joined_log_of_attempts_has_the_seconds_of_the_parts(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """One line for each gateway, at the time of the joining run."""
    done = joined(tmp_path, toys, *(fetched(tmp_path, name, *toys) for name in ("one", "other")))
    attempts = list(Store(tmp_path / "home/data").attempts())
    assert [(each.gateway, each.at, each.state) for each in attempts] == [
        ("one", "2026-11-21T02:22:00Z", "fresh"),
        ("other", "2026-11-21T02:22:00Z", "fresh"),
    ]
    assert [each.seconds for each in attempts] == [done.outcomes[each.gateway].seconds for each in attempts]


def test_a_part_with_a_broken_snapshot_stops_the_run(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """Nothing of it is taken over."""
    part = fetched(tmp_path, "one", *toys)
    before = contents(tmp_path / "home/data")
    snapshot = tmp_path / "one/data/snapshots/one.jsonl"
    snapshot.write_bytes(snapshot.read_bytes().replace(b'"gateway":"one"', b'"gateway":"two"', 1))
    with pytest.raises(StopBuildError, match="another gateway"):
        joined(tmp_path, toys, part)
    assert contents(tmp_path / "home/data") == before


def test_figures_of_endpoints_are_taken_over(tmp_path: Path, toys: tuple[Toy, Toy]) -> None:
    """Those that are served and not older than ours; others are forgotten."""
    part = fetched(tmp_path, "one", *toys)
    line = orjson.loads(next(iter(part.lines("one"))))
    host = {"tag": "host", "name": "Host", "pricing": {}}
    rest = [orjson.dumps(line | {"endpoints": [host]}) + b"\n", *list(part.lines("one"))[1:]]
    write(tmp_path / "one/data/snapshots/one.jsonl", b"".join(rest))
    row = {"uptime": 99.0, "as_of": "2026-11-21"}
    write(tmp_path / "one/data/performance.jsonl", *rows({"a/one host": row, "a/gone host": row}))
    write(tmp_path / "home/data/performance.jsonl", *rows({"a/one host": row | {"as_of": "2026-11-20"}}))
    joined(tmp_path, toys, part)
    assert Store(tmp_path / "home/data").performance() == {"a/one host": row}


def rows(told: dict[str, dict[str, object]]) -> list[bytes]:
    """Write figures as `performance.jsonl` has them."""
    return [orjson.dumps({"key": key, **row}) + b"\n" for key, row in sorted(told.items())]


def write(path: Path, *parts: bytes) -> None:
    """Write a file of a data folder."""
    path.write_bytes(b"".join(parts))


def test_what_was_never_fetched_is_unavailable(tmp_path: Path) -> None:
    """Without a part and without a snapshot there is nothing to serve."""
    (tmp_path / "home/data").mkdir(parents=True)
    done = joined(tmp_path, (toy("one"),))
    assert done.memories["one"] == Memory(
        state="unavailable", reason=ABSENT, attempted_at="2026-11-21T02:22:00Z"
    )


def test_a_person_accepts_what_would_stop_the_release(tmp_path: Path) -> None:
    """Parts that lose more than 5 % of all models are joined only when their gateways are accepted."""
    one = toy("one", ids=[f"a/{number:03d}" for number in range(700)])
    run(tmp_path / "home", world(one))
    del one.rows[-60:]
    part = fetched(tmp_path, "one", one, accept=("one",))
    with pytest.raises(StopBuildError, match=r"60 of 700 models would be gone .* --accept one"):
        joined(tmp_path, (one,), part)
    assert joined(tmp_path, (one,), part, accept=("one",)).memories["one"].rows == 640
