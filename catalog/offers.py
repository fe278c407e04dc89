"""Who offers the same model: the listings that share a model key, and the further names that follow.

A gateway answers for every id and alias of a model that it has, whatever it calls the model itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain

from catalog import paths
from catalog.book import Book
from catalog.entry import Entry
from catalog.identity.merge import Identities
from catalog.identity.work import Resolution
from catalog.ledger import repeated

Place = tuple[str, str]
"""Gateway and id."""
_UNKNOWN = Resolution(None)
_NONE: Mapping[str, Resolution] = {}
_SAID = ("alias", "hugging_face_id", "canonical_slug")
"""How a listing can have got its model key by more than its id, what proves least first."""
_LEAST = 2
"""Offers of one model that make it worth a group."""


@dataclass
class Offers:
    """What identity adds to a book."""

    identities: Identities = field(default_factory=lambda: Identities({}))
    """Gateway and id → model key, variant and how they were found."""
    shared: dict[str, list[Entry]] = field(default_factory=dict)
    """Model key → its listings, by gateway in the order of detection and then the best first; only models
    with several."""
    further: dict[Place, list[str]] = field(default_factory=dict)
    """Gateway and id → the paths of other ids of the same model, for which that listing answers."""

    firsts: dict[str, Entry] = field(default_factory=dict)
    """Model key that has aliases → its first live offer."""

    def of(self, entry: Entry) -> Resolution:
        """Return what a listing stands for."""
        return self.identities.found.get(entry.gateway, _NONE).get(entry.id, _UNKNOWN)

    def same_model(self, entry: Entry, book: Book) -> Sequence[Entry]:
        """Return every offer of what an entry offers: of its model, or without a key of its very id."""
        key = self.of(entry).key
        if key is not None:
            return self.shared.get(key) or [entry]
        group = book.groups[entry.main_path]
        return group if len(group) == 1 else [each for each in group if self.of(each).key is None]

    def match(self, offer: Entry, seen_from: Entry) -> str:
        """Say how an offer was found to be of the same model: by its id, or by what either of them says."""
        if offer.main_path == seen_from.main_path:
            return "unwrapped" if len(offer.paths) > 1 else "exact"
        kinds = {self.of(offer).kind, self.of(seen_from).kind}
        return next((kind for kind in _SAID if kind in kinds), "spelling")


def group(book: Book, offers: Offers, aliases: Mapping[str, Iterable[str]]) -> None:
    """Group the listings of a book by model key; `aliases` are further ids of model keys."""
    wanted = repeated(key for _, key in _keyed(book, offers)) | set(map(hash, aliases))
    by_key: dict[str, list[Entry]] = {}
    for entry, key in _keyed(book, offers):
        if hash(key) in wanted:
            by_key.setdefault(key, []).append(entry)
    rank = {gateway: number for number, gateway in enumerate(book.order)}
    for key, members in by_key.items():
        if len(members) >= _LEAST:
            members.sort(key=lambda entry: _goodness(entry, offers.of(entry).variant, rank))
            offers.shared[key] = members
        if key in aliases and (live := [entry for entry in members if entry.live]):
            offers.firsts[key] = live[0]
        if len(members) >= _LEAST or key in aliases:
            _name(members, _asked(members, aliases.get(key, ())), book, offers.further)


def _keyed(book: Book, offers: Offers) -> Iterator[tuple[Entry, str]]:
    """Yield every entry that has a model key, and the key."""
    for entry in chain.from_iterable(book.entries.values()):
        if (key := offers.of(entry).key) is not None:
            yield entry, key


def _goodness(
    entry: Entry, variant: str | None, rank: Mapping[str, int]
) -> tuple[int, bool, bool, bool, Decimal, str]:
    """Sort offers by gateway; of one gateway a live and plain one first, then the cheapest, then by id."""
    price, place = entry.price, rank[entry.gateway]
    return place, not entry.live, variant is not None, price is None, price or Decimal(0), entry.id


def _asked(members: Iterable[Entry], aliases: Iterable[str]) -> list[str]:
    """Return the paths of every id that means this model."""
    own = (path for entry in members if entry.live for path in entry.paths if "~~" not in path)
    return list(dict.fromkeys((*own, *_paths(aliases))))


def _paths(aliases: Iterable[str]) -> Iterator[str]:
    """Yield the paths of aliases that can be asked for: an id without organisation cannot."""
    return (paths.escape(alias) for alias in aliases if "/" in alias)


def _name(members: Iterable[Entry], asked: list[str], book: Book, further: dict[Place, list[str]]) -> None:
    """Let the best offer of each gateway answer for the ids that this gateway does not list."""
    best: dict[str, Entry] = {}
    for entry in members:
        if entry.live:
            best.setdefault(entry.gateway, entry)
    for gateway, entry in best.items():
        missing = [path for path in asked if not _lists(book, gateway, path)]
        if missing:
            further[gateway, entry.id] = missing


def _lists(book: Book, gateway: str, path: str) -> bool:
    return any(entry.gateway == gateway for entry in book.groups.get(path, ()))
