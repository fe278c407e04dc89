"""The lock of a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog.errors import StopBuildError
from catalog.tree import locked


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
