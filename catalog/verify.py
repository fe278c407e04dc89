"""A built tree against its own promises: manifest, schemas, index, links, nothing foreign.

A check that inspected nothing is a finding too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from catalog import links, paths
from catalog.artifact import SHARDS as SHARD_NAMES
from catalog.enrich import LOGOS
from catalog.kinds import HOST, INDEX, KINDS, kind_of, words
from catalog.ledger import Entry, Ledger, Paths
from catalog.manifest import GATEWAYS, MANIFEST, SHARDS, UNLISTED, part_name
from catalog.schema import documents
from catalog.schema.record import Offer, Record
from catalog.shards import FEWEST_DIGITS, part_of

Read = Callable[[str], bytes]
"""Returns the bytes of a file by its path in the tree."""
_INDEX_SHARDS = "catalog/index/"
_REQUIRED = (*(kind for kind in KINDS if kind not in ("history", "search list")), HOST)
"""Kinds of which there is at least one file; a history has only what changed, and a tree without a website no
search list."""


def verify(files: Iterable[str], read: Read) -> Iterator[str]:
    """Yield one sentence for every broken promise; nothing for a tree that is whole.

    `files` are the paths of all files, sorted; they are gone through more than once.
    """
    present = Paths(files)
    if MANIFEST not in present:
        yield f"{MANIFEST} is missing"
        return
    try:
        manifest = documents.Manifest.model_validate_json(read(MANIFEST))
    except ValidationError as problem:
        yield f"{MANIFEST} is no manifest: {words(problem)}"
        return
    parts = _Parts(present, read)
    ledger = Ledger(parts.shard(name, manifest.shards.get(name, "")) for name in SHARD_NAMES)
    yield from parts.problems
    inspected: Counter[str] = Counter()
    for path in files:
        kind, entry = kind_of(path), manifest.states.get(path) or ledger.get(path)
        inspected.update([kind] if kind else [])
        if entry is None and path not in parts.paths and path not in (MANIFEST, *UNLISTED):
            yield f"{path} is not in the manifest"
        yield from _file(path, read(path), entry, kind, present)
        if path.endswith(".html"):
            yield from links.broken(path, read(path).decode(errors="replace"), present)
    yield from (f"nothing was checked: there is no {kind}" for kind in _REQUIRED if not inspected[kind])
    yield from _index(read, present)


@dataclass
class _Parts:
    """The parts of a manifest, read one by one."""

    present: Container[str]
    read: Read
    paths: set[str] = field(default_factory=set)
    """The parts that there should be, and what is told of already: neither needs an entry of its own."""
    problems: list[str] = field(default_factory=list)

    def shard(self, name: str, digest: str) -> dict[str, Entry]:
        """Return what one shard names, that of its own parts included."""
        found: dict[str, Entry] = {}
        for path, entry in self._part(f"{SHARDS}{name}.json", digest).items():
            found.update(self._part(path, entry[0]) if path.startswith(SHARDS) else {path: entry})
        missing = sorted(path for path in found if path not in self.present)
        self.problems += [f"{path} is in the manifest and missing" for path in missing]
        return {path: entry for path, entry in found.items() if part_name(path, len(name)) == name}

    def _part(self, path: str, digest: str) -> dict[str, Entry]:
        """Return what one part names, as far as it is the part that was published."""
        self.paths.add(path)
        body = self.read(path) if path in self.present else b""
        if sha256(body).hexdigest() != digest:
            self.problems.append(f"{path} is missing or has another digest")
            return {}
        try:
            found: dict[str, Entry] = KINDS["manifest shard"].validate_json(body)
        except ValidationError:  # told when its form is checked
            return {}
        digits = path[len(SHARDS) : -len(".json")]
        files = (each for each in found if not each.startswith(SHARDS))
        strays = [each for each in files if part_name(each, len(digits)) != digits]
        self.problems += [f"{each} is in the wrong part of the manifest" for each in strays]
        self.paths.update(strays)
        return found


def _file(
    path: str, body: bytes, entry: Entry | None, kind: str | None, present: Container[str]
) -> Iterator[str]:
    if entry is not None and (sha256(body).hexdigest(), len(body)) != entry:
        yield f"{path} has another digest or size than the manifest says"
    if kind is None or kind == HOST:
        return
    try:
        document = KINDS[kind].validate_json(body)
    except ValueError as problem:
        yield f"{path} is no {kind}: {words(problem)}"
        return
    yield from (
        f"{path} links to {link}, which is missing" for link in _links(document) if link not in present
    )


def _links(document: object) -> Iterator[str]:
    """Yield the paths in the tree that a document's links lead to."""
    if isinstance(document, Record):
        yield from map(_linked, document.gateways)
    yield from (LOGOS + url.rpartition(f"/{LOGOS}")[2] for url in _logos(document) if url)


