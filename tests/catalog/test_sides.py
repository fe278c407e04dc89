"""What `build.py diff` compares: data folders, built trees, revisions of a repository."""

from __future__ import annotations

import subprocess
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from catalog.compare import compare
from catalog.comparison import changes
from catalog.errors import StopBuildError
from catalog.kept import kept_fields
from catalog.schema.changes import LoggedChange
from catalog.schema.listing import KeptListing
from catalog.sides import line_of, sides
from catalog.store import Store
from tests.changed import told
from tests.factories import tree
from tests.full import FULL
from tests.toys import NOW, Toy, run, toy, world

AT = "2026-11-21T02:17:00Z"


def compared(old: object, new: object, data: Path) -> list[LoggedChange]:
    """Compare two sides as the command does."""
    return changes(*sides(str(old), str(new), data), AT, {})


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two nights of one gateway, each with its data and its tree; the first one is a git repository."""
    one = toy(ids=["a/one", "a/two", "b/three", "b/gone"])
    first, second = tmp_path / "first", tmp_path / "second"
    run(first, world(one))
    git(first, "init", "-q")
    commit(first)
    change(one)
    run(first, world(one, now=NOW + timedelta(days=1)))
    commit(first)
    other = toy(ids=["a/one", "a/two", "b/three", "b/gone"])
    run(second, world(other))
    return second, first


def change(one: Toy) -> None:
    """Let a night pass."""
    one.rows[0]["price"] = "0.000002"
    one.rows[1]["name"] = "Another"
    one.rows[3] = {"id": "c/new"}


def git(folder: Path, *words: str) -> None:
    """Run git without anybody's settings."""
    named = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


def commit(folder: Path) -> None:
    """Commit the data folder."""
    git(folder, "add", "data")
    git(folder, "commit", "-q", "-m", "x")


EXPECTED = [
    ("price", "toy", "a/one", "prompt", "0.000001", "0.000002"),
    ("renamed", "toy", "a/two", "name", "A model", "Another"),
    ("removed", "toy", "b/gone", None, None, None),
    ("added", "toy", "c/new", None, None, None),
]


def test_data_folders(two: tuple[Path, Path]) -> None:
    """Snapshots are compared, and the log of the second has the same."""
    old, new = two
    assert told(compared(old / "data", new / "data", new)) == EXPECTED
    assert told(list(Store(new / "data").changes())[1:]) == EXPECTED


def test_trees(two: tuple[Path, Path]) -> None:
    """Records are compared, and only those whose digests differ are read."""
    old, new = two
    assert told(compared(old / "output", new / "output", new)) == EXPECTED
    (new / "output/catalog/gateway/toy/model/b/three.json").write_text("never read")
    assert told(compared(old / "output", new / "output", new)) == EXPECTED
    assert compared(new / "output", new / "output", new) == []


def test_revisions(two: tuple[Path, Path]) -> None:
    """Two states of the data folder in git, or one of them and a folder."""
    _, repository = two
    data = repository / "data"
    assert told(compared("HEAD~1", "HEAD", data)) == EXPECTED
    assert told(compared("HEAD~1", data, data)) == EXPECTED
    assert compared("HEAD", data, data) == []


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("nowhere", "neither a folder with a catalog nor a revision", id="nothing"),
        pytest.param("--output=x", "no folder and no revision", id="an option of git"),
        pytest.param("first", "neither a data folder nor", id="another folder"),
        pytest.param("first/output", "neither a data folder nor", id="a tree beside a data folder"),
    ],
)
def test_what_is_no_catalog(
    two: tuple[Path, Path], name: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is named in one sentence."""
    old, new = two
    monkeypatch.chdir(new.parent)
    with pytest.raises(StopBuildError, match=message):
        compared(old / "data", name, new / "data")


def test_without_git(two: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    """A revision cannot be read on a machine without git."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(StopBuildError, match="neither a folder"):
        compared("HEAD", "HEAD", two[1] / "data")


@pytest.mark.parametrize(
    ("place", "name"),
    [
        pytest.param("data", "state.json", id="state"),
        pytest.param("output", "catalog/gateways.json", id="gateways"),
    ],
)
def test_a_broken_side(two: tuple[Path, Path], place: str, name: str) -> None:
    """It is named."""
    old, new = two
    (new / place / name).write_text("{")
    with pytest.raises(StopBuildError, match="cannot be read"):
        compared(old / place, new / place, new)


def test_a_full_record_says_what_its_line_says(tmp_path: Path) -> None:
    """A tree is compared by the same fields as a snapshot: tiers, limits, modalities, ends."""
    again = kept_fields(FULL) | {"changed_at": AT}
    line = sides_line(tmp_path, FULL)
    assert list(compare(orjson.loads(line), again)) == []
    dearer = {**again, "price_tiers": [], "max_output_tokens": 1, "expiration_date": "2027-02-02"}
    assert [part.kind for part in compare(orjson.loads(line), dearer)] == [
        "tiers",
        "output_limit",
        "deprecation",
    ]


def sides_line(folder: Path, listing: KeptListing) -> bytes:
    """Publish a listing and read its record back as a line."""
    path = f"catalog/gateway/{listing.gateway}/model/acme/one.json"
    record = folder / "one.json"
    record.write_bytes(tree(listing)[path])
    return line_of(record)
