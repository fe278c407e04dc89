"""The catalog as a reader sees it: one model with all its offers, whatever each gateway calls it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple
from urllib.parse import quote

import orjson

from catalog import paths
from catalog.artifact import Json
from catalog.assemble import Catalog
from catalog.entry import Entry

LONG_TAIL = "featherless"
"""The gateway with so many models that those on it alone share one page."""
FEW = 3
"""An organisation with fewer models, all in the long tail, has no page of its own: four of five
organisations are like that."""
_REDUCED = frozenset({"free", "batch"})
"""Variants whose price is not that of the model as it is usually asked for."""

Lines = Callable[[str], Iterable[bytes]]
"""Yields the kept lines of a gateway."""
Answer = Callable[[Json, Entry], Json]
"""Makes the record of a kept listing."""


class Face(NamedTuple):
    """How an organisation shows itself."""

    name: str
    site: str | None
    logo: str | None


class Traits(NamedTuple):
    """What a gateway says that a model takes, gives and can do."""

    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    tools: bool
    reasoning: bool


_NO_TRAITS = Traits((), (), tools=False, reasoning=False)


@dataclass
class Model:
    """One model and its live offers, the first one first."""

    id: str
    """The id to ask for."""
    path: str
    """Where its record is, below `catalog/model/`."""
    offers: list[Entry]
    cheapest: Entry | None
    """The lowest known sum of prompt and completion price, reduced variants aside."""
    traits: Traits = _NO_TRAITS

    @property
    def name(self) -> str:
        """Display name."""
        return self.offers[0].name

    @property
    def organisation(self) -> str:
        """Who made it."""
        return self.offers[0].organisation

    @cached_property
    def gateways(self) -> list[str]:
        """Who has it, in the order of detection."""
        return list(dict.fromkeys(entry.gateway for entry in self.offers))

    @cached_property
    def has_page(self) -> bool:
        """Whether it has a page of its own."""
        return self.gateways != [LONG_TAIL]

    @property
    def free(self) -> bool:
        """Whether some gateway gives it away."""
        return any(entry.price_kind == "free" for entry in self.offers)

    @cached_property
    def price_kind(self) -> str:
        """The kind of the price to show: known beats everything, free beats what is not a number."""
        kinds = [entry.price_kind for entry in self.offers]
        if self.cheapest is not None:
            return self.cheapest.price_kind
        order = ("known", "free", "included", "dynamic")
        return next((kind for kind in order if kind in kinds), "unknown")

    @cached_property
    def context_length(self) -> int | None:
        """The longest context on any gateway."""
        return max((entry.context_length for entry in self.offers if entry.context_length), default=None)

    @cached_property
    def page(self) -> str:
        """The page that shows it, relative to the root of the site."""
        return f"model/{stem(self.path)}.html" if self.has_page else f"model.html?id={quoted(self.id)}"


@dataclass
class Shelf:
    """Everything that pages are made from."""

    catalog: Catalog
    models: list[Model]
    """The most offered first, then by id."""
    records: Mapping[tuple[str, str], Json]
    """Gateway and id → its record, for models with a page."""
    organisations: dict[str, list[Model]] = field(default_factory=dict)
    """Short name → its models, by name."""

    def record(self, entry: Entry) -> Json:
        """Return what one gateway says of a model that has a page."""
        return self.records[entry.gateway, entry.id]

    def face(self, organisation: str) -> Face:
        """Return how an organisation shows itself."""
        shown = self.catalog.organisation(organisation)
        return Face(shown.name, shown.site, logo_path(shown.logo))

    def has_page(self, organisation: str) -> bool:
        """Tell whether an organisation has a page of its own."""
        found = self.organisations[organisation]
        return len(found) >= FEW or any(model.has_page for model in found)

    def organisation_page(self, organisation: str) -> str:
        """Return the page that shows an organisation, relative to the root of the site."""
        if self.has_page(organisation):
            return f"organisation/{stem(paths.escape(organisation))}.html"
        return f"organisation.html?name={quoted(organisation)}"


def stem(path: str) -> str:
    """Return a path without `.json`."""
    return path.removesuffix(paths.SUFFIX)


def logo_path(address: str | None) -> str | None:
    """Return where a logo lies in the tree, whatever address the tree is published at."""
    if not address or "/assets/" not in address:
        return None
    return "assets/" + address.partition("/assets/")[2]


def quoted(text: str) -> str:
    """Write a text for the query of an address; `/`, `:` and `@` may stand there as they are."""
    return quote(text, safe="/:@")


def shelve(catalog: Catalog, lines: Lines, answer: Answer) -> Shelf:
    """Put the models of a catalog in order and read what the long tail does not need."""
    found = sorted(_models(catalog), key=lambda model: (-len(model.gateways), model.path))
    shown = {_place(entry): model for model in found for entry in model.offers}
    records = dict(_records(catalog, lines, answer, shown))
    return Shelf(catalog, found, records, _by_organisation(found))


def _by_organisation(models: Iterable[Model]) -> dict[str, list[Model]]:
    found: dict[str, list[Model]] = defaultdict(list)
    for model in models:
        for organisation in {entry.organisation for entry in model.offers}:
            found[organisation].append(model)
    return {name: sorted(each, key=lambda model: model.name.lower()) for name, each in sorted(found.items())}


def _place(entry: Entry) -> tuple[str, str]:
    return entry.gateway, entry.id


def _models(catalog: Catalog) -> Iterator[Model]:
    """Yield every model once: the listings of one key, or of one path that has none."""
    book, seen = catalog.book, set[str]()
    for path, group in book.groups.items():
        live = [entry for entry in group if entry.live]
        if not any(entry.main_path == path for entry in live):
            continue
        key = catalog.offers.of(live[0]).key
        offers = [entry for entry in catalog.offers.shared.get(key or "", live) if entry.live]
        home = offers[0].main_path
        if home not in seen:
            seen.add(home)
            yield Model(_asked(catalog, home, offers[0]), home, offers, _cheapest(catalog, offers))


def _asked(catalog: Catalog, path: str, first: Entry) -> str:
    if first.path == path:
        return paths.qualified(first.gateway, first.id)
    return catalog.book.id_of(path) or first.id


def _cheapest(catalog: Catalog, offers: list[Entry]) -> Entry | None:
    usual = [entry for entry in offers if not _reduced(catalog, entry)]
    priced = [(price, number) for number, entry in enumerate(usual) if (price := _total(entry)) is not None]
    return usual[min(priced)[1]] if priced else None


def _total(entry: Entry) -> Decimal | None:
    return entry.price if entry.price_kind == "known" else None


def _reduced(catalog: Catalog, entry: Entry) -> bool:
    return is_reduced(catalog.offers.of(entry).variant)


def is_reduced(variant: str | None) -> bool:
    """Tell whether a variant has a price for special use."""
    return bool(_REDUCED & set((variant or "").split("+")))


def _records(
    catalog: Catalog, lines: Lines, answer: Answer, shown: Mapping[tuple[str, str], Model]
) -> Iterator[tuple[tuple[str, str], Json]]:
    """Read every line for its traits; yield the records of models with a page."""
    for gateway in catalog.book.order:
        for entry, line in zip(catalog.book.entries[gateway], lines(gateway), strict=True):
            if (model := shown.get((gateway, entry.id))) is None:
                continue
            kept = orjson.loads(line)
            if entry is model.offers[0] or not model.traits.inputs:
                model.traits = _traits(kept)
            if model.has_page:
                yield (gateway, entry.id), answer(kept, entry)


def _traits(kept: Json) -> Traits:
    shape, can = kept.get("architecture", {}), kept.get("capabilities", {})
    return Traits(
        tuple(shape.get("input_modalities") or ()),
        tuple(shape.get("output_modalities") or ()),
        tools=bool(can.get("tools")),
        reasoning=bool(can.get("reasoning")),
    )
