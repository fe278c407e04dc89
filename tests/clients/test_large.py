"""A catalog beyond the size of single files: every reader finds in its parts what it found in the whole."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from catalog.artifact import Limits
from catalog.detect import Found, NotFound, detect
from catalog.manifest import digits_of
from catalog.schema.documents import DetectionIndex, Gateways, Manifest
from catalog.shards import digits_for, part_of
from catalog.sides import sides
from catalog.tree import Present, walked
from catalog.verify import verify
from catalog.world import World
from gatelog_client import Catalog, ModelNotFound
from gatelog_client._paths import shard
from tests.toys import Toy, contents, run, toy, world

UPPER, LOWER = "Org7/Twin", "Org7/twin"
IDS = sorted([*(f"Org{number}/Model-{number}" for number in range(300)), UPPER, LOWER])
SMALL = Limits(whole_rows=100, part_rows=2, index_rows=1, manifest_rows=20, manifest_part_rows=20)
"""Limits under which 302 listings are a large catalog: three digits name the parts of index and manifest."""
CLIENT = Path(__file__).parents[2] / "clients/js/gatelog.js"
ASK = """
import { readFile } from "node:fs/promises";
import { Catalog } from "%s";
const fetch = async (url) => {
  const body = await readFile(process.env.TREE + new URL(url).pathname).catch(() => null);
  return new Response(body, { status: body ? 200 : 404 });
};
const catalog = new Catalog("https://example.test", { fetch, verify: true });
const twins = await Promise.all(["Org7/Twin", "Org7/twin"].map((id) => catalog.model(id)));
const missing = await catalog.model("org7/nothing").catch((problem) => problem.name);
const index = await catalog.index();
const count = Object.keys(index.models).length;
const found = await catalog.detect("ORG9/model-9");
console.log(JSON.stringify([twins.map((each) => each.data.id), found, missing, count]));
"""


def gateways(ids: list[str]) -> tuple[Toy, Toy]:
    """Return a gateway with many models and one with the same models, some of them."""
    return toy(ids=ids), toy("other", ids=ids[150:])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build a large catalog, small as it is."""
    made = tmp_path_factory.mktemp("large")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "sync", lambda: None)
        run(made, around())
        yield made


def around(limits: Limits = SMALL, ids: list[str] = IDS) -> World:
    """Return the world of a build now: clients doubt an old manifest."""
    logos = {f"assets/logos/monogram-{letter}.svg": b"<svg/>" for letter in "o"}
    now = datetime.fromtimestamp(int(time.time()), UTC)
    site = logos | {"hosts/toy/toy.conf": b"# a toy\n"}
    return replace(world(*gateways(ids), now=now, site=site), limits=replace(limits, entries=1_000_000))


@pytest.mark.parametrize(
    ("rows", "most", "digits"),
    [
        pytest.param(0, 1, 2, id="none"),
        pytest.param(256, 1, 2, id="as many as fit"),
        pytest.param(257, 1, 3, id="one more"),
        pytest.param(1_000_000, 128, 4, id="a million ids"),
        pytest.param(4_000_000, 128, 4, id="four million files"),
    ],
)
def test_digits(rows: int, most: int, digits: int) -> None:
    """Parts stay as small as they should."""
    assert digits_for(rows, most) == digits


@pytest.mark.parametrize(
    ("files", "digits"),
    [
        pytest.param(100, 2, id="few"),
        pytest.param(512_000, 2, id="as many as shards without parts hold"),
        pytest.param(512_001, 3, id="one more"),
        pytest.param(3_300_000, 4, id="a million listings"),
        pytest.param(33_000_000, 4, id="ten million: shards stay small"),
    ],
)
def test_parts_of_the_manifest_are_small(files: int, digits: int) -> None:
    """Shards stay whole for long, and where they do not a changed file costs the publication of little."""
    assert digits_of(files, Limits()) == digits


def test_a_large_tree_is_whole(folder: Path) -> None:
    """Everything that it promises is checked, part by part."""
    output = folder / "output"
    assert list(verify(Present(output), lambda path: (output / path).read_bytes())) == []


