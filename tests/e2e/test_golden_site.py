"""The whole small site as a person last read it, and what must make no difference to it."""

from __future__ import annotations

import copy
import os
import random
import shutil
from functools import partial
from hashlib import sha256
from typing import Any

import pytest

from tests import golden
from tests.site import MANIFEST, ROOT, Site
from tests.toys import contents

pytestmark = pytest.mark.usefixtures("unsynced")

FOLDER = golden.FOLDER / "site"
PARTS = ("catalog/manifest/", "catalog/index/", "assets/logos/")
"""Folders of many files that say nothing new; one digest stands for each."""
PACKED = (".gz", ".sqlite")
"""Files whose bytes depend on the version of a library; only that they are there is told."""
IN_FULL = (
    "catalog/gateways.json",
    "catalog/providers.json",
    "catalog/index.json",
    "catalog/gateway/chutes.json",
    "catalog/provider/openai.json",
    "catalog/model/openai/gpt-4o.json",
    "catalog/model/deepseek/deepseek-chat-v3-0324.json",
    "catalog/gateway/deepinfra/model/moonshotai/kimi-k2.5.json",
    "catalog/gateway/chutes/model/chutes/flux.1-schnell.json",
    "catalog/search.json",
    "model/deepseek/deepseek-chat-v3-0324.html",
    "gateway/chutes.html",
    "openapi.json",
    "hosts/nginx/gatelog-maps.conf",
    "hosts/nginx/gatelog.conf",
    "hosts/caddy/gatelog.caddy",
)


def listing(tree: dict[str, bytes]) -> str:
    """Return one line for each file: twelve digits of its digest, its size, its path."""
    summed = {f"{part}*": b"" for part in PARTS}
    for name, body in sorted(tree.items()):
        part = next((part for part in PARTS if name.startswith(part)), None)
        summed[f"{part}*" if part else name] = summed.get(f"{part}*", b"") + body if part else body
    told = {name: b"" if name.endswith(PACKED) else body for name, body in sorted(summed.items())}
    return "".join(f"{sha256(body).hexdigest()[:12]} {len(body):6} {name}\n" for name, body in told.items())


def test_the_tree(built: Site) -> None:
    """Every path with its digest, and a handful of files to read."""
    tree = built.tree()
    for name in IN_FULL:
        golden.check(FOLDER / name, tree[name].decode())
    golden.check(FOLDER / "files.txt", listing(tree))


def shuffled(answer: Any, chance: random.Random) -> Any:  # noqa: ANN401 - any JSON
    """Shuffle every list of rows in an answer; lists of words keep their order."""
    if isinstance(answer, dict):
        return {name: shuffled(value, chance) for name, value in answer.items()}
    if isinstance(answer, list) and answer and all(isinstance(row, dict) and "id" in row for row in answer):
        rows = [shuffled(row, chance) for row in answer]
        return chance.sample(rows, len(rows))
    return answer


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_rows_makes_no_difference(built: Site, seed: int) -> None:
    """Upstreams list their models in any order they like."""
    answers = copy.deepcopy(built.catalog)
    for variable, served in answers.items():
        built.catalog[variable] = shuffled(served, random.Random(seed))
    assert built.catalog != answers
    other = built.folder / "other"
    other.mkdir()
    shutil.copy(built.data / "chutes_catalog.json", other)
    shutil.copytree(built.data / "facts", other / "facts")
    built.build("--data", str(other), "--output", str(built.folder / "again"))
    again = contents(built.folder / "again")
    del again[MANIFEST]
    assert again == built.tree()
    assert contents(other / "snapshots") == contents(built.data / "snapshots")


def masked(mask: int) -> None:
    """Let new files have fewer rights."""
    os.umask(mask)


@pytest.mark.slow
def test_surroundings_make_no_difference(site: Site) -> None:
    """Processes with other seeds, time zones, locales and masks write the same bytes, manifest included."""
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C", "LANG": "tr_TR.UTF-8"},
    ]
    trees = []
    for number, (environ, mask) in enumerate(zip(surroundings, (0o077, 0o002), strict=True)):
        folders = "--output", str(site.folder / str(number)), "--data", str(site.folder / f"data{number}")
        done = site.run(*folders, prepare=partial(masked, mask), environ=environ)
        assert done.code == 0, done.errors
        trees.append({**contents(site.folder / str(number)), **contents(site.folder / f"data{number}")})
    assert trees[0] == trees[1]


def test_the_golden_site_names_no_machine() -> None:
    """What is committed is the same on any computer."""
    files = list(contents(FOLDER).values())
    assert files, "the golden site is there"
    words = (str(ROOT).encode(), b"127.0.0.1", b"localhost")
    assert not [word for word in words for body in files if word in body]
