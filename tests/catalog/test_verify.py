"""Verifying a tree: whatever is broken is named, and looking at nothing is no success."""

from __future__ import annotations

import os
from collections.abc import Callable

import orjson
import pytest

from catalog.kinds import kind_of
from catalog.verify import verify
from tests.toys import contents, run, toy, world

Tree = dict[str, bytes]
RECORD = "catalog/model/a/one.json"
IDS = ("a/one", "A/Two", "b/three:free", "c/Twin", "c/twin")


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Tree:
    """Build a small tree of two gateways."""
    folder = tmp_path_factory.mktemp("site")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(os, "sync", lambda: None)
        logos = {f"assets/logos/monogram-{letter}.svg": b"<svg/>" for letter in "abc"}
        around = world(toy(ids=IDS), toy("other"), site=logos | {"hosts/toy/toy.conf": b""})
        run(folder, around, base_url="https://example.test/catalog/x")
    return contents(folder / "output")


def findings(tree: Tree) -> list[str]:
    """Verify a tree that is in memory."""
    return list(verify(tree, tree.__getitem__))


def test_a_whole_tree_has_no_findings(whole: Tree) -> None:
    """Absolute links included."""
    assert findings(whole) == []


def edited(tree: Tree, path: str, change: Callable[[dict[str, object]], object]) -> Tree:
    """Change one document of a tree."""
    document = orjson.loads(tree[path])
    change(document)
    return {**tree, path: orjson.dumps(document)}


def test_an_empty_tree_is_a_finding() -> None:
    """Nothing was checked, and that is no success."""
    assert findings({}) == ["catalog/manifest.json is missing"]


@pytest.mark.parametrize(
    ("path", "finding"),
    [
        pytest.param("catalog/manifest.json", "catalog/manifest.json is missing", id="manifest"),
        pytest.param(RECORD, f"{RECORD} is in the manifest and missing", id="record"),
        pytest.param("openapi.json", "openapi.json is in the manifest and missing", id="description"),
        pytest.param("hosts/toy/toy.conf", "nothing was checked: there is no host file", id="hosts"),
        pytest.param(
            "catalog/gateways.json", "nothing was checked: there is no gateways", id="state of the gateways"
        ),
        pytest.param(
            "catalog/manifest/0a.json",
            "catalog/manifest/0a.json is missing or has another digest",
            id="part of the manifest",
        ),
        pytest.param("catalog/index.json", "nothing was checked: there is no index", id="index"),
    ],
)
def test_a_missing_file_is_a_finding(whole: Tree, path: str, finding: str) -> None:
    """Whatever it is."""
    tree = {name: body for name, body in whole.items() if name != path}
    if finding.startswith("nothing"):
        tree = {name: body for name, body in tree.items() if kind_of(name) != kind_of(path)}
    assert finding in findings(tree)


@pytest.mark.parametrize(
    "path",
    ["index.html", "catalog/model/x/y.json", "catalog/manifest/zz.json", ".well-known", "schema/x.json"],
)
def test_a_foreign_file_is_a_finding(whole: Tree, path: str) -> None:
    """Wherever it lies, among the parts of the manifest as well."""
    assert f"{path} is not in the manifest" in findings({**whole, path: b"{}"})


def test_a_changed_byte_is_a_finding(whole: Tree) -> None:
    """The manifest knows the digest of every file."""
    body = whole[RECORD].replace(b"A model", b"A Model")
    assert findings({**whole, RECORD: body}) == [
        f"{RECORD} has another digest or size than the manifest says"
    ]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param(RECORD, "record", id="record"),
        pytest.param("catalog/index.json", "index", id="index"),
        pytest.param("catalog/index/00.json", "index", id="part of the index"),
        pytest.param("catalog/gateways.json", "gateways", id="state of the gateways"),
        pytest.param("catalog/gateway/toy.json", "gateway list", id="gateway list"),
        pytest.param("catalog/provider/a.json", "provider", id="provider"),
        pytest.param("catalog/providers.json", "provider index", id="providers"),
        pytest.param("catalog/manifest.json", "manifest", id="manifest"),
        pytest.param("catalog/manifest/00.json", "manifest shard", id="part of the manifest"),
        pytest.param("schema/record.json", "schema", id="schema"),
        pytest.param("openapi.json", "schema", id="description"),
    ],
)
@pytest.mark.parametrize("body", [b"", b"null", b"[1", b'{"x": 1}x'], ids=["empty", "null", "torn", "more"])
def test_a_broken_document_is_a_finding(whole: Tree, path: str, kind: str, body: bytes) -> None:
    """It is named with what it should be; nothing that follows falls over it."""
    found = findings({**whole, path: body})
    assert any(finding.startswith(f"{path} is no {kind}: ") for finding in found)


