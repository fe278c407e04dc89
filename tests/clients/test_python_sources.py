"""A folder and an archive answer as a host does."""

from __future__ import annotations

import io
import os
import tarfile
from pathlib import Path

import pytest

from gatelog_client import Catalog, CatalogUnreachable, ModelNotFound
from tests.clients.pages import Pages

QUESTIONS = [
    ("openai/gpt-4o", None),
    ("OpenAI/GPT-4o", "portkey"),
    ("DeepMount00/Llama-3.1-8b-Ita", None),
    ("flux.1-schnell", None),
    ("google/gemma-4-26b-a4b-it", ("deepinfra", "featherless")),
]


def packed(tree: Path, archive: Path, mode: str, root: str) -> Path:
    """Pack a tree below a folder; further names of a file become links, as tar does it."""
    with tarfile.open(archive, mode) as members:  # type: ignore[call-overload]  # the mode is no literal here
        for part in ("catalog", "openapi.json", "schema"):
            members.add(tree / part, f"{root}{part}")
    return archive


@pytest.mark.parametrize(
    ("name", "mode", "root"),
    [
        pytest.param("gatelog.tar", "w", "", id="tar"),
        pytest.param("gatelog.tar.gz", "w:gz", "./", id="tar.gz"),
        pytest.param("gatelog.tgz", "w:gz", "gatelog-2026-11-20/", id="in a folder"),
        pytest.param("gatelog.tar", "w", "my-catalog/catalog/", id="in folders that are called catalog"),
    ],
)
def test_an_archive(catalog: Catalog, tree: Path, tmp_path: Path, name: str, mode: str, root: str) -> None:
    """It gives the records and the findings that the host gives, under all their names."""
    archive = Catalog(packed(tree, tmp_path / name, mode, root))
    assert archive.watch(["openai/gpt-5.2-chat"]) == catalog.watch(["openai/gpt-5.2-chat"]) != []
    for model_id, gateway in QUESTIONS:
        assert archive.model(model_id, gateway) == catalog.model(model_id, gateway)
    with pytest.raises(ModelNotFound):
        archive.model("openai/gpt-9")


def test_links_of_an_archive_share_their_bytes(tree: Path, tmp_path: Path) -> None:
    """The packed tree does hold links, so the test above has followed them."""
    with tarfile.open(packed(tree, tmp_path / "gatelog.tar", "w", "")) as archive:
        assert any(member.islnk() for member in archive)


def test_a_folder(catalog: Catalog, tree: Path, host: Pages) -> None:
    """It gives the records that the host gives, and asks no host."""
    expected = [catalog.model(model_id, gateway) for model_id, gateway in QUESTIONS]
    host.news()
    assert [Catalog(str(tree)).model(*question) for question in QUESTIONS] == expected
    assert host.news() == []


def test_a_folder_needs_no_cache(tree: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is copied from one disk to the same disk."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    Catalog(tree).model("openai/gpt-4o")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["", "nowhere", "empty.tar"], ids=["no tree", "no folder", "empty archive"])
def test_no_catalog(tmp_path: Path, name: str) -> None:
    """A place without a catalog is not one that lacks a model."""
    tarfile.open(tmp_path / "empty.tar", "w").close()
    with pytest.raises(CatalogUnreachable, match="there is no catalog"):
        Catalog(tmp_path / name).model("openai/gpt-4o")


@pytest.mark.parametrize(
    ("name", "cut"),
    [
        pytest.param("gatelog.tar.zst", None, id="packed with something else"),
        pytest.param("gatelog.tar.gz", 3000, id="half a download"),
        pytest.param("gatelog.tar.gz", 0, id="empty download"),
    ],
)
def test_what_is_no_archive(tree: Path, tmp_path: Path, name: str, cut: int | None) -> None:
    """The message says what to do."""
    whole = packed(tree, tmp_path / "whole.tar.gz", "w:gz", "").read_bytes()
    spoiled = tmp_path / name
    spoiled.write_bytes(b"\x28\xb5\x2f\xfd" + os.urandom(5000) if cut is None else whole[:cut])
    with pytest.raises(CatalogUnreachable, match=rf"{name} is no whole .*tar -xf {name}"):
        Catalog(spoiled)


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    """Such an archive is not whole."""
    with tarfile.open(tmp_path / "odd.tar", "w") as archive:
        member = tarfile.TarInfo("catalog/model/a/b.json")
        member.type, member.linkname = tarfile.LNKTYPE, "catalog/model/b/a.json"
        archive.addfile(member)
    with pytest.raises(CatalogUnreachable, match=r"odd\.tar is no whole"):
        Catalog(tmp_path / "odd.tar")


def test_a_file_that_is_no_document(tmp_path: Path) -> None:
    """A tree that somebody spoiled is no catalog."""
    with tarfile.open(tmp_path / "odd.tar", "w") as archive:
        member = tarfile.TarInfo("catalog/model/a/b.json")
        member.size = 2
        archive.addfile(member, io.BytesIO(b"{}"))
    with pytest.raises(CatalogUnreachable, match=r"catalog/model/a/b\.json is no document"):
        Catalog(tmp_path / "odd.tar").model("a/b")
