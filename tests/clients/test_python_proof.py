"""With `verify` the Python client believes nothing that the manifest does not name."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import tarfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gatelog_client import (
    AsyncCatalog,
    Catalog,
    CatalogUnreachable,
    CatalogUntrusted,
    CatalogWarning,
    ModelNotFound,
)
from gatelog_client._cache import Cache
from tests.clients.pages import Pages, pages
from tests.site import MANIFEST

MODEL = "google/gemma-4-26b-a4b-it"
FILE = f"catalog/model/{MODEL}.json"
STATES = "catalog/gateways.json"
SHARD = "catalog/manifest/bc.json"
"""The part of the manifest that names FILE."""


@pytest.fixture
def copy(tree: Path, tmp_path: Path) -> Path:
    """A tree that a test may spoil."""
    return Path(shutil.copytree(tree, tmp_path / "copy"))


@pytest.fixture
def spoiled(copy: Path) -> Iterator[Pages]:
    """A host that serves it."""
    with pages(copy) as host:
        yield host


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a document of a tree."""
    found = json.loads(path.read_bytes())
    change(found)
    path.unlink()  # its other names keep what they have
    path.write_text(json.dumps(found))


def test_what_is_sound_is_answered(spoiled: Pages, tmp_path: Path) -> None:
    """The first record costs the manifest and one part of it, a second one at most a part."""
    with Catalog(spoiled.url, cache=tmp_path / "cache", verify=True) as catalog:
        assert catalog.model(MODEL).id == MODEL
        assert spoiled.news() == [(FILE, 200), (MANIFEST, 200), (SHARD, 200)]
        assert catalog.model(MODEL, "featherless").gateway == "featherless"
        folders = [path.rpartition("/")[0] for path, _ in spoiled.news()]
        assert folders[1::2] == ["catalog/manifest"] * 2, "a part for each file"
        with pytest.raises(ModelNotFound):
            catalog.model("openai/gpt-9")


def dearer(record: dict[str, Any]) -> None:
    """Alter a price."""
    record["data"]["pricing"]["prompt"] = "1"


BARE = '{"schema_version": "1.0"}'
SPOILT = [
    pytest.param(lambda tree: edit(tree / FILE, dearer), "is not the file that manifest", id="altered"),
    pytest.param(lambda tree: (tree / FILE).unlink(), "is missing", id="taken away"),
    pytest.param(lambda tree: (tree / SHARD).unlink(), "is not the file", id="no part of the manifest"),
    pytest.param(lambda tree: (tree / SHARD).write_text("{}"), "is not the file", id="another part of it"),
    pytest.param(lambda tree: (tree / MANIFEST).write_text(BARE), "no manifest", id="form"),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "words"), SPOILT)
def test_what_was_altered_is_refused(
    copy: Path, spoiled: Pages, spoil: Callable[[Path], None], words: str
) -> None:
    """On a host and in a folder, and nothing of it is kept."""
    spoil(copy)
    with Catalog(spoiled.url, cache=copy / "cache", verify=True) as catalog:
        for _ in range(2):
            with pytest.raises(CatalogUntrusted, match=words):
                catalog.model(MODEL)
    with pytest.raises(CatalogUntrusted, match=words):
        Catalog(copy, verify=True).model(MODEL)


def fresher(states: dict[str, Any]) -> None:
    """Alter the state of a gateway."""
    states["gateways"][0].update(state="fresh", reason=None, fetched_at="2026-11-20T02:17:00Z")


def test_altered_states_are_refused(copy: Path, spoiled: Pages) -> None:
    """Though no part of the manifest names them; a manifest of old says nothing of them."""

    def ask() -> None:
        with Catalog(spoiled.url, cache=None, verify=True) as catalog:
            catalog.model("openai/gpt-9", gateway="openrouter")

    with pytest.raises(ModelNotFound):
        ask()
    edit(copy / STATES, fresher)
    with pytest.raises(CatalogUntrusted, match=f"{STATES} is not the file"):
        ask()
    edit(copy / MANIFEST, lambda found: found.pop("states"))
    with pytest.raises(ModelNotFound):
        ask()


def test_asyncio(copy: Path, spoiled: Pages) -> None:
    """It is the same decision."""
    edit(copy / FILE, dearer)

    async def ask() -> None:
        async with AsyncCatalog(spoiled.url, cache=None, verify=True) as catalog:
            await catalog.model(MODEL)

    with pytest.raises(CatalogUntrusted, match="is not the file"):
        asyncio.run(ask())


def test_what_another_program_kept_is_not_believed(copy: Path, spoiled: Pages) -> None:
    """A cache that was filled without verification does not answer with it."""
    record = (copy / FILE).read_bytes()
    edit(copy / FILE, dearer)
    with Catalog(spoiled.url, cache=copy / "cache") as catalog:
        assert str(catalog.model(MODEL).price("prompt")) == "1"
    (copy / FILE).write_bytes(record)
    with Catalog(spoiled.url, cache=copy / "cache", verify=True) as catalog:
        assert str(catalog.model(MODEL).price("prompt")) != "1"


