"""What only all gateways together can tell, as JSON artifacts: comparisons, aliases, open questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from catalog import paths, pricing
from catalog.artifact import Artifact, Json, Limits, document
from catalog.assemble import Catalog
from catalog.book import Book
from catalog.entry import Entry
from catalog.schema.base import SCHEMA_VERSION
from catalog.shards import listed
from catalog.units import plain

_METERS = ("prompt", "completion")
_REDUCED = frozenset({"free", "batch"})
_CENT = Decimal("0.01")


def crosswise(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    """Yield `compare.json`, `aliases.json`, `discrepancies.json` and `identity.json`."""
    yield from _compare(catalog, limits)
    yield from _aliases(catalog, limits)
    told = pricing.discrepancies(catalog.book, catalog.offers, catalog.sources, catalog.sellers)
    said = [each.model_dump(mode="json") for each in told]
    body = document({"schema_version": SCHEMA_VERSION, "discrepancies": said})
    yield Artifact("catalog/discrepancies.json", body)
    report = catalog.offers.identities.report().model_dump(mode="json")
    yield Artifact("catalog/identity.json", document(report))


def _compare(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    shared = catalog.offers.shared
    compared = [key for key in sorted(shared) if len({each.gateway for each in shared[key] if each.live}) > 1]

    def made(keys: Sequence[str]) -> Json:
        models = [_comparison(catalog, key) for key in keys]
        return {"schema_version": SCHEMA_VERSION, "models": models}

    return listed("catalog/compare.json", compared, str, made, limits)


def _comparison(catalog: Catalog, key: str) -> Json:
    """Compare the live offers of one model."""
    live = [entry for entry in catalog.offers.shared[key] if entry.live]
    gateways = list(dict.fromkeys(entry.gateway for entry in live))
    priced = [entry for entry in live if entry.price_kind == "known" and not _reduced(catalog, entry)]
    cheapest = {meter: found for meter in _METERS if (found := _cheapest(priced, meter))}
    return {"model_key": key, "gateways": gateways, "cheapest": cheapest}


def _reduced(catalog: Catalog, entry: Entry) -> bool:
    return bool(_REDUCED & set((catalog.offers.of(entry).variant or "").split("+")))


def _cheapest(priced: list[Entry], meter: str) -> Json | None:
    """Find the lowest and the highest price; of equal ones the first in the order of detection."""
    prices = [(Decimal(price), entry) for entry in priced if (price := getattr(entry, meter)) is not None]
    if not prices:
        return None
    lowest, entry = min(prices, key=lambda pair: pair[0])
    highest = max(price for price, _ in prices)
    return {
        "gateway": entry.gateway,
        "id": entry.id,
        "price": plain(lowest),
        "highest": plain(highest),
        "spread": plain((highest / lowest).quantize(_CENT)) if lowest else None,
    }


def _aliases(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    """List every spelling that is no listed id in lower case, and what it stands for."""
    said = {alias: found for alias in catalog.spellings if (found := _said(catalog, alias))}
    other = [low for path, low in catalog.book.ids() if _other_spelling(catalog.book, path, low)]
    rows = sorted({*other, *said})

    def made(some: Sequence[str]) -> Json:
        aliases = {low: _other_spelling(catalog.book, paths.escape(low), low) or said[low] for low in some}
        return {"schema_version": SCHEMA_VERSION, "aliases": aliases}

    return listed("catalog/aliases.json", rows, str, made, limits)


def _said(catalog: Catalog, alias: str) -> Json | None:
    """Return what an id that no gateway lists stands for, if it can be told."""
    spelling = catalog.spellings[alias]
    first = catalog.offers.firsts.get(spelling.key or "")
    target = spelling.id or (first and first.id)
    return {"id": target, "kind": spelling.kind} if target else None


def _other_spelling(book: Book, path: str, low: str) -> Json | None:
    """Return which id is listed where this one is asked for; None where it is this one, or none."""
    entry = book.answer(path) if path in book.groups else None
    if entry is None or not entry.live:
        return None
    if path != entry.path:
        return {"id": entry.id, "kind": "unwrapped"}
    return {"id": entry.id, "kind": "case"} if low != paths.qualified(entry.gateway, entry.id) else None
