"""Golden files: what a piece of the program wrote when a person last read it."""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"
"""Where the golden files are."""
UPDATE = "GATELOG_UPDATE_GOLDEN"
"""The variable that, set to 1, makes `check` write instead of compare; review the diff afterwards."""


def check(path: Path, text: str, *, update: bool | None = None) -> None:
    """Compare a text with its golden file, or write the file when that is asked for.

    A missing file fails like a different one: a comparison with nothing proves nothing.
    """
    if update is None:
        update = os.environ.get(UPDATE) == "1"
    if update:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
        return
    assert path.is_file(), f"{path.name} is missing: set {UPDATE}=1 once, then read what was written"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs: {UPDATE}=1 refreshes it"
