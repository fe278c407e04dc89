"""The list that the website searches."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from catalog.artifact import Limits
from catalog.render import Options
from catalog.schema.listing import Architecture, Capabilities, PriceSource
from tests.factories import document, kept, money, tree
from tests.website import website


def searched(*found: Any) -> dict[str, Any]:  # noqa: ANN401 - kept listings
    """Render the list of some listings."""
    return document(tree(*found, site=website()), "catalog/search.json")


def test_one_row_for_each_model() -> None:
    """With everything that can be filtered: gateways, the cheapest price, modalities, abilities, its page."""
    offers = {"id": "acme/one", "hugging_face_id": "acme/one"}
    cheap = money(prompt="0.000001", completion="0.000002")
    dear = money(prompt="0.000003", completion="0.000002")
    said = searched(
        kept(
            **offers,
            pricing=dear,
            price_source=PriceSource(gateway="openrouter", match="own"),
            capabilities=Capabilities(tools=True, reasoning=True),
            architecture=Architecture(input_modalities=("text", "image"), output_modalities=("text",)),
        ),
        kept(
            **offers,
            gateway="deepinfra",
            pricing=cheap,
            context_length=9000,
            price_source=PriceSource(gateway="deepinfra", match="own"),
        ),
    )
    assert said["ids"] == ["acme//one"]
    assert said["names"] == {"0": "One"}
    assert said["shapes"] == [[0b1001, 9000, "known", "text+image->text", 1 + 2 + 8, "deepinfra"]]
    assert said["prices"] == [["0.000001", "0.000002"]]
    assert (said["shape"], said["price"]) == ([0], [0])


def test_what_is_alike_is_written_once() -> None:
    """Ids by organisation, shapes by number."""
    said = searched(*(kept(gateway="featherless", id=f"a/{name}", name=name) for name in "xyz"))
    assert said["ids"] == ["a//x//y//z"]
    assert (len(said["shapes"]), said["shape"], said["names"]) == (1, [0, 0, 0], {})
    assert (said["prices"], said["price"]) == ([[None, None]], [0, 0, 0])


def test_a_path_that_does_not_follow_from_the_id_is_told() -> None:
    """Of case twins one has a path of its own; the cheaper one speaks for the model."""
    own = PriceSource(gateway="openrouter", match="own")
    prices = {
        name: money(prompt=price, completion=price) for name, price in (("Twin", "0.2"), ("twin", "0.1"))
    }
    twins = [kept(id=f"a/{name}", name=name, pricing=each, price_source=own) for name, each in prices.items()]
    said = searched(*twins)
    assert said["ids"] == ["a//twin"]
    assert said["paths"]["0"].startswith("a/twin~~")


FAMILIES = ("alpha", "alpine", "beta")
LONG = Options(limits=Limits(whole_rows=10, search_rows=4))
"""Limits under which twelve models are a long list."""


def long_list() -> dict[str, bytes]:
    """Render the website of twelve models, of which one is offered twice."""
    found = [kept(gateway="featherless", id=f"a{at % 2}/{FAMILIES[at % 3]}-{at}b") for at in range(12)]
    return tree(*found, kept(gateway="deepinfra", id="a0/alpha-6b"), site=website(), options=LONG)


def test_a_long_list_comes_in_parts() -> None:
    """The list itself has the models that most gateways have; parts are as small, and say what they leave."""
    files = long_list()
    whole = document(files, "catalog/search.json")
    assert whole["ids"][0].startswith("a0//alpha-0b//")
    assert ["alpha-6b" in rest for rest in whole["ids"]] == [True] * len(whole["ids"])
    assert whole["more"] == 8
    sizes = {path: document(files, path) for path in files if path.startswith("catalog/search/")}
    assert all(sum(some.count("//") for some in said["ids"]) <= 4 for said in sizes.values())
    assert sizes["catalog/search/alpi.json"]["ids"] == [
        "a0//alpine-10b//alpine-4b",
        "a1//alpine-1b//alpine-7b",
    ]
    assert (sizes["catalog/search/alp.json"]["more"], "more" in sizes["catalog/search/alpi.json"]) == (
        4,
        False,
    )


SEARCH = """
import { readFile } from "node:fs/promises";
globalThis.document = { documentElement: { dataset: { root: "/", gateways: "" } } };
globalThis.fetch = async (path) => {
  const body = await readFile(process.env.TREE + path).catch(() => null);
  return new Response(body, { status: body ? 200 : 404 });
};
const { found, list } = await import(process.env.TREE + "/assets/list.js");
for (const text of process.argv.slice(1)) {
  const { rows, total, more, whole } = await list(text);
  console.log(JSON.stringify([text, found(rows, text).map((row) => row.id), total, more, whole]));
}
"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
@pytest.mark.parametrize(
    ("text", "ids", "more"),
    [
        pytest.param("alpine 1", ["a1/alpine-1b", "a0/alpine-10b"], False, id="two words"),
        pytest.param("alpha-6b", ["a0/alpha-6b"], False, id="a whole name"),
        pytest.param(
            "ALPI", ["a0/alpine-10b", "a0/alpine-4b", "a1/alpine-1b", "a1/alpine-7b"], False, id="case"
        ),
        pytest.param("gamma", [], False, id="no such model"),
        pytest.param(
            "a", ["a0/alpha-6b", "a0/alpha-0b", "a0/alpine-10b", "a0/alpine-4b"], True, id="too many"
        ),
        pytest.param("a0 a", None, True, id="too many of every word"),
    ],
)
def test_the_page_follows_the_parts(tmp_path: Path, text: str, ids: list[str] | None, *, more: bool) -> None:
    """It finds what it would find in the whole list, or says that there is more."""
    files = long_list()
    for path in files:
        if path.startswith(("assets/", "catalog/search")):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_bytes(files[path])
    done = subprocess.run(
        ["node", "--input-type=module", "-e", SEARCH, text],
        env=os.environ | {"TREE": str(tmp_path)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    asked, found, *told = json.loads(done.stdout)
    assert (asked, told) == (text, [12, more, False])
    assert ids is None or sorted(found) == sorted(ids)


def test_the_size_at_25000_models() -> None:
    """At most 350 KB compressed, with ids as long and as odd as people make them."""
    chance = random.Random(7)
    words = [
        f"{a}{b}"
        for a in ("Qwen3-", "Llama-3.1-", "Mistral-", "gemma-2-", "Phi-4-")
        for b in ("8B", "32B", "7B")
    ]
    found = [
        kept(
            gateway="featherless",
            id=f"author{number // 3:04}/{chance.choice(words)}-{chance.randbytes(3).hex()}",
            context_length=chance.choice((8192, 16384, 32768, 131072)),
        )
        for number in range(5000)
    ]
    body = tree(*found, site=website())["catalog/search.json"]
    assert len(gzip.compress(body, 9)) * 5 <= 350_000
