"""The manifest: digest and size of every file of a tree, in shards that one look-up can afford."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from catalog.artifact import HISTORY, Artifact, Json, Limits, compact, document
from catalog.artifact import SHARDS as DIGITS
from catalog.days import stamp
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.documents import Totals
from catalog.shards import FEWEST_DIGITS, digits_for

MANIFEST = "catalog/manifest.json"
SHARDS = "catalog/manifest/"
GATEWAYS = "catalog/gateways.json"
UNLISTED = (GATEWAYS, HISTORY)
"""What changes with every build: no shard names it, the manifest does so itself."""
MOST_DIGITS = 4
"""Of a part's name: a shard names at most 256 parts, so that it stays small at every size."""
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


def digits_of(files: int, limits: Limits) -> int:
    """Return how many digits name the parts of the manifest of so many files: two while shards need none."""
    if files <= limits.manifest_rows * len(DIGITS):
        return FEWEST_DIGITS
    return min(max(digits_for(files, limits.manifest_part_rows), FEWEST_DIGITS + 1), MOST_DIGITS)


def shard_files(name: str, entries: Entries, digits: int) -> Iterator[Artifact]:
    """Yield one shard; with more than two digits its parts, each named in it with its digest, come first.

    A path belongs to the shard named by the first two hex digits of its own sha256, and to the part
    named by as many as there are.
    """
    listed: Json = dict(entries)
    if digits > FEWEST_DIGITS:
        found = list(_parts(name, entries, digits))
        yield from found
        listed = {part.path: (sha256(part.body).hexdigest(), len(part.body)) for part in found}
    yield Artifact(f"{SHARDS}{name}.json", compact(listed))


def _parts(name: str, entries: Entries, digits: int) -> Iterator[Artifact]:
    more = digits - len(name)
    parts: dict[str, Json] = {f"{name}{number:0{more}x}": {} for number in range(16**more)}
    for path, entry in entries.items():
        parts[part_name(path, digits)][path] = entry
    return (Artifact(f"{SHARDS}{digits}.json", compact(part)) for digits, part in parts.items())


def part_name(path: str, digits: int) -> str:
    """Return the digits that name the part of the manifest to which a path belongs."""
    return sha256(path.encode()).hexdigest()[:digits]


def manifest_file(
    shards: Mapping[str, str], states: Entries, totals: Totals, stamped: Stamped, digits: int | None = None
) -> Artifact:
    """Return `catalog/manifest.json`, the only file that carries the time of the build.

    `states` are the files that no shard names.
    """
    fields: Json = {
        "schema_version": SCHEMA_VERSION,
        "serial": stamped.serial,
        "generated_at": stamp(stamped.now),
        "expires": stamp(stamped.now + EXPIRES_AFTER),
        "commit": stamped.commit,
        "inputs": stamped.inputs,
        "totals": totals.model_dump(),
        "shards": shards,
        "states": dict(states),
        **({"digits": digits} if digits and digits > FEWEST_DIGITS else {}),
    }
    return Artifact(MANIFEST, document(fields))
