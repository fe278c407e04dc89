"""The preview server on a port of its own, over a tree on disk."""

from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from catalog.artifact import compact
from catalog.errors import StopBuildError
from catalog.serve import opened
from tests.served import served


def plant(root: Path, *gateways: str) -> None:
    """Write the two files that make a tree, and a record."""
    (root / "catalog/model/a").mkdir(parents=True, exist_ok=True)
    (root / "catalog/model/a/b.json").write_text('{"data": {"id": "a/b"}}')
    index = {"schema_version": "1.0", "gateways": gateways, "models": {}, "paths": {}}
    (root / "catalog/index.json").write_bytes(compact(index))
    (root / "catalog/gateways.json").write_bytes(compact({"schema_version": "1.0", "gateways": []}))


def test_a_record_is_served(tmp_path: Path) -> None:
    """By its id and by its path, to GET and to HEAD."""
    plant(tmp_path)
    with served(opened(tmp_path)) as address:
        found = httpx.get(f"{address}/catalog/model/A/B")
        assert (found.status_code, found.json()) == (200, {"data": {"id": "a/b"}})
        assert httpx.get(f"{address}/catalog/model/a/b.json").content == found.content
        head = httpx.head(f"{address}/catalog/model/a/b")
        assert (head.status_code, head.headers["content-length"]) == (200, str(len(found.content)))


def test_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A line for each request, and one for a gateway that nobody knows."""
    plant(tmp_path)
    caplog.set_level("INFO", "gatelog.serve")
    with served(opened(tmp_path)) as address:
        httpx.get(f"{address}/catalog/model/a/b?gateway=nobody")
    assert caplog.messages == [
        "unknown gateway 'nobody', openrouter answers", "404 GET /catalog/model/a/b",
    ]  # fmt: skip


def test_a_build_while_it_is_served_shows(tmp_path: Path) -> None:
    """The index is read again when it is another file."""
    plant(tmp_path, "openrouter")
    tree = opened(tmp_path)
    assert tree.index.gateways == ["openrouter"]
    plant(tmp_path, "openrouter", "toy")
    assert tree.index.gateways == ["openrouter", "toy"]


def test_a_broken_index_changes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """What was known before serves on, and the log says why."""
    plant(tmp_path, "openrouter")
    tree = opened(tmp_path)
    (tmp_path / "catalog/index.json").write_text("{")
    assert tree.index.gateways == ["openrouter"]
    assert "cannot be read" in caplog.text


def test_a_decided_change_is_completed_first(tmp_path: Path) -> None:
    """As `check` does it: a build was interrupted in its last moment."""
    plant(tmp_path)
    stage = tmp_path / ".next"
    stage.mkdir()
    (stage / "0").write_text("{}")
    (stage / "journal").write_text('[["move", "0", "catalog/new.json"]]')
    assert opened(tmp_path).has("catalog/new.json")
    assert not stage.exists()


def test_what_is_not_published(tmp_path: Path) -> None:
    """The tree's own README, a folder, a name that no file can have."""
    plant(tmp_path)
    (tmp_path / "README.md").touch()
    tree = opened(tmp_path)
    assert not [path for path in ("README.md", "catalog", "x" * 5000, "catalog/x.json") if tree.has(path)]


def test_a_folder_without_a_tree(tmp_path: Path) -> None:
    """There is nothing to serve; no folder is made."""
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(StopBuildError, match="holds no built tree"):
            opened(folder)
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - names alone
