"""The catalog that most tests of exports look at."""

from __future__ import annotations

import pytest

from tests.catalog.interop.forms import MORE
from tests.exported import SPECIAL
from tests.factories import tree


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Render a catalog with every kind of price."""
    return tree(*SPECIAL, *MORE)
