"""Nights of `build.py` in a row, what they must leave behind, and the good ones among them once more."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from catalog.tree import Present
from catalog.verify import verify
from tests.site import ROOT
from tests.soak.faults import FAULTS, Fault, draw
from tests.soak.server import Upstreams, serving
from tests.soak.upstreams import GATEWAYS, Models, begin, dollars, next_night, published_id

FIRST = datetime(2026, 11, 20, 2, 17, tzinfo=UTC)
FAULTY = 0.35
"""Share of all nights of all gateways on which something is wrong."""
KILLED = 0.15
"""Share of the nights on which the build is killed at some moment, and started again."""
CULL = 0.04
"""Share of the nights on which a gateway takes many models away, whose list then waits for a person."""
LONGEST = 300
"""Seconds after which a build hangs."""


@dataclass
class Tally:
    """What was tried and what came of it."""

    nights: int = 0
    faults: int = 0
    """Gateways that misbehaved, each night counted."""
    good: int = 0
    """Answers that were taken."""
    kills: int = 0
    """Builds that were killed and completed by the next one."""
    prices: int = 0
    """Published prices that were compared with those of the upstream's last good night."""
    lost: int = 0
    """Models that the upstream listed on its last good night and that are not published."""
    invented: int = 0
    """Models that are published, though it did not."""
    wrong: int = 0
    """Prices that are not those of the last good night."""
    accepted: int = 0
    """Lists that really shrank and were held, until a person accepted them."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Fault → how often."""
    trouble: list[str] = field(default_factory=list)
    """Whatever must not happen, in words."""

    def told(self) -> dict[str, Any]:
        """Return the figures for a report."""
        return vars(self)


@dataclass
class Good:
    """What of one night was taken: enough to have it once more."""

    moment: datetime
    models: dict[str, Models]
    """Gateway → what it listed."""
    accepted: set[str] = field(default_factory=set)


