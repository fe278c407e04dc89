"""Guards: one function for each invariant, each returns a finding or nothing.

A guard flags and holds; it never drops or repairs. A held gateway is served from its snapshot, a stopped
release leaves everything as it was. `docs/guards.md` lists them all.
"""

from __future__ import annotations

from catalog.checks.answers import AGAINST_LAST, ALWAYS, COME_AND_GO, Answer, judge
from catalog.checks.finding import Finding
from catalog.checks.moves import moves
from catalog.checks.prices import OF_PRICES, judge_prices
from catalog.checks.release import check_most_models_stay, check_seen_lately

OF_ONE_ANSWER = frozenset({"limits", "drift"})
"""Guards whose information holds for as long as the answer stays the same."""

__all__ = [
    "AGAINST_LAST", "ALWAYS", "COME_AND_GO", "OF_ONE_ANSWER", "OF_PRICES", "Answer", "Finding",
    "check_most_models_stay", "check_seen_lately", "judge", "judge_prices", "moves",
]  # fmt: skip
