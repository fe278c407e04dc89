"""The manifest: digest and size of every file of a tree, in shards that one look-up can afford."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from catalog.artifact import SHARDS as DIGITS
from catalog.artifact import Artifact, Json, compact, document, shard_of
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.documents import Totals
from catalog.units import stamp

MANIFEST = "catalog/manifest.json"
SHARDS = "catalog/manifest/"
GATEWAYS = "catalog/gateways.json"
EXPIRES_AFTER = timedelta(days=7)

Entries = Mapping[str, tuple[str, int]]
"""Path → sha256 and size."""


@dataclass(frozen=True)
class Stamped:
    """What only the manifest knows: the moment and the origin of a build."""

    now: datetime
    serial: int
    commit: str | None
    inputs: str


def next_serial(last: int, now: datetime) -> int:
    """Return a number that grows with every build, even when the clock was set back."""
    return max(last + 1, int(now.timestamp()))


def shard_files(entries: Entries) -> list[Artifact]:
    """Return the 256 shards; a path belongs to the first two hex digits of its own sha256."""
    shards: dict[str, Json] = {digits: {} for digits in DIGITS}
    for path, entry in entries.items():
        shards[shard_of(path)][path] = entry
    return [Artifact(f"{SHARDS}{digits}.json", compact(shard)) for digits, shard in shards.items()]


def digests_of(shards: Iterable[Artifact]) -> dict[str, str]:
    """Return two hex digits → the digest of that shard."""
    return {shard.path[len(SHARDS) : -len(".json")]: sha256(shard.body).hexdigest() for shard in shards}


def manifest_file(shards: Mapping[str, str], totals: Totals, stamped: Stamped) -> Artifact:
    """Return `catalog/manifest.json`, the only file that carries the time of the build."""
    fields: Json = {
        "schema_version": SCHEMA_VERSION,
        "serial": stamped.serial,
        "generated_at": stamp(stamped.now),
        "expires": stamp(stamped.now + EXPIRES_AFTER),
        "commit": stamped.commit,
        "inputs": stamped.inputs,
        "totals": totals.model_dump(),
        "shards": shards,
    }
    return Artifact(MANIFEST, document(fields))


def with_parents(folders: Iterable[str]) -> set[str]:
    """Return the given folders and every folder above them."""
    found = set(folders)
    for folder in folders:
        found.update(_above(folder))
    return found - {""}


def _above(folder: str) -> Iterator[str]:
    while "/" in folder:
        folder = folder.rpartition("/")[0]
        yield folder
