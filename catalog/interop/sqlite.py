"""The catalog as an SQLite database, for queries."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import orjson

from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer

VERSION = 1
"""`PRAGMA user_version`: changes when a table loses something or means something else."""
SCHEMA = """
CREATE TABLE gateways (
    gateway TEXT PRIMARY KEY, name TEXT NOT NULL, site TEXT NOT NULL, docs TEXT NOT NULL,
    api_base_url TEXT NOT NULL, listings INTEGER NOT NULL, priced INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE models (
    model_key TEXT PRIMARY KEY, organisation TEXT NOT NULL, listings INTEGER NOT NULL,
    gateways INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE listings (
    gateway TEXT NOT NULL, id TEXT NOT NULL, model_key TEXT, variant TEXT, name TEXT NOT NULL,
    organisation TEXT NOT NULL, status TEXT NOT NULL, price_kind TEXT NOT NULL, context_length INTEGER,
    max_output_tokens INTEGER, input_modalities TEXT, output_modalities TEXT, tools INTEGER,
    reasoning INTEGER, created TEXT, changed_at TEXT NOT NULL, PRIMARY KEY (gateway, id)
) WITHOUT ROWID;
CREATE TABLE prices (
    gateway TEXT NOT NULL, id TEXT NOT NULL, meter TEXT NOT NULL, price TEXT NOT NULL,
    min_prompt_tokens INTEGER, utc_start TEXT, utc_end TEXT, service_tier TEXT
);
CREATE TABLE changes (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, kind TEXT NOT NULL, gateway TEXT NOT NULL, model TEXT, meter TEXT,
    "from" TEXT, "to" TEXT, percent REAL
) WITHOUT ROWID;
"""
"""Prices are US dollars per unit as exact decimal text; NULL is unknown, in `prices` it is no condition."""
_LATER = """
INSERT INTO models
    SELECT model_key, substr(model_key, 1, instr(model_key, '/') - 1), count(*), count(DISTINCT gateway)
    FROM listings WHERE model_key IS NOT NULL GROUP BY model_key ORDER BY model_key;
CREATE INDEX listings_model ON listings (model_key);
CREATE INDEX listings_id ON listings (id COLLATE NOCASE);
CREATE INDEX prices_listing ON prices (gateway, id);
CREATE INDEX prices_meter ON prices (meter, CAST(price AS REAL));
CREATE INDEX changes_at ON changes (at);
"""
_BATCH = 1000
_WRITER = slice(96, 100)
"""Where the file names the version of the library that wrote it, for information only."""


class _Database:
    """The database while it fills up, in memory."""

    def __init__(self, given: Given) -> None:
        self._given = given
        self._connection = sqlite3.connect(":memory:", isolation_level=None)
        self._connection.executescript(f"PRAGMA user_version = {VERSION}; {SCHEMA}")
        self._connection.execute("BEGIN")
        self._listings: list[tuple[object, ...]] = []
        self._prices: list[tuple[object, ...]] = []
        self._counts: dict[str, tuple[int, int]] = {}

    def add(self, offer: Offer) -> None:
        """Take a listing."""
        entry = offer.entry
        self._listings.append(_listing(offer))
        self._prices.extend(_prices(offer))
        listings, priced = self._counts.get(entry.gateway, (0, 0))
        self._counts[entry.gateway] = listings + 1, priced + (entry.price_kind in ("known", "free"))
        if len(self._listings) >= _BATCH:
            self._flush()

    def body(self) -> bytes:
        """Return the database file."""
        self._flush()
        for table, rows in (("gateways", self._gateways()), ("changes", self._changes())):
            self._insert(table, list(rows))
        with closing(self._connection) as connection:
            connection.executescript(f"{_LATER} VACUUM;")  # which commits what came before
            body = connection.serialize()
        return b"".join((body[: _WRITER.start], bytes(4), memoryview(body)[_WRITER.stop :]))

    def _flush(self) -> None:
        for table, rows in (("listings", self._listings), ("prices", self._prices)):
            self._insert(table, rows)
            rows.clear()

    def _insert(self, table: str, rows: list[tuple[object, ...]]) -> None:
        if rows:
            places = ",".join("?" * len(rows[0]))
            self._connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - our tables

    def _gateways(self) -> Iterator[tuple[object, ...]]:
        for name, counts in sorted(self._counts.items()):
            facts = self._given.gateways[name]
            yield name, facts.name, facts.site, facts.docs, facts.bases[0].url, *counts

    def _changes(self) -> Iterator[tuple[object, ...]]:
        for row in self._given.changes:
            values = (_text(row["from"]), _text(row["to"]))
            told = (row["id"], row["at"], row["kind"], row["gateway"], row["model"], row["meter"])
            yield *told, *values, row["percent"]


def _text(value: object) -> str | None:
    """Write what a change came from or led to: text as it is, everything else as JSON."""
    return value if value is None or isinstance(value, str) else orjson.dumps(value).decode()


def _listing(offer: Offer) -> tuple[object, ...]:
    entry, fields, able = offer.entry, offer.fields, offer.capabilities
    return (
        entry.gateway, entry.id, offer.key, offer.variant, entry.name, entry.organisation, entry.status,
        entry.price_kind, entry.context_length, fields.get("max_output_tokens"), _joined(offer.inputs),
        _joined(offer.outputs), able.get("tools"), able.get("reasoning"), fields.get("created"),
        entry.changed_at,
    )  # fmt: skip


def _joined(names: list[str] | None) -> str | None:
    return None if names is None else "+".join(names)


def _prices(offer: Offer) -> Iterator[tuple[object, ...]]:
    place = offer.entry.gateway, offer.entry.id
    for meter, price in sorted(offer.pricing.items()):
        yield *place, meter, price, None, None, None, None
    for tier in offer.fields.get("price_tiers", ()):
        conditions = [
            tier.get(name) for name in ("min_prompt_tokens", "utc_start", "utc_end", "service_tier")
        ]
        for meter, price in sorted(tier["pricing"].items()):
            yield *place, meter, price, *conditions


class _Kind:
    """A whole database of this version."""

    def validate_json(self, body: bytes, /) -> Any:  # noqa: ANN401 - a version
        """Return the version; raises ValueError for anything else."""
        with closing(sqlite3.connect(":memory:")) as connection:
            try:
                connection.deserialize(body)
                (state,) = connection.execute("PRAGMA integrity_check").fetchone()
                (version,) = connection.execute("PRAGMA user_version").fetchone()
            except sqlite3.Error as problem:
                raise ValueError(f"no database: {problem}") from problem
        if (state, version) != ("ok", VERSION):
            raise ValueError(f"version {version}, {state}")
        return version


FORMAT = Format(
    name="sqlite",
    files=("catalog/catalog.sqlite",),
    kind=_Kind(),
    start=_Database,
    about="The catalog as an SQLite database",
    media="application/vnd.sqlite3",
)
