"""Metrics of the Hugging Face Hub: which repositories matter, and what of an answer is kept.

Published numbers move only when they moved enough to matter or became old.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain
from typing import Any

from catalog.schema.metrics import Repository, is_old
from catalog.schema.record import HuggingFaceMetrics

SHARE = 0.05
"""By so much downloads or likes have to move before a number that is not old is replaced."""

Known = Mapping[str, Repository]
"""Key of a repository → what is kept of it."""
Json = dict[str, Any]

_PUBLISHED = tuple(HuggingFaceMetrics.model_fields)


def wanted(found: Iterable[Sequence[str]]) -> list[str]:
    """Return what gateways name, the most valuable first: each model of a short list is looked at more."""
    shortest = sorted(found, key=len)
    names: dict[str, str] = {}
    for name in chain.from_iterable(shortest):
        names.setdefault(name.lower(), name)
    return list(names.values())


def updated(
    known: Known, seen: Iterable[Repository], served: Collection[str], today: date
) -> list[Repository]:
    """Return what is kept after a night, sorted by key.

    `served` are the keys of all repositories that a kept listing names; the others are forgotten.
    """
    kept = {key: repository for key, repository in known.items() if key in served}
    for repository in seen:
        before = kept.get(repository.key)
        kept[repository.key] = repository if before is None else merged(before, repository, today)
    return [kept[key] for key in sorted(kept)]


def merged(before: Repository, now: Repository, today: date) -> Repository:
    """Return what is kept of a repository that was seen again."""
    if now.as_of is None:  # missing or unlisted: what was known stays, with its day
        told = {"missing": now.missing or before.missing, "unlisted": now.unlisted}
        return before.model_copy(update=told)
    if before.as_of is None or is_old(now.id, before.as_of, today) or moved(before, now):
        return now
    return before.model_copy(update={"missing": None, "unlisted": None})


def moved(before: Repository, now: Repository) -> bool:
    """Tell whether downloads or likes moved by 5 %, or a word changed."""
    words = ("pipeline_tag", "library_name", "gated", "moved_to", "id")
    return (
        any(getattr(before, word) != getattr(now, word) for word in words)
        or _apart(before.downloads, now.downloads)
        or _apart(before.likes, now.likes)
    )


def _apart(before: int | None, now: int | None) -> bool:
    if before is None or now is None:
        return before != now
    return now != before and abs(now - before) >= SHARE * before


def published(repositories: Iterable[Repository]) -> dict[str, Json]:
    """Return what records show, by key; a repository without numbers has no part in it."""
    return dict(_shown(repositories))


def _shown(repositories: Iterable[Repository]) -> Iterator[tuple[str, Json]]:
    for repository in repositories:
        if repository.as_of is not None:
            yield repository.key, {name: getattr(repository, name) for name in _PUBLISHED}
