"""python -m tests.soak [--nights 60] [--seed 7] [--json]: nights with faults; exit 1 if anything is wrong."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.soak.faults import FAULTS, SLOW_FAULTS
from tests.soak.nights import Soak


def main() -> int:
    """Live through the nights and tell what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="figures for programs")
    asked = parser.parse_args()
    began = time.monotonic()
    with TemporaryDirectory(prefix="gatelog-soak-") as folder:
        tally = Soak(Path(folder), asked.seed, FAULTS + SLOW_FAULTS).run(asked.nights)
    told = {**tally.told(), "seed": asked.seed, "seconds": round(time.monotonic() - began)}
    if asked.json:
        sys.stdout.write(json.dumps(told, indent=2, sort_keys=True) + "\n")
    else:
        sys.stdout.writelines(f"{name:<9} {value}\n" for name, value in told.items())
    return 1 if tally.trouble else 0


if __name__ == "__main__":
    sys.exit(main())
