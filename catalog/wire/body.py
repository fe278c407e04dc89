"""Bounded bodies: a cap on what is sent, a cap on what it decodes to, and nothing cut short unnoticed.

httpx decodes without a bound and takes a gzip stream that ends early for a complete one.
"""

from __future__ import annotations

import zlib

from catalog.errors import UseSnapshotError
from catalog.wire.patience import TryAgainError

GZIP = 31
"""zlib's window bits for a gzip stream with header and check sum."""
STEP = 1 << 20
"""Bytes that are inflated at once: what is beside the body in memory."""
_GZIPPED = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})
_JSON_LIKE = frozenset({"", "application/json", "text/json", "text/plain", "application/octet-stream"})


def is_json_like(content_type: str) -> bool:
    """Say whether a Content-Type can belong to JSON; plain text, bytes and a missing one can."""
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _JSON_LIKE or (kind.startswith("application/") and kind.endswith("+json"))


class Body:
    """One body that grows piece by piece; every method raises UseSnapshotError when it cannot be used."""

    def __init__(self, encoding: str, wire_bytes: int, body_bytes: int) -> None:
        self._encoding = encoding.strip().lower()
        self._gzip = zlib.decompressobj(GZIP)
        self._left = wire_bytes
        self._cap = body_bytes
        self._data = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take the next piece as it was sent."""
        self._left -= len(piece)
        if self._left < 0:
            raise UseSnapshotError("the answer is larger than allowed")
        if self._encoding in _GZIPPED:
            self._inflate(piece)
        elif self._encoding in _PLAIN:
            self._keep(piece)
        else:
            raise UseSnapshotError("a content encoding that was not asked for")

    def _keep(self, data: bytes) -> None:
        self._data += data
        if len(self._data) > self._cap:
            raise UseSnapshotError("the answer is larger than allowed")

    def _inflate(self, piece: bytes) -> None:
        try:
            more = True
            while more:
                found = self._gzip.decompress(piece, min(STEP, self._cap + 1 - len(self._data)))
                self._keep(found)
                piece = self._gzip.unconsumed_tail
                more = bool(piece) or len(found) == STEP  # behind a full step zlib may hold some back
        except zlib.error:
            raise TryAgainError("the answer is damaged gzip") from None
        if self._gzip.unused_data:
            raise UseSnapshotError("the answer goes on behind the end of its gzip stream")

    def so_far(self) -> bytes:
        """Return what has been decoded, complete or not."""
        return bytes(self._data[: self._cap])

    def complete(self) -> bytes:
        """Return the whole body; raises TryAgainError when it was cut short."""
        if self._encoding in _GZIPPED and not self._gzip.eof:
            raise TryAgainError("the answer was cut short")
        if not self._data.strip():
            raise UseSnapshotError("the answer is empty")
        return bytes(self._data)
