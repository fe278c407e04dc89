"""A deployed tree against its own manifest, and against the tree that was built.

Pure: the network is an argument. The manifest is looked at first, for while another one is served
nothing else can be as it should. Then its parts, then the files: all of them, or a sample.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http import HTTPStatus
from itertools import islice

from pydantic import TypeAdapter, ValidationError

from catalog.days import moment
from catalog.kinds import is_whole_list, misfit
from catalog.manifest import MANIFEST, SHARDS, UNLISTED, Entries
from catalog.ports import READER, Missing, Reply, Visit
from catalog.schema.documents import Manifest, ManifestShard
from catalog.verify import Read

SAMPLE = 20
"""Files drawn by chance, unless told otherwise."""
ABSENT = "catalog/model/nobody/has-this-model.json"
"""A path that no tree has."""
_ABSENT_STATUSES = (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN, HTTPStatus.GONE)
"""What a host may say of a file that it does not have: S3 calls it 403, as our clients know."""
_MODEL = "catalog/model/"
_SHARD = TypeAdapter(ManifestShard)
_TYPES = {
    ".json": ("application/json",),
    ".html": ("text/html",),
    ".css": ("text/css",),
    ".js": ("text/javascript", "application/javascript"),
    ".svg": ("image/svg+xml",),
    ".atom": ("application/atom+xml", "application/xml", "text/xml"),
}
"""Types without which a browser or a client refuses a file."""
_SPECIAL: tuple[Callable[[str], object], ...] = (
    re.compile(r"~3a").search,
    re.compile(r"~40").search,
    re.compile(r"~~").search,
    re.compile(r"(?:^|/)~(?!~|[0-9a-f]{2})").search,
    re.compile(r"[A-Z]").search,
    re.compile(r"/.*/").search,
    re.compile(r"\.[^/]*\.json$").search,
)
"""Ids that a host may stumble over: escaped, twins, raw `~`, as spelled, of many segments, with dots."""


@dataclass(frozen=True)
class Looked:
    """One file that was looked at."""

    part: str
    """Why it was: `manifest`, `list`, `sample` …"""
    path: str
    faults: tuple[str, ...] = ()
    """One sentence for everything that is wrong with it."""


@dataclass
class Inspection:
    """One look at a deployed tree."""

    visit: Visit
    now: datetime
    built: Read | None = None
    """Reads the tree that should be there; without one the deployed tree is held to its own manifest."""
    sample: int = SAMPLE
    """How many files are drawn by chance; 0 for every file."""
    serial: int | None = None
    """Of the manifest that is served, once it was read."""
    _entries: dict[str, tuple[str, int]] = field(default_factory=dict)

    def looks(self) -> Iterator[Looked]:
        """Look at one file after another; at none behind a manifest that is not the right one."""
        (reply,) = self.visit([MANIFEST])
        manifest, faults = self._manifest(reply)
        yield Looked("manifest", MANIFEST, tuple(faults))
        if manifest is None or faults:
            return
        yield from self._shards(manifest)
        for reply in self.visit(UNLISTED):
            yield self._unlisted(reply, manifest.states.get(reply.path))
        chosen = choice(self._entries, self.sample, manifest.serial)
        for reply in self.visit(chosen):
            yield Looked(
                chosen[reply.path], reply.path, tuple(_differences(reply, self._entries[reply.path]))
            )
        yield from map(_absence, self.visit([ABSENT]))

    def _manifest(self, reply: Reply | Missing) -> tuple[Manifest | None, list[str]]:
        if (trouble := _trouble(reply)) or isinstance(reply, Missing):
            return None, [trouble]
        faults = list(_headers(reply))
        try:
            manifest = Manifest.model_validate_json(reply.body)
        except ValidationError:
            return None, [f"{MANIFEST} is no manifest ({len(reply.body)} bytes)", *faults]
        self.serial = manifest.serial
        if moment(manifest.expires) < self.now:
            faults.append(f"{MANIFEST} expired at {manifest.expires}: nothing newer was published")
        return manifest, faults + list(self._other_build(manifest, reply.body))

    def _other_build(self, manifest: Manifest, body: bytes) -> Iterator[str]:
        if self.built is None or (text := self.built(MANIFEST)) == body:
            return
        serial = Manifest.model_validate_json(text).serial
        if manifest.serial == serial:
            yield f"{MANIFEST} has serial {serial} as the built one, and other bytes"
            return
        age = "an older" if manifest.serial < serial else "a newer"
        yield f"{age} tree is served: serial {manifest.serial}, built was {serial}"

    def _shards(self, manifest: Manifest) -> Iterator[Looked]:
        yield from self._parts(
            {f"{SHARDS}{digits}.json": digest for digits, digest in manifest.shards.items()}
        )
        if manifest.digits:
            parts = {path: entry[0] for path, entry in self._entries.items() if path.startswith(SHARDS)}
            self._entries = {path: entry for path, entry in self._entries.items() if path not in parts}
            yield from self._parts(parts)

    def _parts(self, digests: Mapping[str, str]) -> Iterator[Looked]:
        for reply in self.visit(digests):
            faults = list(_differences(reply, (digests[reply.path], None)))
            if isinstance(reply, Reply) and not faults:
                self._entries |= _SHARD.validate_json(reply.body)
            yield Looked("manifest part", reply.path, tuple(faults))

    def _unlisted(self, reply: Reply | Missing, entry: tuple[str, int] | None) -> Looked:
        """Look at a file that no part of the manifest names: an older manifest does not, either."""
        body = self.built(reply.path) if self.built else reply.body if isinstance(reply, Reply) else b""
        known = entry if entry and not self.built else (sha256(body).hexdigest(), len(body))
        faults = list(_differences(reply, known))
        if not faults and (unfit := misfit(reply.path, body)):
            faults = [unfit]
        return Looked("state", reply.path, tuple(faults))


def choice(entries: Entries, sample: int, seed: int) -> dict[str, str]:
    """Return path → reason of the files to look at: every list, ids of every special kind, some by chance.

    The same build gives the same sample, so that a second look looks at the same files. A sample of 0
    is every file.
    """
    paths = sorted(entries)
    chosen = {path: "list" for path in paths if is_whole_list(path)}
    for path in _special(paths):
        chosen.setdefault(path, "special id")
    rest = [path for path in paths if path not in chosen]
    drawn = rest if sample == 0 else random.Random(seed).sample(rest, min(sample, len(rest)))  # noqa: S311 - no secret
    return chosen | dict.fromkeys(drawn, "every other file" if sample == 0 else "sample")


def _special(paths: Iterable[str]) -> Iterator[str]:
    models = [path for path in paths if path.startswith(_MODEL)]
    for is_such in _SPECIAL:
        yield from islice((path for path in models if is_such(path[len(_MODEL) :])), 1)
    yield from sorted(models, key=len)[-1:]


def _differences(reply: Reply | Missing, entry: tuple[str, int | None]) -> Iterator[str]:
    """Yield what is wrong with a file whose digest and, perhaps, size are known."""
    if (trouble := _trouble(reply)) or isinstance(reply, Missing):
        yield trouble
        return
    yield from _headers(reply)
    digest, size = entry
    if sha256(reply.body).hexdigest() != digest:
        sizes = f"{len(reply.body)} bytes" if size is None else f"{len(reply.body)} of {size} bytes"
        yield f"{reply.path} has another digest than it should ({sizes})"


def _trouble(reply: Reply | Missing) -> str:
    """Say why a file that must be there was not sent; nothing when it was."""
    if isinstance(reply, Missing):
        return f"{reply.path} gave no answer: {reply.reason}"
    return "" if reply.status == HTTPStatus.OK else f"{reply.path} answers with status {reply.status}"


def _headers(reply: Reply) -> Iterator[str]:
    path, suffix = reply.path, f".{reply.path.rpartition('.')[2]}"
    told = reply.headers.get("content-type", "").partition(";")[0].strip().lower()
    if suffix in _TYPES and told not in _TYPES[suffix]:
        yield f"{path} has the type {told[:80] or 'none'}, not {_TYPES[suffix][0]}"
    if suffix == ".json" and reply.headers.get("access-control-allow-origin") not in ("*", READER):
        yield f"{path} may not be read by pages of other sites: no Access-Control-Allow-Origin"


def _absence(reply: Reply | Missing) -> Looked:
    if isinstance(reply, Missing):
        return Looked("absent path", reply.path, (_trouble(reply),))
    told = f"{reply.path} does not exist and answers with status {reply.status}, not 404"
    return Looked("absent path", reply.path, () if reply.status in _ABSENT_STATUSES else (told,))


def tally(looked: Iterable[Looked]) -> list[tuple[str, str, str]]:
    """Return a table: how many files of each part were looked at, and in how many something is wrong."""
    files: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for each in looked:
        files[each.part] += 1
        wrong[each.part] += bool(each.faults)
    rows = ((part, str(count), str(wrong[part])) for part, count in files.items())
    return [("what", "files", "wrong"), *rows]
