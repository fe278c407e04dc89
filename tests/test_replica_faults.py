"""Real lists with faults in them, from a replica of the gateways: nothing is lost and no price is wrong.

`GATELOG_REPLICA` names the program that replays captured answers and misbehaves as its `--fault` says.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import orjson
import pytest

from catalog.run import Run
from catalog.settings import Settings
from catalog.store import Store
from providers import ADAPTERS
from tests.faults.judge import DEADLINE
from tests.faults.rig import FIRST, world

VARIABLE = "GATELOG_REPLICA"
pytestmark = [pytest.mark.slow, pytest.mark.captures]
NAMES = tuple(adapter.GATEWAY.id for adapter in ADAPTERS)
STALE = (
    "status429", "status429-date", "status500", "status503-html", "401", "html200", "null", "notjson",
    "redirect-private", "redirect-loop", "bomb:300", "timeout", "drip", "reset", "truncated",
    "truncated-nolength", "huge-header:200",
)  # fmt: skip
"""No usable answer."""
FRESH = ("bom", "slow-start:0.1")
"""A usable one all the same."""
ROWS = (
    "empty", "shrink:60", "rename-field:id:identifier", "null-field:id", "null-field:pricing", "dup-ids",
    "bad-row:5", "nan", "negative-price", "hostile-ids", "hostile-text",
)  # fmt: skip
"""What becomes of these depends on how many rows a list has."""
Prices = dict[str, tuple[object, object]]
"""Id → price of input and output, of what is listed."""


@contextmanager
def replica(*faults: str) -> Iterator[dict[str, str]]:
    """Start the replica and yield what leads a build to it."""
    program = os.environ.get(VARIABLE)
    if not program:
        pytest.skip(f"{VARIABLE} names no replica of the gateways")
    words = [sys.executable, program]
    options = [word for fault in faults for word in ("--fault", fault)]
    command = [*words, "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            port = server.stdout.readline().strip()
            told = subprocess.run([*words, "env", "--port", port], capture_output=True, text=True, check=True)
            lines = (line.removeprefix("export ").partition("=") for line in told.stdout.splitlines())
            yield {name: value for name, _, value in lines}
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Prices]]:
    """Fetch everything once without a fault."""
    data = tmp_path_factory.mktemp("replica")
    with replica() as environ:
        run = fetched(data, environ, NAMES, 0)
    assert {memory.state for memory in run.memories.values()} == {"fresh"}, run.memories
    run.store.commit()
    return data, {name: prices(run.store, name) for name in NAMES}


def fetched(data: Path, environ: dict[str, str], gateways: tuple[str, ...], day: int) -> Run:
    """Fetch some gateways; nothing is committed."""
    settings = Settings(output=data, data=data, gateways=gateways, no_huggingface=True)
    run = Run(settings, world(environ, FIRST + timedelta(days=day)))
    run.refresh()
    return run


def prices(store: Store, gateway: str) -> Prices:
    """Read what the next snapshot of a gateway lists."""
    rows = (orjson.loads(line) for line in store.lines(gateway))
    found = ((row["id"], row.get("pricing", {})) for row in rows if "removed_at" not in row)
    return {name: (pricing.get("prompt"), pricing.get("completion")) for name, pricing in found}


@pytest.mark.parametrize("gateway", NAMES)
@pytest.mark.parametrize("fault", [*STALE, *FRESH, *ROWS])
def test_a_fault_in_a_real_list(before: tuple[Path, dict[str, Prices]], fault: str, gateway: str) -> None:
    """No model is lost, no price is another one, the fetch ends in time, and what is wrong is said."""
    data, due = before
    with replica(f"{gateway}={fault}") as environ:
        run = fetched(data, environ, (gateway,), 1)
    memory, outcome = run.memories[gateway], run.outcomes[gateway]
    found = prices(run.store, gateway)
    run.store.discard()
    assert not due[gateway].keys() - found.keys()
    known = {name: price for name, price in due[gateway].items() if None not in price}
    assert {name: found[name] for name in known} == known
    assert outcome.seconds < DEADLINE * 2
    assert fault in ROWS or memory.state == ("fresh" if fault in FRESH else "stale"), memory
    assert memory.state == "fresh" or memory.reason
    assert memory.state != "fresh" or fault not in {"empty", "shrink:60", "null-field:id"}
