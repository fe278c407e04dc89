"""Where a published tree can be: on a host, in a folder, in an archive."""

from __future__ import annotations

import re
import tarfile
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import httpx

from gatelog_client._cache import Cache, Entry
from gatelog_client._document import document
from gatelog_client._errors import CatalogUnreachable, CatalogWarning
from gatelog_client._flow import Answer, Flow, Json, Request
from gatelog_client._lookup import STATES
from gatelog_client._proof import Proof

_TREE = re.compile(
    r"(?:^|/)(catalog/(?:model/|gateway/|index/|history/|changes|deprecations\.json|manifest|gateways\.json).*)"
)


@dataclass(frozen=True)
class Host:
    """A static host, with a cache in front of it."""

    base: str
    cache: Cache | None
    max_age: float
    """Seconds during which a kept answer is not asked for again."""
    down: bool = False
    """Whether the cache has to do without the host."""
    proof: Proof | None = None
    """What holds every answer to the manifest, if anything does."""

    def read(self, path: str) -> Flow[Json | None]:
        """Return a document, from the cache while it is fresh there."""
        url = self.base + path
        name = f"verified {url}" if self.proof else url  # what another program kept was not verified
        entry = self.cache.get(name) if self.cache else None
        if self.down:
            return (yield from _kept(url, entry))
        # The states are read when something is missing: only the host can tell whether it still is.
        if entry and path != STATES and 0 <= time.time() - entry.confirmed < self.max_age:
            return entry.document
        headers = {"If-None-Match": entry.etag} if entry and entry.etag else {}
        answer = _heard(url, (yield Request(url, headers)))
        unchanged = entry and self.cache and answer.status_code == httpx.codes.NOT_MODIFIED
        body = entry.body if entry and unchanged else _content(url, answer)
        if self.proof:
            yield from self.proof.check(path, body)
        return self._settled(name, entry if unchanged else None, answer, body)

    def fetch(self, path: str) -> Flow[bytes | None]:
        """Return the bytes of a file as the host has it now, whatever was kept on the way."""
        url = self.base + path
        return _content(url, _heard(url, (yield Request(url, {"Cache-Control": "no-cache"}))))

    def _settled(
        self, name: str, entry: Entry | None, answer: httpx.Response, body: bytes | None
    ) -> Json | None:
        if body is None:
            return None
        if self.cache and entry:
            self.cache.confirm(name)
            return entry.document
        found = document(body, str(answer.url))
        if self.cache:
            self.cache.put(name, answer.headers.get("ETag", ""), body)
        return found


def _heard(url: str, answer: Answer) -> httpx.Response:
    if not isinstance(answer, httpx.Response):
        raise CatalogUnreachable(f"{url}: {answer!r}") from answer
    return answer


def _content(url: str, answer: httpx.Response) -> bytes | None:
    """Return what was sent; None for a file that is missing: S3 may call that 403, some send a page."""
    page = answer.status_code == httpx.codes.OK and "html" in answer.headers.get("Content-Type", "")
    if page or answer.status_code in {403, 404, 410}:
        return None
    if answer.status_code != httpx.codes.OK:
        raise CatalogUnreachable(f"{url}: status {answer.status_code}")
    return answer.content


def _kept(url: str, entry: Entry | None) -> Flow[Json | None]:
    if entry is None:
        return None
    when = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(entry.confirmed))
    yield CatalogWarning(f"{url} cannot be reached, its answer of {when} is used")
    return entry.document


@dataclass(frozen=True)
class Local:
    """A tree at hand."""

    body: Callable[[str], bytes | None]
    """Returns the content of a file, None if there is no such file."""
    proof: Proof | None = None
    """What holds every file to the manifest, if anything does."""

    def read(self, path: str) -> Flow[Json | None]:
        """Return a document."""
        body = self.body(path)
        if self.proof:
            yield from self.proof.check(path, body)
        return None if body is None else document(body, path)

    def fetch(self, path: str) -> Flow[bytes | None]:
        """Return the bytes of a file."""
        yield from ()
        return self.body(path)


def local(place: Path) -> Local:
    """Open a folder, or read an archive into memory."""
    if not place.is_file():
        return Local(lambda path: (place / path).read_bytes() if (place / path).is_file() else None)
    try:
        with tarfile.open(place) as archive:
            return Local(_files(archive).get)
    except (tarfile.TarError, zlib.error, EOFError, KeyError, OSError) as problem:
        advice = f"if it is packed in another way, unpack it (tar -xf {place.name}) and name the folder"
        raise CatalogUnreachable(f"{place} is no whole .tar or .tar.gz; {advice}") from problem


def _files(archive: tarfile.TarFile) -> dict[str, bytes]:
    """Read a tree that may lie in a folder of any name; further names of a file are links to the first."""
    files: dict[str, bytes] = {}
    for member in archive:
        name, target = _TREE.search(member.name), _TREE.search(member.linkname)
        if name and target:
            files[name[1]] = files[target[1]]
        elif name and (opened := archive.extractfile(member)):
            files[name[1]] = opened.read()
    return files
