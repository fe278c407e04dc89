"""Prices from more than one source: what a gateway does not say is borrowed, what two say is compared.

A price is borrowed from the plain listing of the same model only; that of a free or batch offer never is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from catalog.artifact import Json
from catalog.book import Book
from catalog.entry import Entry
from catalog.offers import Offers, Place
from catalog.schema.prices import Claim, Discrepancy

LENDER = "openrouter"
"""The gateway whose prices stand in for those that another one does not publish."""
BORROWERS = frozenset({"portkey"})
"""The gateways that publish no prices of their own."""
_LENT = ("pricing", "list_pricing", "discount", "price_tiers")
_COMPARED = ("prompt", "completion")


def slug_of(model_id: str) -> str:
    """Return a workspace's name of an integration in lower case: `openai-prod` of `@OpenAI-prod/gpt-4o`."""
    return model_id.removeprefix("@").partition("/")[0].lower()


class Host(NamedTuple):
    """What the lender says of another gateway's price for a model."""

    gateway: str
    pricing: Mapping[str, str]


@dataclass
class Sources:
    """What is remembered of the kept listings, besides the book, to borrow and to compare."""

    lent: dict[str, Json] = field(default_factory=dict)
    """Id at the lender → the price fields of its kept listing."""
    hosts: dict[str, list[Host]] = field(default_factory=dict)
    """Id at the lender → the gateways of ours among its hosts."""
    own: dict[Place, Mapping[str, str]] = field(default_factory=dict)
    """Borrower's listing that has a price of its own → that price."""

    unwrapped: dict[Place, str] = field(default_factory=dict)
    """Borrower and id without a workspace's own names → the id as it is listed."""
    services: dict[str, str] = field(default_factory=dict)
    """Slug of a borrower's integration → the service behind it, where the gateway tells it."""
    latest: dict[str, str] = field(default_factory=dict)
    """Moving alias of the lender → the id that it stands for now."""

    def note(self, fields: Json, gateways: tuple[str, ...]) -> None:
        """Remember a kept listing as far as its prices can matter to another one."""
        if fields["gateway"] == LENDER:
            self._note_lender(fields, gateways)
        elif fields["gateway"] in BORROWERS:
            self._note_borrower(fields)

    def _note_lender(self, fields: Json, gateways: tuple[str, ...]) -> None:
        if "alias_target" in fields:
            self.latest[fields["id"]] = fields["alias_target"]
        if fields.get("price_kind") == "known":
            self.lent[fields["id"]] = {name: fields[name] for name in _LENT if name in fields}
        if found := list(_hosts(fields.get("endpoints", ()), gateways)):
            self.hosts[fields["id"]] = found

    def _note_borrower(self, fields: Json) -> None:
        gateway, model_id = fields["gateway"], fields["id"]
        if "unwrapped" in fields:
            self.unwrapped[gateway, fields["unwrapped"]] = model_id
        if "service" in fields:
            self.services[slug_of(model_id)] = fields["service"]
        if fields.get("pricing"):
            self.own[gateway, model_id] = fields["pricing"]


def _hosts(endpoints: list[Json], gateways: tuple[str, ...]) -> Iterator[Host]:
    """Yield the hosts that are gateways of ours, told by the first part of their tag."""
    for endpoint in endpoints:
        slug = endpoint["tag"].partition("/")[0]
        if slug in gateways and slug != LENDER:
            yield Host(slug, endpoint["pricing"])


def borrow(book: Book, offers: Offers, sources: Sources) -> dict[Place, Json]:
    """Give listings without a price that of the same model elsewhere; returns what their records show.

    The book's entries are replaced by priced ones.
    """
    lenders = _lenders(book, offers, sources)
    borrowed: dict[Place, Json] = {}
    for gateway in sorted(BORROWERS & book.entries.keys()):
        for number, entry in enumerate(book.entries[gateway]):
            lender = _lender(entry, offers, lenders)
            if lender is not None:
                fields = {
                    **sources.lent[lender.id],
                    "price_kind": "known",
                    "price_source": {"gateway": LENDER, "match": offers.match(lender, entry)},
                }
                borrowed[gateway, entry.id] = fields
                book.replace(number, _priced(entry, fields["pricing"]))
    return borrowed


