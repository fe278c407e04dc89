"""The small site, built once and served by a plain host."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gatelog_client import Catalog
from tests.clients.pages import Pages, pages
from tests.site import serving_site


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small site as published; whoever changes it changes a copy."""
    folder = tmp_path_factory.mktemp("published")
    with pytest.MonkeyPatch.context() as patched, serving_site(folder) as site:
        patched.setattr(os, "sync", lambda: None)
        site.build(SOURCE_DATE_EPOCH=str(int(time.time())))  # a manifest expires
    return folder / "output"


@pytest.fixture
def host(tree: Path) -> Iterator[Pages]:
    """Serve it."""
    with pages(tree) as host:
        yield host


@pytest.fixture
def catalog(host: Pages, tmp_path: Path) -> Iterator[Catalog]:
    """A catalog at that host, with a cache of its own that is never fresh."""
    with Catalog(host.url, cache=tmp_path / "cache", max_age=0) as catalog:
        yield catalog
