"""One page for each model that is worth one, and one that the browser fills for the long tail."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from operator import itemgetter
from typing import Any

from catalog import paths
from catalog.artifact import Artifact, Json
from catalog.entry import Entry
from catalog.pages.chart import sparkline
from catalog.pages.shelf import Model, Shelf, is_reduced, stem
from catalog.pages.theme import Theme

_MOST = 6
"""Offers of one gateway that are shown: integrations of one account."""
_SHOWN = ("prompt", "completion", "input_cache_read")
"""Meters with a column of their own."""


def models(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    """Yield the page of every model that has one, then the page for all others."""
    for model in shelf.models:
        if model.has_page:
            yield _page(model, shelf, theme)
    yield theme.page("model.html", "model-any.html", "Model – Gatelog", "One model of the catalog.")


def _page(model: Model, shelf: Shelf, theme: Theme) -> Artifact:
    offers = [_offer(entry, shelf) for entry in _some(model.offers)]
    _mark_cheapest(offers)
    main = shelf.record(model.offers[0])["data"]
    history = f"{stem(model.path)}.json"
    past = theme.site.histories.get(history)
    names = [theme.site.gateways[name].name for name in model.gateways]
    return theme.page(
        model.page,
        "model.html",
        f"{model.name}: prices and limits on {', '.join(names)}",
        f"{model.name} ({model.id}) on {', '.join(names)}: prices side by side, limits, endpoints.",
        model=model,
        main=main,
        offers=offers,
        meters=_meters(offers),
        best=_best(offers),
        endings=_endings(offers),
        others=_other_ids(model),
        organisation_page=shelf.organisation_page(model.organisation),
        history=history if past else None,
        points=_newest_first(past),
        spark=sparkline(past),
        face=shelf.face(model.organisation),
    )


def _newest_first(history: Json | None) -> list[Json]:
    """Return what is logged of the prices of a model, the last change first."""
    points: list[Json] = history["points"] if history else []
    return sorted(points, key=itemgetter("at"), reverse=True)


def _some(offers: list[Entry]) -> Iterator[Entry]:
    counted: Counter[str] = Counter()
    for entry in offers:
        counted[entry.gateway] += 1
        if counted[entry.gateway] <= _MOST:
            yield entry


def _offer(entry: Entry, shelf: Shelf) -> Json:
    data = shelf.record(entry)["data"]
    return {
        "gateway": entry.gateway,
        "path": f"catalog/gateway/{entry.gateway}/model/{entry.path}",
        "data": data,
        "reduced": is_reduced(data["variant"]),
        "cheapest": set(),
    }


def _mark_cheapest(offers: list[Json]) -> None:
    """Mark the lowest price of each column, where another one is higher."""
    for meter in _SHOWN:
        priced = _priced(offers, meter)
        for price, number in priced:
            if priced[0][0] == price < priced[-1][0]:
                offers[number]["cheapest"].add(meter)


def _priced(offers: list[Json], meter: str) -> list[tuple[Decimal, int]]:
    """Return the price and number of each offer that can be compared, the cheapest first."""
    found = ((offer["data"]["pricing"].get(meter), number) for number, offer in enumerate(offers))
    return sorted(
        (Decimal(value), number) for value, number in found if value and _comparable(offers[number])
    )


def _comparable(offer: Json) -> bool:
    return offer["data"]["price_kind"] == "known" and not offer["reduced"]


def _best(offers: list[Json]) -> dict[str, tuple[str, list[str]]]:
    """Return meter → the lowest price and the gateways that ask it."""
    found: dict[str, tuple[str, list[str]]] = {}
    for meter in ("prompt", "completion"):
        if priced := _priced(offers, meter):
            lowest = [offers[number] for price, number in priced if price == priced[0][0]]
            who = list(dict.fromkeys(offer["gateway"] for offer in lowest))
            found[meter] = (lowest[0]["data"]["pricing"][meter], who)
    return found


def _meters(offers: list[Json]) -> list[str]:
    """Return every meter that some offer prices and that has no column of its own."""
    found = {name for offer in offers for name, value in offer["data"]["pricing"].items() if value}
    return sorted(found - set(_SHOWN))


def _endings(offers: list[Json]) -> list[Json]:
    """Return the offers that are going away, the first one first."""
    found = [each for each in offers if _ends(each["data"])]
    return sorted(found, key=lambda each: each["data"]["expiration_date"] or "9")


def _ends(data: Json) -> bool:
    return data["expiration_date"] is not None or data["status"] == "deprecated"


def _other_ids(model: Model) -> list[str]:
    """Return the other ids under which gateways list it."""
    ids: dict[str, Any] = dict.fromkeys(entry.id for entry in model.offers)
    ids.pop(model.id, None)
    return [each for each in ids if paths.lower(each) != paths.lower(model.id)]
