"""`sitemap.xml` and `robots.txt`: only where it is known at which address the tree is published."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from html import escape

from catalog.artifact import Artifact

_HIDDEN = ("404.html", "model.html", "organisation.html")
"""Pages that say nothing by themselves."""


def listed(pages: Iterable[Artifact], files: Callable[[list[str]], Iterable[Artifact]]) -> Iterator[Artifact]:
    """Pass pages on, then yield the files that name them all."""
    found = []
    for page in pages:
        found.append(page.path)
        yield page
    yield from files(sorted(path for path in found if path not in _HIDDEN))


def files(base_url: str, pages: Iterable[str]) -> Iterator[Artifact]:
    """Yield the sitemap of some pages and the robots.txt that points to it; nothing without an address."""
    if not base_url:
        return
    rows = [f"  <url><loc>{escape(f'{base_url}/{address(path)}')}</loc></url>" for path in pages]
    head = '<?xml version="1.0" encoding="utf-8"?>'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = "\n".join([head, f'<urlset xmlns="{space}">', *rows, "</urlset>", ""])
    yield Artifact("sitemap.xml", text.encode())
    yield Artifact("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {base_url}/sitemap.xml\n".encode())


def address(path: str) -> str:
    """Return what stands in an address for the path of a page: the home page is its folder."""
    return "" if path == "index.html" else path
