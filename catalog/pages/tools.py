"""The pages that the browser fills: compare, calculator, changes; and the one for what is not there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import get_args
from urllib.parse import urlsplit

from catalog.artifact import Artifact, Json
from catalog.pages.shelf import Shelf
from catalog.pages.theme import Theme
from catalog.pages.words import METERS
from catalog.schema.changes import ChangeKind

_EXAMPLES = 4


def tools(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    """Yield the pages that show what a reader asks for."""
    known = [model for model in shelf.models if model.has_page and model.price_kind == "known"][:_EXAMPLES]
    yield theme.page(
        "compare.html",
        "compare.html",
        "Compare models – Gatelog",
        "Up to four models side by side: prices on every gateway, limits, capabilities.",
        examples=known,
    )
    yield theme.page(
        "calculator.html",
        "calculator.html",
        "Cost calculator – Gatelog",
        "What a workload costs on each gateway that has the model, cached tokens and tiers included.",
        examples=known,
    )
    yield theme.page(
        "changes.html",
        "changes.html",
        "Changes – Gatelog",
        "Prices that moved, models that came and went, ends that were announced.",
        kinds=get_args(ChangeKind),
        meters=METERS,
        endings=_endings(shelf, theme.site.endings),
    )
    yield theme.page(
        "404.html",
        "404.html",
        "Not found – Gatelog",
        "There is no such page.",
        root=f"{urlsplit(theme.site.base_url).path}/",
    )


def _endings(shelf: Shelf, announced: Sequence[Json]) -> list[tuple[Json, str | None]]:
    """Return each announced end with the page of its model."""
    asked = {(each["gateway"], each["model"]) for each in announced}
    pages = {
        (entry.gateway, entry.id): model.page
        for model in shelf.models
        for entry in model.offers
        if (entry.gateway, entry.id) in asked
    }
    return [(each, pages.get((each["gateway"], each["model"]))) for each in announced]
