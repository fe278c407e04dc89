"""The links of a page, followed inside the tree."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator
from html import unescape
from urllib.parse import unquote, urlsplit

_LINK = re.compile(r'\s(?:href|src|action|data-[a-z]+)="([^"]*)"')
_ROOT = re.compile(r'<html[^>]* data-root="([^"]*)"')
_PATHLIKE = re.compile(r"[./\w~%@:-]+\.(?:json|html|js|css|svg|atom)(?:[?#].*)?|(?:\.\./)+|\./|/.*")
"""What is a link among attributes that are none."""


def targets(path: str, page: str) -> Iterator[str]:
    """Yield the path of every file of the tree that a page links to."""
    root = _ROOT.search(page)
    prefix = unescape(root[1]) if root else ""
    for found in dict.fromkeys(_LINK.findall(page)):
        link = urlsplit(unescape(found))
        if not link.scheme and not link.netloc and _PATHLIKE.fullmatch(found):
            yield _target(path, unquote(link.path), prefix)


def _target(path: str, link: str, prefix: str) -> str:
    if not link:  # a link that changes the query only
        return path
    inside = link[len(prefix) :] if link.startswith("/") and link.startswith(prefix) else None
    joined = inside if inside is not None else posixpath.join(posixpath.dirname(path), link)
    whole = posixpath.normpath(joined) if joined else "."
    folder = whole == "." or link.endswith("/")
    return posixpath.normpath(posixpath.join(whole, "index.html")) if folder else whole


def broken(path: str, page: str, present: Container[str]) -> Iterator[str]:
    """Yield one sentence for every link of a page that leads nowhere."""
    for target in dict.fromkeys(targets(path, page)):
        if target not in present:
            yield f"{path} links to {target}, which is missing"
