"""A build on a full, read-only or divided disk, and with a clock that went back."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from catalog import journal
from tests.crash.dying import full_after
from tests.crash.nights import another_day
from tests.site import EPOCH, MANIFEST, ROOT, Site
from tests.toys import contents

DAY = 86_400
NEXT_NIGHT = {"SOURCE_DATE_EPOCH": str(int(EPOCH) + DAY)}
STAGES = ("data/.next", "output/.next")
pytestmark = pytest.mark.usefixtures("waits")


@pytest.fixture
def night(built: Site) -> Site:
    """Serve a site that was built once and whose upstreams tell of something else since."""
    another_day(built.catalog)
    return built


def parts(site: Site) -> dict[str, dict[str, bytes]]:
    """Read both folders."""
    return {name: contents(site.folder / name) for name in ("data", "output")}


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [pytest.param(2, id="2"), pytest.param(60, id="60")])
def test_the_disk_is_full(night: Site, tmp_path: Path, rounds: int) -> None:
    """From any moment on: exit 1, one line that says so, and the old state or the new one."""
    saved, chance = tmp_path / "saved", random.Random(rounds)
    for name in ("data", "output"):
        shutil.copytree(night.folder / name, saved / name)
    old = parts(night)
    night.build(**NEXT_NIGHT)
    new = parts(night)
    for _ in range(rounds):
        for name in ("data", "output"):
            shutil.rmtree(night.folder / name)
            shutil.copytree(saved / name, night.folder / name)
        with full_after(chance.randrange(250)):
            done = night.try_build(**NEXT_NIGHT)
        assert (done.exit_code, done.output.count("Error: No space left on device")) == (1, 1), done.output
        for name in ("data", "output"):
            journal.recover(night.folder / name)
        found = parts(night)
        assert found["data"] in (old["data"], new["data"])
        assert found["output"] in (old["output"], new["output"])
        assert night.call("check", str(night.output)).exit_code == 0


@contextmanager
def mounted(folder: Path, options: str) -> Iterator[None]:
    """Mount a small file system of its own in memory over a folder, or skip the test where nobody may."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", options, "gatelog-test", str(folder)]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_too_small_for_the_tree(site: Site) -> None:
    """A first build that runs out of room leaves nothing on the disk."""
    with mounted(site.output, "size=2m"):
        done = site.try_build()
        assert (done.exit_code, "Error: No space left on device" in done.output) == (1, True)
        assert list(site.output.iterdir()) == []
    assert not (site.data / ".next").exists()


def test_an_output_that_cannot_be_written(night: Site) -> None:
    """Exit 1, one line, and data/ is not ahead of the tree."""
    before = parts(night)
    with read_only(night.output):
        done = night.try_build(**NEXT_NIGHT)
    assert done.exit_code == 1
    assert "Error: Read-only file system" in done.output or "Error: Permission denied" in done.output
    assert parts(night) == before
    assert not any((night.folder / stage).exists() for stage in STAGES)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write away: by permissions, or from an administrator by a mount."""
    if os.geteuid():
        mode = folder.stat().st_mode
        folder.chmod(0o555)
        yield
        folder.chmod(mode)
        return
    subprocess.run(["mount", "--bind", str(folder), str(folder)], check=False, capture_output=True)
    command = ["mount", "-o", "remount,ro,bind", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("nothing can be made read-only here")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_an_output_on_another_file_system(night: Site, tmp_path: Path) -> None:
    """Nothing is moved from one to the other, and links stay links."""
    elsewhere = Path("/dev/shm") / f"gatelog-{os.getpid()}"  # noqa: S108 - a folder of our own in it
    if not os.access("/dev/shm", os.W_OK) or os.stat("/dev/shm").st_dev == tmp_path.stat().st_dev:  # noqa: S108, PTH116 - as above
        pytest.skip("there is one file system only")
    shutil.rmtree(night.output)
    night.output.symlink_to(elsewhere)
    elsewhere.mkdir()
    try:
        for moment in ({}, NEXT_NIGHT):
            night.build(**moment)
            assert night.call("check", str(night.output)).exit_code == 0
        assert night.output.is_symlink()
        upper = next((elsewhere / "catalog/model").rglob("*[A-Z]*.json"))
        assert upper.stat().st_nlink > 1
    finally:
        shutil.rmtree(elsewhere)


def test_a_clock_that_went_back(built: Site) -> None:
    """The tree is whole, its serial grows all the same, the log keeps its order, and it is said."""
    another_day(built.catalog)
    before = json.loads((built.output / MANIFEST).read_bytes())["serial"]
    done = built.build(SOURCE_DATE_EPOCH=str(int(EPOCH) - 3 * DAY))
    assert json.loads((built.output / MANIFEST).read_bytes())["serial"] > before
    assert (
        "! the clock says 2026-11-17T02:40:00Z, and the last build was at 2026-11-20T02:40:00Z" in done.output
    )
    assert built.call("check", str(built.output)).exit_code == 0
    again = built.build(**NEXT_NIGHT)
    assert "clock" not in again.output
    assert built.call("check", str(built.output)).exit_code == 0
    lines = (built.data / "changes/2026-11.jsonl").read_text().splitlines()
    logged = [json.loads(line)["at"] for line in lines]
    assert logged == sorted(logged)
    assert logged[0][:10] == "2026-11-17"


def test_a_terminal_that_knows_ascii_only(night: Site) -> None:
    """Nothing that is printed needs more than the terminal has."""
    night.build(**NEXT_NIGHT)
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    for words in (["diff", "--format", "line"], ["diff"]):
        command = [sys.executable, "build.py", *words, str(night.data), str(night.folder / "before")]
        shutil.copytree(night.data, night.folder / "before", dirs_exist_ok=True)
        row = night.folder / "before/snapshots/openrouter.jsonl"
        row.write_text(row.read_text().replace("0.0000033", "0.000004"))
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **plain}, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert "deare" in done.stdout
