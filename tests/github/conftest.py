"""A checkout with a remote, small data and a stand-in for `gh`, as a runner has them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.github.gh import NOTHING
from tests.site import ROOT, Site, serving_site

PARTS = (
    *("build.py", "commands", "catalog", "providers", "site", "clients/js"),
    *("requirements.lock", "Makefile", ".github"),
)
"""What of the repository the scripts need."""
MAIL = "person@example.test"


@dataclass
class Runner:
    """One checkout on one machine of GitHub."""

    folder: Path
    """The checkout."""
    scratch: Path
    """Where the machine keeps its own files."""
    site: Site
    """The hand-made upstreams."""
    environ: dict[str, str] = field(default_factory=dict)
    """What every step is told."""

    def script(self, name: str, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a script, however it ends."""
        command = [str(self.folder / ".github/scripts" / name), *words]
        around = {**self.environ, **environ}
        return subprocess.run(
            command, cwd=self.folder, env=around, capture_output=True, text=True, check=False
        )

    def step(self, name: str, *words: str, **environ: str) -> str:
        """Run a script that has to do well, and return what it printed."""
        done = self.script(name, *words, **environ)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def git(self, *words: str) -> str:
        """Run git as a person and return what it printed."""
        named = ["-c", "user.name=person", "-c", f"user.email={MAIL}", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *named, *words], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def build(self) -> None:
        """Put a finished tree into the output folder, as `tree` does."""
        self.site.build()
        shutil.copytree(self.site.output, self.folder / "output", dirs_exist_ok=True)

    @property
    def github(self) -> dict[str, Any]:
        """What the stand-in knows."""
        told: dict[str, Any] = json.loads((self.scratch / "gh.json").read_text())
        return told

    def know(self, **facts: object) -> None:
        """Tell the stand-in something else."""
        file = self.scratch / "gh.json"
        file.write_text(json.dumps({**NOTHING, **(self.github if file.exists() else {}), **facts}))

    def said(self, name: str) -> str:
        """Return the last value of an output."""
        lines = (self.scratch / "output").read_text().splitlines()
        return [line.partition("=")[2] for line in lines if line.startswith(f"{name}=")][-1]

    def summary(self) -> str:
        """Return what the run's page shows."""
        return (self.scratch / "summary").read_text()


@pytest.fixture
def runner(tmp_path: Path) -> Iterator[Runner]:
    """A checkout of the repository with the data of a small site, pushed to a bare remote."""
    with serving_site(tmp_path / "site") as site:
        one = Runner(tmp_path / "checkout", tmp_path / "scratch", site)
        one.scratch.mkdir()
        _checkout(one.folder)
        shutil.copytree(site.data, one.folder / "data")
        (one.folder / "data/state.json").write_text('{"gateways": {}}\n')
        _command(one.scratch / "bin")
        one.environ = _environ(one)
        _pushed(one, tmp_path / "remote.git")
        yield one


def _checkout(folder: Path) -> None:
    leave = shutil.ignore_patterns("__pycache__", "node_modules")
    for name in PARTS:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=leave)
        else:
            shutil.copy2(source, target)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / "output").mkdir()
    (folder / ".gitignore").write_text(
        ".venv\n/output/\n/night/\n/part/\n/parts/\n/built/\n__pycache__/\n*.tar\n"
    )


def _command(folder: Path) -> None:
    folder.mkdir()
    (folder / "gh").symlink_to(Path(__file__).parent / "gh.py")


def _environ(one: Runner) -> dict[str, str]:
    files = {"GITHUB_OUTPUT": "output", "GITHUB_STEP_SUMMARY": "summary", "GH_STATE": "gh.json"}
    return {
        **os.environ,
        **one.site.environ,
        **{name: str(one.scratch / file) for name, file in files.items()},
        "RUNNER_TEMP": str(one.scratch),
        "CHECKS": "success",
        "PATH": f"{one.scratch / 'bin'}:{os.environ['PATH']}",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_SYSTEM": os.devnull,
    }


def _pushed(one: Runner, remote: Path) -> None:
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", remote], check=True)
    one.git("init", "-q", "-b", "main")
    one.git("add", "--all")
    one.git("commit", "-q", "-m", "The repository")
    one.git("remote", "add", "origin", str(remote))
    one.git("push", "-q", "origin", "main")
