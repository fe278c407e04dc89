"""What stops a build, in words, and leaves everything as it was."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from catalog.tree import locked
from tests.site import HOUR_LATER, Site
from tests.toys import contents

pytestmark = pytest.mark.usefixtures("waits", "unsynced")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--gateway", "nobody"], id="no such gateway"),
        pytest.param(["--max-age", "soon"], id="no age"),
        pytest.param(["--base-url", "ftp://x"], id="no base URL"),
        pytest.param(["--concurrency", "0"], id="no requests at once"),
        pytest.param(["--nonsense"], id="no such option"),
        pytest.param(["check", "nowhere"], id="no such folder"),
        pytest.param(["show"], id="no id"),
        pytest.param(["show", "a//b"], id="a bad id"),
        pytest.param(["show", "x" * 600], id="a long id"),
        pytest.param(["--offline", "fetch"], id="an option before the command"),
        pytest.param(["--data", "x", "--output", "x"], id="one folder for both"),
        pytest.param(["--data", "x/data", "--output", "x"], id="data in the output folder"),
        pytest.param(["--data", "x", "--output", "x/y/output"], id="the output folder in data"),
    ],
)
def test_misuse_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    """Said with usage, and nothing happens."""
    monkeypatch.chdir(tmp_path)
    done = Site(tmp_path, {}).call(*words)
    assert (done.exit_code, "Error: " in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_one_build_at_a_time(built: Site) -> None:
    """The second one says so in one line."""
    before = contents(built.folder)
    for folder in (built.output, built.data):
        with locked(folder):
            done = built.try_build()
        assert (done.exit_code, done.output) == (1, f"Error: another build is at work in {folder}\n")
    assert contents(built.folder) == before


def test_a_folder_that_cannot_be_written(built: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line, exit 1, and nothing is half-written."""
    before = contents(built.folder)
    real = os.mkdir

    def refuse(path: str | Path, mode: int = 0o777) -> None:
        if Path(path).is_relative_to(built.output):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real(path, mode)

    monkeypatch.setattr(os, "mkdir", refuse)
    done = built.try_build(SOURCE_DATE_EPOCH=HOUR_LATER)
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        1, f"Error: Permission denied: {built.output / '.next'}",
    )  # fmt: skip
    assert contents(built.folder) == before


def test_a_report_that_cannot_be_written(site: Site) -> None:
    """Said before anything is done."""
    done = site.try_build("--report", str(site.folder / "no" / "such" / "report.json"))
    assert (done.exit_code, site.tree()) == (2, {})
    assert "there is no folder" in done.output


@pytest.mark.parametrize(
    "url", ["ftp://host", "https://host/a b", "https://host/?q", "https://host/#x", "host"]
)
def test_a_base_url_that_is_none(site: Site, url: str) -> None:
    """Every link would be broken."""
    assert site.try_build("--base-url", url).exit_code == 2


def test_a_snapshot_that_lost_lines_is_not_published(built: Site) -> None:
    """It would pass for a catalog that lost models."""
    path = built.data / "snapshots" / "deepinfra.jsonl"
    before, lines = built.tree(), path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    done = built.try_build("--offline")
    assert (done.exit_code, built.tree()) == (1, before)
    assert "deepinfra.jsonl holds" in done.output
    built.build("--offline", "--accept", "deepinfra")


def test_an_empty_catalog_is_never_published(built: Site) -> None:
    """Data that went missing as a whole would empty the tree."""
    before = built.tree()
    for path in (built.data / "state.json", *(built.data / "snapshots").iterdir()):
        path.unlink()
    done = built.try_build("--offline")
    assert (done.exit_code, built.tree()) == (1, before)
    assert "there is nothing to publish" in done.output


def test_a_lost_state_is_not_overlooked(built: Site) -> None:
    """Without it nothing is compared, and a shrunk list would be believed."""
    (built.data / "state.json").unlink()
    done = built.try_build()
    assert done.exit_code == 1
    assert "data/state.json does not know data/snapshots/openrouter.jsonl" in done.output


@pytest.mark.parametrize("epoch", ["soon", "1e9", "9" * 30])
def test_a_moment_that_is_none(site: Site, epoch: str) -> None:
    """SOURCE_DATE_EPOCH is named."""
    done = site.try_build(SOURCE_DATE_EPOCH=epoch)
    assert done.exit_code == 1
    assert done.output == f"Error: SOURCE_DATE_EPOCH is no moment in seconds: {epoch!r}\n"


def test_a_broken_file_of_ours_stops_the_build(built: Site) -> None:
    """With one line that names it, and the tree stays."""
    before = built.tree()
    path = built.data / "snapshots" / "chutes.jsonl"
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    done = built.try_build("--offline")
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {path} line 1 cannot be read: ")
    assert (len(done.output.splitlines()), built.tree()) == (1, before)


def test_a_full_disk(built: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old tree stays, data/ as well, and of the new one nothing is left lying about."""
    before = contents(built.folder)

    def full(_: int, __: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    done = built.try_build("--base-url", "https://example.test", SOURCE_DATE_EPOCH=HOUR_LATER)
    assert (done.exit_code, "No space left on device" in done.output) == (1, True)
    assert contents(built.folder) == before
    assert not (built.output / ".next").exists()
    assert not (built.data / ".next").exists()
