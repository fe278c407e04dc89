"""Writing: only what changed, all at once, and never anywhere else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from catalog import journal
from catalog.artifact import Artifact
from catalog.tree import read_manifest, read_shards, walked
from tests.catalog.written import GATEWAYS, MANIFEST, ONE, TWO, figures, publish, staged
from tests.toys import contents, marks

pytestmark = pytest.mark.usefixtures("unsynced")


def test_a_first_build_writes_everything(tmp_path: Path) -> None:
    """Two contents, one further name, the gateways and 257 files of the manifest."""
    assert figures(publish(tmp_path, ONE, TWO)) == (2 + 1 + 257, 0, 0, 1, 0)
    assert (tmp_path / "catalog/model/A/One.json").read_bytes() == b"1\n"
    assert (tmp_path / "catalog/model/A/One.json").samefile(tmp_path / ONE.path)


def test_a_second_build_writes_only_what_changed(tmp_path: Path) -> None:
    """Every other file keeps its inode and its time; here only the moment in the manifest moves."""
    publish(tmp_path, ONE, TWO)
    before = marks(tmp_path)
    report = publish(tmp_path, ONE, TWO, serial=2)
    assert figures(report) == (0, 1, 2 + 1 + 256, 0, 0)
    assert {name for name, mark in marks(tmp_path).items() if before[name] != mark} == {MANIFEST}


def test_a_changed_content_changes_all_of_its_names(tmp_path: Path) -> None:
    """And no other record; the one shard of the manifest that lists each of them follows."""
    publish(tmp_path, ONE, TWO)
    before = marks(tmp_path)
    publish(tmp_path, Artifact(ONE.path, b"one\n", ONE.names), TWO)
    changed = {name for name, mark in marks(tmp_path).items() if before[name] != mark}
    assert {name for name in changed if "manifest" not in name} == {ONE.path, *ONE.names}
    assert len(changed) <= 2 + 2 + 1
    assert (tmp_path / ONE.names[0]).samefile(tmp_path / ONE.path)


def test_what_is_no_longer_produced_goes(tmp_path: Path) -> None:
    """With the folders that it leaves empty; strangers of any kind go as well."""
    publish(tmp_path, ONE, TWO)
    (tmp_path / "catalog/stranger.html").write_text("?")
    (tmp_path / "index.html").write_text("?")
    report = publish(tmp_path, TWO)
    assert report.deleted == 4
    assert {name for name in walked(tmp_path) if "manifest" not in name} == {TWO.path, GATEWAYS}
    assert not (tmp_path / "catalog/model/A").exists()


def test_the_tracked_files_of_the_folder_stay(tmp_path: Path) -> None:
    """README.md and .gitignore belong to the repository, at the root and nowhere else."""
    for name in ("README.md", ".gitignore"):
        (tmp_path / name).write_text("kept")
    publish(tmp_path, ONE)
    (tmp_path / "catalog/README.md").write_text("a stranger")
    publish(tmp_path, ONE)
    assert [(tmp_path / name).exists() for name in ("README.md", ".gitignore", "catalog/README.md")] == [
        True, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda path: path.unlink(), id="missing"),
        pytest.param(lambda path: path.write_bytes(b"longer\n"), id="another size"),
    ],
)
@pytest.mark.parametrize("name", [ONE.path, ONE.names[0], TWO.path, GATEWAYS, "catalog/manifest/00.json"])
def test_a_damaged_file_is_put_back(tmp_path: Path, damage: Callable[[Path], None], name: str) -> None:
    """Whatever it is, the tree is what it was."""
    publish(tmp_path, ONE, TWO)
    before = contents(tmp_path)
    damage(tmp_path / name)
    publish(tmp_path, ONE, TWO)
    assert contents(tmp_path) == before


def test_a_file_that_no_manifest_knows_is_looked_at(tmp_path: Path) -> None:
    """Without its shard of the manifest a file counts as unchanged only after it was read."""
    publish(tmp_path, ONE, TWO)
    for shard in (tmp_path / "catalog/manifest").iterdir():
        shard.unlink()
    (tmp_path / TWO.path).write_bytes(b"X\n")
    report = publish(tmp_path, ONE, TWO)
    assert (report.updated, (tmp_path / TWO.path).read_bytes()) == (1, b"2\n")


def test_empty_folders_are_not_in_the_way(tmp_path: Path) -> None:
    """What is left of a tree whose files were deleted takes a new tree, at once and again."""
    for folder in ("catalog/model/a", "catalog/model/x/y", "schema"):
        (tmp_path / folder).mkdir(parents=True)
    assert publish(tmp_path, ONE, TWO).created > 0
    assert (tmp_path / ONE.path).read_bytes() == ONE.body
    assert figures(publish(tmp_path, ONE, TWO, serial=2))[:2] == (0, 1)


def listed(root: Path) -> dict[str, tuple[str, int]]:
    """Return what the manifest of a tree names."""
    return {path: entry for shard in read_shards(root) for path, entry in shard.items()}


def test_the_manifest_lists_every_file_and_nothing_else(tmp_path: Path) -> None:
    """Digest and size of each; gateways.json, which changes by itself, and the manifest are left out."""
    publish(tmp_path, ONE, TWO)
    files = {name: body for name, body in contents(tmp_path).items() if "manifest" not in name}
    del files[GATEWAYS]
    assert listed(tmp_path) == {name: (sha256(body).hexdigest(), len(body)) for name, body in files.items()}
    manifest = read_manifest(tmp_path)
    assert manifest is not None
    shards = {path.stem: path for path in (tmp_path / "catalog/manifest").iterdir()}
    assert manifest.shards == {name: sha256(path.read_bytes()).hexdigest() for name, path in shards.items()}
    for digits, path in shards.items():
        assert all(
            sha256(name.encode()).hexdigest()[:2] == digits for name in orjson.loads(path.read_bytes())
        )


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"a": [1]}', '{"a": 5}', "null"])
def test_a_broken_shard_of_the_manifest_knows_nothing(tmp_path: Path, text: str) -> None:
    """It costs a look at the files that it listed, never the build."""
    publish(tmp_path, ONE, TWO)
    before = contents(tmp_path)
    for shard in (tmp_path / "catalog/manifest").iterdir():
        shard.write_text(text)
    assert listed(tmp_path) == {}
    publish(tmp_path, ONE, TWO)
    assert contents(tmp_path) == before


def test_nothing_happens_before_the_commit(tmp_path: Path) -> None:
    """A staged tree is invisible, and the next writer forgets it."""
    publish(tmp_path, ONE)
    before = contents(tmp_path)
    staged(tmp_path, [TWO])
    assert {name: body for name, body in contents(tmp_path).items() if journal.STAGE not in name} == before
    publish(tmp_path, ONE)
    assert contents(tmp_path) == before


def test_a_full_disk_leaves_the_old_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However late it shows: here it takes no more than a few bytes of the new files."""
    publish(tmp_path, ONE)
    before = contents(tmp_path)

    def full(_: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", full)
        with pytest.raises(OSError, match="No space left"):
            publish(tmp_path, TWO)
    journal.recover(tmp_path)
    assert contents(tmp_path) == before


def test_a_write_may_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operating system is free to take fewer bytes than it is given."""
    real = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:7]))
    publish(tmp_path, Artifact("a.json", b"0123456789" * 5))
    assert (tmp_path / "a.json").read_bytes() == b"0123456789" * 5
