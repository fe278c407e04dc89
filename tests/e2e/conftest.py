"""A small site for every test that asks for one."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site, serving_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve a small site that was never built."""
    with serving_site(tmp_path) as site:
        yield site


@pytest.fixture(scope="session")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the small site once for all tests that begin with a finished one."""
    folder = tmp_path_factory.mktemp("finished")
    with pytest.MonkeyPatch.context() as patched, serving_site(folder) as site:
        patched.setattr(os, "sync", lambda: None)
        site.build()
    return folder


@pytest.fixture
def built(site: Site, finished: Path) -> Site:
    """Serve a small site that was built once."""
    shutil.copytree(finished, site.folder, dirs_exist_ok=True)
    return site
