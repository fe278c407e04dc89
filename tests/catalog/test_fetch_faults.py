"""What hangs, drips, breaks off or explodes on the wire costs little time and memory."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import httpx
import pytest

from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from catalog.ports import Missing
from catalog.wire.limits import Limits
from tests.faultserver import answer as sent
from tests.faultserver import faulty
from tests.network import AGENT, GATEWAY, Upstream, answer, fetcher, reason_at, reason_of

pytestmark = pytest.mark.usefixtures("waits")


def test_a_request_has_a_deadline_whatever_hangs() -> None:
    """Not even a layer that ignores its own time-outs can hold up the build."""
    over = threading.Event()

    def hang(request: httpx.Request) -> httpx.Response:
        over.wait(30)
        return answer()(request)

    began = time.monotonic()
    reason = reason_of(hang, limits=Limits(request=0.1))
    over.set()
    assert reason == "no complete answer within 0.1 s from api.example.test"
    assert time.monotonic() - began < 2


def test_a_host_that_has_never_answered_is_given_up_for_good() -> None:
    """The bound counts from the first request, so a second one does not begin to wait again."""
    seconds = [0.0]

    def drop(_: httpx.Request) -> httpx.Response:
        seconds[0] += 46
        raise httpx.ConnectTimeout("dropped")

    upstream = Upstream(drop)
    with fetcher(upstream, clock=lambda: seconds[0]) as get:
        for _ in range(2):
            with pytest.raises(UseSnapshotError, match=r"no answer within 45 s from api\.example\.test"):
                get.one("/models")
    assert len(upstream.requests) == 1


class Closing(httpx.MockTransport):
    """Refuses three paths at once, takes its time for others, and notes whether it was closed meanwhile."""

    closed = False

    def __init__(self) -> None:
        super().__init__(self.answer)
        self.closed_meanwhile: list[bool] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        if int(request.url.path.rpartition("/")[2]) < 3:
            return httpx.Response(400)
        time.sleep(0.2)
        self.closed_meanwhile.append(self.closed)
        return answer()(request)

    def close(self) -> None:
        """Note it."""
        self.closed = True


def test_nothing_is_asked_once_the_client_is_closed() -> None:
    """A try that comes late, as one after a pause does, is refused before it makes a connection."""
    network = Upstream(answer())
    with fetcher(network) as get:
        pass
    with pytest.raises(UseSnapshotError, match="nobody waits"):
        get.one("/models")
    assert network.requests == []


def test_requests_that_nobody_waits_for_end_before_their_client() -> None:
    """A connection made after its client was closed would stay open for good."""
    transport = Closing()
    with Fetcher(gateway=GATEWAY, environ={}, agent=AGENT, transport=transport) as get:
        answers = list(get.many([f"/{number}" for number in range(20)]))
    assert answers[-1] == Missing("/19", "not asked after 3 failures in a row")
    assert transport.closed_meanwhile
    assert set(transport.closed_meanwhile) == {False}


class Late(httpx.SyncByteStream):
    """A body that takes a minute and more, by a clock that only it moves."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __iter__(self) -> Iterator[bytes]:
        self.seconds += 61
        yield b"sorry"


@pytest.mark.parametrize("status", [200, 500])
def test_an_answer_that_comes_too_late_is_not_asked_for_again(status: int) -> None:
    """The reader of the body notices by itself, be it a refusal or not."""
    late = Late()
    upstream = Upstream(lambda _: httpx.Response(status, stream=late))
    reason = reason_of(upstream, clock=lambda: late.seconds)
    assert reason == "no complete answer within 60 s from api.example.test"
    assert len(upstream.requests) == 1


def test_the_first_answer_may_take_as_long_as_any() -> None:
    """Only silence is given up early: a long body of a slow server is read to its end."""
    pieces = [b"[1", b",2", b"]"]
    said = threading.Event()

    def slowly(connection: socket.socket, _: bytes) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
        for piece in pieces:
            said.wait(0.15)
            connection.sendall(piece)

    limits = Limits(first_answer=0.2)
    with (
        faulty(slowly) as faults,
        Fetcher(gateway=GATEWAY, environ={"LIST_URL": faults.url}, agent=AGENT, limits=limits) as get,
    ):
        assert get.one("/models").json() == [1, 2]


def test_a_look_up_that_hangs_cannot_hold_up_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """A look-up of a host has no time-out at all."""
    over = threading.Event()

    def hang(*_: object, **__: object) -> list[object]:
        over.wait(30)
        raise socket.gaierror(-3, "over")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    began = time.monotonic()
    with Fetcher(gateway=GATEWAY, environ={}, agent=AGENT, limits=Limits(first_answer=0.1)) as get:
        with pytest.raises(UseSnapshotError, match=r"no answer within 0\.1 s from api\.example\.test"):
            get.one("/models")
        over.set()
    assert time.monotonic() - began < 2


HANGING = """
import socket, sys, threading
socket.getaddrinfo = lambda *_, **__: threading.Event().wait()
sys.path.insert(0, ".")
from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from catalog.ports import Missing
from catalog.wire.limits import Limits
from tests.network import reason_at, GATEWAY
with Fetcher(gateway=GATEWAY, environ={}, agent="x", limits=Limits(first_answer=0.1)) as get:
    try:
        get.one("/models")
    except UseSnapshotError as failed:
        print(failed)
"""


def test_a_look_up_that_hangs_does_not_keep_the_program_alive() -> None:
    """It cannot be cancelled, so it must not be waited for at the end either."""
    ended = subprocess.run(
        [sys.executable, "-c", HANGING], capture_output=True, text=True, timeout=20, check=True
    )
    assert "no answer within 0.1 s" in ended.stdout


def test_a_host_that_is_not_found_is_named(monkeypatch: pytest.MonkeyPatch, waits: list[float]) -> None:
    """Without DNS a request has failed after four tries and a few seconds."""

    def unknown(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert "api.example.test ([Errno -2] Name or service not known)" in reason_at("")
    assert len(waits) == 3
    assert sum(waits) < 10


def test_a_refused_connection_is_named() -> None:
    """Nobody listens there."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    reason = reason_at(f"http://127.0.0.1:{port}")
    assert reason.startswith(f"no complete answer from 127.0.0.1:{port}")
    assert "Connection refused" in reason


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is asked, and with which key, is no business of a variable that we do not read."""
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with (
        faulty(sent(b'{"data": []}')) as faults,
        Fetcher(gateway=GATEWAY, environ={"LIST_URL": faults.url}, agent=AGENT) as get,
    ):
        assert get.one("/models").json() == {"data": []}


def test_a_server_that_cannot_prove_who_it_is_gets_nothing() -> None:
    """Certificates and names are checked, and nothing turns that off."""
    with Fetcher(gateway=GATEWAY, environ={}, agent=AGENT) as get:
        transport = get._client._transport
    assert isinstance(transport, httpx.HTTPTransport)
    context = transport._pool._ssl_context
    assert context is not None
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname


def test_a_handshake_that_hangs_is_no_answer() -> None:
    """A server without TLS behind an https URL waits for a request that never comes."""
    with faulty(sent(b"{}")) as faults:
        url = faults.url.replace("http:", "https:")
        assert "no connection within 0.1 s" in reason_at(url, Limits(connect=0.1))
        assert faults.heads == []
