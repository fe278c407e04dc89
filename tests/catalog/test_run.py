"""One run over data and output: what is asked, what is written, and what stays as it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from catalog.artifact import Limits
from catalog.errors import StopBuildError, UseSnapshotError
from catalog.schema.state import Memory
from catalog.settings import Settings, due
from tests.toys import LATER, NOW, Watcher, contents, marks, run, toy, world

pytestmark = pytest.mark.usefixtures("unsynced")

GATEWAYS = "catalog/gateways.json"
MANIFEST = "catalog/manifest.json"


def fail() -> None:
    """Give no usable answer."""
    raise UseSnapshotError("status 500")


def changed(before: dict[str, tuple[int, int]], folder: Path) -> set[str]:
    """Return the files that were written since their marks were taken."""
    return {name for name, mark in marks(folder).items() if before.get(name) != mark}


def test_a_quiet_night_writes_two_files(tmp_path: Path) -> None:
    """When every answer is as before, only the state of the gateways and the manifest move."""
    one = toy()
    run(tmp_path, world(one))
    before = marks(tmp_path / "output")
    report = run(tmp_path, world(one, now=LATER))
    assert changed(before, tmp_path / "output") == {GATEWAYS, MANIFEST}
    assert report.outcomes["toy"].counts is None


def test_a_night_in_which_one_model_changed(tmp_path: Path) -> None:
    """Its record under every name, the lists that show it, and the parts of the manifest for those."""
    one = toy()
    run(tmp_path, world(one))
    before = marks(tmp_path / "output")
    one.rows[0]["name"] = "Another name"
    run(tmp_path, world(one, now=LATER))
    moved = changed(before, tmp_path / "output")
    assert {name for name in moved if "/manifest" not in name} == {
        "catalog/model/a/one.json",
        "catalog/gateway/toy/model/a/one.json",
        "catalog/gateway/toy.json",
        "catalog/provider/a.json",
        "catalog/models.csv",
        "catalog/models.ndjson.gz",
        "catalog/catalog.sqlite",
        "catalog/changes.json",
        "catalog/changes/2026-11-21.json",
        "catalog/feeds/all.atom",
        "catalog/feeds/gateway/toy.atom",
        "catalog/history/a/one.json",
        GATEWAYS,
    }
    assert len(moved) <= 2 * 12 + 2


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda root: (root / "catalog/model/a/one.json").unlink(), id="a record"),
        pytest.param(lambda root: (root / "openapi.json").write_text("{}"), id="another size"),
        pytest.param(lambda root: (root / GATEWAYS).unlink(), id="state of the gateways"),
        pytest.param(lambda root: (root / MANIFEST).unlink(), id="manifest"),
        pytest.param(lambda root: (root / "catalog/manifest/0a.json").unlink(), id="part of the manifest"),
        pytest.param(lambda root: (root / "catalog/manifest/0a.json").write_text("{}\n"), id="an empty part"),
        pytest.param(lambda root: shutil.rmtree(root / "catalog/manifest"), id="every part"),
        pytest.param(lambda root: shutil.rmtree(root / "schema"), id="a folder"),
        pytest.param(lambda root: (root / "catalog/stranger.json").write_text("{}"), id="a stranger"),
    ],
)
def test_a_damaged_tree_is_mended_though_nothing_changed(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    """The same inputs skip rendering only where the tree is complete."""
    one = toy()
    run(tmp_path, world(one))
    before = contents(tmp_path / "output")
    damage(tmp_path / "output")
    run(tmp_path, world(one))
    after = contents(tmp_path / "output")
    del before[MANIFEST], after[MANIFEST]
    assert after == before


@pytest.mark.parametrize(
    "options",
    [pytest.param({"plain": True}, id="plain"), pytest.param({"base_url": "https://x.test"}, id="base URL")],
)
def test_other_options_make_another_tree(tmp_path: Path, options: dict[str, object]) -> None:
    """And leaving them out again makes the first one."""
    one = toy()
    run(tmp_path, world(one))
    first = contents(tmp_path / "output")
    run(tmp_path, world(one), **options)
    second = contents(tmp_path / "output")
    run(tmp_path, world(one))
    third = contents(tmp_path / "output")
    assert (
        first.keys() - {MANIFEST} != second.keys() - {MANIFEST}
        or first["catalog/model/a/one.json"] != (second["catalog/model/a/one.json"])
    )
    assert {**first, MANIFEST: b""} == {**third, MANIFEST: b""}


def test_offline_writes_the_same_bytes_and_asks_nobody(tmp_path: Path) -> None:
    """Another folder, the same data: everything but the manifest, and data/ is not touched."""
    one = toy()
    run(tmp_path, world(one))
    online, data = contents(tmp_path / "output"), marks(tmp_path / "data")
    shutil.rmtree(tmp_path / "output")
    one.trouble = fail
    watcher = Watcher()
    done = run(tmp_path, world(one, now=LATER, watcher=watcher), offline=True)
    offline = contents(tmp_path / "output")
    del online[MANIFEST], offline[MANIFEST]
    assert (offline, marks(tmp_path / "data")) == (online, data)
    assert (watcher.told, done.outcomes) == ({}, {})


def test_offline_needs_no_writable_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may lie on a medium that can only be read: nothing is staged there."""
    run(tmp_path, world(toy()))
    real = os.mkdir

    def refuse(path: str, mode: int = 0o777) -> None:
        if Path(path).is_relative_to(tmp_path / "data"):
            raise PermissionError(path)
        real(path, mode)

    monkeypatch.setattr(os, "mkdir", refuse)
    assert run(tmp_path, world(toy()), offline=True).memories["toy"].state == "fresh"