@pytest.mark.parametrize(
    ("path", "change", "finding"),
    [
        pytest.param(
            RECORD,
            lambda record: record["gateways"][0].update(href="/catalog/gateway/toy/model/a/nowhere.json"),
            f"{RECORD} links to catalog/gateway/toy/model/a/nowhere.json, which is missing",
            id="a link to nothing",
        ),
        pytest.param(
            RECORD,
            lambda record: record["data"].update(model_logo_url="/x/assets/logos/nowhere.svg"),
            f"{RECORD} links to assets/logos/nowhere.svg, which is missing",
            id="a logo of a record",
        ),
        pytest.param(
            "catalog/provider/a.json",
            lambda provider: provider.update(logo="https://unrelated.example/a.svg"),
            "catalog/provider/a.json links to assets/logos/https://unrelated.example/a.svg, which is missing",
            id="a logo of a provider",
        ),
        pytest.param(
            "catalog/providers.json",
            lambda index: index["providers"][0].update(logo="/assets/logos/x.svg"),
            "catalog/providers.json links to assets/logos/x.svg, which is missing",
            id="a logo of the list",
        ),
        pytest.param(
            RECORD,
            lambda record: record["data"].update(unknown=1),
            f"{RECORD} is no record: data.unknown: Extra inputs are not permitted",
            id="an unknown field",
        ),
        pytest.param(
            RECORD,
            lambda record: record["data"]["pricing"].update(prompt="1e-6"),
            f"{RECORD} is no record: data.pricing.prompt: String should match pattern",
            id="a price with an exponent",
        ),
        pytest.param(
            "catalog/index.json",
            lambda index: index["models"].update({"a/nowhere": ["toy"]}),
            "a/nowhere has no file catalog/gateway/toy/model/a/nowhere.json",
            id="an id without files",
        ),
        pytest.param(
            "catalog/index.json",
            lambda index: index["models"].update({"a//b": ["toy"]}),
            "catalog/index.json names 'a//b': id holds an empty segment",
            id="no id",
        ),
        pytest.param(
            "catalog/index.json",
            lambda index: index["paths"].update({"c/twin": "nowhere.json"}),
            "catalog/index.json names catalog/model/nowhere.json, which is missing",
            id="an odd path without a file",
        ),
        pytest.param(
            "catalog/index.json",
            lambda index: index["models"].clear(),
            "the shards of catalog/index.json do not say what it says",
            id="shards that say more",
        ),
        pytest.param(
            "catalog/index/00.json",
            lambda shard: shard["models"].update({"a/stray": ["toy"]}),
            "catalog/index/00.json names a/stray, which belongs to another shard",
            id="an id in the wrong shard",
        ),
        pytest.param(
            "catalog/gateways.json",
            lambda states: states["gateways"][0].update(models=7),
            "catalog/gateway/toy.json has 5 models, catalog/gateways.json says 7",
            id="a wrong count",
        ),
        pytest.param(
            "catalog/gateways.json",
            lambda states: states["gateways"][0].update(id="gone"),
            "catalog/gateway/gone.json has 0 models, catalog/gateways.json says 5",
            id="a gateway without a list",
        ),
    ],
)
def test_a_broken_promise_is_a_finding(
    whole: Tree, path: str, change: Callable[[dict[str, object]], object], finding: str
) -> None:
    """In the words of the promise."""
    found = findings(edited(whole, path, change))
    assert any(line.startswith(finding) for line in found), found


def test_an_entry_in_the_wrong_part_of_the_manifest_is_a_finding(whole: Tree) -> None:
    """A reader who looks up one part would not find it."""
    tree = dict(whole)
    parts = ["catalog/manifest/00.json", "catalog/manifest/01.json"]
    tree[parts[0]], tree[parts[1]] = tree[parts[1]], tree[parts[0]]

    def swap(manifest: dict[str, object]) -> None:
        shards = manifest["shards"]
        assert isinstance(shards, dict)
        shards["00"], shards["01"] = shards["01"], shards["00"]

    moved = [name for part in parts for name in orjson.loads(whole[part])]
    assert moved, "the two parts name at least one file"
    assert findings(edited(tree, "catalog/manifest.json", swap)) == [
        f"{name} is in the wrong part of the manifest"
        for part in reversed(parts)
        for name in orjson.loads(whole[part])
    ]


def test_a_tree_without_records_is_a_finding(whole: Tree) -> None:
    """An empty catalog would pass every other check."""
    tree = {name: body for name, body in whole.items() if kind_of(name) != "record"}
    assert "nothing was checked: there is no record" in findings(tree)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("catalog/model/a/one.json", "record"),
        ("catalog/gateway/toy/model/a/one.json", "record"),
        ("catalog/plain/gateway/toy/model/a/one.json", "record"),
        ("catalog/gateway/toy.json", "gateway list"),
        ("hosts/toy/toy.conf", "host file"),
        ("index.html", None),
    ],
)
def test_kinds(path: str, kind: str | None) -> None:
    """A path tells what stands there; what is none of ours has no kind."""
    assert kind_of(path) == kind


@pytest.mark.parametrize(
    "path", ["catalog/models.csv", "catalog/catalog.sqlite", "interop/litellm/gateways.json"]
)
def test_an_export_of_another_form(whole: Tree, path: str) -> None:
    """An export is looked at like every document, whatever it is made of."""
    found = findings({**whole, path: b'{"$schema": "x"}'})
    assert any(words.startswith(f"{path} is no ") for words in found)
