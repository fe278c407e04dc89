"""Changes to JSON, Markdown, Atom and history: all made from the log alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from catalog import paths
from catalog.artifact import Artifact, Json, document
from catalog.changelog.atom import feeds
from catalog.changelog.documents import changes, deprecations, endings, newest_first, published, rows
from catalog.changelog.history import by_listing, by_path, histories, history
from catalog.changelog.markdown import markdown
from catalog.changelog.text import columns, history_text
from catalog.changelog.words import summary
from catalog.comparison import Keys
from catalog.schema.changes import LoggedChange

FORMS: dict[str, Callable[[Sequence[LoggedChange]], str]] = {
    "markdown": markdown,
    "json": lambda found: document(published(found)).decode(),
    "line": lambda found: f"{summary(found)}\n",
}
"""The forms in which changes are told."""


def artifacts(
    log: Iterable[LoggedChange], ending: Iterable[Json], gateways: Iterable[str], base_url: str, keys: Keys
) -> Iterator[Artifact]:
    """Yield everything that is published of the log.

    `ending` are the live listings whose end is announced.
    """
    found = newest_first(log)
    yield from histories(found, keys)
    yield from changes(found)
    yield deprecations(ending, found, keys)
    yield from feeds(found, gateways, base_url)


def history_of(model_id: str, log: Iterable[LoggedChange]) -> Json | None:
    """Return the history of an id on every gateway, None where nothing is logged of it."""
    low = paths.lower(model_id)
    found = {listing: each for listing, each in by_listing(log).items() if low in _names(*listing)}
    return history(low, found) if found else None


def _names(gateway: str, model: str) -> set[str]:
    return {paths.lower(model), paths.lower(paths.qualified(gateway, model))}


__all__ = ["FORMS", "artifacts", "by_path", "columns", "endings", "history_of", "history_text", "rows"]
