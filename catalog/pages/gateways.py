"""One page for each gateway: facts and coverage from the catalog, its state read when the page is opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from catalog.artifact import Artifact
from catalog.pages.shelf import Model, Shelf
from catalog.pages.theme import Theme

_SHOWN = 40
"""Rows of each table."""


def gateways(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    """Yield the page of every gateway, then the page of all."""
    for name in theme.site.gateways:
        yield _page(name, shelf, theme)
    yield theme.page(
        "gateways.html",
        "gateways.html",
        "Gateways – Gatelog",
        "How fresh the list of each gateway is, how many models it has and how many of them have a price.",
        counts={name: _kinds(name, shelf) for name in theme.site.gateways},
    )


def _kinds(name: str, shelf: Shelf) -> Counter[str]:
    return Counter(entry.price_kind for entry in shelf.catalog.book.entries.get(name, ()) if entry.live)


def _page(name: str, shelf: Shelf, theme: Theme) -> Artifact:
    gateway = theme.site.gateways[name]
    here = [model for model in shelf.models if name in model.gateways]
    makers: Counter[str] = Counter(model.organisation for model in here)
    cheapest = [model for model in here if len(model.gateways) > 1 and _is_cheapest(model, name)]
    kinds = _kinds(name, shelf)
    return theme.page(
        f"gateway/{name}.html",
        "gateway.html",
        f"{gateway.name}: state, coverage and prices – Gatelog",
        f"{sum(kinds.values()):,} listings of {gateway.name}: how fresh, what is priced, what is cheapest.",
        name=name,
        gateway=gateway,
        kinds=kinds,
        total=sum(kinds.values()),
        models=here,
        shared=sum(len(model.gateways) > 1 for model in here),
        cheapest=cheapest[:_SHOWN],
        cheapest_count=len(cheapest),
        makers=[(maker, shelf.organisation_page(maker), count) for maker, count in makers.most_common(24)],
    )


def _is_cheapest(model: Model, name: str) -> bool:
    return model.cheapest is not None and model.cheapest.gateway == name