def test_only_named_gateways_are_asked(tmp_path: Path) -> None:
    """The others keep their state and their listings."""
    one, other = toy(), toy("other")
    run(tmp_path, world(one, other))
    one.trouble = other.trouble = fail
    done = run(tmp_path, world(one, other, now=LATER), gateways=("other",))
    assert {name: memory.state for name, memory in done.memories.items()} == {
        "toy": "fresh", "other": "stale",
    }  # fmt: skip
    assert set(done.outcomes) == {"other"}


@pytest.mark.parametrize(
    ("age", "option", "fact", "asked"),
    [
        pytest.param(timedelta(hours=5), "6h", None, False, id="young enough"),
        pytest.param(timedelta(hours=6), "6h", None, False, id="just young enough"),
        pytest.param(timedelta(hours=7), "6h", None, True, id="too old"),
        pytest.param(timedelta(hours=5), None, "6h", False, id="a fact"),
        pytest.param(timedelta(hours=5), "4h", "6h", True, id="the option wins"),
        pytest.param(timedelta(0), None, None, True, id="no limit"),
    ],
)
def test_a_young_snapshot_is_enough(
    age: timedelta,
    option: str | None,
    fact: str | None,
    asked: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """`--max-age` for all, `max_age` for one gateway."""
    memory = Memory(state="stale", origin="fetch", fetched_at="2026-11-20T02:17:00Z")
    settings = Settings(output=Path(), data=Path(), max_age=option)
    facts = {"toy": fact} if fact else {}
    assert due(settings, {"toy": memory}, facts, NOW + age) == ({"toy"} if asked else set())


def test_a_starter_is_never_young_enough() -> None:
    """Its day says when it was captured, not when this catalog last asked."""
    memory = Memory(state="stale", origin="starter", fetched_at="2026-11-20T02:17:00Z")
    settings = Settings(output=Path(), data=Path(), max_age="30d")
    assert due(settings, {"toy": memory}, {}, NOW) == {"toy"}


def test_a_young_snapshot_is_taken_as_it_is(tmp_path: Path) -> None:
    """Through a whole run, which also reads the age from the facts."""
    run(tmp_path, world(toy()))
    (tmp_path / "data/facts").mkdir()
    (tmp_path / "data/facts/gateways.toml").write_text('[toy]\nmax_age = "2d"\n')
    done = run(tmp_path, world(toy(), now=LATER))
    assert (done.outcomes, done.memories["toy"].attempted_at) == ({}, "2026-11-20T02:17:00Z")


def test_weights_decide_which_gateway_answers(tmp_path: Path) -> None:
    """The larger one first, in the index and at the path that names no gateway."""
    gateways = toy(), toy("other")
    run(tmp_path, world(*gateways))
    record = tmp_path / "output/catalog/model/a/one.json"
    assert orjson.loads(record.read_bytes())["gateway"] == "toy"
    (tmp_path / "data/facts").mkdir()
    (tmp_path / "data/facts/gateways.toml").write_text("[other]\nweight = 1\n")
    run(tmp_path, world(*gateways))
    assert orjson.loads(record.read_bytes())["gateway"] == "other"
    index = orjson.loads((tmp_path / "output/catalog/index.json").read_bytes())
    assert (index["gateways"], index["models"]["a/one"]) == (["other", "toy"], ["other", "toy"])


def test_a_stopped_build_changes_nothing(tmp_path: Path) -> None:
    """Neither the tree nor the data: a fetch whose tree cannot be published is not kept either."""
    one = toy()
    run(tmp_path, world(one))
    before = contents(tmp_path)
    one.rows = [{"id": "a/new"}, *one.rows]
    with pytest.raises(StopBuildError, match="the budget is 10"):
        run(tmp_path, world(one, now=LATER, limits=Limits(entries=10)))
    output, data = tmp_path / "output", tmp_path / "data"
    after = {name: body for name, body in contents(tmp_path).items() if ".next" not in name}
    assert after == before
    assert (output.exists(), data.exists()) == (True, True)


def test_the_serial_grows_even_when_the_clock_went_back(tmp_path: Path) -> None:
    """A reader who has seen the later tree does not fall back."""
    one = toy()
    run(tmp_path, world(one, now=LATER))
    first = orjson.loads((tmp_path / "output" / MANIFEST).read_bytes())["serial"]
    run(tmp_path, world(one, now=NOW))
    assert orjson.loads((tmp_path / "output" / MANIFEST).read_bytes())["serial"] == first + 1


def test_the_manifest_says_what_it_was_made_from(tmp_path: Path) -> None:
    """Moment, commit, and a digest that other code and other data change."""
    one = toy()

    def made(**given: object) -> dict[str, object]:
        run(tmp_path, world(one, commit="c" * 40, **given))
        found: dict[str, object] = orjson.loads((tmp_path / "output" / MANIFEST).read_bytes())
        return found

    first, same, other = made(), made(now=LATER), made(code="other")
    one.rows = [{"id": "a/one"}]
    less = made()
    assert (first["generated_at"], first["expires"]) == ("2026-11-20T02:17:00Z", "2026-11-27T02:17:00Z")
    assert first["commit"] == "c" * 40
    assert first["inputs"] == same["inputs"]
    assert len({str(found["inputs"]) for found in (first, other, less)}) == 3


def test_a_gateway_that_is_new_to_the_program(tmp_path: Path) -> None:
    """It joins the tree; one that is gone leaves it, and what was remembered of it."""
    run(tmp_path, world(toy()))
    done = run(tmp_path, world(toy("other")))
    assert list(done.memories) == ["other"]
    assert not (tmp_path / "output/catalog/gateway/toy.json").exists()
    assert "toy" not in orjson.loads((tmp_path / "data/state.json").read_bytes())["gateways"]
