"""`python -m tests.faults [--json] [--table]`: every fault × every gateway; exit 1 if a promise is broken."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.faults import table
from tests.faults.judge import troubles
from tests.faults.kinds import KINDS
from tests.faults.night import PLACES, applies
from tests.faults.rig import Seen, rig


def main() -> int:
    """Try every cell and tell what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--json", action="store_true", help="figures for programs")
    parser.add_argument("--table", action="store_true", help="write the table of docs/faults.md")
    asked = parser.parse_args()
    os.sync = lambda: None  # nobody pulls the plug
    began = time.monotonic()
    seen, wrong = _tried()
    told = {
        "kinds": len(KINDS),
        "tried": len(seen),
        "lost": sum(len(each.lost) for each in seen.values()),
        "wrong": sum(len(each.wrong) for each in seen.values()),
        "unpriced": sum(len(each.unpriced) for each in seen.values()),
        "touched": sum(len(each.touched) for each in seen.values()),
        "most_megabytes": max(each.megabytes for each in seen.values()),
        "most_seconds": round(max(each.seconds for each in seen.values()), 1),
        "seconds": round(time.monotonic() - began),
        "trouble": wrong,
    }
    sys.stdout.write(json.dumps(told, indent=None if asked.json else 2) + "\n")
    if asked.table and not wrong:
        table.publish(table.markdown({cell: each.state for cell, each in seen.items()}))
    return 1 if wrong else 0


def _tried() -> tuple[dict[tuple[str, str], Seen], list[str]]:
    seen, wrong = dict[tuple[str, str], Seen](), list[str]()
    with TemporaryDirectory(prefix="gatelog-faults-") as folder, rig(Path(folder)) as nights:
        for kind, place in ((kind, place) for kind in KINDS for place in PLACES if applies(place, kind)):
            found = nights.night(place, kind)
            seen[kind.name, place.name] = found
            for trouble in troubles(place, kind, found):
                sys.stderr.write(f"{trouble}\n")
                wrong.append(trouble)
    return seen, wrong


if __name__ == "__main__":
    sys.exit(main())
