"""`show` and `check`: one record as it would be served, and a tree held to its promises."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.site import Site

RECORD = "catalog/model/openai/gpt-4o.json"


@pytest.mark.parametrize(
    ("words", "path"),
    [
        pytest.param(["openai/gpt-4o"], RECORD, id="detected"),
        pytest.param(["OpenAI/GPT-4o"], RECORD, id="any case"),
        pytest.param(
            ["@openai-prod/gpt-4o"], "catalog/model/~40openai-prod/gpt-4o.json", id="odd characters"
        ),
        pytest.param(
            ["Qwen/Qwen3-32B-TEE", "--gateway", "chutes"],
            "catalog/gateway/chutes/model/qwen/qwen3-32b-tee.json",
            id="of one gateway",
        ),
        pytest.param(
            ["DeepMount00/Llama-3.1-8b-Ita"],
            "catalog/model/deepmount00/llama-3.1-8b-ita~~baca550e35bbdf8b9fd98b47.json",
            id="the second of two that differ in case",
        ),
    ],
)
def test_show(built: Site, words: list[str], path: str) -> None:
    """The very bytes of the file."""
    done = built.call("show", *words, "--output", str(built.output))
    assert (done.exit_code, done.stdout_bytes) == (0, (built.output / path).read_bytes())
    assert json.loads(done.stdout)["data"]["id"].lower().endswith(words[0].lower().removeprefix("openai/"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        pytest.param(["openai/gpt-9"], "Model openai/gpt-9 not found", id="nowhere"),
        pytest.param(
            ["openai/gpt-4o", "--gateway", "chutes"],
            "Model openai/gpt-4o not found from gateway 'chutes'",
            id="not on this gateway",
        ),
        pytest.param(["../../gateways"], "Model ../../gateways not found", id="a path"),
    ],
)
def test_show_what_is_not_there(built: Site, words: list[str], message: str) -> None:
    """One line, exit 1; no id leads out of the tree."""
    done = built.call("show", *words, "--output", str(built.output))
    assert (done.exit_code, done.output) == (1, f"Error: {message}\n")


def test_show_without_a_tree(site: Site) -> None:
    """Nothing was built yet."""
    assert site.call("show", "a/b", "--output", str(site.output)).exit_code == 1


def test_check_says_how_much_it_looked_at(built: Site) -> None:
    """And that there is nothing to complain about."""
    done = built.call("check", str(built.output))
    files = len(built.tree()) + 1
    assert (done.exit_code, done.output) == (0, f"{files} files checked, 0 problems\n")


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Change a text in a file of the tree."""
    path = root / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        pytest.param(
            lambda root: edit(root, RECORD, '"known"', '"Known"'),
            f"{RECORD} has another digest or size than the manifest says",
            id="tampered",
        ),
        pytest.param(
            lambda root: edit(root, "hosts/nginx/gatelog.conf", "404", "200"),
            "hosts/nginx/gatelog.conf has another digest or size than the manifest says",
            id="tampered configuration",
        ),
        pytest.param(
            lambda root: (root / RECORD).unlink(), f"{RECORD} is in the manifest and missing", id="missing"
        ),
        pytest.param(
            lambda root: (root / "catalog/new.json").write_text("{}"),
            "catalog/new.json is not in the manifest",
            id="foreign",
        ),
        pytest.param(lambda root: (root / RECORD).write_text("{"), f"{RECORD} is no record: ", id="broken"),
        pytest.param(
            lambda root: (root / "catalog/index.json").write_text("{"),
            "catalog/index.json is no index: ",
            id="broken index",
        ),
        pytest.param(
            lambda root: edit(root, "catalog/gateways.json", '"models": 14', '"models": 15'),
            "catalog/gateway/portkey.json has 14 models, catalog/gateways.json says 15",
            id="wrong count",
        ),
        pytest.param(
            lambda root: (root / "catalog/manifest.json").write_text("{}"),
            "catalog/manifest.json is no manifest: ",
            id="no manifest",
        ),
    ],
)
def test_check_finds(built: Site, damage: Callable[[Path], object], finding: str) -> None:
    """Each kind of damage in one sentence; exit 1."""
    damage(built.output)
    done = built.call("check", str(built.output))
    assert done.exit_code == 1
    assert any(line.startswith(finding) for line in done.output.splitlines())
    assert not done.output.endswith(" 0 problems\n")


def test_check_of_an_empty_folder(tmp_path: Path) -> None:
    """To have looked at nothing is no success."""
    done = Site(tmp_path, {}).call("check", str(tmp_path))
    assert (done.exit_code, done.output) == (
        1, "catalog/manifest.json is missing\n0 files checked, 1 problems\n",
    )  # fmt: skip


def test_check_refuses_a_symbolic_link(built: Site) -> None:
    """What it leads to was never published."""
    (built.output / "catalog" / "link.json").symlink_to("index.json")
    done = built.call("check", str(built.output))
    assert (done.exit_code, "is a symbolic link; remove it" in done.output) == (1, True)
