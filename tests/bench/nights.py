"""`python -m tests.bench.nights`: what nights cost at two sizes, as a table of its own."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.bench import table
from tests.bench.__main__ import HUGE, SIZES, bench_folder
from tests.bench.bodies import NIGHTS
from tests.bench.measure import CHECKOUT, Bench, say

AT_HUGE = 2
"""Nights that are measured at the larger size."""
DOCUMENT = CHECKOUT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- made by `make bench-nights`: begin -->", "<!-- made by `make bench-nights`: end -->"


def main() -> None:
    """Measure, print the tables, write them, and fail when a bound is broken."""
    folder, notes = bench_folder()
    with tempfile.TemporaryDirectory(prefix="gatelog-nights-", dir=folder) as scratch:
        bench = Bench(Path(scratch))
        few = bench.grown(SIZES[1], ("cold",), list(NIGHTS))
        many = bench.grown(HUGE, ("cold",), list(NIGHTS)[:AT_HUGE])
    lines = list(table.proportion(few, many))
    text = table.plain(lines, [*notes, "One run each."]) + table.nights([few, many])
    say(text)
    table.replace_between(DOCUMENT, BEGIN, END, text)
    if broken := [line.name for line in lines if line.broken]:
        sys.exit("\n".join(["Broken bounds:", *broken]))


if __name__ == "__main__":
    main()
