"""Kept listings and facts to one catalog: who has what, which model it is, and what it costs elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from catalog import book as books
from catalog import offers as offering
from catalog import paths, pricing
from catalog.artifact import Json
from catalog.book import Book
from catalog.enrich import NOBODY, LookUp
from catalog.identity.known import Row, row
from catalog.identity.merge import merge
from catalog.identity.resolve import Resolver
from catalog.offers import Offers, Place
from catalog.pricing import Sources
from catalog.schema.facts import IdentityFacts

Performances = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Spelling:
    """Another way to write an id."""

    kind: str
    """moved, renamed or latest."""
    key: str | None
    """The model key that it stands for."""
    id: str | None = None
    """The id that it stands for, where that is said."""


@dataclass(frozen=True)
class Catalog:
    """Everything that records and lists are made from, except the lines themselves."""

    book: Book
    """Who has what under which path."""
    offers: Offers = field(default_factory=Offers)
    """Who has the same model."""
    sources: Sources = field(default_factory=Sources)
    """Prices as they were told."""
    borrowed: Mapping[Place, Json] = field(default_factory=dict)
    """Gateway and id → the price fields of a listing whose gateway tells none."""
    spellings: Mapping[str, Spelling] = field(default_factory=dict)
    """Lower-cased id that no gateway lists → what it stands for."""
    sellers: Mapping[str, str] = field(default_factory=dict)
    """Slug of Portkey → the gateway of ours behind it, or the organisation whose models alone it sells."""
    performance: Performances = field(default_factory=dict)
    """`id tag` → how that endpoint did lately."""
    organisation: LookUp = NOBODY
    """Short name of an organisation → what is published of it."""
    metrics: Mapping[str, Json] = field(default_factory=dict)
    """Lower-cased name of a repository → what the Hugging Face Hub says of it."""

    def keys(self) -> Mapping[Place, str]:
        """Return gateway and id → model key; a wrapped id stands there unwrapped as well."""
        return _Keys(self.offers, self.sources)


class _Keys(Mapping[Place, str]):
    def __init__(self, offers: Offers, sources: Sources) -> None:
        self._found = offers.identities.found
        self._unwrapped = sources.unwrapped

    def __getitem__(self, place: Place) -> str:
        found = self._found.get(place[0], {})
        for model_id in (self._unwrapped.get(place), place[1]):
            if model_id is not None and model_id in found and (key := found[model_id].key) is not None:
                return key
        raise KeyError(place)

    def __iter__(self) -> Iterator[Place]:
        listed = ((gateway, model_id) for gateway, ids in self._found.items() for model_id in ids)
        wrapped = (place for place in self._unwrapped if place[1] not in self._found.get(place[0], {}))
        return (place for place in chain(listed, wrapped) if self.get(place) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def assemble(
    order: tuple[str, ...],
    kept: Callable[[str], Iterable[Json]],
    facts: IdentityFacts,
    performance: Performances,
) -> Catalog:
    """Read all kept listings once, resolve them, and settle what one gateway says for another."""
    rows: list[Row] = []
    sources = Sources()

    def noted(gateway: str) -> Iterator[Json]:
        for fields in kept(gateway):
            rows.append(row(fields))
            sources.note(fields, order)
            yield fields

    book = books.bind(order, noted)
    resolver = Resolver(facts, rows, sources.services)
    offers = Offers(merge(resolver, rows))
    borrowed = pricing.borrow(book, offers, sources)
    spellings = _spellings(facts, resolver, sources, book)
    aliases: dict[str, list[str]] = {}
    for alias, spelling in spellings.items():
        if spelling.key is not None:
            aliases.setdefault(spelling.key, []).append(alias)
    offering.group(book, offers, aliases)
    return Catalog(
        book, offers, sources, borrowed, spellings, _sellers(facts, order, sources.services), performance
    )


def _spellings(facts: IdentityFacts, resolver: Resolver, sources: Sources, book: Book) -> dict[str, Spelling]:
    """Return the ids that people use and no gateway lists: from facts, former lists and moving aliases."""
    found: dict[str, Spelling] = {}
    for name in facts.openrouter:
        resolution = resolver.resolve(pricing.LENDER, name.id)
        if resolution.variant is None:  # a free offer that is gone is not replaced by a paid one
            found[paths.lower(name.id)] = Spelling("moved", resolution.key)
    for alias in facts.aliases.aliases:
        if "/" in alias.id:
            found[alias.id] = Spelling("renamed", resolver.resolve(_any(alias.service), alias.id).key)
    found = {alias: said for alias, said in found.items() if not book.lists(alias)}
    found |= {alias: Spelling("latest", None, target) for alias, target in sources.latest.items()}
    return dict(sorted(found.items()))


def _any(service: str) -> str:
    return pricing.LENDER if service == "*" else service


def _sellers(facts: IdentityFacts, gateways: tuple[str, ...], told: Mapping[str, str]) -> dict[str, str]:
    services = {each.service: each.organisation for each in facts.portkey.services if each.organisation}
    services |= {name: name for name in gateways if name != pricing.LENDER}
    slugs = {each.slug: each.service for each in facts.portkey.slugs} | dict(told)
    return services | {slug: services[service] for slug, service in slugs.items() if service in services}


class LateKeys(Mapping[Place, str]):
    """What `Catalog.keys` returns, of kept listings that are read when the first key is asked for."""

    def __init__(self, kept: Callable[[], Iterable[Json]], facts: Callable[[], IdentityFacts]) -> None:
        """Take what yields the kept listings of all gateways, and the facts about names."""
        self._kept = kept
        self._facts = facts

    @cached_property
    def _found(self) -> Mapping[Place, str]:
        rows: dict[Place, Row] = {}
        sources = Sources()
        for fields in self._kept():
            rows[fields["gateway"], fields["id"]] = row(fields)
            sources.note(fields, ())
        listed = list(rows.values())
        identities = merge(Resolver(self._facts(), listed, sources.services), listed)
        return Catalog(Book(()), Offers(identities), sources).keys()

    def __getitem__(self, place: Place) -> str:
        return self._found[place]

    def __iter__(self) -> Iterator[Place]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)
