"""What a night costs: what is rendered, written and sent when 3 % of the listings have another price."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

from catalog.differences import Tree
from catalog.manifest import MANIFEST, SHARDS, UNLISTED
from catalog.notes import HEADERS, STATE, State
from catalog.publish import Options, Publication
from catalog.upload import opened
from tests.bench.work import NOW, Figures, Place, Work


class _Silent:
    def say(self, line: str) -> None:
        """Hear nothing."""

    def sent(self, what: str, files: int, compared: int) -> None:
        """As above."""


def published(place: Place) -> Work:
    """Return the making of a destination that has the tree, as far as publishing looks at it.

    A publication reads the manifest and its shards there, nothing else, and puts what has changed.
    """

    def work() -> Figures:
        target = _destination(place)
        shutil.copytree(place.output / SHARDS, target / SHARDS)
        for name in (MANIFEST, *UNLISTED):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place.output / name, target / name)
        (target / STATE).parent.mkdir()
        (target / STATE).write_bytes(State(headers=HEADERS).body())
        totals = Tree(place.output).manifest.totals
        return {"files": totals.files, "bytes": totals.bytes}

    return work


def publication(place: Place, night: int) -> Work:
    """Return the publication of the tree of a night over that of the night before."""
    destination = opened(str(_destination(place)))
    options = Options(now=NOW + timedelta(days=night))

    def work() -> Figures:
        told = Publication(Tree(place.output), destination, options, _Silent()).run()
        return {"sent": told.files, "sent_bytes": told.bytes, "requests": destination.requests}

    return work


def _destination(place: Place) -> Path:
    return place.root / "www"
