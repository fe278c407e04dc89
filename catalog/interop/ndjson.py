"""All listings with all that is known of them but their descriptions, one JSON object a line, compressed.

Descriptions are most of a catalog and change nothing of what it says; records have them.
"""

from __future__ import annotations

import gzip
import io
import zlib
from typing import Any

import orjson
from pydantic import TypeAdapter

from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer
from catalog.schema.listing import KeptListing

_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
_LEVEL = 4
_IDENTITY = ("model_key", "variant")


class Line(KeptListing):
    """One listing; what is unknown is not there."""

    model_key: str | None = None
    """The identity shared with other gateways' offers."""
    variant: str | None = None
    """What sets it apart from other offers of the model."""


class _Lines:
    """The lines while they are compressed."""

    def __init__(self, _: Given) -> None:
        self._packed = io.BytesIO()
        # No name and no time: the same lines are the same bytes.
        self._file = gzip.GzipFile("", "wb", _LEVEL, self._packed, mtime=0)

    def add(self, offer: Offer) -> None:
        """Take a listing."""
        fields = {**offer.fields, "model_key": offer.key, "variant": offer.variant}
        fields.pop("description", None)
        for name in _IDENTITY:
            if fields[name] is None:
                del fields[name]
        self._file.write(orjson.dumps(fields, option=_LINE))

    def body(self) -> bytes:
        """Return the compressed lines."""
        self._file.close()
        return self._packed.getvalue()


class _Kind:
    """Compressed lines, each of the declared shape."""

    _line = TypeAdapter(Line)

    def validate_json(self, body: bytes, /) -> Any:  # noqa: ANN401 - listings
        """Return the listings; raises ValueError for anything else."""
        try:
            text = gzip.decompress(body)
        except (OSError, EOFError, zlib.error) as problem:
            raise ValueError(f"not compressed: {problem}") from problem
        return [self._line.validate_json(line) for line in text.splitlines()]


FORMAT = Format(
    name="ndjson",
    files=("catalog/models.ndjson.gz",),
    kind=_Kind(),
    start=_Lines,
    about="Every listing, one JSON object a line, compressed",
    media="application/gzip",
)
