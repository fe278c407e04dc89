"""The website: the catalog as HTML, which reads the published JSON for whatever is not in it.

No page carries a time of its own: freshness is read from `catalog/gateways.json` when a page is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from catalog.artifact import Artifact, Limits
from catalog.assemble import Catalog
from catalog.pages import about, directory, gateways, home, models, organisations, sitemap, tools
from catalog.pages.search import search
from catalog.pages.shelf import Answer, Lines, Shelf, shelve
from catalog.pages.theme import Site, Theme


def pages(catalog: Catalog, lines: Lines, answer: Answer, site: Site, limits: Limits) -> Iterator[Artifact]:
    """Yield the website and the list that its search reads; `answer` makes the record of a listing."""
    shelf = shelve(catalog, lines, answer)
    theme = Theme(site, len(shelf.models))
    yield from theme.assets()
    yield from search(shelf, limits)
    yield from sitemap.listed(_pages(shelf, theme), partial(sitemap.files, site.base_url))


def _pages(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    yield home.home(shelf, theme)
    yield from models.models(shelf, theme)
    yield from organisations.organisations(shelf, theme)
    yield from gateways.gateways(shelf, theme)
    yield from directory.directory(shelf, theme)
    yield from tools.tools(shelf, theme)
    yield about.about(theme)


__all__ = ["Site", "pages"]
