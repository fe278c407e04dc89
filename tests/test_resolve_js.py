"""What the JavaScript of the hosts says is what Python says: paths, twins, errors, plain records."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Callable, Iterable
from itertools import product
from pathlib import Path
from typing import Any, Literal

import pytest
from click.testing import CliRunner

import build
from catalog import lists, paths
from catalog.detect import NotFound, detect
from catalog.schema.documents import DetectionIndex, Gateways
from catalog.schema.state import Memory
from providers import ADAPTERS
from tests.factories import ORDER
from tests.site import serving_site

ROOT = Path(__file__).parents[1]
FACTS = {adapter.GATEWAY.id: adapter.GATEWAY for adapter in ADAPTERS}
NODE = shutil.which("node")
NASTY = (
    "", "a", "/a", "a/", "a//b", ".", "..", "a/.", "a/..", "../../etc/passwd", "a/b..",
    "a/.hidden", "con", "con/nul.x", "a/CON.x", "com1", "lpt9.x/y", "com10/x", "conx/y",
    "con.json/x", "a/con.", "a/b.json", "a/b.json/c", "a/b.JSON/c", "a/x+y z", "a\\b/c",
    "a/b%2fc", "a/b\r\nc", "a/b\0c", "é/İ", "日本/語", "a/😀", "a/\ud800", "~a/b-latest", "a/~",
    "a/~~b", "a/!*'()", "a/-_.~", "@x/y@z", "a/b:free", "a/" + "b" * 180, "a/" + "B" * 181,
    "a/" + "é" * 60, "a/" + "😀" * 61, "a/" + "." * 179 + "b", "a/" + "b" * 139 + "é" * 40,
    "b" * 400 + "/c", "a" + "/b" * 255, "a/" + "b" * 510, "a/" + "b" * 511, "😀" * 512,
    "😀" * 513,
)  # fmt: skip
ALPHABET = "abcXYZ019/.._-~:@+ %!*'()é\u0130😀\0\n"

pytestmark = pytest.mark.skipif(NODE is None, reason="node is not installed")


def asked(questions: Iterable[list[Any]]) -> list[Any]:
    """Ask node all questions in one process."""
    lines = "".join(f"{json.dumps(question)}\n" for question in questions)
    done = subprocess.run(
        ["node", str(ROOT / "tests/node/table.mjs")],
        input=lines.encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def said(function: Callable[[str], str], model_id: str) -> str | None:
    """Return what Python says of an id, None where it refuses."""
    try:
        return function(model_id)
    except ValueError:
        return None


def shipped() -> set[str]:
    """Return every id of the shipped snapshots."""
    files = (ROOT / "data/snapshots").glob("*.jsonl")
    return {json.loads(line)["id"] for file in files for line in file.read_text().splitlines()}


def by_chance(count: int) -> list[str]:
    """Return ids that nobody would write, the same in every run."""
    chance = random.Random(7)
    return ["".join(chance.choices(ALPHABET, k=chance.randint(1, 30))) for _ in range(count)]


@pytest.mark.parametrize(
    "function", [pytest.param(each, id=each.__name__) for each in (paths.escape, paths.twin)]
)
def test_paths(function: Callable[[str], str]) -> None:
    """Every id has the same path in JavaScript as in Python, or in neither."""
    ids = [*sorted(shipped()), *NASTY, *by_chance(3000)]
    found = asked([function.__name__, each] for each in ids)
    assert {each: path for each, path in zip(ids, found, strict=True) if path != said(function, each)} == {}
    assert len(ids) > 15_000


@pytest.mark.parametrize(
    "state", [pytest.param(each, id=each) for each in ("fresh", "unconfigured", "unavailable")]
)
@pytest.mark.parametrize("listings", [pytest.param(0, id="no listings"), pytest.param(7, id="listings")])
def test_missing(state: Literal["fresh", "unconfigured", "unavailable"], listings: int) -> None:
    """What answers for an id that no file has is the same in JavaScript as in Python, word for word."""
    memories = {name: Memory(state="fresh") for name in ORDER} | {"portkey": Memory(state=state)}
    body = lists.gateways(FACTS, memories, dict.fromkeys(ORDER, (listings, 0))).body
    index = DetectionIndex(schema_version="1.0", gateways=[*ORDER], models={}, paths={})
    cases = list(
        product(("acme/x", "acme/x/y:free", "é/\n\x7f😀", "a/" + "b" * 300), (None, "portkey", "chutes"))
    )
    found = asked(["missing", *case, json.loads(body)["gateways"]] for case in cases)
    for (model_id, gateway), answer in zip(cases, found, strict=True):
        python = detect(
            model_id, gateway, index, Gateways.model_validate_json(body), lambda path: False, lambda path: b""
        )
        assert isinstance(python, NotFound)
        provider, _, model = model_id.partition("/")
        assert answer["status"] == python.status
        assert json.loads(answer["body"]) == python.body(provider, model)


def test_plain(tmp_path: Path) -> None:
    """A record without metrics has the bytes that `build.py --plain` writes."""
    with serving_site(tmp_path) as site:
        site.build("--plain")
    assert compared(site.output) > 100


@pytest.mark.slow
def test_plain_starter(tmp_path: Path) -> None:
    """So has every record of the catalog that ships with the repository."""
    tree = tmp_path / "output"
    data = shutil.copytree(ROOT / "data", tmp_path / "data")
    words = ["--offline", "--plain", "--data", str(data), "--output", str(tree)]
    assert CliRunner().invoke(build.main, words).exit_code == 0
    assert compared(tree) > 30_000


def compared(tree: Path) -> int:
    """Compare every plain record of a tree; returns how many there are."""
    command = ["node", str(ROOT / "tests/node/plain.mjs"), str(tree)]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    told = json.loads(done.stdout)
    assert told["wrong"] == []
    return int(told["compared"])
