"""What was served against the manifest: digests, and a manifest that never goes back nor gets old."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from gatelog_client._document import document
from gatelog_client._errors import CatalogUnreachable, CatalogUntrusted
from gatelog_client._flow import Flow, Json
from gatelog_client._lookup import STATES

MANIFEST = "catalog/manifest.json"
Fetch = Callable[[str], Flow[bytes | None]]
"""Gets a file of the tree as it is served now, None when there is none."""


@dataclass
class Proof:
    """The newest manifest that was seen, and what it says of a file."""

    fetch: Fetch
    seen: Callable[[], int] = lambda: 0
    """Returns the greatest serial that earlier programs saw."""
    note: Callable[[int], None] = lambda _: None
    """Keeps a serial for later programs."""
    _manifest: Json = field(default_factory=dict)
    _shards: dict[str, Json] = field(default_factory=dict)

    def check(self, path: str, body: bytes | None) -> Flow[None]:
        """Hold a file, or that there is none, to the manifest.

        After a difference the manifest is asked for once more: there may have been a new build. Raises
        CatalogUntrusted when it stays, or when the manifest cannot be trusted itself.
        """
        digest = None if body is None else hashlib.sha256(body).hexdigest()
        if self._is_current() and (yield from self._agrees(path, digest)):
            return
        yield from self._renew()
        if not (yield from self._agrees(path, digest)):
            what = "is missing" if digest is None else "is not the file"
            raise CatalogUntrusted(f"{path} {what} that manifest {self._manifest['serial']} names")

    def _is_current(self) -> bool:
        return bool(self._manifest) and _moment(self._manifest["expires"]) > time.time()

    def _renew(self) -> Flow[None]:
        body = yield from self.fetch(MANIFEST)
        if body is None:
            raise CatalogUnreachable(f"there is no catalog that can be verified: {MANIFEST} is missing")
        found = _manifest(body)
        serial, last = found["serial"], max(self.seen(), self._manifest.get("serial", 0))
        if serial < last:
            raise CatalogUntrusted(
                f"{MANIFEST} went back: its serial is {serial}, and {last} was seen before"
            )
        if _moment(found["expires"]) <= time.time():
            raise CatalogUntrusted(f"{MANIFEST} expired at {found['expires']}: nothing newer is served")
        self.note(serial)
        self._manifest, self._shards = found, {}

    def _agrees(self, path: str, digest: str | None) -> Flow[bool]:
        states = self._manifest.get("states")
        if path == STATES:  # in no shard, as it changes with every build; a manifest of old does not name it
            return not states or digest == states.get(path, [None])[0]
        name = hashlib.sha256(path.encode()).hexdigest()
        shard = yield from self._shard(name[:2], self._manifest["shards"].get(name[:2]))
        if shard and self._manifest.get("digits"):  # a large catalog: the shard names its parts
            part = name[: self._manifest["digits"]]
            named = shard.get(f"catalog/manifest/{part}.json")
            shard = yield from self._shard(part, named[0] if named else None)
        if shard is None:
            return False
        entry = shard.get(path)
        return digest == (entry[0] if entry else None)

    def _shard(self, name: str, digest: str | None) -> Flow[Json | None]:
        """Return a part of the manifest, None where it is not the one with this digest."""
        if name not in self._shards:
            body = (yield from self.fetch(f"catalog/manifest/{name}.json")) or b""
            if hashlib.sha256(body).hexdigest() != digest:
                return None
            self._shards[name] = json.loads(body)
        return self._shards[name]


def _manifest(body: bytes) -> Json:
    found = document(body, MANIFEST)
    try:
        _moment(found["expires"])
        sound = isinstance(found["serial"], int) and isinstance(found["shards"], dict)
    except (KeyError, ValueError, AttributeError):
        sound = False
    if not sound:
        raise CatalogUntrusted(f"{MANIFEST} is no manifest")
    return found


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
