"""Two small trees and the change from one to the other; as a program, that change killed at random.

python -m tests.trees FOLDER ROUNDS
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

from catalog import journal

Tree = dict[str, str]
"""Path → content of every file; a folder without a file stands there with a slash and nothing in it."""

OLD: Tree = {
    "a/one.json": "1", "a/two.json": "2", "a/same.json": "same", "b/one.json": "1",
    "gone/deep/er.json": "x", "index.json": "old",
}  # fmt: skip
NEW: Tree = {
    "a/one.json": "one", "a/One.json": "one", "a/same.json": "same", "b/one.json": "one",
    "c/d/three.json": "three", "index.json": "new",
}  # fmt: skip


def tree(root: Path) -> Tree:
    """Read a whole folder, empty folders included and the stage left out."""
    found: Tree = {}
    for path in root.rglob("*"):
        name = str(path.relative_to(root))
        if path.is_file():
            found[name] = path.read_text()
        elif not any(path.iterdir()):
            found[f"{name}/"] = ""
    return {name: text for name, text in found.items() if not name.startswith(journal.STAGE)}


def plant(root: Path) -> None:
    """Make the old tree."""
    for name, text in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def change(root: Path, more: int = 0) -> None:
    """Turn the old tree into the new one, the long way round with `more` files to write again."""
    stage = journal.stage(root)
    again = [("a/same.json", "same")] * more
    moves = [("a/one.json", "one"), ("c/d/three.json", "three"), *again, ("index.json", "new")]
    steps: list[journal.Step] = []
    for number, (name, text) in enumerate(moves):
        (stage / str(number)).write_text(text)
        steps.append(("move", str(number), name))
    links: list[journal.Step] = [("link", "a/one.json", name) for name in ("a/One.json", "b/one.json")]
    gone: list[journal.Step] = [("delete", name, "") for name in ("a/two.json", "gone/deep/er.json")]
    journal.commit(root, [steps[0], *links, *steps[1:-1], *gone, steps[-1]])


def main(folder: Path, rounds: int) -> None:
    """Kill a change `rounds` times and print how the folder was found afterwards."""
    os.sync = lambda: None  # its effect cannot be seen from here
    chance = random.Random(rounds)
    found: Counter[str] = Counter()
    length = _timed(folder / "whole")
    for number in range(rounds):
        root = folder / str(number)
        plant(root)
        killed = _kill_after(chance.uniform(0, 1.2 * length), root)
        found["midway"] += killed and (root / journal.STAGE).exists()
        journal.recover(root)
        found["old" if tree(root) == OLD else "new" if tree(root) == NEW else "mixed"] += 1
        shutil.rmtree(root)
    sys.stdout.write(" ".join(f"{name}={found[name]}" for name in ("old", "new", "mixed", "midway")) + "\n")


def _timed(root: Path) -> float:
    plant(root)
    started = time.monotonic()
    change(root, more=100)
    return time.monotonic() - started


def _kill_after(seconds: float, root: Path) -> bool:
    """Let a process change a folder and kill it; True when it had not ended by itself."""
    child = os.fork()
    if child == 0:
        change(root, more=100)
        os._exit(0)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
