"""Listings, answers and small catalogs for tests of the pure core; every field can be overridden."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import orjson

from catalog import book as books
from catalog import manifest, pipeline, units
from catalog.artifact import SHARDS, Artifact
from catalog.assemble import Catalog, assemble
from catalog.book import Book
from catalog.days import stamp
from catalog.enrich import LookUp, look_up
from catalog.kept import Line, encode, kept_fields, settle
from catalog.normalize import Tally, read_rows
from catalog.pages import Site
from catalog.performance import Known
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.render import Options
from catalog.schema.facts import IdentityFacts
from catalog.schema.listing import Architecture, KeptListing, Listing, PriceKind
from providers import ADAPTERS

ORDER = ("openrouter", "portkey", "featherless", "deepinfra", "chutes")
"""The gateways in the order of detection."""
FACTS = {adapter.GATEWAY.id: adapter.GATEWAY for adapter in ADAPTERS}
"""What is known of the gateways."""
NOW = datetime(2026, 11, 20, 2, 17, tzinfo=UTC)
THEN = "2026-10-01T00:00:00Z"
"""When the usual kept listing last changed."""
TEXT = Architecture(input_modalities=("text",), output_modalities=("text",))


def money(**prices: str) -> dict[str, Decimal]:
    """Make prices."""
    return {meter: Decimal(price) for meter, price in prices.items()}


def outputs(*names: str) -> Architecture:
    """Make the architecture of a model that reads text."""
    return Architecture(input_modalities=("text",), output_modalities=names)


def listing(**overrides: Any) -> Listing:  # noqa: ANN401 - the fields of a listing
    """Make a listing of a text model without a price."""
    usual = {"gateway": "openrouter", "id": "acme/one", "name": "One", "architecture": TEXT}
    return Listing(**{**usual, **overrides})


def kept(**overrides: Any) -> KeptListing:  # noqa: ANN401 - as above
    """Make a settled listing that last changed in October."""
    fields = listing(**{name: value for name, value in overrides.items() if name not in _MOMENTS})
    moments = {"changed_at": THEN} | {name: overrides[name] for name in _MOMENTS if name in overrides}
    return KeptListing(**vars(settle(fields)), **moments)


_MOMENTS = ("changed_at", "removed_at")


def tombstone(**overrides: Any) -> KeptListing:  # noqa: ANN401 - as above
    """Make a listing that its gateway no longer has."""
    return kept(**{"status": "removed", "removed_at": THEN, **overrides})


def line(kept_listing: KeptListing) -> bytes:
    """Write the snapshot line of a kept listing."""
    return encode(kept_fields(kept_listing))


def _of(gateway: str, found: Iterable[KeptListing]) -> list[KeptListing]:
    return sorted((each for each in found if each.gateway == gateway), key=lambda each: each.id)


def book(*found: KeptListing, order: tuple[str, ...] = ORDER) -> Book:
    """Make the book of some kept listings."""
    return books.bind(order, lambda gateway: map(kept_fields, _of(gateway, found)))


def assembled(
    *found: KeptListing,
    facts: IdentityFacts | None = None,
    performance: Known | None = None,
    order: tuple[str, ...] = ORDER,
) -> Catalog:
    """Make the catalog of some kept listings."""
    return assemble(
        order,
        lambda gateway: map(kept_fields, _of(gateway, found)),
        facts or IdentityFacts(),
        performance or {},
    )


def tree(
    *found: KeptListing,
    options: Options | None = None,
    facts: IdentityFacts | None = None,
    performance: Known | None = None,
    organisation: LookUp | None = None,
    metrics: Mapping[str, Any] | None = None,
    order: tuple[str, ...] = ORDER,
    site: Site | None = None,
) -> dict[str, bytes]:
    """Render a catalog: every name and its bytes; a name that is made twice fails."""
    files: dict[str, bytes] = {}

    def lines(gateway: str) -> list[bytes]:
        return list(map(line, _of(gateway, found)))

    catalog = assembled(*found, facts=facts, performance=performance, order=order)
    known = organisation or look_up({}, catalog.book.hubs, (), "")
    enriched = replace(catalog, organisation=known, metrics=metrics or {})
    artifacts = pipeline.artifacts(enriched, lines, site or Site({}, FACTS), options or Options())
    for artifact in artifacts:
        for name in (artifact.path, *artifact.names):
            assert name not in files, f"{name} twice"
            files[name] = artifact.body
    return files


def document(files: dict[str, bytes], path: str) -> dict[str, Any]:
    """Parse one file of a tree."""
    parsed: dict[str, Any] = orjson.loads(files[path])
    return parsed


class ToyPricing(UpstreamRow):
    """US dollars per unit."""

    prompt: object = None
    completion: object = None


class ToyRow(UpstreamRow):
    """A row in the words of a gateway that does not exist."""

    id: str
    outputs: tuple[str, ...] = ("text",)
    pricing: ToyPricing | None = None
    kind: PriceKind | None = None
    description: str | None = None


def _parse(payloads: Iterable[Payload]) -> Iterator[object]:
    for payload in payloads:
        yield from payload.items("data")


def _normalize(row: ToyRow) -> Listing:
    served = row.pricing or ToyPricing()
    prices = {meter: units.usd(value) for meter, value in vars(served).items()}
    known = {meter: value for meter, value in prices.items() if value is not None}
    return listing(
        gateway="toy",
        id=row.id,
        description=row.description,
        architecture=outputs(*row.outputs),
        pricing=known | units.extra_meters(served.model_extra, units.usd),
        price_kind=row.kind,
    )


GATEWAY = Gateway(
    id="toy",
    name="Toy",
    site="https://toy.example",
    docs="https://toy.example/docs",
    bases=(Base("TOY_BASE_URL", "https://api.toy.example/v1", key_variable="TOY_API_KEY"), Base("X", "")),
)


@dataclass(frozen=True)
class Toy:
    """The adapter of that gateway; its network is never asked."""

    GATEWAY: Gateway = GATEWAY
    Row: type[UpstreamRow] = ToyRow
    fetch: Callable[[Get], Iterator[Payload]] = lambda _: iter(())
    parse: Callable[[Iterable[Payload]], Iterator[object]] = _parse
    normalize: Callable[[Any], Listing] = _normalize


def answer(*rows: object) -> list[Payload]:
    """Make an answer of the toy gateway; a row that is text is taken for JSON as it stands."""
    written = ",".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    return [Payload("/models", f'{{"data":[{written}]}}'.encode())]


def parsed(line: Line) -> dict[str, Any]:
    """Parse a kept line."""
    found: dict[str, Any] = orjson.loads(line.data)
    return found


def read(*rows: object, adapter: Toy | None = None) -> tuple[list[Line], Tally]:
    """Read an answer of the toy gateway."""
    tally = Tally()
    return list(read_rows(adapter or Toy(), answer(*rows), tally, stamp(NOW))), tally


class Spool:
    """A spool in memory."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def __len__(self) -> int:
        """Return the number of different names."""
        return len(self._kept)

    def add(self, name: str, data: bytes) -> bool:
        """Keep the smaller of two data under one name."""
        new = name not in self._kept
        self._kept[name] = min(data, self._kept.get(name, data))
        return new

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Yield names and data, sorted by name."""
        return iter(sorted(self._kept.items()))


def shards_of(entries: manifest.Entries, digits: int = 2) -> list[Artifact]:
    """Return every shard of a manifest, with two digits or more."""
    return [
        artifact
        for name in SHARDS
        for artifact in manifest.shard_files(
            name,
            {path: entry for path, entry in entries.items() if manifest.part_name(path, 2) == name},
            digits,
        )
    ]


def digests_of(shards: Iterable[Artifact]) -> dict[str, str]:
    """Return two hex digits → the digest of that shard."""
    return {shard.path[-7:-5]: sha256(shard.body).hexdigest() for shard in shards}
