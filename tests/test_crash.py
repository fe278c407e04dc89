"""Builds that are killed: whatever they leave becomes the old or the new state."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.site import ROOT

PLACES = ("in the journal of data", "in the journal of output", "with a stage in output")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kills", "seed"),
    [pytest.param(100, 7, id="the first hundred"), pytest.param(100, 8, id="the second hundred")],
)
def test_kill_at_any_moment(kills: int, seed: int) -> None:
    """SIGKILL while it fetches, stages or applies: nothing is lost or half, the next night is as ever."""
    command = [sys.executable, "-m", "tests.crash", "--json", "--kills", str(kills), "--seed", str(seed)]
    # Coverage would measure forks that never end by themselves.
    environ = {**os.environ, "COVERAGE_PROCESS_CONFIG": ""}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=1500
    )
    assert done.stdout, done.stderr
    counted = json.loads(done.stdout)
    assert (counted["wrong"], done.returncode) == ([], 0)
    assert counted["survived"] == counted["kills"] >= kills
    if kills >= 100:
        assert all(counted["where"].get(place, 0) >= 5 for place in PLACES), counted["where"]