class Soak:
    """One series of nights in one folder."""

    def __init__(self, folder: Path, seed: int, faults: Sequence[Fault] = FAULTS) -> None:
        self.tally = Tally()
        self.good: list[Good] = []
        self._folder = folder
        self._chance = random.Random(seed)
        self._deck = draw(random.Random(seed + 1), faults)
        self._models = {name: begin(self._chance) for name in GATEWAYS}
        self._last: dict[str, Models] = {}
        self._culled: set[str] = set()

    def run(self, nights: int) -> Tally:
        """Live through so many nights, the first and the last of them without faults, and look back."""
        with serving() as upstreams:
            for number in range(nights):
                faulty = 0 < number < nights - 1
                self._night(upstreams, FIRST + timedelta(days=number), self._drawn() if faulty else {})
            self._look_back(upstreams)
        return self.tally

    def _drawn(self) -> dict[str, Fault]:
        return {name: next(self._deck) for name in GATEWAYS if self._chance.random() < FAULTY}

    def _night(self, upstreams: Upstreams, now: datetime, faults: Mapping[str, Fault]) -> None:
        if self._last:
            self._live_on()
        self.tally.nights += 1
        self.tally.faults += len(faults)
        self.tally.kinds.update(fault.name for fault in faults.values())
        upstreams.tonight(self._models, faults)
        words = ["--output", str(self._folder / "output"), "--log-attempt"]
        if self._chance.random() < KILLED:
            self._kill(upstreams, now, words)
            upstreams.tonight(self._models, faults)
        self._build(upstreams, now, words)
        sound = {name for name in GATEWAYS if name not in faults or faults[name].good}
        accepted = {name for name in sound & self._culled if self._states()[name]["state"] == "held"}
        if accepted:
            self.tally.accepted += len(accepted)
            more = [word for name in sorted(accepted) for word in ("--accept", name, "--gateway", name)]
            self._build(upstreams, now, [*words, *more])
        self._culled -= sound
        self._judge(now, sound, faults, Good(now, {}, accepted))

    def _live_on(self) -> None:
        """Let a day pass; now and then a gateway really takes a sixth of its models away."""
        self._models = {name: next_night(its, self._chance) for name, its in self._models.items()}
        if self._chance.random() < CULL:
            name = self._chance.choice(sorted(GATEWAYS))
            self._models[name] = dict(list(self._models[name].items())[len(self._models[name]) // 6 :])
            self._culled.add(name)

    def _judge(self, now: datetime, sound: set[str], faults: Mapping[str, Fault], good: Good) -> None:
        for name, row in self._states().items():
            fresh = row["state"] == "fresh"
            if fresh != (name in sound):
                fault = faults[name].name if name in faults else "no fault"
                self._trouble(now, f"{name} is {row['state']} after {fault}: {row['reason']}")
            if fresh and name in sound:
                good.models[name] = self._last[name] = self._models[name]
        self.tally.good += len(good.models)
        self.good.append(good)
        for name, models in self._last.items():
            self._compare(now, name, models)
        root = self._folder / "output"
        for problem in verify(Present(root), lambda path: (root / path).read_bytes()):
            self._trouble(now, problem)

    def _compare(self, now: datetime, name: str, models: Models) -> None:
        """Hold what is published of a gateway to its last good night."""
        listed = json.loads((self._folder / f"output/catalog/gateway/{name}.json").read_bytes())["models"]
        shown = {row["id"]: (row["prompt"], row["completion"]) for row in listed}
        due = {published_id(name, each): tuple(map(dollars, price)) for each, price in models.items()}
        lost, invented = due.keys() - shown.keys(), shown.keys() - due.keys()
        wrong = {each for each in due.keys() & shown.keys() if due[each] != shown[each]}
        self.tally.lost += len(lost)
        self.tally.invented += len(invented)
        self.tally.wrong += len(wrong)
        self.tally.prices += 2 * len(due)
        for word, found in (("lost", lost), ("invented", invented), ("with a wrong price", wrong)):
            if found:
                self._trouble(now, f"{name}: {len(found)} models {word}, such as {min(found)}")

    def _states(self) -> dict[str, Any]:
        told = json.loads((self._folder / "output/catalog/gateways.json").read_bytes())
        return {row["id"]: row for row in told["gateways"]}

    def _trouble(self, now: datetime, words: str) -> None:
        line = f"{now:%Y-%m-%d} {words}"
        sys.stderr.write(f"{line}\n")
        self.tally.trouble.append(line)

    # ----------------------------------------------------------------------------------- builds

    def _start(
        self, upstreams: Upstreams, now: datetime, words: list[str], data: str
    ) -> subprocess.Popen[str]:
        command = [sys.executable, str(ROOT / "build.py"), *words, "--data", str(self._folder / data)]
        environ = os.environ | upstreams.environ
        environ |= {"SOURCE_DATE_EPOCH": str(int(now.timestamp())), "GITHUB_SHA": "0" * 40}
        return subprocess.Popen(
            [*command, "--no-huggingface"],
            env=environ,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def _build(self, upstreams: Upstreams, now: datetime, words: list[str], data: str = "data") -> None:
        with self._start(upstreams, now, words, data) as process:
            output, _ = process.communicate(timeout=LONGEST)
        if process.returncode:
            self._trouble(now, f"build.py ended with {process.returncode}: {output[-500:]}")

    def _kill(self, upstreams: Upstreams, now: datetime, words: list[str]) -> None:
        """Begin a build and kill it at some moment."""
        with self._start(upstreams, now, words, "data") as process:
            time.sleep(self._chance.uniform(0.2, 4))
            process.send_signal(signal.SIGKILL)
            process.communicate()
        self.tally.kills += process.returncode == -signal.SIGKILL

    # -------------------------------------------------------------------------------- looking back

    def _look_back(self, upstreams: Upstreams) -> None:
        """Have the good nights alone once more, elsewhere: `data/` must come to say the same."""
        for good in self.good:
            upstreams.tonight(good.models, {})
            # What a person accepted came in a build of its own, after that of the night.
            for names in (good.models.keys() - good.accepted, good.accepted):
                words = [word for name in sorted(names) for word in ("--gateway", name)]
                words += [word for name in sorted(names & good.accepted) for word in ("--accept", name)]
                if words:
                    self._build(upstreams, good.moment, ["fetch", *words], "again")
        self._compare_data()

    def _compare_data(self) -> None:
        kept, again = (_lasting(self._folder / name) for name in ("data", "again"))
        if not any(name.startswith("changes/") for name in kept):
            self._trouble(FIRST, "no event to compare with a replay of the good nights")
        for name in sorted(kept.keys() | again.keys()):
            if kept.get(name) != again.get(name):
                self._trouble(FIRST, f"data/{name} is not what the good nights alone leave")


def _lasting(data: Path) -> dict[str, bytes]:
    """Return what of a data folder must not know of nights that went wrong: snapshots and events."""
    files = [*data.glob("snapshots/*"), *data.glob("changes/*")]
    return {path.relative_to(data).as_posix(): path.read_bytes() for path in files}
