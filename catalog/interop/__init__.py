"""Exports in the formats of other tools; adding one is one module here and its line in `FORMATS`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from pydantic import TypeAdapter

from catalog.artifact import Artifact, Json, document
from catalog.assemble import Catalog
from catalog.interop import genai_prices, litellm, llm_prices, models_dev, ndjson, openai, spreadsheet, sqlite
from catalog.interop.format import Format, Given, Kind
from catalog.interop.offer import offers
from catalog.ports import Gateway
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.interop import InteropIndex

FORMATS: tuple[Format, ...] = (
    litellm.FORMAT,
    models_dev.FORMAT,
    genai_prices.FORMAT,
    openai.FORMAT,
    llm_prices.FORMAT,
    spreadsheet.FORMAT,
    ndjson.FORMAT,
    sqlite.FORMAT,
)
"""Every format."""
INDEX = "interop/index.json"
KINDS: dict[str, Kind] = {
    "interop index": TypeAdapter(InteropIndex),
    **{f"{form.name} export": form.kind for form in FORMATS},
}
"""Kind of an exported file → what knows its form."""
FILES = {INDEX: "interop index"} | {path: f"{form.name} export" for form in FORMATS for path in form.files}
"""Exported file → its kind."""

__all__ = ["FILES", "FORMATS", "INDEX", "KINDS", "Format", "Kind", "exports"]


def exports(
    catalog: Catalog,
    lines: Callable[[str], Iterable[bytes]],
    gateways: Mapping[str, Gateway],
    changes: Iterable[Json] = (),
) -> Iterator[Artifact]:
    """Yield every export, then the index of what they hold and what was left out of them.

    `lines` yields the kept lines of a gateway, which are read once for all formats; `changes` are the rows of
    `catalog/changes.json`.
    """
    given = Given(gateways, changes)
    running = {form.name: form.start(given) for form in FORMATS}
    takers = [(name, export.add) for name, export in running.items()]
    left: Counter[tuple[str, str, str]] = Counter()
    offered = 0
    for offered, offer in enumerate(offers(catalog, lines), start=1):  # noqa: B007 - the last number is used
        for name, add in takers:
            if reason := add(offer):
                left[name, offer.entry.gateway, reason] += 1
    takers.clear()
    for form in FORMATS:
        first, *names = form.files
        yield Artifact(first, running.pop(form.name).body(), tuple(names))
    told = [_told(form, offered, left) for form in FORMATS]
    yield Artifact(INDEX, document({"schema_version": SCHEMA_VERSION, "exports": told}))


def _told(form: Format, offered: int, left: Mapping[tuple[str, str, str], int]) -> Json:
    rows = sorted(
        (gateway, reason, count) for (name, gateway, reason), count in left.items() if name == form.name
    )
    out = [{"gateway": gateway, "reason": reason, "count": count} for gateway, reason, count in rows]
    return {
        "format": form.name,
        "files": list(form.files),
        "models": offered - sum(count for *_, count in rows),
        "left_out": out,
    }