def test_whole_files_name_no_models_any_more(folder: Path) -> None:
    """They say how many digits name a part, and every part is small."""
    catalog = folder / "output/catalog"
    for name in ("index", "aliases", "providers", "compare", "gateway/toy", "gateway/other"):
        head = json.loads((catalog / f"{name}.json").read_bytes())
        rows = next(head[field] for field in ("models", "aliases", "providers") if field in head)
        assert (len(rows), head["digits"]) == (0, 2), name
        assert (catalog / f"{name}.json").stat().st_size < 200
    manifest = Manifest.model_validate_json((catalog / "manifest.json").read_bytes())
    assert manifest.digits == 3
    assert max(path.stat().st_size for path in (catalog / "manifest").iterdir()) < 20_000


def test_parts_hold_every_row_once(folder: Path) -> None:
    """Each in the part that its name leads to."""
    parts = (folder / "output/catalog/gateway/toy").glob("*.json")
    rows = [(part.stem, model["id"]) for part in parts for model in json.loads(part.read_bytes())["models"]]
    assert sorted(model_id for _, model_id in rows) == IDS
    assert all(part_of(model_id, 2) == name for name, model_id in rows)


def test_readers_agree_in_parts_and_in_whole(folder: Path, tmp_path: Path) -> None:
    """The client finds under every id, in any case, what detection finds in a tree of single files."""
    run(tmp_path, around(Limits()))
    catalog = Catalog(folder / "output", verify=True)
    for model_id in [*IDS, *map(str.upper, IDS), "org7/nothing"]:
        found = detected(folder / "output", model_id)
        assert found == detected(tmp_path / "output", model_id)
        if isinstance(found, Found):
            body = (folder / "output" / found.path).read_bytes()
            assert catalog.model(model_id).envelope == json.loads(body)
        else:
            with pytest.raises(ModelNotFound):
                catalog.model(model_id)


def detected(tree: Path, model_id: str) -> Found | NotFound:
    """Ask the catalog's own detection."""
    index = DetectionIndex.model_validate_json((tree / "catalog/index.json").read_bytes())
    states = Gateways.model_validate_json((tree / "catalog/gateways.json").read_bytes())

    def read(path: str) -> bytes:
        return (tree / path).read_bytes()

    return detect(model_id, None, index, states, lambda path: (tree / path).is_file(), read)


def test_the_client_computes_the_same_part() -> None:
    """Both programs have the rule, one digit or many."""
    assert shard("Org7/Twin", 4) == f"catalog/index/{part_of('Org7/Twin', 4)}.json"


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_the_client_for_javascript(folder: Path) -> None:
    """It follows the parts of index and manifest, and puts the whole index together."""
    done = subprocess.run(
        ["node", "--input-type=module"],
        input=ASK % CLIENT.as_uri(),
        env=os.environ | {"TREE": str(folder / "output")},
        capture_output=True,
        text=True,
        check=True,
    )
    order = ["toy", "other"]
    assert json.loads(done.stdout) == [[UPPER, LOWER], order, "ModelNotFound", 301]


def test_a_difference_of_two_large_trees(folder: Path, tmp_path: Path) -> None:
    """`diff` reads what the parts list."""
    run(tmp_path, around(ids=IDS[1:]))
    old, new = sides(str(folder / "output"), str(tmp_path / "output"), tmp_path)
    gone = set(old.lines("toy")) - set(new.lines("toy"))
    assert any(f'"{IDS[0]}"'.encode() in line for line in gone)


@pytest.mark.slow
def test_the_next_night(folder: Path, tmp_path: Path) -> None:
    """It keeps what is there, removes what is gone, and goes back to single files where they fit."""
    copied = shutil.copytree(folder, tmp_path / "copy")
    before = contents(copied / "output")
    run(copied, around())
    assert {path for path, body in contents(copied / "output").items() if before.get(path) != body} <= {
        "catalog/manifest.json",
        "catalog/gateways.json",
        "catalog/history/gateways.json",
    }
    run(copied, replace(around(Limits()), code="other"))
    assert not [
        path for path in walked(copied / "output") if path.startswith("catalog/index/") and len(path) > 21
    ]
    assert json.loads((copied / "output/catalog/index.json").read_bytes())["models"]
