"""EDGE One night with the Hugging Face Hub: what is wanted is asked, and what it says is drafted.

Nothing that goes wrong with the Hub stops a build; only a broken file of our own does.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import Protocol

import orjson

from catalog import metrics
from catalog.errors import UseSnapshotError
from catalog.gather import failed
from catalog.metrics import Known
from catalog.ports import Facts, MeteredGet
from catalog.store import Store


class Ask(Protocol):
    """Asks the Hub for what is due of the wanted repositories, the most valuable ones first."""

    def __call__(
        self, get: MeteredGet, wanted: Sequence[str], known: Known, today: date, *, swept: bool
    ) -> Facts:
        """Return what the Hub said; `swept` tells that its most downloaded models were asked for today."""


@dataclass(frozen=True)
class Hub:
    """The Hub as a run meets it."""

    network: Callable[[], AbstractContextManager[MeteredGet]]
    """Opens its network."""
    ask: Ask
    """Who knows what to ask."""


@dataclass(frozen=True)
class Night:
    """What became of it."""

    wanted: int
    """Repositories that live listings name."""
    known: int
    """Those of them with numbers."""
    missing: int
    """Those of them that the Hub does not have, numbers or none."""
    requests: int
    """Questions that were asked."""
    swept: bool
    """Whether its most downloaded models were asked for today."""
    seconds: float
    """How long it took."""
    reason: str | None = None
    """Why the Hub was given up, if it was."""


def ask_hub(
    hub: Hub, store: Store, gateways: Sequence[str], asking: Collection[str], today: date, *, swept: bool
) -> Night:
    """Ask for the repositories that the listings of some gateways name, and draft what is kept of all."""
    started = monotonic()
    named = {gateway: _named(store.lines(gateway)) for gateway in gateways}
    known = {repository.key: repository for repository in store.repositories()}
    wanted = metrics.wanted([name for name, live in named[gateway].items() if live] for gateway in asking)
    facts = _facts(hub, wanted, known, today, swept=swept)
    served = {name.lower() for names in named.values() for name in names}
    after = metrics.updated(known, facts.repositories, served, today)
    store.draft_repositories(after)
    keys = {name.lower() for name in wanted}
    mine = [repository for repository in after if repository.key in keys]
    return Night(
        wanted=len(keys),
        known=sum(repository.as_of is not None for repository in mine),
        missing=sum(repository.missing is not None for repository in mine),
        requests=facts.requests,
        swept=facts.swept,
        seconds=monotonic() - started,
        reason=facts.reason,
    )


def _facts(hub: Hub, wanted: Sequence[str], known: Known, today: date, *, swept: bool) -> Facts:
    try:
        with hub.network() as get:
            return hub.ask(get, wanted, known, today, swept=swept)
    except UseSnapshotError as problem:
        return Facts((), 0, swept, problem.reason)
    except OSError:
        raise
    except Exception as problem:  # noqa: BLE001 - a bug in what asks the Hub must not cost the catalog
        return Facts((), 0, swept, failed(problem))


def _named(lines: Iterable[bytes]) -> dict[str, bool]:
    """Return the repositories that kept listings name, and whether one of the listings lives."""
    named: dict[str, bool] = {}
    for line in lines:
        if b'"hugging_face_id":' in line:
            fields = orjson.loads(line)
            if name := fields.get("hugging_face_id"):
                named[name] = named.get(name, False) or "removed_at" not in fields
    return named
