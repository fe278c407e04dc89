"""Who has what under which path: the small part of the catalog that is held in memory.

A book has one entry per kept listing and tells, for every path that a request can name, which
listings answer. Detection, lists and indexes are made from it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from catalog import paths
from catalog.artifact import Json
from catalog.entry import Entry, entry_of
from catalog.ledger import repeated


class Groups(Mapping[str, Sequence[Entry]]):
    """Path → its entries; most paths have one, which is kept without a list around it."""

    def __init__(self) -> None:
        """Begin without any."""
        self._found: dict[str, Entry | list[Entry]] = {}

    def __getitem__(self, path: str) -> Sequence[Entry]:
        """Return the entries of a path, best answer first."""
        found = self._found[path]
        return (found,) if isinstance(found, Entry) else found

    def __iter__(self) -> Iterator[str]:
        """Yield every path."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return the number of paths."""
        return len(self._found)

    def add(self, path: str, entry: Entry) -> None:
        """Put an entry behind those of a path."""
        known = self._found.setdefault(path, entry)
        if known is entry:
            return
        if isinstance(known, Entry):
            self._found[path] = [known, entry]
        elif known[-1] is not entry:
            known.append(entry)

    def replace(self, path: str, old: Entry, new: Entry) -> None:
        """Put an entry in the place of another one."""
        known = self._found[path]
        if isinstance(known, list):
            known[known.index(old)] = new
        else:
            self._found[path] = new

    def arrange(self, rank: Callable[[str, Entry], Place]) -> None:
        """Sort the entries of each path."""
        for path, found in self._found.items():
            if isinstance(found, list):
                found.sort(key=partial(rank, path))


Place = tuple[int, bool, bool, bool, Decimal, str]
"""Where an entry stands among those of one path."""


@dataclass
class Book:
    """All entries, by gateway and by path."""

    order: tuple[str, ...]
    """The gateways in the order of detection."""
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    """Gateway → its entries in the order of its snapshot."""
    groups: Groups = field(default_factory=Groups)
    """Path → its entries, best answer first: by gateway, then live, then cheapest, then by id."""
    odd: dict[str, str] = field(default_factory=dict)
    """Id → path, for case twins and names that had to be shortened."""
    shortened: dict[str, str] = field(default_factory=dict)
    """Path of a name that had to be shortened → the lower-cased id that leads to it."""
    ambiguous: frozenset[str] = frozenset()
    """Paths of ids that mean several models of one gateway, told apart by case alone."""
    hubs: set[str] = field(default_factory=set)
    """Organisations that have repositories on the Hugging Face Hub, as listings spell them."""

    def answer(self, path: str) -> Entry:
        """Return the entry that answers without a gateway: a tombstone only if nothing lives."""
        group = self.groups[path]
        return next((entry for entry in group if entry.live), group[0])

    def answer_of(self, gateway: str, path: str) -> Entry:
        """Return the entry with which one gateway answers for a path that it has."""
        return next(entry for entry in self.groups[path] if entry.gateway == gateway)

    def replace(self, number: int, entry: Entry) -> None:
        """Put an entry in the place of the one that is at `number` of its gateway."""
        entries = self.entries[entry.gateway]
        for path in dict.fromkeys(entry.paths):
            self.groups.replace(path, entries[number], entry)
        entries[number] = entry

    def id_of(self, path: str) -> str | None:
        """Return the lower-cased id that leads to a path by the escape; None for that of a case twin."""
        if "~" not in path:
            return path.removesuffix(paths.SUFFIX)
        return self.shortened.get(path) if "~~" in path else paths.unescape(path)

    def ids(self) -> Iterator[tuple[str, str]]:
        """Yield every path that an id leads to by the escape, and this id in lower case."""
        return ((path, low) for path in self.groups if (low := self.id_of(path)) is not None)

    def lists(self, model_id: str) -> bool:
        """Tell whether a gateway lists a lower-cased id."""
        return "/" in model_id and paths.escape(model_id) in self.groups

    def spellings(self, path: str) -> list[str]:
        """Return the further names of a path that keep the spelling of a gateway."""
        if path in self.ambiguous or "~~" in path:
            return []
        group = self.groups[path]
        if len(group) == 1 and group[0].unwrapped is None:  # nearly every path
            name = paths.spelled(paths.qualified(group[0].gateway, group[0].id))
            return [name] if name else []
        return sorted({name for entry in group for name in _spellings(entry, path)})

    def gateways_of(self, path: str) -> list[str]:
        """Return the gateways that have a path now, in the order of detection."""
        group = self.groups[path]
        if len(group) == 1:
            return [group[0].gateway] if group[0].live else []
        return list(dict.fromkeys(entry.gateway for entry in group if entry.live))


