"""The tools that people already use read our exports: the real ones, in an environment of their own.

`make consumers` makes that environment; only a package index that cannot be reached skips these tests.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import jsonschema_rs
import orjson
import pytest
from click.testing import CliRunner

import build
from catalog.interop import llm_prices, models_dev
from tests import exported, nodepackages
from tests.exported import Call, Served
from tests.objectstore import CONSUMERS, consumers
from tests.site import serving_site
from tests.test_docs import blocks

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "tests/consumers"
ADDRESS = "https://gatelog.example"
"""What stands in the documentation for the address of a tree."""
MANY_DIGITS = Decimal("1e-12")
"""How far sums of binary floats may be from the exact ones, in proportion."""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def python() -> Path:
    """The Python of the environment with the consumers."""
    if reason := consumers():
        pytest.skip(reason)
    return CONSUMERS / "bin/python"


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


def documented(served: Served, language: str, name: str) -> str:
    """Return what docs/interop.md tells a user to set, with the address of the served tree."""
    (text,) = (text for spoken, of, text in blocks("docs/interop.md") if (spoken, of) == (language, name))
    assert ADDRESS in text
    return text.replace(ADDRESS, served.url)


def variables(text: str) -> dict[str, str]:
    """Read `export NAME=VALUE …`."""
    words = [word for line in text.splitlines() for word in shlex.split(line)]
    return dict(word.split("=", 1) for word in words if word != "export")


def models(served: Served, file: str) -> Any:  # noqa: ANN401 - a document
    """Read one export."""
    return json.loads((served.folder / file).read_bytes())


def asked_of(served: Served, gateways: tuple[str, ...]) -> list[Call]:
    """Return the calls of every model with a price that some gateways have."""
    found = exported.priced(served.folder).values()
    return [call for data in found if data["source_gateway"] in gateways for call in exported.calls(data)]


LITELLM = {"openrouter": "openrouter/", "deepinfra": "deepinfra/", "chutes": "chutes/"}
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
    code = documented(served, "python", "litellm")
    told = run(python, "read_litellm.py", code, str(path), LITELLM_LOCAL_MODEL_COST_MAP="True")
    pairs = list(zip(asked, told["calls"], strict=True))
    own = [pair for pair, found in zip(pairs, told["own"], strict=True) if found]
    check_litellm(served, own)
    others = {call.model for (call, _), found in zip(pairs, told["own"], strict=True) if not found}
    assert all(DATED.search(name) and DATED.sub("", name) in models(served, MAP) for name in others), others
    assert len(others) < 10


def test_litellm_fetches_the_map(python: Path, served: Served, tmp_path: Path) -> None:
    """With the address in its variable LiteLLM knows our models alone, and not those that it brings along."""
    asked, path = litellm_calls(served, tmp_path)
    told = run(python, "read_litellm.py", "", str(path), **variables(documented(served, "sh", "litellm")))
    assert any("model_prices" in line for line in served.asked)
    assert told["entries"] == len(models(served, MAP))
    assert all(told["own"])
    check_litellm(served, list(zip(asked, told["calls"], strict=True)))


def test_genai_prices(python: Path, served: Served, tmp_path: Path) -> None:
    """`UpdatePrices` takes our address, and the price of every call is exactly that of the record."""
    asked = asked_of(served, ("openrouter", "portkey", "deepinfra", "chutes"))
    path = tmp_path / "calls.json"
    path.write_text(json.dumps([call._asdict() for call in asked]))
    told = run(python, "read_genai_prices.py", documented(served, "python", "genai-prices"), str(path))
    priced = list(zip(asked, told, strict=True))
    left_out = {"special/both", "special/at-once", "special/with space", exported.LONG}
    assert {call.model for call, price in priced if price is None} == left_out
    wrong = [(call, price) for call, price in priced if price and Decimal(price) != Decimal(call.cost)]
    assert not wrong
    assert len(priced) > 650


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_aider(python: Path, served: Served, tmp_path: Path) -> None:
    """The file that aider reads at home, registered with LiteLLM as aider does."""
    command = ["bash", "-c", documented(served, "sh", "aider")]
    subprocess.run(command, env={**os.environ, "HOME": str(tmp_path)}, check=True, timeout=60)
    metadata = tmp_path / ".aider.model.metadata.json"
    name = "openrouter/special/tiered"
    call = {"model": name, "at": "11:30", "prompt": 1000, "completion": 10}
    (tmp_path / "calls.json").write_text(json.dumps([call]))
    code = f"import json, litellm; litellm.register_model(json.load(open({str(metadata)!r})))"
    told = run(
        python, "read_litellm.py", code, str(tmp_path / "calls.json"), LITELLM_LOCAL_MODEL_COST_MAP="True"
    )
    assert Decimal(told["calls"][0]["prompt"]) == Decimal("0.000003")


def test_opencode(served: Served) -> None:
    """Below the documented base lies the file that models.dev has there, and it has its form."""
    (base,) = variables(documented(served, "sh", "opencode")).values()
    with urlopen(f"{base}/api.json", timeout=10) as answer:  # noqa: S310 - a server of this test
        providers = models_dev.FORMAT.kind.validate_json(answer.read())
    assert len(providers["openrouter"].models) > 200


def test_llm_prices(served: Served) -> None:
    """The documented address has the prices."""
    with urlopen(documented(served, "text", "llm-prices").strip(), timeout=10) as answer:  # noqa: S310 - as above
        assert len(llm_prices.FORMAT.kind.validate_json(answer.read()).prices) > 500


def test_openai(python: Path, served: Served) -> None:
    """The client of OpenAI lists our models from a base URL."""
    listed = run(python, "read_openai.py", documented(served, "python", "openai"))
    assert "/v1/models" in served.asked
    data = models(served, "v1/models.json")["data"]
    assert listed == [[model["id"], model["created"], model["owned_by"]] for model in data]
    assert ["special/free", 1767312000, "special"] in listed


def test_typescript(served: Served, tmp_path: Path) -> None:
    """A strict program compiles with the published types, and only a right one."""
    if reason := nodepackages.missing():
        pytest.skip(reason)
    shutil.copy(served.folder / "schema/catalog.d.ts", tmp_path)
    shutil.copy(nodepackages.NODE / "use-catalog.ts", tmp_path)
    (example,) = (text for language, name, text in blocks("docs/interop.md") if language == "ts")
    (tmp_path / "example.ts").write_text(example)
    compiler = nodepackages.NODE / "node_modules/.bin/tsc"
    options = [
        "--strict",
        "--noEmit",
        "--noUncheckedIndexedAccess",
        "--lib",
        "es2022,dom",
        "--module",
        "nodenext",
    ]
    done = subprocess.run(
        [compiler, *options, "use-catalog.ts", "example.ts", "catalog.d.ts"],
        cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_openapi(python: Path, served: Served) -> None:
    """The description is valid OpenAPI 3.1, its references included."""
    command: list[str | Path] = [python, "-I", "-m", "openapi_spec_validator", "--schema", "3.1"]
    done = subprocess.run(
        [*command, str(served.folder / "openapi.json")],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_every_published_document_is_valid(tmp_path: Path) -> None:
    """Somebody else's validator finds each JSON file of the shipped catalog as its published schema says."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    tree = tmp_path / "output"
    folders = ["--data", str(tmp_path / "data"), "--output", str(tree)]
    assert CliRunner().invoke(build.main, ["--offline", *folders]).exit_code == 0
    schemas = _schemas(orjson.loads((tree / "openapi.json").read_bytes())["paths"])
    checks = {
        name: jsonschema_rs.validator_for(orjson.loads((tree / name).read_bytes()))
        for name in schemas.values()
    }
    seen = Counter[str]()
    for path in {file.stat().st_ino: file for file in tree.rglob("*.json")}.values():
        name = next((schemas[form] for form in schemas if form.fullmatch(str(path.relative_to(tree)))), None)
        if name is not None:
            assert checks[name].is_valid(orjson.loads(path.read_bytes())), path
            seen[name] += 1
    assert set(seen) == {str(path.relative_to(tree)) for path in tree.glob("schema/*.json")}
    assert seen["schema/record.json"] > 16_000


