"""The Python client finds every model on a plain static host."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

from gatelog_client import Catalog


def test_one_model(catalog: Catalog, tree: Path) -> None:
    """The answer is the published record, its prices are exact."""
    record = catalog.model("deepseek/deepseek-chat-v3-0324")
    path = tree / "catalog/model/deepseek/deepseek-chat-v3-0324.json"
    assert record.envelope == json.loads(path.read_bytes())
    assert record.price("prompt") == Decimal("0.00000027")