def detection_order(gateways: Sequence[str], weights: Mapping[str, int]) -> tuple[str, ...]:
    """Sort gateways by weight, larger first; ties stay in the given order."""
    return tuple(sorted(gateways, key=lambda name: -weights.get(name, 0)))


def bind(order: tuple[str, ...], kept: Callable[[str], Iterable[Json]]) -> Book:
    """Make the book of all kept listings, which `kept` yields by gateway, sorted by id, as in lines."""
    book = Book(order)
    for gateway in order:
        _enter(book, gateway, _hubs_noted(kept(gateway), book.hubs))
    book.ambiguous = frozenset(path for path in book.odd.values() if "~~" not in path)
    rank = {gateway: number for number, gateway in enumerate(order)}
    book.groups.arrange(partial(_rank, rank))
    return book


def _hubs_noted(kept: Iterable[Json], hubs: set[str]) -> Iterator[Json]:
    """Pass listings on and note whose repositories they name."""
    for fields in kept:
        organisation, slash, _ = fields.get("hugging_face_id", "").partition("/")
        if slash:
            hubs.add(organisation)
        yield fields


def _enter(book: Book, gateway: str, kept: Iterable[Json]) -> None:
    entries = book.entries[gateway] = list(map(entry_of, kept))
    owners = _owners(entries)
    for number, usual in enumerate(entries if owners else ()):
        entries[number] = _set_apart(usual, owners, book.odd)
    for entry in entries:
        for model_id, path in zip(entry.asked, entry.paths, strict=True):
            book.groups.add(path, entry)
            if "~~" in path:
                _note_odd(book, model_id, path)


def _note_odd(book: Book, model_id: str, path: str) -> None:
    book.odd[model_id] = path
    if path == paths.escape(model_id):  # of a case twin the lower-cased id leads to the other one
        book.shortened[path] = paths.lower(model_id)


def _owners(entries: Iterable[Entry]) -> dict[str, tuple[str, bool]]:
    """Return who owns each path of case twins and whether it lives: a live one, the first."""
    twice = repeated(entry.path for entry in entries)
    owners: dict[str, tuple[str, bool]] = {}
    for entry in (each for each in entries if hash(each.path) in twice):
        owner = owners.setdefault(entry.path, (entry.asked[0], entry.live))
        if entry.live and not owner[1]:
            owners[entry.path] = (entry.asked[0], True)
    return owners


def _set_apart(entry: Entry, owners: Mapping[str, tuple[str, bool]], odd: dict[str, str]) -> Entry:
    """Give a case twin that does not own the lower-case path one of its own."""
    model_id = entry.asked[0]
    owner, _ = owners.get(entry.path, (model_id, True))
    if owner == model_id:
        return entry
    odd[owner] = entry.path
    return entry._replace(path=paths.twin(model_id))


def _spellings(entry: Entry, path: str) -> Iterator[str]:
    """Yield the names that keep the spelling of an entry's ids that lead to a path."""
    for model_id, its in zip(entry.asked, entry.paths, strict=True):
        if its == path and (name := paths.spelled(model_id)):
            yield name


def _rank(rank: Mapping[str, int], path: str, entry: Entry) -> Place:
    price = entry.price
    unwrapped = entry.path != path
    return rank[entry.gateway], not entry.live, unwrapped, price is None, price or Decimal(0), entry.id
