"""Answers that no gateway should give: each is told the bytes that would have been right."""

from __future__ import annotations

import gzip
import socket
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from functools import cache
from http.server import BaseHTTPRequestHandler

from tests.faultserver import RESET_ON_CLOSE

Behave = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request for which these bytes would have been right."""
BOMB_MEGABYTES = 600
DRIP = 0.2
"""Seconds between two bytes: far less than any read time-out."""
LONG_HEADER = 200_000
MAINTENANCE = b"<!doctype html><title>Maintenance</title><h1>Back soon</h1>"
LOGIN = b"<!doctype html><title>Sign in</title>"


def send(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with a body; a header that is named takes the place of the usual one."""
    usual = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    request.send_response(status)
    for name, value in {**usual, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def saying(body: bytes, status: int = 200, **headers: str) -> Behave:
    """Say the same to everyone."""
    return lambda request, _: send(request, body, status, **headers)


def with_headers(**headers: str) -> Behave:
    """Give the right answer under odd headers."""
    return lambda request, body: send(request, body, 200, **headers)


def with_mark(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Give the right answer behind a byte order mark."""
    send(request, b"\xef\xbb\xbf" + body)


def at_a_date(request: BaseHTTPRequestHandler, _: bytes) -> None:
    """Ask for a pause until a moment soon."""
    send(request, b"{}", 429, Retry_After=formatdate(time.time() + 2, usegmt=True))


def silent(request: BaseHTTPRequestHandler, _: bytes) -> None:
    """Say nothing until the other side hangs up."""
    request.close_connection = True
    with suppress(OSError):
        request.connection.recv(1)


def dripping(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Give the right answer byte by byte, until the other side hangs up."""
    request.close_connection = True
    with suppress(OSError):
        send(request, b"", Content_Length=str(len(body)))
        for number in range(len(body)):
            request.wfile.write(body[number : number + 1])
            time.sleep(DRIP)


def reset(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Cut the connection in the middle, as a crashed process would."""
    cut(request, body)
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)


def cut(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send half of what the length promises."""
    send(request, body[: len(body) // 2], Content_Length=str(len(body)))
    request.close_connection = True


def cut_without_length(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send half, and nothing that would tell."""
    request.send_response(200)
    request.send_header("Content-Type", "application/json")
    request.send_header("Connection", "close")
    request.end_headers()
    request.wfile.write(body[: len(body) // 2])
    request.close_connection = True


def cut_gzip(request: BaseHTTPRequestHandler, body: bytes) -> None:
    """Send half of a gzip stream under its honest length."""
    packed = gzip.compress(body)
    send(request, packed[: len(packed) // 2], Content_Encoding="gzip")


def bomb(request: BaseHTTPRequestHandler, _: bytes) -> None:
    """Send a list that is short on the wire and takes all memory."""
    send(request, _packed(BOMB_MEGABYTES), Content_Encoding="gzip")


@cache
def _packed(megabytes: int) -> bytes:
    """Return a gzip stream of spaces; behind a full flush the same bytes mean the same again."""
    packer = zlib.compressobj(9, wbits=31)
    head = packer.compress(b'{"data":[') + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(b" " * 1_000_000) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + block * megabytes


def looping(request: BaseHTTPRequestHandler, _: bytes) -> None:
    """Lead back to where the request came from."""
    send(request, b"", 302, Location=request.path)
