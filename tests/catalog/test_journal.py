"""The journal: a folder is its old or its new self, whatever happens on the way."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from catalog import journal
from tests.crash.dying import survives
from tests.trees import NEW, OLD, Tree, change, plant, tree

pytestmark = pytest.mark.usefixtures("unsynced")

ROOT = Path(__file__).parents[2]


def changed(root: Path) -> Path:
    """Make the old tree in a folder and change it."""
    plant(root)
    change(root)
    return root


def test_a_change_makes_the_new_tree(tmp_path: Path) -> None:
    """Moves, links and deletions, and nothing left of the stage."""
    assert tree(changed(tmp_path)) == NEW
    assert not (tmp_path / journal.STAGE).exists()


def test_further_names_share_one_inode(tmp_path: Path) -> None:
    """Also where the further name was there before with other bytes."""
    changed(tmp_path)
    names = ("a/one.json", "b/one.json", "a/One.json")
    assert len({(tmp_path / name).stat().st_ino for name in names}) == 1


def test_what_is_not_in_the_journal_stays(tmp_path: Path) -> None:
    """The inode of an unchanged file outlives the change."""
    plant(tmp_path)
    before = (tmp_path / "a" / "same.json").stat()
    change(tmp_path)
    after = (tmp_path / "a" / "same.json").stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_nothing_to_recover(tmp_path: Path) -> None:
    """A folder without a stage, and one that is not there, are as they should be."""
    plant(tmp_path)
    assert not journal.recover(tmp_path)
    assert not journal.recover(tmp_path / "nowhere")
    assert tree(tmp_path) == OLD


def test_a_stage_that_was_not_decided_is_forgotten(tmp_path: Path) -> None:
    """Staged files without a journal never become part of the folder."""
    plant(tmp_path)
    (journal.stage(tmp_path) / "0").write_text("half")
    assert not journal.recover(tmp_path)
    assert tree(tmp_path) == OLD
    assert not (tmp_path / journal.STAGE).exists()


def test_a_new_stage_is_empty(tmp_path: Path) -> None:
    """Whatever an earlier build left there is gone."""
    (journal.stage(tmp_path) / "0").write_text("half")
    assert list(journal.stage(tmp_path).iterdir()) == []


def crashes(tmp_path: Path) -> list[Tree]:
    """Die at each change of the file system in turn; the trees after recovery, in that order."""
    found: list[Tree] = []
    done = False
    while not done:
        root = tmp_path / str(len(found))
        plant(root)
        done = survives(len(found), partial(change, root))
        journal.recover(root)
        assert not (root / journal.STAGE).exists()
        found.append(tree(root))
        shutil.rmtree(root)
    return found


def test_a_crash_at_any_step_leaves_the_old_or_the_new_tree(tmp_path: Path) -> None:
    """Before the journal is there it is the old one, from then on the new one, never a third."""
    found = crashes(tmp_path)
    decided = found.index(NEW)
    assert found == [OLD] * decided + [NEW] * (len(found) - decided)
    assert 0 < decided < len(found) - 5


def test_a_crash_while_recovering_changes_nothing_about_that(tmp_path: Path) -> None:
    """However often the roll-forward itself is interrupted, its end is the new tree."""
    survived, first = False, 0
    while not survived:
        first += 1
        root = tmp_path / str(first)
        plant(root)
        survived = survives(first, partial(change, root))
        if survived or not (root / journal.STAGE / "journal").exists():
            continue
        for granted in range(30):
            survives(granted, partial(journal.recover, root))
        journal.recover(root)
        assert tree(root) == NEW, f"died first at change {first}"


def test_recovery_tells_whether_it_completed_a_change(tmp_path: Path) -> None:
    """A caller can say so; a second recovery finds nothing to do."""
    plant(tmp_path)
    granted = 0
    while not (tmp_path / journal.STAGE / "journal").exists():
        assert not survives(granted, partial(change, tmp_path))
        granted += 1
    assert (journal.recover(tmp_path), journal.recover(tmp_path)) == (True, False)
    assert tree(tmp_path) == NEW


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(errno.EPERM, id="a file system without links"),
        pytest.param(errno.EXDEV, id="another file system"),
        pytest.param(errno.EMLINK, id="too many links"),
        pytest.param(errno.EOPNOTSUPP, id="not supported"),
    ],
)
def test_without_links_further_names_are_copies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """The bytes are the same; only the disk notices, and a crash changes as little as ever."""
    monkeypatch.setattr(os, "link", refusing(number))
    assert tree(changed(tmp_path / "whole")) == NEW
    assert {str(found) for found in map(sorted, crashes(tmp_path))} == {str(sorted(OLD)), str(sorted(NEW))}


def refusing(number: int) -> Callable[[str, str], None]:
    """Return a stand-in for os.link that never succeeds."""

    def refuse(source: str, target: str) -> None:
        raise OSError(number, os.strerror(number), source, None, target)

    return refuse


def test_any_other_trouble_with_a_link_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken disk is no reason to copy; the change stays decided and can be completed later."""
    plant(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(os, "link", refusing(errno.EIO))
        with pytest.raises(OSError, match=os.strerror(errno.EIO)):
            change(tmp_path)
    assert journal.recover(tmp_path)
    assert tree(tmp_path) == NEW


def test_a_journal_of_an_earlier_version_is_completed(tmp_path: Path) -> None:
    """It has all steps in one line."""
    (tmp_path / "gone").write_text("x")
    stage = journal.stage(tmp_path)
    (stage / "0").write_text("1")
    (stage / "journal").write_text('[["move","0","a/one"],["link","a/one","two"],["delete","gone",""]]')
    assert journal.recover(tmp_path)
    assert tree(tmp_path) == {"a/one": "1", "two": "1"}


def test_more_folders_than_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is made, also the one that comes again."""
    monkeypatch.setattr(journal, "_REMEMBERED", 1)
    (tmp_path / "one").write_text("1")
    journal.stage(tmp_path)
    journal.commit(tmp_path, [("link", "one", f"{folder}/{folder}{at}") for at in "12" for folder in "abc"])
    assert set(tree(tmp_path)) == {"one", *(f"{folder}/{folder}{at}" for at in "12" for folder in "abc")}


def test_a_link_over_a_name_of_the_same_file_is_no_step(tmp_path: Path) -> None:
    """Renaming one name of a file over another one does nothing and would leave a spare name behind."""
    (tmp_path / "one").write_text("1")
    os.link(tmp_path / "one", tmp_path / "two")
    for _ in range(2):
        journal.stage(tmp_path)
        journal.commit(tmp_path, [("link", "one", "two"), ("link", "one", "three")])
    assert tree(tmp_path) == {"one": "1", "two": "1", "three": "1"}
    assert (tmp_path / "one").stat().st_nlink == 3


def test_deletions_take_empty_folders_along_and_nothing_else(tmp_path: Path) -> None:
    """Up to the first folder that still holds something, never the root and never what lies beside it."""
    root = tmp_path / "root"
    for name in ("deep/er/gone", "deep/er/est/gone", "wide/gone", "wide/stays"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    journal.stage(root)
    gone = ["deep/er/gone", "deep/er/est/gone", "wide/gone", "never/was"]
    journal.commit(root, [("delete", name, "") for name in gone])
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")} == {
        "root", "root/wide", "root/wide/stays",
    }  # fmt: skip


def test_a_folder_may_become_empty(tmp_path: Path) -> None:
    """The root itself stays when its last file goes."""
    (tmp_path / "only").write_text("")
    journal.stage(tmp_path)
    journal.commit(tmp_path, [("delete", "only", "")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "rounds", [pytest.param(30, id="30"), pytest.param(200, id="200", marks=pytest.mark.slow)]
)
def test_kill_at_any_moment(tmp_path: Path, rounds: int) -> None:
    """SIGKILL at random moments: after recovery the tree is the old or the new one, and both occur."""
    command = [sys.executable, "-m", "tests.trees", str(tmp_path), str(rounds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    counted = dict(pair.split("=") for pair in done.stdout.split())
    assert int(counted["old"]) + int(counted["new"]) == rounds
    assert int(counted["midway"]) > 0, "no kill fell into the change itself"


def test_what_cannot_be_brought_to_the_disk_is_not_decided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the disk comes before the decision, and the old state stays."""
    (journal.stage(tmp_path) / "1").write_bytes(b"new")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace(syncfs=lambda _: -1))
    with pytest.raises(OSError, match="cannot be brought to the disk"):
        journal.commit(tmp_path, [("move", "1", "a")])
    assert journal.recover(tmp_path) is False
    assert list(tmp_path.iterdir()) == []


def test_a_system_that_syncs_everything_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where one file system cannot be synced alone, all of them are."""
    synced: list[bool] = []
    (journal.stage(tmp_path) / "1").write_bytes(b"new")
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: SimpleNamespace())
    monkeypatch.setattr(os, "sync", lambda: synced.append(True))
    journal.commit(tmp_path, [("move", "1", "a")])
    assert (synced, (tmp_path / "a").read_bytes()) == ([True], b"new")
