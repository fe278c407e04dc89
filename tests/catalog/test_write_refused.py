"""What is refused: paths outside, links, folders that are not ours, trees beyond their budget."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.artifact import Artifact, Limits
from catalog.errors import StopBuildError
from catalog.tree import walked
from tests.catalog.written import ONE, publish
from tests.toys import contents

pytestmark = pytest.mark.usefixtures("unsynced")


def test_a_path_is_written_once(tmp_path: Path) -> None:
    """Two contents for one name would leave it to chance which one is served."""
    with pytest.raises(StopBuildError, match=r"catalog/model/a/one\.json would be written twice"):
        publish(tmp_path, ONE, Artifact("b", b"", (ONE.path,)))


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../up", "a/../../up", "a//b", "a/./b", ".", "", "a\\b", "a/..", "a\0b", "a/"]
)
@pytest.mark.parametrize("as_name", [False, True], ids=["path", "further name"])
def test_nothing_is_written_outside(
    tmp_path: Path,
    path: str,
    as_name: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """A path of any such form stops the build before anything is there."""
    artifact = Artifact("x", b"", (path,)) if as_name else Artifact(path, b"")
    root = tmp_path / "output"
    with pytest.raises(StopBuildError, match="inside the output folder"):
        publish(root, artifact)
    assert list(walked(root)) == []


@pytest.mark.parametrize(
    ("name", "target"),
    [
        pytest.param("catalog", "elsewhere", id="a folder"),
        pytest.param("catalog/model/a", "../../../elsewhere", id="a deep folder"),
        pytest.param("catalog/gateways.json", "../../elsewhere/file", id="a file"),
        pytest.param("dangling", "nowhere", id="to nothing"),
    ],
)
def test_a_symbolic_link_is_refused(tmp_path: Path, name: str, target: str) -> None:
    """A file written through it would land elsewhere, one deleted through it would be missed there."""
    root, elsewhere = tmp_path / "output", tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "file").write_text("precious")
    (root / name).parent.mkdir(parents=True)
    (root / name).symlink_to(target)
    with pytest.raises(StopBuildError, match=f"{name} is a symbolic link; remove it"):
        publish(root, ONE)
    assert contents(elsewhere) == {"file": b"precious"}


def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    """Everything that is not produced gets deleted: a folder named by mistake must not be."""
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(StopBuildError, match=r"holds 'thesis\.tex' and no published tree"):
        publish(tmp_path, ONE)
    assert contents(tmp_path) == {"thesis.tex": b"precious"}


def test_what_a_desktop_leaves_lying_about_is_no_reason_to_stop(tmp_path: Path) -> None:
    """A dotfile at the root of a new folder goes like any other stranger."""
    (tmp_path / ".DS_Store").write_text("")
    assert publish(tmp_path, ONE).deleted == 1


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda root: (root / "catalog/model/a").write_text("?"), id="a file for a folder"),
        pytest.param(lambda root: (root / ONE.path).mkdir(parents=True), id="a folder for a file"),
    ],
)
def test_what_a_rename_cannot_replace_stops_the_build(tmp_path: Path, make: Callable[[Path], object]) -> None:
    """Once the change is decided it would be too late: every later build would fail as well."""
    publish(tmp_path, Artifact("catalog/model/b.json", b""))
    make(tmp_path)
    with pytest.raises(StopBuildError, match=r"is in the way of the tree; remove it"):
        publish(tmp_path, ONE)


def test_a_name_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Neither a journal nor a report could hold it."""
    publish(tmp_path, ONE)
    os.close(os.open(os.fsencode(tmp_path) + b"/catalog/\xff", os.O_CREAT))
    with pytest.raises(StopBuildError, match=r"catalog/'\\udcff' has no name in UTF-8; remove it"):
        publish(tmp_path, ONE)


def test_a_foreign_name_in_another_script_goes(tmp_path: Path) -> None:
    """It is a stranger like any other."""
    publish(tmp_path, ONE)
    (tmp_path / "catalog" / "модель.json").write_text("?")
    assert publish(tmp_path, ONE).deleted == 1


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        pytest.param(Limits(entries=261), "262 entries, the budget is 261", id="entries"),
        pytest.param(Limits(megabytes=0), "2 MB, the budget is 0 MB", id="megabytes"),
    ],
)
def test_a_budget_stops_the_build(tmp_path: Path, limits: Limits, words: str) -> None:
    """One more file or folder than agreed, and nothing is published."""
    body = b" " * 2_000_000 if limits.megabytes == 0 else b""
    root = tmp_path / "output"
    with pytest.raises(StopBuildError, match=words):
        publish(root, Artifact("a/b.json", body), limits=limits)
    assert list(walked(root)) == []


def test_a_tree_may_fill_its_budget(tmp_path: Path) -> None:
    """One record, gateways, 257 files of the manifest, three folders: 262 entries are allowed and counted."""
    totals = publish(tmp_path, Artifact("a/b.json", b"12345"), limits=Limits(entries=262)).totals
    assert totals is not None
    assert (totals.files + totals.folders, totals.bytes) == (262, 5)
    assert totals.files == len(list(walked(tmp_path)))
