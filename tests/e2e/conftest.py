"""A small site for every test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site import Site, serving_site


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Serve a small site that was never built."""
    with serving_site(tmp_path) as site:
        yield site


@pytest.fixture
def built(site: Site) -> Site:
    """Serve a small site that was built once."""
    site.build()
    return site
