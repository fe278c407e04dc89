"""The log as Atom feeds: all changes, those of each gateway, prices only, announced ends only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from html import escape

from catalog import paths
from catalog.artifact import Artifact
from catalog.changelog.documents import NEWEST
from catalog.changelog.history import FOLDER
from catalog.changelog.words import harmless, what
from catalog.schema.changes import LoggedChange

AUTHORITY = "tag:gatelog.github.io,2026"
"""Names feeds and entries for ever, wherever the tree is published."""
_BEGINNING = "2026-01-01T00:00:00Z"
"""When a feed without entries was updated."""
_PRICES = ("price", "unstable", "price_kind", "tiers")


def feeds(log: Sequence[LoggedChange], gateways: Iterable[str], base_url: str) -> Iterator[Artifact]:
    """Yield every feed; `log` has the newest change first."""
    chosen: dict[str, tuple[str, Callable[[LoggedChange], bool]]] = {
        "all": ("every change", lambda _: True),
        "prices": ("prices", lambda change: change.kind in _PRICES),
        "shutdowns": ("announced ends", lambda change: change.kind == "deprecation"),
    }
    for name, (title, wanted) in chosen.items():
        yield _feed(name, title, [change for change in log if wanted(change)], base_url)
    for gateway in gateways:
        found = [change for change in log if change.gateway == gateway]
        yield _feed(f"gateway/{gateway}", gateway, found, base_url)


def _feed(name: str, title: str, changes: Sequence[LoggedChange], base_url: str) -> Artifact:
    path = f"catalog/feeds/{name}.atom"
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"  <id>{AUTHORITY}:feed/{name}</id>",
        f"  <title>Gatelog: {escape(title)}</title>",
        f"  <updated>{changes[0].at if changes else _BEGINNING}</updated>",
        "  <author><name>Gatelog</name></author>",
        f'  <link rel="self" type="application/atom+xml" href="{escape(f"{base_url}/{path}")}"/>',
        *(line for change in changes[:NEWEST] for line in _entry(change, base_url)),
        "</feed>",
    ]
    return Artifact(path, "".join(f"{line}\n" for line in lines).encode())


def _entry(change: LoggedChange, base_url: str) -> list[str]:
    told = escape(what(change))
    model = escape(harmless(change.model)) if change.model else change.gateway
    return [
        "  <entry>",
        f"    <id>{AUTHORITY}:change/{change.id}</id>",
        f"    <title>{model}: {told}</title>",
        f"    <updated>{change.at}</updated>",
        f'    <category term="{change.kind}"/>',
        f'    <link rel="alternate" type="application/json" href="{escape(base_url + _about(change))}"/>',
        f"    <summary>{change.gateway}: {model}: {told}</summary>",
        "  </entry>",
    ]


def _about(change: LoggedChange) -> str:
    """Return a document that tells more and stays: the history of the model, else the changes of the day."""
    if change.model is None or change.offered is None:
        return f"/catalog/changes/{change.at[:10]}.json"
    return f"/{FOLDER}{paths.escape(paths.qualified(change.gateway, change.model))}"
