"""The metrics that ship with the repository belong to the listings that ship with it."""

from __future__ import annotations

import orjson

from catalog.store import Store
from tests.site import ROOT


def test_shipped_metrics_are_of_shipped_listings() -> None:
    """Sorted by name, each once, and nothing that no kept listing names."""
    store = Store(ROOT / "data")
    lines = (line for gateway in store.memories() for line in store.lines(gateway))
    named = {str(orjson.loads(line).get("hugging_face_id")).lower() for line in lines}
    keys = [repository.key for repository in store.repositories()]
    assert keys, "metrics ship"
    assert keys == sorted(set(keys))
    assert set(keys) <= named
