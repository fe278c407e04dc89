"""One page for each organisation that is worth one, the list of them, and one page for all others."""

from __future__ import annotations

from collections.abc import Iterator

from catalog import paths
from catalog.artifact import Artifact
from catalog.pages.chart import sparkline
from catalog.pages.shelf import Shelf, stem
from catalog.pages.theme import Theme


def organisations(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    """Yield the page of every organisation that has one, the list, and the page for all others."""
    paged = [name for name in shelf.organisations if shelf.has_page(name)]
    for name in paged:
        yield _page(name, shelf, theme)
    yield theme.page(
        "organisations.html",
        "organisations.html",
        "Organisations – Gatelog",
        f"{len(shelf.organisations):,} organisations that make the models of the catalog.",
        organisations=[
            (name, shelf.organisation_page(name), len(shelf.organisations[name])) for name in paged
        ],
        rest=len(shelf.organisations) - len(paged),
    )
    yield theme.page(
        "organisation.html",
        "organisation-any.html",
        "Organisation – Gatelog",
        "The models of an organisation.",
    )


def _page(name: str, shelf: Shelf, theme: Theme) -> Artifact:
    found = sorted(shelf.organisations[name], key=lambda model: (not model.has_page, -len(model.gateways)))
    face = shelf.face(name)
    histories = theme.site.histories
    moved = ((each.path, histories.get(f"{stem(each.path)}.json")) for each in found)
    return theme.page(
        shelf.organisation_page(name),
        "organisation.html",
        f"{face.name}: models and prices – Gatelog",
        f"{len(found)} models of {face.name} on LLM gateways, with the cheapest price of each.",
        organisation=name,
        face=face,
        organisation_file=paths.escape(name),
        models=found,
        sparks={path: sparkline(history) for path, history in moved if history},
    )
