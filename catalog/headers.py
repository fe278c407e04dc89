"""What every host says in its headers, whatever program it is."""

from __future__ import annotations

import re

METHODS = "GET, HEAD, OPTIONS"
"""What can be asked."""
RECORD_CACHE = "public, max-age=300, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800"
"""How long a record may be kept."""
LIST_CACHE = "public, max-age=60"
"""How long any other file may be kept."""
JSON = "application/json; charset=utf-8"
"""The type of every document."""
COMMON = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified, Warning",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer."""
PAGE = {"Content-Security-Policy": "frame-ancestors 'none'"}
"""On a page: the one part of its policy that it cannot state itself."""
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
"""On an answer to OPTIONS."""


def content_type(path: str) -> str:
    """Return the type of a file of the tree; what is made for people to read is plain text at least."""
    if path in _NAMED:
        return _NAMED[path]
    return _TYPES.get(path.rpartition("/")[2].rpartition(".")[2], "text/plain; charset=utf-8")


def cache_control(path: str) -> str:
    """Return how long a file of the tree may be kept."""
    return RECORD_CACHE if _RECORD.match(path) else LIST_CACHE


_RECORD = re.compile(r"catalog/(?:plain/)?(?:gateway/[^/]+/)?model/")
_NAMED = {"v1/models": JSON}
"""Files whose name does not tell what they are."""
_TYPES = {
    "json": JSON,
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
    "atom": "application/atom+xml",
    "gz": "application/gzip",
    "sqlite": "application/vnd.sqlite3",
    "svg": "image/svg+xml",
    "png": "image/png",
    "webp": "image/webp",
    "ico": "image/x-icon",
}
"""The ending of a name → its type, the same on every machine."""


def policy() -> list[object]:
    """Return everything that a file's type and age follow from."""
    return [sorted(_TYPES.items()), sorted(_NAMED.items()), _RECORD.pattern, RECORD_CACHE, LIST_CACHE]
