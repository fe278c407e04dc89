"""A gateway of two bases whose network is a list of answers."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from catalog.ports import Base, Gateway
from catalog.wire.limits import Limits

KEY = "made-up-key-of-a-test"
LIST = Base("LIST_URL", "https://api.example.test/v1", key_variable="LIST_KEY")
PRICES = Base("PRICES_URL", "https://prices.example.test", headers={"x-mode": "all"})
GATEWAY = Gateway("example", "Example", "https://example.test", "https://example.test/docs", (LIST, PRICES))
CLOSED = Gateway(
    "closed", "Closed", "https://example.test", "https://example.test/docs", (LIST, PRICES), key_required=True
)
AGENT = "gatelog-test (+https://example.test)"
Answer = Callable[[httpx.Request], httpx.Response]


class Stream(httpx.SyncByteStream):
    """A body that has not been read yet, as one from a network."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self.body


def answer(body: bytes = b'{"data": []}', status: int = 200, **headers: str) -> Answer:
    """Answer with JSON; the header `retry_after` is sent as `retry-after`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    named = {"content-type": "application/json"} | named
    return lambda _: httpx.Response(status, headers=named, stream=Stream(body))


class Upstream:
    """A network that plays answers in turn, the last one for ever, and notes the requests."""

    def __init__(self, *answers: Answer | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Play the next answer."""
        self.requests.append(request)
        now = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(now, Exception):
            raise now
        return now(request)


def fetcher(network: Answer, gateway: Gateway = GATEWAY, **options: Any) -> Fetcher:  # noqa: ANN401 - passed on
    """Return a fetcher whose network is a function."""
    usual: dict[str, Any] = {"environ": {}, "agent": AGENT}
    return Fetcher(gateway=gateway, transport=httpx.MockTransport(network), **(usual | options))


def reason_of(network: Answer, **options: Any) -> str:  # noqa: ANN401 - passed on
    """Return why a request for /models got no usable answer."""
    with fetcher(network, **options) as get, pytest.raises(UseSnapshotError) as failed:
        get.one("/models")
    return failed.value.reason


def reason_at(url: str, limits: Limits | None = None) -> str:
    """Return why a request over real sockets got no usable answer; what it shows holds no key."""
    environ = {"LIST_URL": url, "LIST_KEY": KEY}
    with (
        Fetcher(gateway=GATEWAY, environ=environ, agent=AGENT, limits=limits or Limits()) as get,
        pytest.raises(UseSnapshotError) as failed,
    ):
        get.one("/models").json()
    shown = "".join(traceback.format_exception(failed.value))
    assert KEY not in shown
    return failed.value.reason
