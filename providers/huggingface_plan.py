"""What to ask the Hub next: from what is wanted, what is known and what is allowed to requests.

The Hub has no request for many repositories by name. The list of an organisation is worth as many look-ups as
it has wanted repositories; a sweep through the most downloaded ones finds the popular ones of all others; a
look-up finds one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Literal, NamedTuple

from catalog.schema.metrics import Repository, is_old

PAGE = 1000
"""Rows of a page, the most that the Hub gives."""
SWEEP_PAGES = 20
"""Pages of the sweep: the 20,000 most downloaded models."""
WORTH_A_LIST = 2
"""Wanted repositories that make the list of their organisation cheaper than looking each of them up."""
FIELDS = ("downloads", "likes", "pipeline_tag", "library_name", "gated")
_QUERY = "&".join(f"expand[]={name}" for name in FIELDS)
_PAGED = f"sort=downloads&direction=-1&limit={PAGE}&{_QUERY}"
_SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9._-]{0,95}"
_NAME = re.compile(rf"{_SEGMENT}(/{_SEGMENT})?")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+/-]{0,63}")

Known = Mapping[str, Repository]


class Request(NamedTuple):
    """One question to the Hub."""

    path: str
    kind: Literal["list", "sweep", "look-up"]
    subject: str
    """Organisation, or repository; nothing for the sweep."""


SWEEP = Request(f"/api/models?{_PAGED}", "sweep", "")


def organisation_list(organisation: str) -> Request:
    """Ask for the models of one organisation, the most downloaded first."""
    return Request(f"/api/models?author={organisation}&{_PAGED}", "list", organisation)


def look_up(name: str) -> Request:
    """Ask for one repository, which the Hub finds under its old names as well."""
    return Request(f"/api/models/{name}?{_QUERY}", "look-up", name)


def is_name(text: str) -> bool:
    """Tell whether a text can be the name of a repository; no other one gets into a URL."""
    return _NAME.fullmatch(text) is not None


def is_word(text: str) -> bool:
    """Tell whether a text can be the Hub's name of a task or of a library."""
    return _WORD.fullmatch(text) is not None


def organisation(name: str) -> str:
    """Return whose list shows a repository, in lower case; nobody's, for the old names that stand alone."""
    return name.partition("/")[0].lower() if "/" in name else ""


def due(wanted: Iterable[str], known: Known, today: date) -> list[str]:
    """Return the wanted repositories of which nothing is known, or nothing young enough, in their order."""
    return [name for name in wanted if is_name(name) and _is_due(name, known.get(name.lower()), today)]


def _is_due(name: str, line: Repository | None, today: date) -> bool:
    if line is None or line.unlisted is not None or line.asked is None:
        return True
    return is_old(name, line.asked, today)


def plan(
    wanted: Sequence[str], known: Known, budget: int, today: date, asked: Collection[str] = frozenset()
) -> list[Request]:
    """Return what to ask next, at most `budget` requests and none of which the path is in `asked`.

    All of one kind: lists while there are any that fit, then the sweep, then look-ups, since each kind leaves
    less to ask to the next one. Nothing, when nothing is left to ask. While the sweep has not been asked,
    lists leave room for it.
    """
    left = due(wanted, known, today)
    sweep = [SWEEP] if left and SWEEP.path not in asked else []
    return (
        _fitting(_lists(left, known), asked, room(budget, asked))
        or _fitting(sweep, asked, budget)
        or _fitting(_look_ups(left, known), asked, budget)
    )


def room(budget: int, asked: Collection[str]) -> int:
    """Return how many requests of a budget are not kept for the sweep."""
    return max(budget if SWEEP.path in asked else budget - SWEEP_PAGES, 0)


def _fitting(requests: Iterable[Request], asked: Collection[str], room: int) -> list[Request]:
    return list(islice((request for request in requests if request.path not in asked), max(room, 0)))


def _lists(left: Iterable[str], known: Known) -> Iterator[Request]:
    """Yield the lists that are worth it, those with the most wanted repositories first."""
    found: dict[str, list[str]] = {}
    for name in left:
        line = known.get(name.lower())
        if not (line and line.unlisted):
            found.setdefault(organisation(name), []).append(name)
    found.pop("", None)
    for names in sorted(found.values(), key=len, reverse=True):
        if len(names) >= WORTH_A_LIST:
            yield organisation_list(_spelling(names))


def _spelling(names: Sequence[str]) -> str:
    """Return how most of some names spell their organisation."""
    spelled = [name.partition("/")[0] for name in names]
    return max(sorted(set(spelled)), key=spelled.count)


def _look_ups(left: Iterable[str], known: Known) -> Iterator[Request]:
    """Yield the rest by name: first what was never answered, then what many download, misses last."""
    for name in sorted(left, key=lambda name: _rank(known.get(name.lower()))):
        yield look_up(name)


def _rank(line: Repository | None) -> tuple[int, int]:
    if line is None or line.asked is None:
        return 0, 0
    return (2, 0) if line.as_of is None else (1, -(line.downloads or 0))
