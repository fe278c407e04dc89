"""What every host says in its headers, whatever program it is."""

from __future__ import annotations

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
PREFLIGHT = {
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}
"""On an answer to OPTIONS."""
