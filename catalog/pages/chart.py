"""A line of prices, small enough to stand in a table, as inline SVG."""

from __future__ import annotations

from decimal import Decimal

from markupsafe import Markup

from catalog.artifact import Json

_WIDTH, _HEIGHT, _EDGE = 96, 24, 2
_FEWEST = 2


def sparkline(history: Json | None) -> Markup | None:
    """Draw how the input price of the first offer of a history went; None when it did not move."""
    if history is None:
        return None
    points = [point for point in history["points"] if point["prompt"] is not None]
    first = [point for point in points if _same(point, points[0])]
    prices = [Decimal(point["prompt"]) for point in first]
    if len(set(prices)) < _FEWEST:
        return None
    return Markup(
        '<svg class="spark" viewBox="0 0 {} {}" width="{}" height="{}" role="img" aria-label="{}">'
        '<polyline points="{}"/></svg>'
    ).format(_WIDTH, _HEIGHT, _WIDTH, _HEIGHT, _label(prices), _steps(prices))


def _same(one: Json, other: Json) -> bool:
    return (one["gateway"], one["id"]) == (other["gateway"], other["id"])


def _label(prices: list[Decimal]) -> str:
    word = "fell" if prices[-1] < prices[0] else "rose" if prices[-1] > prices[0] else "moved and returned"
    return f"The input price {word} in {len(prices) - 1} steps"


def _steps(prices: list[Decimal]) -> str:
    """A price holds until the next one: stairs, not slopes."""
    low, high = min(prices), max(prices)
    wide = Decimal(_WIDTH - 2 * _EDGE) / len(prices)
    corners = []
    for at, price in enumerate(prices):
        y = _EDGE + (_HEIGHT - 2 * _EDGE) * (high - price) / (high - low)
        corners += [f"{_EDGE + wide * at:.1f},{y:.1f}", f"{_EDGE + wide * (at + 1):.1f},{y:.1f}"]
    return " ".join(corners)
