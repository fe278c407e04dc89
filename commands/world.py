"""What of the world the core is given: adapters, network, clock, keys, site; and the bounds of all of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from dotenv import dotenv_values

from catalog.artifact import Limits
from catalog.errors import StopBuildError
from catalog.fetch import Fetcher
from catalog.hub import Hub
from catalog.ports import Gateway
from catalog.screen import Screen
from catalog.settings import Settings
from catalog.wire.limits import Limits as Patience
from catalog.world import World
from commands.program import AGENT, ROOT, code_digest, commit, site
from providers import ADAPTERS, huggingface

FEW_REQUESTS = 4
"""Requests at once to a gateway."""
MANY_REQUESTS = {"openrouter": 8}
"""Requests at once where one request for every model is needed."""
LIMITS = {
    huggingface.SOURCE.id: Patience(
        connect=5, read=20, request=30, first_answer=8, tries=2, patience=10, longest_pause=10
    )
}
"""Bounds other than the usual ones. The Hub is asked when all gateways are done: where no network is, they
have taken 45 of the 60 seconds after which fetching is over. It can wait for another night."""
PLAIN_LIMITS = Limits(entries=400_000, megabytes=4_000)
"""`--plain` doubles the tree; such a tree is for a server of one's own."""


def world(settings: Settings, screen: Screen) -> World:
    """Return all that a run is given of the outside."""
    environ = {**file_variables(), **os.environ}

    def network(gateway: Gateway) -> Fetcher:
        return Fetcher(
            gateway=gateway,
            environ=environ,
            agent=AGENT,
            limits=LIMITS.get(gateway.id, Patience()),
            concurrency=settings.concurrency or MANY_REQUESTS.get(gateway.id, FEW_REQUESTS),
            on_request=partial(screen.asked, gateway.id),
        )

    return World(
        adapters=ADAPTERS,
        network=network,
        patience=Patience().gateway + 30,
        accounts=_accounts(environ),
        now=now(environ),
        code=code_digest(),
        commit=commit(environ),
        watcher=screen,
        site=site(),
        limits=_limits(settings),
        hub=None if settings.no_huggingface else _hub(network, environ),
    )


def file_variables() -> dict[str, str]:
    """Return what `.env` sets."""
    return {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}


def now(environ: Mapping[str, str]) -> datetime:
    """Return the moment of the build, or the one that SOURCE_DATE_EPOCH asks for."""
    epoch = environ.get("SOURCE_DATE_EPOCH")
    try:
        return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    except (ValueError, OverflowError, OSError) as problem:
        raise StopBuildError(f"SOURCE_DATE_EPOCH is no moment in seconds: {epoch!r}") from problem


def _accounts(environ: Mapping[str, str]) -> dict[str, str]:
    """Return a short digest of the key of each gateway whose list depends on the account."""
    keys = {
        adapter.GATEWAY.id: environ.get(adapter.GATEWAY.bases[0].key_variable or "", "").strip()
        for adapter in ADAPTERS
        if adapter.GATEWAY.account_bound
    }
    return {name: hashlib.sha256(os.fsencode(key)).hexdigest()[:12] for name, key in keys.items()}


def _limits(settings: Settings) -> Limits:
    usual = PLAIN_LIMITS if settings.plain else Limits()
    if settings.max_entries is None:
        return usual
    return replace(usual, entries=settings.max_entries, megabytes=usual.megabytes * 10)


def _hub(network: Callable[[Gateway], Fetcher], environ: Mapping[str, str]) -> Hub:
    """The Hugging Face Hub, which allows more to those who say who they are."""
    token = environ.get(huggingface.SOURCE.bases[0].key_variable or "", "").strip()
    budget = huggingface.BUDGET_WITH_TOKEN if token else huggingface.BUDGET
    return Hub(lambda: network(huggingface.SOURCE), partial(huggingface.ask, budget=budget))
