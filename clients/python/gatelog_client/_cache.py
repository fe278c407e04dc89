"""Answers on disk."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from gatelog_client._document import document
from gatelog_client._errors import CatalogError
from gatelog_client._flow import Json


class Entry(NamedTuple):
    """One answer."""

    etag: str
    body: bytes
    document: Json
    confirmed: float
    """When the host last said that it is current, in seconds since 1970."""


@dataclass(frozen=True)
class Cache:
    """One file for each answer, only ever replaced as a whole, so that processes can share a folder.

    A folder that cannot be read or written keeps nothing, and that is all.
    """

    folder: Path

    def get(self, url: str) -> Entry | None:
        """Return what is kept of an address and can be used."""
        try:
            with self._file(url).open("rb") as opened:
                etag, _, body = opened.read().partition(b"\n")
                confirmed = os.fstat(opened.fileno()).st_mtime
            return Entry(etag.decode("ascii"), body, document(body, url), confirmed)
        except (OSError, ValueError, CatalogError):
            return None

    def put(self, url: str, etag: str, body: bytes) -> None:
        """Keep an answer."""
        line = etag.encode("ascii") if etag.isascii() else b""
        self._keep(url, line + b"\n" + body)

    def serial(self, base: str) -> int:
        """Return the greatest serial of a manifest that was noted for a catalog, 0 when there is none."""
        try:
            return int(self._file(f"serial {base}").read_bytes())
        except (OSError, ValueError):
            return 0

    def note(self, base: str, serial: int) -> None:
        """Note the serial of a manifest, unless a greater one is known."""
        if serial > self.serial(base):
            self._keep(f"serial {base}", b"%d" % serial)

    def _keep(self, name: str, content: bytes) -> None:
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder) as room:  # gone again, however this ends
                draft = Path(room, "draft")
                draft.write_bytes(content)
                draft.replace(self._file(name))

    def confirm(self, url: str) -> None:
        """Note that the host has just said that an answer is current."""
        with suppress(OSError):
            os.utime(self._file(url))

    def _file(self, url: str) -> Path:
        return self.folder / hashlib.sha256(url.encode()).hexdigest()


def user_cache() -> Path:
    """Return this program's folder among the user's caches."""
    usual = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    others = {"darwin": "~/Library/Caches", "win32": os.environ.get("LOCALAPPDATA") or "~"}
    return Path(others.get(sys.platform, usual)).expanduser() / "gatelog"
