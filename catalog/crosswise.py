"""What only all gateways together can tell, as JSON artifacts: comparisons, aliases, open questions."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from catalog import paths, pricing
from catalog.artifact import Artifact, Json, compact, document
from catalog.assemble import Catalog
from catalog.book import Entry
from catalog.schema.base import SCHEMA_VERSION
from catalog.units import plain

_METERS = ("prompt", "completion")
_REDUCED = frozenset({"free", "batch"})
_CENT = Decimal("0.01")


def crosswise(catalog: Catalog) -> Iterator[Artifact]:
    """Yield `compare.json`, `aliases.json`, `discrepancies.json` and `identity.json`."""
    models = [found for key in sorted(catalog.offers.shared) if (found := _comparison(catalog, key))]
    yield Artifact("catalog/compare.json", compact({"schema_version": SCHEMA_VERSION, "models": models}))
    aliases = dict(sorted(_aliases(catalog)))
    yield Artifact("catalog/aliases.json", compact({"schema_version": SCHEMA_VERSION, "aliases": aliases}))
    told = pricing.discrepancies(catalog.book, catalog.offers, catalog.sources, catalog.sellers)
    said = [each.model_dump(mode="json") for each in told]
    body = document({"schema_version": SCHEMA_VERSION, "discrepancies": said})
    yield Artifact("catalog/discrepancies.json", body)
    report = catalog.offers.identities.report().model_dump(mode="json")
    yield Artifact("catalog/identity.json", document(report))


def _comparison(catalog: Catalog, key: str) -> Json | None:
    """Compare the live offers of one model; None when they are all of one gateway."""
    live = [entry for entry in catalog.offers.shared[key] if entry.live]
    gateways = list(dict.fromkeys(entry.gateway for entry in live))
    if len(gateways) == 1 or not live:
        return None
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


def _aliases(catalog: Catalog) -> Iterator[tuple[str, Json]]:
    """Yield every spelling that is no listed id in lower case, and what it stands for."""
    book = catalog.book
    for alias, spelling in catalog.spellings.items():
        first = catalog.offers.firsts.get(spelling.key or "")
        if target := spelling.id or (first and first.id):
            yield alias, {"id": target, "kind": spelling.kind}
    for path, low in book.ids():
        entry = book.answer(path)
        if not entry.live:
            continue
        if path == entry.paths[0] and low != paths.qualified(entry.gateway, entry.id):
            yield low, {"id": entry.id, "kind": "case"}
        elif path != entry.paths[0]:
            yield low, {"id": entry.id, "kind": "unwrapped"}
