"""The home page: the search over every model, and plain links for those who have no JavaScript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import chain

from catalog.artifact import Artifact
from catalog.pages.shelf import Shelf
from catalog.pages.theme import Theme

_SHOWN = 30
"""Models in the table before the list is loaded."""
_ORGANISATIONS = 48
"""Organisations that are named on the page."""


def home(shelf: Shelf, theme: Theme) -> Artifact:
    """Return `index.html`."""
    listings = {
        name: sum(entry.live for entry in found) for name, found in shelf.catalog.book.entries.items()
    }
    weights = {
        name: sum(len(each.gateways) for each in found if each.has_page)
        for name, found in shelf.organisations.items()
    }
    top = sorted(
        (name for name, weight in weights.items() if weight), key=lambda name: (-weights[name], name)
    )
    count = f"{len(shelf.models):,}"
    return theme.page(
        "index.html",
        "home.html",
        "Gatelog: every model on every LLM gateway",
        f"Prices, limits and history of {count} models on {len(listings)} LLM gateways, side by side.",
        models=shelf.models[:_SHOWN],
        listings=listings,
        organisations=[(name, shelf.organisation_page(name)) for name in top[:_ORGANISATIONS]],
        organisation_count=len(shelf.organisations),
        several=sum(len(model.gateways) > 1 for model in shelf.models),
        inputs=_usual_first(model.traits.inputs for model in shelf.models),
        outputs=_usual_first(model.traits.outputs for model in shelf.models),
    )


def _usual_first(found: Iterable[Iterable[str]]) -> list[str]:
    """Return each word once, in the order of how often it is said."""
    counted = Counter(chain.from_iterable(found))
    return sorted(counted, key=lambda word: (-counted[word], word))
