"""Upstream bodies of any size: the shipped listings, and again under made-up names, as files.

Further listings are copies of whole organisations with their letters exchanged. So the share of
organisations, of mixed case and of ids that several gateways have stays what it really is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import count, islice
from pathlib import Path
from random import Random
from string import ascii_letters, ascii_lowercase
from urllib.parse import quote

import orjson

from catalog.schema.listing import KeptListing
from tests.bench import rows

SEED = 20261123
INDEX = "index.json"
PAGE_OF_FEATHERLESS = 250
PAGE_OF_PORTKEY = 500
_SYLLABLES = ("ba", "co", "den", "fi", "gra", "ho", "lin", "mo", "ner", "pul", "ra", "sto", "ti", "ver", "zu")
_SPICE = ("“long” ", "naïve ", "– ", "模型 ", "✓ ")
_NAMES = ("id", "canonical_slug", "hugging_face_id", "alias_target", "replaced_by")


class Folder:
    """Bodies on disk, with an index of what was asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._index: dict[str, list[tuple[str, str, str]]] = defaultdict(list)

    def put(self, gateway: str, path: str, document: object, base: str = "") -> None:
        """Keep the answer to one request."""
        asked = self._index[gateway]
        name = f"{gateway}-{len(asked)}.json"
        (self._root / name).write_bytes(orjson.dumps(document))
        asked.append((base or f"{gateway.upper()}_BASE_URL", path, name))

    def close(self) -> None:
        """Write the index."""
        (self._root / INDEX).write_bytes(orjson.dumps(self._index))


