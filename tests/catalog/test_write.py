"""Writing: only what changed, all at once, and never anywhere else."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from catalog import journal
from catalog.artifact import Artifact, Limits
from catalog.errors import StopBuildError
from catalog.manifest import Stamped
from catalog.tree import locked, read_manifest, read_shards, walked
from catalog.write import Report, Writer
from tests.toys import LATER, NOW, contents, marks

pytestmark = pytest.mark.usefixtures("unsynced")

ONE = Artifact("catalog/model/a/one.json", b"1\n", ("catalog/model/A/One.json",))
TWO = Artifact("catalog/model/a/two.json", b"2\n")
GATEWAYS = "catalog/gateways.json"
MANIFEST = "catalog/manifest.json"


def staged(
    root: Path, artifacts: Iterable[Artifact], limits: Limits | None = None, serial: int = 1
) -> Writer:
    """Stage a whole tree without making it the published one."""
    root.mkdir(exist_ok=True)
    writer = Writer(root, limits)
    writer.stage(artifacts)
    stamped = Stamped(now=NOW if serial == 1 else LATER, serial=serial, commit=None, inputs="0" * 64)
    writer.finish([Artifact(GATEWAYS, b'{"gateways":[]}\n')], (2, 2), stamped)
    return writer


def publish(root: Path, *artifacts: Artifact, limits: Limits | None = None, serial: int = 1) -> Report:
    """Write a whole tree."""
    writer = staged(root, artifacts, limits, serial)
    writer.commit()
    return writer.report


def figures(report: Report) -> tuple[int, int, int, int, int]:
    """Return created, updated, unchanged, linked, deleted."""
    return report.created, report.updated, report.unchanged, report.linked, report.deleted


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


def test_one_build_at_a_time(tmp_path: Path) -> None:
    """The second one is told so at once; after the first the folder is free again."""
    with locked(tmp_path), pytest.raises(StopBuildError, match=f"another build is at work in {tmp_path}"):
        locked(tmp_path).__enter__()
    with locked(tmp_path):
        pass


def test_a_lock_makes_the_folder(tmp_path: Path) -> None:
    """A first build needs no preparation."""
    with locked(tmp_path / "new" / "output"):
        assert (tmp_path / "new" / "output").is_dir()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """In one line that names it."""
    (tmp_path / "file").write_text("")
    folder = tmp_path / "file" / "output"
    with pytest.raises(StopBuildError, match=f"{folder} cannot be used: Not a directory"):
        locked(folder).__enter__()
