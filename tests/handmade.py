"""Hand-made upstreams: a `Get` that answers from a JSON file instead of the network."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from catalog.errors import UseSnapshotError
from catalog.ports import Adapter, Gateway, Missing, Payload
from catalog.schema.listing import Listing

FOLDER = Path(__file__).parent / "upstreams"
"""Where the hand-made catalogs are."""


class HandMade:
    """The network of one gateway, played from `{base variable: {path: body}}`.

    A body with "$status" is an answer with that status; every other one is the JSON of a 200.
    """

    def __init__(self, gateway: Gateway, catalog: dict[str, dict[str, Any]]) -> None:
        self.gateway = gateway
        self.catalog = catalog
        self.asked: list[str] = []
        """Every path that was asked for, in order."""

    def one(self, path: str, base: str = "") -> Payload:
        """Answer one path, or say like the real one that there is no usable answer."""
        answer = self._answer(path, base)
        if isinstance(answer, Missing):
            raise UseSnapshotError(f"{answer.path}: {answer.reason}")
        return answer

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Answer several paths in the order asked."""
        return (self._answer(path, base) for path in paths)

    def _answer(self, path: str, base: str) -> Payload | Missing:
        self.asked.append(path)
        variable = base or self.gateway.bases[0].variable
        body = self.catalog[variable].get(path, {"$status": 404})
        if isinstance(body, dict) and "$status" in body:
            return Missing(path, f"answer {body['$status']}", gone=body["$status"] == 404)
        return Payload(path, json.dumps(body).encode(), variable)


def upstream(gateway: Gateway) -> HandMade:
    """The hand-made catalog of a gateway."""
    return HandMade(gateway, json.loads((FOLDER / f"{gateway.id}.json").read_text(encoding="utf-8")))


def listings(adapter: Adapter, get: HandMade) -> list[Listing]:
    """Run an adapter over an upstream without bad rows; the listings come sorted by id."""
    rows = adapter.parse(adapter.fetch(get))
    found = (adapter.normalize(adapter.Row.model_validate(row)) for row in rows)
    return sorted(found, key=lambda listing: listing.id)


def lines(found: Iterable[Listing]) -> str:
    """Write listings as a golden file has them: one JSON line each, without what moves all the time."""
    leave_out: dict[str, Any] = {"endpoints": {"__all__": {"performance"}}}
    dumped = (listing.model_dump_json(exclude_none=True, exclude=leave_out) for listing in found)
    return "".join(f"{text}\n" for text in dumped)