class Prose:
    """Descriptions of made-up words: one in five has letters beyond ASCII, most have lines and quotes."""

    def __init__(self, size: int) -> None:
        self._chance = Random(SEED)
        self._size = size
        self._phrases = [self._phrase(number) for number in range(400)]

    def _phrase(self, number: int) -> str:
        words = ("".join(self._chance.choices(_SYLLABLES, k=self._chance.randint(1, 4))) for _ in range(9))
        return " ".join(words).capitalize() + (
            ".\n\n" if number % 9 == 0 else '. "So" ' if number % 7 == 0 else ". "
        )

    def text(self) -> str:
        """Return one more description of about the wanted number of characters."""
        text = "".join(self._chance.choices(self._phrases, k=self._size // 45))[: self._size]
        return text if self._chance.random() > 0.2 else self._chance.choice(_SPICE) + text


def shipped(snapshots: Path) -> list[KeptListing]:
    """Return the listings of a snapshot folder that a gateway serves now."""
    lines = (line for file in sorted(snapshots.glob("*.jsonl")) for line in file.read_bytes().splitlines())
    return [found for line in lines if (found := KeptListing.model_validate_json(line)).removed_at is None]


def enlarged(known: list[KeptListing], wanted: int) -> Iterator[KeptListing]:
    """Yield so many listings: the known ones, then organisation by organisation their copies."""
    chance = Random(SEED)
    groups = defaultdict(list)
    for listing in known:
        groups[_organisation(listing)].append(listing)
    return islice(_copies(list(groups.values()), chance), wanted)


def _organisation(listing: KeptListing) -> str:
    return (listing.unwrapped or listing.id).partition("/")[0].lower()


def _copies(groups: list[list[KeptListing]], chance: Random) -> Iterator[KeptListing]:
    for copy in count():
        chance.shuffle(groups)
        letters = _exchange(chance) if copy else {}
        for group in groups:
            yield from (_renamed(listing, letters) for listing in group)


def _exchange(chance: Random) -> dict[int, str]:
    mixed = chance.sample(ascii_lowercase, 26)
    others = (*mixed, *(letter.upper() for letter in mixed))
    return {ord(letter): other for letter, other in zip(ascii_letters, others, strict=True)}


def _renamed(listing: KeptListing, letters: dict[int, str]) -> KeptListing:
    said = {name: getattr(listing, name) for name in _NAMES}
    update = {name: _exchanged(value, letters) for name, value in said.items() if value is not None}
    if listing.name == _last(listing.id):
        update["name"] = _last(update["id"])
    return listing.model_copy(update=update)


def _last(name: str) -> str:
    """Return the end of an id, which is the display name of what has no other."""
    return name.rpartition("/")[2]


def _exchanged(name: str, letters: dict[int, str]) -> str:
    """Exchange the letters of a name; an integration of Portkey, `@openai/…`, keeps its own."""
    kept, slash, rest = name.partition("/") if name.startswith("@") else ("", "", name)
    return kept + slash + rest.translate(letters)


def write(snapshots: Path, root: Path, wanted: int, description: int, nights: int = 0) -> None:
    """Write the bodies of a catalog of `wanted` listings with descriptions of so many characters.

    They are those of the first day, or of a later one, after so many nights.
    """
    root.mkdir(parents=True)
    known = shipped(snapshots)
    static = [listing for listing in known if listing.as_of]  # these come from data/, not from a body
    live = [listing for listing in known if not listing.as_of]
    by_gateway: dict[str, list[KeptListing]] = defaultdict(list)
    for listing in enlarged(live, wanted - len(static)):
        by_gateway[listing.gateway].append(listing)
    for change in list(NIGHTS.values())[:nights]:
        by_gateway = {name: change(listings, wanted) for name, listings in by_gateway.items()}
    maker = _Maker(Folder(root), Prose(description))
    maker.openrouter(by_gateway["openrouter"])
    maker.portkey(by_gateway["portkey"])
    maker.featherless(by_gateway["featherless"])
    maker.deepinfra(by_gateway["deepinfra"])
    maker.chutes(by_gateway["chutes"])
    maker.folder.close()


def at_random(share: float) -> Callable[[list[KeptListing], int], list[KeptListing]]:
    """Return a night in which listings of every gateway, spread at random, have another price."""

    def change(listings: list[KeptListing], _: int) -> list[KeptListing]:
        chance = Random(f"{SEED} {share} {len(listings)}")
        return [_dearer(each) if chance.random() < share else each for each in listings]

    return change


def in_a_row(listings: list[KeptListing], wanted: int) -> list[KeptListing]:
    """Give 3 % of the whole catalog another price: whole organisations of the gateway that has most."""
    count = wanted * 3 // 100
    if len(listings) < wanted // 2:
        return listings
    moved = {each.id for each in sorted(listings, key=lambda each: each.id)[count : 2 * count]}
    return [_dearer(each) if each.id in moved else each for each in listings]


NIGHTS = {
    "3 % at random": at_random(0.03),
    "3 %, organisation by organisation": in_a_row,
    "0.3 % at random": at_random(0.003),
}
"""What happens in the first, the second and the third night: so many listings get another price."""
_FIRST_PRICE = Decimal("0.0000001")
"""Of a listing that had none of its own; its body had a made-up one."""


def _dearer(listing: KeptListing) -> KeptListing:
    before = {"prompt": _FIRST_PRICE, "completion": _FIRST_PRICE, **listing.pricing}
    pricing = {meter: price * Decimal("1.25") for meter, price in before.items()}
    return listing.model_copy(update={"pricing": pricing, "list_pricing": None, "discount": None})


class _Maker:
    """Writes the bodies of one gateway after the other."""

    def __init__(self, folder: Folder, prose: Prose) -> None:
        self.folder = folder
        self._prose = prose
        self._chance = Random(SEED)

    def _rows(self, inverse: rows.Inverse, listings: Iterable[KeptListing]) -> list[rows.Row]:
        return [inverse(listing, self._prose.text(), self._chance) for listing in listings]

    def openrouter(self, listings: list[KeptListing]) -> None:
        data = self._rows(rows.openrouter, listings)
        listed = {"data": data, "total_count": len(data), "links": {"next": None}}
        self.folder.put("openrouter", "/models?output_modalities=all", listed)
        for listing in listings:
            if rows.has_hosts(listing):
                path = f"/models/{quote(listing.id, safe='/:@')}/endpoints"
                self.folder.put("openrouter", path, rows.openrouter_hosts(listing, self._chance))

    def portkey(self, listings: list[KeptListing]) -> None:
        data = self._rows(rows.portkey, listings)
        for offset in (*range(0, len(data), PAGE_OF_PORTKEY), len(data)):
            page = {"object": "list", "total": len(data), "data": data[offset : offset + PAGE_OF_PORTKEY]}
            self.folder.put("portkey", f"/models?limit={PAGE_OF_PORTKEY}&offset={offset}", page)
        prices: dict[str, rows.Row] = defaultdict(dict)
        for listing in listings:
            slug, _, model = listing.id.removeprefix("@").partition("/")
            if listing.pricing:
                prices[slug][model] = rows.portkey_price(listing)
        for service, entries in prices.items():
            self.folder.put("portkey", f"/{service}.json", entries, base="PORTKEY_PRICING_URL")

    def featherless(self, listings: list[KeptListing]) -> None:
        size = PAGE_OF_FEATHERLESS
        pages = {"per_page": size, "total_pages": -(-len(listings) // size), "total_items": len(listings)}
        for number, start in enumerate(range(0, len(listings), size), 1):
            data = self._rows(rows.featherless, listings[start : start + size])
            page = {"object": "list", "data": data, "pagination": {"current_page": number, **pages}}
            self.folder.put("featherless", f"/models?page={number}&per_page={size}", page)

    def deepinfra(self, listings: list[KeptListing]) -> None:
        data = self._rows(rows.deepinfra, listings)
        self.folder.put("deepinfra", "/v1/openai/models", {"object": "list", "data": data})
        listed = [rows.deepinfra_listed(listing, self._prose.text()) for listing in listings]
        self.folder.put("deepinfra", "/models/list", listed)

    def chutes(self, listings: list[KeptListing]) -> None:
        self.folder.put("chutes", "/models", {"object": "list", "data": self._rows(rows.chutes, listings)})
