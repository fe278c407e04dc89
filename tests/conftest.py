"""Fixtures that several test files share; a socket to anything but loopback fails (see pyproject.toml)."""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import vcr

from catalog.fetch import Fetcher
from catalog.ports import Adapter, Payload
from tests.record import AGENT, CASSETTES
from tests.upstream import TEST_KEY


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Note the pauses between tries of a request, in seconds, in place of waiting."""
    noted: list[float] = []
    monkeypatch.setattr("tenacity.nap.time", SimpleNamespace(sleep=noted.append))
    return noted


@pytest.fixture
def unsynced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the one call whose effect a test cannot see and whose cost it would feel."""
    monkeypatch.setattr(os, "sync", lambda: None)


@pytest.fixture
def replayed() -> Callable[[Adapter], list[Payload]]:
    """Return a function that plays an adapter its cassette; a request that it does not hold fails."""

    def replay(adapter: Adapter) -> list[Payload]:
        gateway = adapter.GATEWAY
        environ = {base.key_variable: TEST_KEY for base in gateway.bases if base.key_variable}
        with (
            vcr.use_cassette(str(CASSETTES / f"{gateway.id}.yaml"), record_mode="none") as cassette,
            Fetcher(gateway=gateway, environ=environ, agent=AGENT, concurrency=1) as get,
        ):
            payloads = list(adapter.fetch(get))
        assert cassette.all_played, "the cassette holds an answer that nobody asked for"
        return payloads

    return replay
