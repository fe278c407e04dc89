"""A Hub in memory: lists, sweep, look-ups, renames and what it allows, for tests of what is asked of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from catalog.ports import Missing, Payload

DOWN = "the Hub is down"


@dataclass
class ToyHub:
    """A network whose host is a dictionary of models: name → downloads."""

    models: Mapping[str, int]
    renamed: Mapping[str, str] = field(default_factory=dict)
    """Old name → name."""
    allowed: int | None = None
    """Requests that it allows, redirects included; None when it does not say."""
    down: frozenset[int] = frozenset()
    """Numbers of the requests, from 1, that fail."""
    asked: list[str] = field(default_factory=list)
    """Every path that was asked for, in order."""

    def __post_init__(self) -> None:
        self._spelled = {name.lower(): name for name in self.models}
        self._lists: dict[str, list[str]] = {"": sorted(self.models, key=lambda name: -self.models[name])}
        for name in self._lists[""]:
            self._lists.setdefault(name.partition("/")[0], []).append(name)

    def left(self, base: str = "") -> int | None:
        """Return how many requests are still allowed."""
        return self.allowed

    def one(self, path: str, base: str = "") -> Payload:
        """Fail the test: the Hub is asked by series."""
        raise AssertionError("the Hub is asked by series")

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Answer in the order asked."""
        return (self._answer(path) for path in paths)

    def _answer(self, path: str) -> Payload | Missing:
        if self.allowed is not None:
            if self.allowed <= 0:
                return Missing(path, "no more requests are allowed for 99 s")
            self.allowed -= 1
        self.asked.append(path)
        if len(self.asked) in self.down:
            return Missing(path, DOWN)
        url = urlsplit(path)
        query = parse_qs(url.query)
        if url.path == "/api/models":
            return self._page(path, query)
        return self._one(path, url.path.removeprefix("/api/models/"), query["expand[]"])

    def _page(self, path: str, query: dict[str, list[str]]) -> Payload:
        names = self._lists.get(query.get("author", [""])[0], [])
        start = int(query.get("cursor", ["0"])[0])
        end = start + int(query["limit"][0])
        rows = [self._row(name, query["expand[]"]) for name in names[start:end]]
        link = f"{path.partition('&cursor=')[0]}&cursor={end}" if end < len(names) else ""
        return Payload(path, json.dumps(rows).encode(), "HF_ENDPOINT", link)

    def _one(self, path: str, asked: str, fields: list[str]) -> Payload | Missing:
        name = self._spelled.get(self.renamed.get(asked, asked).lower())
        if name is None:
            return Missing(path, "status 401", gone=True)
        return Payload(path, json.dumps(self._row(name, fields)).encode(), "HF_ENDPOINT")

    def _row(self, name: str, fields: list[str]) -> dict[str, Any]:
        downloads = self.models[name]
        said = {"downloads": downloads, "likes": downloads // 10, "gated": False}
        return {"_id": "made-up", "id": name} | {key: said[key] for key in fields if key in said}
