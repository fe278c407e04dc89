"""All listings as CSV, for spreadsheets and data frames.

A text that a spreadsheet would take for a formula has an apostrophe before it.
"""

from __future__ import annotations

import csv
import io
from typing import Any

from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer

COLUMNS = (
    "gateway", "id", "model_key", "variant", "name", "organisation", "status", "price_kind", "prompt",
    "completion", "input_cache_read", "input_cache_write", "context_length", "max_output_tokens",
    "input_modalities", "output_modalities", "tools", "reasoning", "created", "changed_at",
)  # fmt: skip
"""Prices are US dollars per token; an empty cell is unknown; modalities are joined by `+`."""
_METERS = ("prompt", "completion", "input_cache_read", "input_cache_write")
_WORDS = {None: "", True: "true", False: "false"}


_FORMULA = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""What makes a spreadsheet calculate, or ask a server, when a cell begins with it; the last four are wide."""


def inert(cell: object) -> object:
    """Put an apostrophe before a text of others that a spreadsheet would take for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell


class _Table:
    """The table while it fills up."""

    def __init__(self, _: Given) -> None:
        self._written = io.BytesIO()
        self._text = io.TextIOWrapper(self._written, encoding="utf-8", newline="")
        self._writer = csv.writer(self._text, lineterminator="\n")
        self._writer.writerow(COLUMNS)
        self._quoting = csv.writer(self._text, lineterminator="\n", quoting=csv.QUOTE_ALL)

    def add(self, offer: Offer) -> None:
        """Take a listing."""
        entry, pricing, able = offer.entry, offer.pricing, offer.capabilities
        self._write(
            (
                entry.gateway, entry.id, offer.key, offer.variant, entry.name, entry.organisation,
                entry.status, entry.price_kind, *map(pricing.get, _METERS), entry.context_length,
                offer.fields.get("max_output_tokens"), "+".join(offer.inputs or ()),
                "+".join(offer.outputs or ()), _WORDS[able.get("tools")],
                _WORDS[able.get("reasoning")], offer.fields.get("created"), entry.changed_at,
            )
        )  # fmt: skip

    def _write(self, row: tuple[object, ...]) -> None:
        # Python leaves a carriage return bare, which readers take for the end of a row.
        bare = any(isinstance(cell, str) and "\r" in cell for cell in row)
        (self._quoting if bare else self._writer).writerow(map(inert, row))

    def body(self) -> bytes:
        """Return the table."""
        self._text.flush()
        return self._written.getvalue()


class _Kind:
    """The declared columns."""

    def validate_json(self, body: bytes, /) -> Any:  # noqa: ANN401 - rows
        """Return the rows; raises ValueError for other columns."""
        head, *rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
        if tuple(head) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
            raise ValueError("not the columns of the table")
        return rows


FORMAT = Format(
    name="csv",
    files=("catalog/models.csv",),
    kind=_Kind(),
    start=_Table,
    about="Every listing as CSV",
    media="text/csv",
)
