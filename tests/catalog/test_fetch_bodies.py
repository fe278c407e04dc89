"""Bodies that break off, burst, drip or do not end."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import tracemalloc

import pytest

from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from catalog.wire.limits import Limits
from tests.faultserver import Behaviour, chunked, dripping, faulty, reset, silent
from tests.faultserver import answer as sent
from tests.network import AGENT, GATEWAY, KEY, reason_at

pytestmark = pytest.mark.usefixtures("waits")

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
