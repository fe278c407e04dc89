"""The database: its tables, its indexes, and the documented queries."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from catalog.interop import sqlite
from catalog.interop.format import Given
from tests import factories
from tests.catalog.interop.forms import LISTINGS
from tests.test_docs import blocks


def query(body: bytes, question: str) -> list[tuple[Any, ...]]:
    """Ask a database that is in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(body)
        return connection.execute(question).fetchall()


def test_sqlite(files: dict[str, bytes]) -> None:
    """Listings with exact prices and their conditions, gateways and models counted."""
    body = files["catalog/catalog.sqlite"]
    assert query(body, "SELECT count(*) FROM listings") == [(LISTINGS,)]
    night = query(
        body, "SELECT price FROM prices WHERE id = 'special/by-night' AND utc_start = '16:30' ORDER BY 1"
    )
    assert night == [("0.000001",), ("0.000005",)]
    assert query(body, "SELECT listings, priced FROM gateways WHERE gateway = 'featherless'") == [(1, 0)]
    shared = query(body, "SELECT gateways, listings FROM models WHERE model_key = 'special/renamed'")
    assert shared == [(3, 3)]
    assert query(body, "PRAGMA user_version") == [(sqlite.VERSION,)]


QUERIES = [text for language, _, text in blocks("docs/interop.md") if language == "sql"]


@pytest.mark.parametrize("question", QUERIES)
def test_documented_queries(files: dict[str, bytes], question: str) -> None:
    """The examples of the documentation find something."""
    assert query(files["catalog/catalog.sqlite"], question)


def test_sqlite_uses_its_indexes(files: dict[str, bytes]) -> None:
    """The cheapest price of a meter is found without reading the table."""
    plan = query(
        files["catalog/catalog.sqlite"],
        "EXPLAIN QUERY PLAN"
        " SELECT id FROM prices WHERE meter = 'prompt' ORDER BY CAST(price AS REAL) LIMIT 5",
    )
    assert "USING INDEX prices_meter" in plan[0][3]
    assert len(plan) == 1


def test_sqlite_changes() -> None:
    """Rows of the list of changes, with values that are no text as JSON."""
    row: dict[str, Any] = {
        "id": "2026-11-20-ab",
        "at": "2026-11-20T02:17:00Z",
        "kind": "price",
        "gateway": "openrouter",
    }
    row |= {"model": "a/b", "meter": "prompt", "from": None, "to": ["text"], "percent": 1.5}
    body = sqlite.FORMAT.start(Given(factories.FACTS, [row])).body()
    assert query(body, 'SELECT id, "from", "to", percent FROM changes') == [
        ("2026-11-20-ab", None, '["text"]', 1.5)
    ]
