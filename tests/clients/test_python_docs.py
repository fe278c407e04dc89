"""What the pages about the Python client show is what happens."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

import pytest

import gatelog_client
from gatelog_client import CatalogError
from tests.clients.pages import Pages
from tests.site import ROOT
from tests.test_docs import blocks

CLIENT = ROOT / "clients/python"
ADDRESS = "https://catalog.example"
"""Stands for the reader's catalog."""
PRINTED = re.compile(r"print\(.*\)  # (.*)$", re.MULTILINE)


@pytest.mark.parametrize("page", ["clients/python/README.md", "docs/migration.md"])
def test_the_examples_print_what_they_say(page: str, host: Pages, tree: Path, tmp_path: Path) -> None:
    """All Python of a page, as one program of a reader who has a host, a folder and an archive."""
    program = "".join(text for language, _, text in blocks(page) if language == "python")
    (tmp_path / "output").symlink_to(tree)
    with tarfile.open(tmp_path / "gatelog.tar.gz", "w:gz") as archive:
        archive.add(tree / "catalog", "gatelog/catalog")
    environ = {"GATELOG_URL": host.url, "XDG_CACHE_HOME": str(tmp_path / "cache"), "PYTHONPATH": str(CLIENT)}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program.replace(ADDRESS, host.url)],
        cwd=tmp_path,
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == PRINTED.findall(program) != []


def test_every_error_is_explained() -> None:
    """The table names each exception that is meant for users."""
    found = [getattr(gatelog_client, name) for name in gatelog_client.__all__]
    errors = [each.__name__ for each in found if isinstance(each, type) and issubclass(each, CatalogError)]
    page = (CLIENT / "README.md").read_text(encoding="utf-8")
    assert len(errors) == 7
    assert all(f"`{name}`" in page for name in errors)


def test_the_package() -> None:
    """What pip installs has every module, the mark of types, and httpx as its only dependency."""
    told = tomllib.loads((CLIENT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [name.partition(">")[0] for name in told["project"]["dependencies"]] == ["httpx"]
    assert told["project"]["requires-python"] == ">=3.10"
    assert told["tool"]["setuptools"]["packages"] == [
        path.parent.name for path in CLIENT.glob("*/__init__.py")
    ]
    for name, files in told["tool"]["setuptools"]["package-data"].items():
        assert all((CLIENT / name / file).is_file() for file in files)
