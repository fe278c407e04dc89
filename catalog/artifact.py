"""An artifact: one published content with its names, and how its bytes are written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson

from catalog.units import plain

_RECORD = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_COMPACT = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE

SHARDS = tuple(f"{number:02x}" for number in range(256))
"""The names of all shards."""

HISTORY = "catalog/history/gateways.json"
"""How fetching the gateways went: like their states it changes with every fetching run."""

Json = dict[str, Any]
"""A document before it is written; money in it is Decimal or already plain text."""


class Artifact(NamedTuple):
    """One published content: its first name, its bytes, and further names of the same bytes."""

    path: str
    body: bytes
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Limits:
    """Size budgets of a tree; a build that exceeds one publishes nothing."""

    record_bytes: int = 20_000
    """Of a record without endpoints."""
    record_with_endpoints_bytes: int = 64_000
    """Of a record with endpoints."""
    gateway_list_bytes: int = 8_000_000
    """Of `catalog/gateway/<gateway>.json`."""
    index_gzip_bytes: int = 250_000
    """Of `catalog/index.json`, compressed, at `index_ids` ids; in proportion above that."""
    index_ids: int = 16_500
    """The number of ids for which `index_gzip_bytes` is meant."""
    shard_gzip_bytes: int = 4_000
    """Of one shard of the index, compressed."""
    whole_rows: int = 25_000
    """Rows of a list in one file; a longer one is published in parts."""
    part_rows: int = 64
    """Rows of one part, about."""
    search_rows: int = 500
    """Models of one part of the search list, at most."""
    index_rows: int = 128
    """Ids of one shard of the index, about."""
    manifest_rows: int = 2_000
    """Files that one shard of the manifest names, about; of more each shard is published in parts."""
    manifest_part_rows: int = 128
    """Files that one part of a shard names, about."""
    entries: int = 95_000
    """Files and folders of the whole tree."""
    megabytes: int = 900
    """Of the whole tree, hard-linked names counted each."""


def document(fields: Json) -> bytes:
    """Write a document for people: sorted keys, two spaces, final newline."""
    return orjson.dumps(fields, default=plain, option=_RECORD)


def without_metrics(record: Json) -> Json:
    """Return a record as `include_huggingface=false` asks for it."""
    data = {**record["data"], "huggingface_metrics": None}
    return {**record, "data": data, "include_huggingface": False}


def compact(fields: Json | list[Json]) -> bytes:
    """Write a list for programs: sorted keys, no spaces, final newline."""
    return orjson.dumps(fields, default=plain, option=_COMPACT)


def shard_of(text: str) -> str:
    """Return the two hex digits that name the shard of a lower-cased id or of a path."""
    return SHARDS[hashlib.sha256(text.encode()).digest()[0]]
