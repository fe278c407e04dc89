"""docs/coverage.md says what the shipped catalog holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import completeness


@pytest.mark.slow
def test_the_table_is_that_of_the_shipped_catalog() -> None:
    """A figure in the documentation comes from a build."""
    assert completeness.committed() == completeness.shipped()


def test_shares_are_rounded_down(finished: Path) -> None:
    """100 % means all, and every gateway of the tree has a row."""
    counts = completeness.counted(finished / "output")
    assert len(counts) == 5
    row = counts["portkey"] | {"price": counts["portkey"]["listings"] - 1, "model key": 0}
    cells = completeness.table({"portkey": row}).splitlines()[-1].split("|")
    headings = ["", "gateway", "listings", *completeness.QUESTIONS]
    shares = dict(zip(headings, map(str.strip, cells), strict=False))
    assert shares["price"] == f"{100 - -(-100 // row['listings'])} %"
    assert shares["model key"] == "0 %"
