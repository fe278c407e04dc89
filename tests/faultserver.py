"""A loopback server that speaks raw bytes, for the faults that no well-behaved server can commit."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behaviour = Callable[[socket.socket, bytes], None]
"""What to do with a connection whose request head has been read."""
END_OF_HEAD = b"\r\n\r\n"
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
"""SO_LINGER on, for 0 seconds: closing sends RST."""


@dataclass
class Faults:
    """A running server and what it has seen."""

    port: int
    """Where it listens on 127.0.0.1."""
    heads: list[bytes] = field(default_factory=list)
    """The head of every request, in the order of arrival."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the server ends, for behaviours that wait."""

    @property
    def url(self) -> str:
        """A base URL that leads here."""
        return f"http://127.0.0.1:{self.port}/v1"


@contextmanager
def faulty(behaviour: Behaviour) -> Iterator[Faults]:
    """Serve every connection with one behaviour until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        faults = Faults(listener.getsockname()[1])
        thread = threading.Thread(target=_accept, args=(listener, behaviour, faults), daemon=True)
        thread.start()
        try:
            yield faults
        finally:
            faults.over.set()
            # A blocked accept does not notice that its socket is closed; shutting it down wakes it.
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _accept(listener: socket.socket, behaviour: Behaviour, faults: Faults) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=_serve, args=(connection, behaviour, faults), daemon=True).start()


def _serve(connection: socket.socket, behaviour: Behaviour, faults: Faults) -> None:
    with suppress(OSError), connection:
        head = b""
        while END_OF_HEAD not in head:
            piece = connection.recv(65_536)
            if not piece:
                return
            head += piece
        faults.heads.append(head)
        behaviour(connection, head)


def answer(body: bytes, *headers: str, length: int | None = None, status: str = "200 OK") -> Behaviour:
    """Send one body and hang up; `length` may lie, and is left out when negative."""
    said = len(body) if length is None else length
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", "Connection: close", *headers]
    lines += [f"Content-Length: {said}"] * (said >= 0)
    head = "\r\n".join(lines).encode() + END_OF_HEAD
    return lambda connection, _: connection.sendall(head + body)


def chunked(*pieces: bytes) -> Behaviour:
    """Send chunks without the last, empty one and hang up."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked" + END_OF_HEAD
    body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    return lambda connection, _: connection.sendall(head + body)


def reset(connection: socket.socket, _: bytes) -> None:
    """Send half an answer, then cut the connection as a crashed process would."""
    answer(b'{"data": [', length=1000)(connection, b"")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


def dripping(pause: float, *, head: bytes = b"") -> Behaviour:
    """Send a head at once and then spaces, one byte at a time, so that no read ever times out."""

    def drip(connection: socket.socket, _: bytes) -> None:
        connection.sendall(head)
        never = threading.Event()
        while not never.wait(pause):
            connection.sendall(b" ")

    return drip


def silent(connection: socket.socket, _: bytes) -> None:
    """Accept a request and never answer it."""
    with suppress(OSError):
        connection.recv(1)
