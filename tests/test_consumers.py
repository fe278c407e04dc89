"""The tools that people already use read our exports: the real ones, in an environment of their own.

`make consumers` makes that environment; only a package index that cannot be reached skips these tests.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests import exported
from tests.exported import Call, Served

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "tests/consumers"
ENVIRONMENT = ROOT / "build/consumers"
UNREACHED = ("No matching distribution found", "Could not find a version", "Failed to establish")
"""What pip says where there is no package index."""
MANY_DIGITS = Decimal("1e-12")
"""How far sums of binary floats may be from the exact ones, in proportion."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python of the environment with the consumers."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build/.consumers-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", "consumers"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
        )
    if done.returncode and any(words in done.stderr for words in UNREACHED):
        pytest.skip(f"no package index: {done.stderr.strip()[-200:]}")
    assert done.returncode == 0, done.stderr[-2000:]
    return ENVIRONMENT / "bin/python"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve a tree with every kind of price."""
    folder = tmp_path_factory.mktemp("exported")
    exported.write(folder)
    served, server = exported.serve(folder)
    yield served
    server.shutdown()
    server.server_close()


def run(python: Path, script: str, *words: str, **environ: str) -> Any:  # noqa: ANN401 - what a script says
    """Run a script with the consumers and return what it prints; nothing of ours is on its path."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [python, "-I", str(SCRIPTS / script), *words],
        env={**bare, **environ}, cwd="/", capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def models(served: Served, file: str) -> Any:  # noqa: ANN401 - a document
    """Read one export."""
    return json.loads((served.folder / file).read_bytes())


def asked_of(served: Served, gateways: tuple[str, ...]) -> list[Call]:
    """Return the calls of every model with a price that some gateways have."""
    found = exported.priced(served.folder).values()
    return [call for data in found if data["source_gateway"] in gateways for call in exported.calls(data)]


LITELLM = {"openrouter": "openrouter/", "deepinfra": "deepinfra/", "chutes": "chutes/"}
GUARDS = {"MODEL_COST_MAP_MIN_MODEL_COUNT": "1", "MODEL_COST_MAP_MAX_SHRINK_RATIO": "0"}
MAP = "interop/litellm/gateways.json"
LEFT_OUT = {"openrouter/special/both", "openrouter/special/at-once", "openrouter/special/by-day"}
"""Priced models of the special ones whose price LiteLLM cannot express."""


def litellm_calls(served: Served, folder: Path) -> tuple[list[Call], Path]:
    """Write the calls that LiteLLM is asked for; those of its left out models are checked to be out."""
    named = [
        call._replace(model=LITELLM[call.gateway] + call.model) for call in asked_of(served, tuple(LITELLM))
    ]
    known = models(served, MAP)
    missing = {call.model for call in named} - known.keys()
    assert {name for name in missing if "special" in name} == LEFT_OUT
    assert all("chutes/" in name for name in missing - LEFT_OUT), missing
    found = [call for call in named if call.model in known]
    path = folder / "calls.json"
    path.write_text(json.dumps([call._asdict() for call in found]))
    return found, path


DATED = re.compile(r"-\d{4}-\d\d-\d\d$")
"""What `register_model` cuts off a name, when it knows the name without it alone."""


def check_litellm(served: Served, told: list[tuple[Call, dict[str, str]]]) -> None:
    """Compare what LiteLLM says with the records."""
    records = exported.priced(served.folder)
    assert len(told) > 450
    for call, said in told:
        pricing = records[f"{call.gateway} {call.model.partition('/')[2]}"]["pricing"]
        for name, meter in {
            "prompt": "prompt",
            "completion": "completion",
            "cache_read": "input_cache_read",
        }.items():
            price = pricing.get(meter)
            assert price is None or Decimal(said[name]) == Decimal(price), (call, said)
        cost = Decimal(call.cost)
        assert abs(Decimal(said["cost"]) - cost) <= cost * MANY_DIGITS, (call, said)


def test_litellm_registers_the_map(python: Path, served: Served, tmp_path: Path) -> None:
    """`register_model` takes the map, and every price and cost is that of the record."""
    asked, path = litellm_calls(served, tmp_path)
    told = run(
        python, "read_litellm.py", str(served.folder / MAP), str(path), LITELLM_LOCAL_MODEL_COST_MAP="True"
    )
    pairs = list(zip(asked, told["calls"], strict=True))
    own = [pair for pair, found in zip(pairs, told["own"], strict=True) if found]
    check_litellm(served, own)
    others = {call.model for (call, _), found in zip(pairs, told["own"], strict=True) if not found}
    assert all(DATED.search(name) and DATED.sub("", name) in models(served, MAP) for name in others), others
    assert len(others) < 10


def test_litellm_fetches_the_map(python: Path, served: Served, tmp_path: Path) -> None:
    """With the address in its variable LiteLLM knows our models alone, and not those that it brings along."""
    asked, path = litellm_calls(served, tmp_path)
    address = f"{served.url}/interop/litellm/model_prices_and_context_window.json"
    told = run(python, "read_litellm.py", "-", str(path), LITELLM_MODEL_COST_MAP_URL=address, **GUARDS)
    assert any("model_prices" in line for line in served.asked)
    assert told["entries"] == len(models(served, MAP))
    assert all(told["own"])
    check_litellm(served, list(zip(asked, told["calls"], strict=True)))


def test_genai_prices(python: Path, served: Served, tmp_path: Path) -> None:
    """`UpdatePrices` takes our address, and the price of every call is exactly that of the record."""
    asked = asked_of(served, ("openrouter", "portkey", "deepinfra", "chutes"))
    path = tmp_path / "calls.json"
    path.write_text(json.dumps([call._asdict() for call in asked]))
    told = run(python, "read_genai_prices.py", f"{served.url}/interop/genai-prices/data.json", str(path))
    priced = list(zip(asked, told, strict=True))
    left_out = {"special/both", "special/at-once", "special/with space", exported.LONG}
    assert {call.model for call, price in priced if price is None} == left_out
    wrong = [(call, price) for call, price in priced if price and Decimal(price) != Decimal(call.cost)]
    assert not wrong
    assert len(priced) > 650


def test_openai(python: Path, served: Served) -> None:
    """The client of OpenAI lists our models from a base URL."""
    listed = run(python, "read_openai.py", f"{served.url}/v1")
    assert "/v1/models" in served.asked
    data = models(served, "v1/models.json")["data"]
    assert listed == [[model["id"], model["created"], model["owned_by"]] for model in data]
    assert ["special/free", 1767312000, "special"] in listed
