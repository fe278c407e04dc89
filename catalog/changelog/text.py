"""Histories for a terminal: a table and a line of small bars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import groupby

from catalog.artifact import Json
from catalog.changelog.words import harmless, money

_BARS = "▁▂▃▄▅▆▇█"
_ORDERS = ("::", "##[")
"""How a line begins that GitHub's runners obey when a program prints it."""
_COLUMNS = ("since", "gateway", "id", "prompt", "completion", "context", "price")


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of text as a table of columns, each as wide as it needs; names of others are harmless."""
    shown = [[harmless(cell, 120) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(*shown, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)).rstrip() for row in shown)
    return "".join(f" {line}\n" if line.startswith(_ORDERS) else f"{line}\n" for line in lines)


def sparkline(values: Sequence[Decimal]) -> str:
    """Return one bar for each value, the lowest to the highest of them."""
    low, high = min(values), max(values)
    span = (high - low) or Decimal(1)
    return "".join(_BARS[int((value - low) / span * (len(_BARS) - 1))] for value in values)


def history_text(history: Json) -> str:
    """Return a history as a table, then the prompt price of each listing as a line of bars."""
    points = history["points"]
    table = columns([_COLUMNS, *map(_row, points)])
    return table + "".join(_bars(points))


def _row(point: Json) -> tuple[str, ...]:
    context = f"{point['context_length']:,}" if point["context_length"] else "–"
    prices = (money(name, point[name]) if point[name] else "–" for name in ("prompt", "completion"))
    return point["at"][:10], point["gateway"], point["id"], *prices, context, point["price_kind"] or "gone"


def _bars(points: Iterable[Json]) -> Iterable[str]:
    by_listing = sorted(points, key=lambda point: (point["gateway"], point["id"], point["at"]))
    for (gateway, model), found in groupby(by_listing, key=lambda point: (point["gateway"], point["id"])):
        prices = [point["prompt"] for point in found if point["prompt"] is not None]
        if len(prices) > 1:
            ends = f"{money('prompt', prices[0])} → {money('prompt', prices[-1])}"
            yield f"{gateway} {harmless(model)} prompt {sparkline(list(map(Decimal, prices)))} {ends}\n"
