"""`python -m tests.hostile`: build a site of nasty strings and count what went through which format."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hostile import commands
from tests.hostile.checks import check_of, format_of, paths
from tests.hostile.corpus import CORPUS
from tests.hostile.gateways import build_both


def main() -> int:
    """Print the counts; exit 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON alone")
    asked = parser.parse_args()
    with TemporaryDirectory(prefix="gatelog-hostile-") as scratch:
        files, wrong = _counted(Path(scratch))
    told = {
        "strings": len(CORPUS),
        "formats": len(files),
        "tried": len(CORPUS) * len(files),
        "files": dict(sorted(files.items())),
        "failed": len(wrong),
        "wrong": wrong,
    }
    sys.stdout.write(json.dumps(told, indent=None if asked.json else 2) + "\n")
    return 1 if wrong else 0


def _counted(folder: Path) -> tuple[Counter[str], list[str]]:
    """Return how many texts of each format were looked at, and what was wrong with them."""
    tree = build_both(folder)
    files, wrong = Counter({"path": len(tree.files)}), list(paths(tree.files))
    for path, body in tree.files.items():
        check = check_of(path)
        files[format_of(path)] += 1
        wrong += [f"{path} is of an unknown format"] if check is None else check(path, body, tree)
    for name, command in commands.COMMANDS.items():
        said = list(command(folder / "nasty"))
        files[f"output of {name}"] = len(said)
        wrong += [problem for each in said for problem in commands.wrong(each)]
    files["report for a pull request"] = 1
    wrong += commands.markdown(folder / "nasty")
    return files, wrong


if __name__ == "__main__":
    sys.exit(main())
