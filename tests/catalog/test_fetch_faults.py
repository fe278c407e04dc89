"""What hangs, drips, breaks off or explodes on the wire costs little time and memory."""

from __future__ import annotations

import gzip
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback
import tracemalloc
from collections.abc import Iterator

import httpx
import pytest

from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from catalog.ports import Missing
from catalog.wire.limits import Limits
from tests.faultserver import Behaviour, chunked, dripping, faulty, reset, silent
from tests.faultserver import answer as sent
from tests.network import AGENT, GATEWAY, KEY, Upstream, answer, fetcher, reason_of

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
from tests.network import GATEWAY
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


PACKED = gzip.compress(b'{"data": [%s]}' % b",".join(b"%d" % number for number in range(1000)))
JUNK_HEADER = f"Set-Cookie\x00 {KEY}: x"


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [
        pytest.param(reset, "no complete answer", id="reset in the middle"),
        pytest.param(sent(b'{"data": [', length=50), "no complete answer", id="shorter than said"),
        pytest.param(chunked(b'{"data"', b": ["), "no complete answer", id="chunks without an end"),
        pytest.param(sent(PACKED[:500], "Content-Encoding: gzip"), "cut short", id="gzip, cut"),
        pytest.param(
            sent(PACKED[:500], "Content-Encoding: gzip", length=-1),
            "cut short",
            id="gzip, no length",
        ),
        pytest.param(sent(b"{}", "X-Padding: " + "x" * 200_000), "no complete answer", id="huge header"),
        pytest.param(sent(b"{}", JUNK_HEADER), "no complete answer", id="odd header"),
        pytest.param(lambda connection, _: connection.sendall(b"SSH-2.0\r\n"), "no complete", id="not HTTP"),
        pytest.param(lambda connection, _: None, "no complete answer", id="hangs up at once"),
        pytest.param(silent, "no answer within 0.1 s", id="silent"),
    ],
)
def test_what_breaks_off_is_tried_four_times(behaviour: Behaviour, words: str) -> None:
    """A broken connection is no answer, whatever has come of it; a silent one is noticed soon."""
    began = time.monotonic()
    with faulty(behaviour) as faults:
        assert words in reason_at(faults.url, Limits(read=0.1))
        assert len(faults.heads) == 4
    assert time.monotonic() - began < 10


def test_a_body_cut_short_without_a_length_is_not_json() -> None:
    """Nothing on the wire betrays it; the parser does."""
    with faulty(sent(b'{"data": [1, 2', length=-1)) as faults:
        assert "/models: not JSON" in reason_at(faults.url)


def test_a_gzip_bomb_costs_no_memory() -> None:
    """Fifty megabytes in fifty kilobytes are refused at the first one too many."""
    bomb = sent(gzip.compress(bytes(50_000_000), 1), "Content-Encoding: gzip")
    with faulty(bomb) as faults:
        tracemalloc.start()
        assert "larger than allowed" in reason_at(faults.url, Limits(body_bytes=1_000_000))
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < 6_000_000
    assert len(faults.heads) == 1


def test_a_body_larger_than_allowed_is_not_read_to_its_end() -> None:
    """The cap counts what is sent, compressed or not."""
    with faulty(sent(bytes(3_000_000))) as faults:
        assert "larger than allowed" in reason_at(faults.url, Limits(wire_bytes=1_000_000))


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n", id="in the body"),
        pytest.param(b"HTTP/1.1 500 Oh\r\n\r\n", id="in the body of a refusal"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow:", id="in the head"),
    ],
)
def test_a_server_that_drips_meets_a_deadline(head: bytes) -> None:
    """A byte now and then keeps every read time-out quiet; the deadline is for the whole request."""
    began = time.monotonic()
    with faulty(dripping(0.02, head=head)) as faults:
        assert "no complete answer within 0.2 s" in reason_at(faults.url, Limits(request=0.2))
        assert len(faults.heads) == 1
    assert time.monotonic() - began < 2


def test_what_drips_is_not_read_on_in_the_background() -> None:
    """The thread that was left behind notices the deadline too and hangs up."""
    hung_up = threading.Event()

    def drip(connection: socket.socket, head: bytes) -> None:
        try:
            dripping(0.02, head=b"HTTP/1.1 200 OK\r\n\r\n")(connection, head)
        except OSError:
            hung_up.set()
            raise

    with faulty(drip) as faults:
        get = Fetcher(
            gateway=GATEWAY, environ={"LIST_URL": faults.url}, agent=AGENT, limits=Limits(request=0.1)
        )
        with pytest.raises(UseSnapshotError):
            get.one("/models")
        assert hung_up.wait(2)


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