def _schemas(described: dict[str, Any]) -> dict[re.Pattern[str], str]:
    """Return the form of a path → its schema, forms without a placeholder first."""
    found = {}
    for template in sorted(described, key=lambda path: "{" in path):
        (content,) = described[template]["get"]["responses"]["200"]["content"].values()
        if "schema" in content:
            parts = re.split(r"({\w+})", template[1:])
            form = "".join(
                {"{path}": ".+"}.get(part, "[^/]+") if part[:1] == "{" else re.escape(part) for part in parts
            )
            found[re.compile(form)] = content["schema"]["$ref"]
    return found


def test_schemathesis(python: Path, tmp_path: Path) -> None:
    """What the preview server answers is what the description promises, for odd requests, too."""
    with serving_site(tmp_path) as site:
        site.build()
        command = [
            sys.executable,
            str(ROOT / "build.py"),
            "serve",
            "--output",
            str(site.output),
            "--port",
            "0",
        ]
        environ = os.environ | {"PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as server:
            assert server.stdout
            address = re.search(r"http://[\w.:]+", server.stdout.readline())
            assert address
            try:
                done = subprocess.run(
                    [python.parent / "schemathesis", "run", f"{address[0]}/openapi.json", *SCHEMATHESIS],
                    cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False,
                )  # fmt: skip
            finally:
                server.terminate()
    assert done.returncode == 0, done.stdout[-3000:]


SCHEMATHESIS = (
    "--exclude-path=/catalog/manifest/{shard}.json",  # it turns `prefixItems` into what older dialects have
    "--phases",
    "coverage,fuzzing",
    "--seed",
    "1",
    "--max-examples",
    "20",
    "--generation-database",
    "none",
)


def test_mcp(python: Path, tmp_path: Path) -> None:
    """The client of the MCP SDK finds our tools and is told exact prices, and what is not there."""
    with serving_site(tmp_path) as site:
        site.build()
    told = run(python, "ask_mcp.py", str(ROOT), str(site.output))
    assert told["tools"] == [
        "compare_gateways", "get_model", "price_of_call", "recent_changes", "search_models",
    ]  # fmt: skip
    pricing = orjson.loads((site.output / "catalog/model/openai/gpt-4o.json").read_bytes())["data"]["pricing"]
    cost = 1000 * Decimal(pricing["prompt"]) + 10 * Decimal(pricing["completion"])
    assert Decimal(told["price"]["usd"]) == cost
    assert told["missing"][0] is True
    assert "no/such" in told["missing"][1]
