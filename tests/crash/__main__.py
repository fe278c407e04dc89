"""`python -m tests.crash`: kill builds at random moments, look at what they left, and count.

A third of the kills fall on a moment in time, a third on a change of the file system drawn from all of them,
and a third on one of those that apply a decided journal, of `data/` or of `output/`. One in four builds dies
a second time while it recovers. Exit 1 when anything but the old or the new state was found.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from functools import partial
from pathlib import Path

from catalog import journal
from tests.crash.dying import Changes
from tests.crash.nights import (
    Night,
    building,
    command,
    copied,
    ended,
    forked,
    nights,
    state,
)

KILLS = 200
SEED = 7
AGAIN = 0.25
"""How often a build that was killed is killed a second time."""
LATE = 1.1
"""How far behind the usual end of a build a kill may fall, so that its last steps are met as well."""


def main() -> int:
    """Read the options, kill, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=KILLS)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--json", action="store_true", help="print the counts as JSON alone")
    asked = parser.parse_args()
    started = time.monotonic()
    with nights() as (folder, found):
        rig = Rig(folder, found, random.Random(asked.seed))
        for _ in range(asked.kills):
            rig.kill()
    told = {"seed": asked.seed, "seconds": round(time.monotonic() - started), **rig.told()}
    sys.stdout.write(json.dumps(told, indent=None if asked.json else 2) + "\n")
    return 1 if rig.wrong else 0


class Rig:
    """Kills builds and looks at what they leave."""

    def __init__(self, folder: Path, found: list[Night], chance: random.Random) -> None:
        self.wrong: list[str] = []
        """What was found that never should be."""
        self._site = folder / "site"
        self._log = folder / "log"
        self._chance = chance
        self._nights = found
        self._states = {
            night.name: {part: (state(night.before / part), state(night.after / part)) for part in PARTS}
            for night in found
        }
        self._counted: Counter[str] = Counter()
        self._kills = self._survived = 0

    def told(self) -> dict[str, object]:
        """Return the counts."""
        return {
            "kills": self._kills,
            "survived": self._survived,
            "where": dict(sorted(self._counted.items())),
            "wrong": self.wrong,
        }

    def kill(self) -> None:
        """Kill one build, recover, and build once more."""
        night = self._chance.choice(self._nights)
        copied(night.before, self._site)
        where = self._killed(night)
        while not where:  # it came to its end first: no kill
            copied(night.before, self._site)
            where = self._killed(night)
        if self._chance.random() < AGAIN and self._killed(night):
            self._counted["killed a second time"] += 1
            self._kills += 1
            self._survived += 1
        self._kills += 1
        self._counted[f"{night.name} night"] += 1
        self._counted[where] += 1
        problem = self._recovered(night) or self._rebuilt(night)
        if problem:
            self.wrong.append(f"kill {self._kills}, {night.name} night, {where}: {problem}")
        else:
            self._survived += 1

    def _killed(self, night: Night) -> str | None:
        """Start a build and kill it; returns what it was at, None when it came to its end first."""
        granted = self._granted(night)
        if granted is None:
            child = forked(partial(building, self._site, night.environ), self._log)
            time.sleep(self._chance.uniform(0, LATE) * night.seconds)
            os.kill(child, signal.SIGKILL)
            code = ended(child)
        else:
            code = ended(forked(partial(_dying, granted, self._site, night), self._log))
        if code not in (0, -signal.SIGKILL):
            self.wrong.append(f"exit {code}: {self._log.read_text()}")
        return where_of(self._site) if code == -signal.SIGKILL else None

    def _granted(self, night: Night) -> int | None:
        """Draw the change of the file system before which a build has to die; None means by the clock."""
        begun, done = self._chance.choice([night.decided[:2], night.decided[2:]])
        choices = (None, self._chance.randrange(night.changes), self._chance.randrange(begun, done))
        return self._chance.choice(choices)

    def _recovered(self, night: Night) -> str | None:
        """Do the recovery step and compare; returns what is wrong."""
        journal.recover(self._site / "data")
        check = ["check", str(self._site / "output")]
        code = ended(forked(partial(command, night.environ, check), self._log))
        if code and any((self._site / "output").iterdir()):
            return f"check: {self._log.read_text()}"
        ends = []
        for part, known in self._states[night.name].items():
            found = state(self._site / part)
            if found not in known:
                return f"{part} is neither old nor new: {sorted(differing(found, known[1]))[:5]}"
            ends.append("new" if found == known[1] else "old")
        self._counted[f"found {' data, '.join(ends)} output"] += 1
        return "a tree without its data" if ends == ["old", "new"] else None

    def _rebuilt(self, night: Night) -> str | None:
        """Build once more; returns what differs from a build that nothing disturbed."""
        code = ended(forked(partial(building, self._site, night.environ), self._log))
        if code:
            return f"the next build: {self._log.read_text()}"
        for part, (_, new) in self._states[night.name].items():
            if differs := differing(state(self._site / part), new):
                return f"the next build makes another {part}: {sorted(differs)[:5]}"
        return None


PARTS = ("data", "output")


def _dying(granted: int, site: Path, night: Night) -> int:
    Changes(granted)
    return building(site, night.environ)


def where_of(site: Path) -> str:
    """Say what a build was at when it died."""
    stages = {part: site / part / journal.STAGE for part in ("output", "data")}
    for part, stage in stages.items():
        if (stage / "journal").exists():
            return f"in the journal of {part}"
    for part, stage in stages.items():
        if stage.exists():
            return f"with a stage in {part}"
    return "without a stage"


def differing(one: dict[str, bytes], other: dict[str, bytes]) -> set[str]:
    """Return the paths under which two states are not the same."""
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


if __name__ == "__main__":
    sys.exit(main())