def _logos(document: object) -> list[str | None]:
    if isinstance(document, Record):
        return [document.data.model_logo_url]
    if isinstance(document, documents.Provider):
        return [document.logo]
    return [each.logo for each in document.providers] if isinstance(document, documents.ProviderIndex) else []


def _linked(offer: Offer) -> str:
    """Return the path that an offer's link has in the tree, whatever address the tree is published at."""
    folder = f"catalog/gateway/{offer.gateway}/model/"
    return folder + offer.href.partition(f"/{folder}")[2]


def _index(read: Read, present: Container[str]) -> Iterator[str]:
    """Check that every id of the index has its files, and that every gateway's list is counted right."""
    if index := _parsed(INDEX, present, read):
        if index.digits is None:
            yield from _named(INDEX, index, present)
            yield from _same_shards(index, present, read)
        else:
            for path, part in _index_parts(present, read):
                yield from _strays(path, part)
                yield from _named(path, part, present)
    if states := _parsed(GATEWAYS, present, read):
        for row in states.gateways:
            path = f"catalog/gateway/{row.id}.json"
            listed = sum(len(part.models) for part in _leaves(path, present, read))
            if listed != row.models:
                yield f"{path} has {listed} models, {GATEWAYS} says {row.models}"


def _leaves(path: str, present: Container[str], read: Read) -> Iterator[Any]:
    """Yield a list, or every one of its parts."""
    if (found := _parsed(path, present, read)) is None:
        return
    if found.digits is None:
        yield found
        return
    folder, digits = path.removesuffix(".json"), found.digits
    for number in range(16**digits):
        if part := _parsed(f"{folder}/{number:0{digits}x}.json", present, read):
            yield part


def _named(path: str, index: documents.DetectionIndex, present: Container[str]) -> Iterator[str]:
    """Check that every id of an index, or of one part of it, has its files and stands where it belongs."""
    odd = (f"catalog/model/{file}" for file in index.paths.values())
    yield from (f"{path} names {file}, which is missing" for file in odd if file not in present)
    for low, gateways in index.models.items():
        yield from _found(low, gateways, present)


def _index_parts(present: Container[str], read: Read) -> Iterator[tuple[str, documents.DetectionIndex]]:
    """Yield every part of the index that holds ids, with its path."""
    for name in SHARD_NAMES:
        path = f"{_INDEX_SHARDS}{name}.json"
        head = _parsed(path, present, read)
        more = head.digits - FEWEST_DIGITS if head and head.digits else 0
        if head and not more:
            yield path, head
        for number in range(16**more if more else 0):
            path = f"{_INDEX_SHARDS}{name}{number:0{more}x}.json"
            if part := _parsed(path, present, read):
                yield path, part


def _same_shards(index: documents.DetectionIndex, present: Container[str], read: Read) -> Iterator[str]:
    """Check that the shards together say what the whole index says, each id in its own."""
    models: dict[str, list[str]] = {}
    odd: dict[str, str] = {}
    for path, shard in _index_parts(present, read):
        yield from _strays(path, shard)
        models |= shard.models
        odd |= shard.paths
    if (models, odd) != (index.models, index.paths):
        yield f"the shards of {INDEX} do not say what it says"


def _strays(path: str, shard: documents.DetectionIndex) -> Iterator[str]:
    digits = path[len(_INDEX_SHARDS) : -len(".json")]
    for name in (*shard.models, *shard.paths):
        if part_of(name, len(digits)) != digits:
            yield f"{path} names {name}, which belongs to another shard"


def _parsed(path: str, present: Container[str], read: Read) -> Any:  # noqa: ANN401 - whatever stands there
    """Return a document; None where it is missing or has no form, which is told elsewhere."""
    kind = kind_of(path)
    if kind is None or path not in present:
        return None
    with suppress(ValidationError):
        return KINDS[kind].validate_json(read(path))
    return None


def _found(low: str, gateways: Iterable[str], present: Container[str]) -> Iterator[str]:
    try:
        path = paths.escape(low)
    except ValueError as problem:
        yield f"{INDEX} names {low!r}: {problem}"
        return
    wanted = [f"catalog/model/{path}", *(f"catalog/gateway/{name}/model/{path}" for name in gateways)]
    yield from (f"{low} has no file {file}" for file in wanted if file not in present)