def _lenders(book: Book, offers: Offers, sources: Sources) -> dict[str, Entry]:
    """Return model key → the plain listing that can lend its price; of several the first by id."""
    lenders: dict[str, Entry] = {}
    for entry in book.entries.get(LENDER, ()):
        identity = offers.of(entry)
        if entry.live and identity.key and identity.variant is None and entry.id in sources.lent:
            lenders.setdefault(identity.key, entry)
    return lenders


def _lender(entry: Entry, offers: Offers, lenders: Mapping[str, Entry]) -> Entry | None:
    identity = offers.of(entry)
    if not entry.live or entry.price_kind != "unknown" or _reduced(identity.variant):
        return None
    return lenders.get(identity.key or "")


_REDUCED = frozenset({"free", "batch"})


def _reduced(variant: str | None) -> bool:
    """Tell whether the price of an offer is another than that of the plain model, by its very nature."""
    return bool(_REDUCED & set((variant or "").split("+")))


def _priced(entry: Entry, pricing: Mapping[str, str]) -> Entry:
    prompt, completion = pricing.get("prompt"), pricing.get("completion")
    return entry._replace(prompt=prompt, completion=completion, price_kind="known")


def discrepancies(
    book: Book, offers: Offers, sources: Sources, sellers: Mapping[str, str]
) -> list[Discrepancy]:
    """Return every offering whose price two sources tell differently, sorted by model and offering.

    `sellers` says who stands behind a borrower's slug: a gateway of ours, or an organisation that sells its
    own models only, for which the lender's plain listing is the same offering.
    """
    found = [*_of_hosts(offers, sources), *_of_sellers(book, offers, sources, sellers)]
    return sorted(found, key=lambda each: (each.model_key, each.offering, each.meter, each.says[0].id))


def _of_hosts(offers: Offers, sources: Sources) -> Iterator[Discrepancy]:
    """Compare what the lender says of a host with what that gateway says itself, in all its offers.

    The hosts named for a free or batch offer are those of the plain model, which speaks for itself.
    """
    for key, members in offers.shared.items():
        lent = (entry for entry in members if entry.gateway == LENDER and entry.live)
        for lender in (entry for entry in lent if not _reduced(offers.of(entry).variant)):
            for host in sources.hosts.get(lender.id, ()):
                own = [entry for entry in members if entry.gateway == host.gateway and entry.live]
                yield from _compared(key, host.gateway, (lender, host.pricing), own)


def _of_sellers(
    book: Book, offers: Offers, sources: Sources, sellers: Mapping[str, str]
) -> Iterator[Discrepancy]:
    """Compare a borrower's own price with what the gateway, or the maker, behind its slug charges."""
    lenders = _lenders(book, offers, sources)
    for entry in (each for gateway in BORROWERS for each in book.entries.get(gateway, ())):
        pricing, identity = sources.own.get((entry.gateway, entry.id)), offers.of(entry)
        if pricing is None or not entry.live or identity.key is None or identity.variant is not None:
            continue
        seller = sellers.get(slug_of(entry.id))
        if seller in book.order and identity.key in offers.shared:
            own = [
                each for each in offers.shared.get(identity.key, ()) if each.gateway == seller and each.live
            ]
            yield from _compared(identity.key, seller, (entry, pricing), own)
        elif identity.key.partition("/")[0] == seller and identity.key in lenders:
            yield from _compared(identity.key, seller, (entry, pricing), [lenders[identity.key]])


def _compared(
    key: str, offering: str, told: tuple[Entry, Mapping[str, str]], own: list[Entry]
) -> Iterator[Discrepancy]:
    """Yield the meters that one source prices as none of the other's offers does."""
    source, pricing = told
    for meter in _COMPARED:
        said = pricing.get(meter)
        known = [entry for entry in own if getattr(entry, meter) is not None]
        if said is None or not known or any(getattr(entry, meter) == said for entry in known):
            continue
        nearest = known[0]
        yield Discrepancy(
            model_key=key,
            offering=offering,
            meter=meter,
            since=max(source.changed_at, nearest.changed_at),
            says=[_claim(source, said), _claim(nearest, getattr(nearest, meter))],
        )


def _claim(entry: Entry, price: str) -> Claim:
    return Claim(gateway=entry.gateway, id=entry.id, price=price)