def test_an_old_answer_is_not_taken_for_current(copy: Path, spoiled: Pages) -> None:
    """A host that says that nothing changed is held to the manifest, too."""
    with Catalog(spoiled.url, cache=copy / "cache", max_age=0, verify=True) as catalog:
        catalog.model(MODEL)
        assert catalog.model(MODEL).id == MODEL
        assert spoiled.news()[-1] == (FILE, 304)
    edit(copy / MANIFEST, lambda found: found.update(shards=found["shards"] | {"bc": "0" * 64}))
    later = Catalog(spoiled.url, cache=copy / "cache", max_age=0, verify=True)
    with later, pytest.raises(CatalogUntrusted):
        later.model(MODEL)


def test_a_new_build_is_found(copy: Path, spoiled: Pages) -> None:
    """A difference makes the client look for a newer manifest once, and then all is well."""
    with Catalog(spoiled.url, cache=None, verify=True) as catalog:
        catalog.model(MODEL)
        _publish(copy, serial=1)
        assert str(catalog.model(MODEL).price("prompt")) == "1"


def _publish(tree: Path, *, serial: int) -> None:
    """Publish an altered record the right way, with a serial that moved so far."""
    edit(tree / FILE, dearer)
    body = (tree / FILE).read_bytes()
    edit(tree / SHARD, lambda shard: shard.update({FILE: [_sha256(body), len(body)]}))
    digest = _sha256((tree / SHARD).read_bytes())
    edit(
        tree / MANIFEST,
        lambda found: found.update(shards=found["shards"] | {"bc": digest}, serial=found["serial"] + serial),
    )


def _sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


@pytest.mark.parametrize("where", ["the same program", "the next program"])
def test_a_manifest_never_goes_back(copy: Path, spoiled: Pages, where: str) -> None:
    """A sound tree of an older build is refused, also by the next program that shares the cache."""
    cache = copy / "cache"
    first = Catalog(spoiled.url, cache=cache, max_age=0, verify=True)
    later = Catalog(spoiled.url, cache=cache, max_age=0, verify=True)
    with first, later:
        first.model(MODEL)
        _publish(copy, serial=-1)
        again = first if where == "the same program" else later
        with pytest.raises(CatalogUntrusted, match=r"went back: its serial is [0-9]+, and [0-9]+ was seen"):
            again.model(MODEL)


def test_serials_are_noted(tmp_path: Path) -> None:
    """The greatest one of each catalog."""
    cache = Cache(tmp_path)
    assert cache.serial("one") == 0
    cache.note("one", 7)
    cache.note("one", 5)
    cache.note("other", 3)
    assert (cache.serial("one"), cache.serial("other")) == (7, 3)


@pytest.mark.parametrize("seen_before", [False, True])
def test_a_manifest_that_nobody_renews_is_refused(
    copy: Path, spoiled: Pages, monkeypatch: pytest.MonkeyPatch, *, seen_before: bool
) -> None:
    """After a week, also by a program that began with it."""
    told = json.loads((copy / MANIFEST).read_bytes())["expires"]
    expires = datetime.fromisoformat(told).timestamp()
    with Catalog(spoiled.url, cache=None, verify=True) as catalog:
        if seen_before:
            catalog.model(MODEL)
        monkeypatch.setattr(time, "time", lambda: expires)
        with pytest.raises(CatalogUntrusted, match=f"expired at {told}"):
            catalog.model(MODEL)


def test_a_catalog_without_a_manifest(copy: Path, spoiled: Pages) -> None:
    """Cannot be verified."""
    (copy / MANIFEST).unlink()
    with Catalog(spoiled.url, cache=None, verify=True) as catalog, pytest.raises(CatalogUnreachable):
        catalog.model(MODEL)


def test_a_host_that_is_down(tree: Path, tmp_path: Path) -> None:
    """What was verified and kept is served, with a warning."""
    with pages(tree) as host, Catalog(host.url, cache=tmp_path, max_age=0, verify=True) as catalog:
        catalog.model(MODEL)
    catalog = Catalog(host.url, cache=tmp_path, max_age=0, verify=True)
    with catalog, pytest.warns(CatalogWarning, match="cannot be reached"):
        assert catalog.model(MODEL).id == MODEL


def test_an_archive(tree: Path, tmp_path: Path) -> None:
    """It brings its manifest along."""
    with tarfile.open(tmp_path / "gatelog.tar", "w") as archive:
        archive.add(tree / "catalog", "catalog")
    assert Catalog(tmp_path / "gatelog.tar", verify=True).model(MODEL).id == MODEL
