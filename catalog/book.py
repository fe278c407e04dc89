"""Who has what under which path: the small part of the catalog that is held in memory.

A book has one entry per kept listing and tells, for every path that a request can name, which
listings answer. Detection, lists and indexes are made from it alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from catalog import paths
from catalog.artifact import Json
from catalog.schema.listing import PriceKind, Status


class Entry(NamedTuple):
    """The summary of one kept listing."""

    gateway: str
    id: str
    name: str
    organisation: str
    """Who made the model, as far as the id tells."""
    paths: tuple[str, ...]
    """Where it can be asked for: its own path, then the unwrapped one if it has one."""
    context_length: int | None
    prompt: str | None
    completion: str | None
    price_kind: PriceKind
    status: Status
    changed_at: str
    live: bool
    """Whether it is no tombstone."""

    @property
    def main_path(self) -> str:
        """The path under which offers of other gateways are compared."""
        return self.paths[-1]

    @property
    def price(self) -> Decimal | None:
        """The sum of prompt and completion price, for comparing; None when one is unknown."""
        if self.prompt is None or self.completion is None:
            return None
        return Decimal(self.prompt) + Decimal(self.completion)


@dataclass
class Book:
    """All entries, by gateway and by path."""

    order: tuple[str, ...]
    """The gateways in the order of detection."""
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    """Gateway → its entries in the order of its snapshot."""
    groups: dict[str, list[Entry]] = field(default_factory=dict)
    """Path → its entries, best answer first: by gateway, then live, then cheapest, then by id."""
    ids: dict[str, str] = field(default_factory=dict)
    """Path → the lower-cased id that leads to it by the escape."""
    odd: dict[str, str] = field(default_factory=dict)
    """Id → path, for case twins and names that had to be shortened."""
    spelled: dict[str, set[str]] = field(default_factory=dict)
    """Path → further names that keep the spelling of a gateway."""
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
            group = self.groups[path]
            group[:] = [entry if each is entries[number] else each for each in group]
        entries[number] = entry

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
    for path in {entry_path for entry_path in book.odd.values() if "~~" not in entry_path}:
        book.spelled.pop(path, None)
    rank = {gateway: number for number, gateway in enumerate(order)}
    for path, group in book.groups.items():
        if len(group) > 1:
            group.sort(key=partial(_rank, path=path, rank=rank))
    return book


def _hubs_noted(kept: Iterable[Json], hubs: set[str]) -> Iterator[Json]:
    """Pass listings on and note whose repositories they name."""
    for fields in kept:
        organisation, slash, _ = fields.get("hugging_face_id", "").partition("/")
        if slash:
            hubs.add(organisation)
        yield fields


def _enter(book: Book, gateway: str, kept: Iterable[Json]) -> None:
    found = [(asked := asked_ids(fields), _entry(fields, asked)) for fields in kept]
    owners = _owners(found)
    entries = book.entries[gateway] = []
    for asked, usual in found:
        entry = _set_apart(usual, asked[0], owners, book.odd)
        entries.append(entry)
        for model_id, path in zip(asked, entry.paths, strict=True):
            book.groups.setdefault(path, []).append(entry)
            _note(book, model_id, path)


def _owners(found: Iterable[tuple[tuple[str, ...], Entry]]) -> dict[str, tuple[str, bool]]:
    """Return who owns each lower-case path and whether it lives: of case twins a live one, the first."""
    owners: dict[str, tuple[str, bool]] = {}
    for asked, entry in found:
        owner = owners.setdefault(entry.paths[0], (asked[0], entry.live))
        if entry.live and not owner[1]:
            owners[entry.paths[0]] = (asked[0], True)
    return owners


def _set_apart(
    entry: Entry, model_id: str, owners: Mapping[str, tuple[str, bool]], odd: dict[str, str]
) -> Entry:
    """Give a case twin that does not own the lower-case path one of its own."""
    path, *further = entry.paths
    owner, _ = owners[path]
    if owner == model_id:
        return entry
    odd[owner] = path
    return entry._replace(paths=(paths.twin(model_id), *further))


def _note(book: Book, model_id: str, path: str) -> None:
    if "~~" in path:
        book.odd[model_id] = path
        if path != paths.escape(model_id):  # a case twin: its lower-cased id leads to the other one
            return
    book.ids[path] = low = paths.lower(model_id)
    if (low != model_id or low[0] == "~") and (name := paths.spelled(model_id)):
        book.spelled.setdefault(path, set()).add(name)


def _rank(entry: Entry, path: str, rank: Mapping[str, int]) -> tuple[int, bool, bool, bool, Decimal, str]:
    price = entry.price
    unwrapped = entry.paths[0] != path
    return rank[entry.gateway], not entry.live, unwrapped, price is None, price or Decimal(0), entry.id


def asked_ids(fields: Json) -> tuple[str, ...]:
    """Return the ids under which a kept listing can be asked for: its own, then the unwrapped one."""
    own = paths.qualified(fields["gateway"], fields["id"])
    return (own, fields["unwrapped"]) if "unwrapped" in fields else (own,)


def _organisation(model_id: str) -> str:
    """Return who made a model, as far as its id tells: `qwen` of `Qwen/Qwen3-32B`."""
    first = paths.lower(model_id.partition("/")[0])
    return first.lstrip("~@") or first


def _entry(fields: Json, asked: tuple[str, ...]) -> Entry:
    pricing = fields.get("pricing", {})
    status = fields.get("status", "active")
    return Entry(
        fields["gateway"],
        fields["id"],
        fields["name"],
        _organisation(asked[-1]),
        tuple(map(paths.escape, asked)),
        fields.get("context_length"),
        pricing.get("prompt"),
        pricing.get("completion"),
        fields.get("price_kind", "unknown"),
        status,
        fields["changed_at"],
        status != "removed",
    )
