"""`docs/verify.md`: what a reader is told to type finds a sound tree sound and an altered one altered."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.site import Site
from tests.test_docs import blocks

INDEX = "catalog/index.json"
PART = "catalog/manifest/fa.json"
"""The part of the manifest that names it."""


def local() -> list[str]:
    """Return what the page says about files that are there: one file, a whole tree."""
    texts = [text for language, _, text in blocks("docs/verify.md") if language == "sh"]
    return [text for text in texts if "sha256sum" in text]


def run(script: str, tree: Path) -> int:
    """Type it below a tree; the last command that fails is what it ends with."""
    if shutil.which("jq") is None or shutil.which("sha256sum") is None:
        pytest.skip("jq or sha256sum is not installed")
    words = ["bash", "-e", "-o", "pipefail", "-c", script]
    return subprocess.run(words, cwd=tree, check=False, capture_output=True).returncode


def test_the_page_names_both_commands() -> None:
    """Who made the manifest, and whether a file is the one that it names."""
    texts = [text for language, _, text in blocks("docs/verify.md") if language == "sh"]
    assert "gh attestation verify catalog/manifest.json --repo gatelog/gatelog\n" in texts
    assert len(local()) == 2


@pytest.mark.parametrize("number", [0, 1], ids=["one file", "a whole tree"])
def test_a_sound_tree(built: Site, number: int) -> None:
    """Passes."""
    assert run(local()[number], built.output) == 0


@pytest.mark.parametrize("path", [INDEX, PART])
@pytest.mark.parametrize("number", [0, 1], ids=["one file", "a whole tree"])
def test_an_altered_tree(built: Site, number: int, path: str) -> None:
    """Does not."""
    alter(built.output / path)
    assert run(local()[number], built.output) != 0


def test_altered_states(built: Site) -> None:
    """Do not, either, though no part of the manifest names them."""
    alter(built.output / "catalog/gateways.json")
    assert run(local()[1], built.output) != 0


def alter(path: Path) -> None:
    """Change a letter of a file."""
    path.write_bytes(path.read_bytes().replace(b"e", b"f", 1))
