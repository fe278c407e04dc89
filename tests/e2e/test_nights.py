"""Ten nights: how little is written when little changes, in the tree and in git."""

from __future__ import annotations

import random
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest

from tests.toys import NOW, marks, run, toy, world

MODELS, ORGANISATIONS, SHARE = 16_500, 6_000, 0.03
"""As large as the real catalog, with capitals in the ids as there."""


def git(folder: Path, *words: str) -> None:
    """Run git without anybody's settings."""
    named = ["-c", "user.name=x", "-c", "user.email=x@x", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *named, *words], cwd=folder, check=True, capture_output=True)


def packed(folder: Path) -> int:
    """Commit everything and return the size of the packed repository."""
    git(folder, "add", "data")
    git(folder, "commit", "-q", "--allow-empty", "-m", "night")
    git(folder, "gc", "-q", "--prune=now")
    return sum(path.stat().st_size for path in (folder / ".git/objects").rglob("*") if path.is_file())


@pytest.mark.slow
def test_ten_nights(tmp_path: Path) -> None:
    """With 3 % of the prices changed a night writes at most 5 % of the files and adds under 0.5 MB to git."""
    chance = random.Random(10)
    one = toy(ids=[f"Org{number % ORGANISATIONS}/Model-{number}" for number in range(MODELS)])
    git(tmp_path, "init", "-q")
    run(tmp_path, world(one))
    before, size = marks(tmp_path / "output"), packed(tmp_path)
    for night in range(1, 11):
        for row in chance.sample(one.rows, int(MODELS * SHARE)):
            row["price"] = f"0.00000{chance.randint(1, 999):03}"
        run(tmp_path, world(one, now=NOW + timedelta(days=night)), log_attempt=True)
        after = marks(tmp_path / "output")
        assert sum(before.get(name) != mark for name, mark in after.items()) <= 0.05 * len(after)
        grown = packed(tmp_path)
        assert grown - size < 500_000
        before, size = after, grown
