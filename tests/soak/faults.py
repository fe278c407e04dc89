"""What a gateway may do to a night, and whether the night is a good one all the same."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import re
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import NamedTuple

from tests.faultserver import RESET_ON_CLOSE
from tests.soak.upstreams import Models

Behave = Callable[[BaseHTTPRequestHandler, bytes], None]
"""Answers a request for which these bytes would have been right."""
LONG = 100
"""Seconds, more than anybody waits."""
PAGE = b"<!doctype html><title>Maintenance</title>"


class Fault(NamedTuple):
    """One way to misbehave."""

    name: str
    behave: Behave | None = None
    """How it answers, if that is what is wrong."""
    once: bool = False
    """Whether only its first answer is wrong."""
    change: Callable[[Models], Models] | None = None
    """What it lists, if that is what is wrong."""
    harmless: bool = False
    """Whether what it lists is right all the same."""

    @property
    def good(self) -> bool:
        """Whether the night is a good one for the gateway all the same."""
        return self.once or self.harmless


def send(request: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    """Answer with a body."""
    told = {"Content-Type": "application/json", "Content-Length": str(len(body))}
    request.send_response(status)
    for name, value in {**told, **{key.replace("_", "-"): value for key, value in headers.items()}}.items():
        request.send_header(name, value)
    request.end_headers()
    request.wfile.write(body)


def _saying(body: bytes, status: int = 200, **headers: str) -> Behave:
    return lambda request, _: send(request, body, status, **headers)


def _changed(change: Callable[[bytes], bytes]) -> Behave:
    return lambda request, body: send(request, change(body))


def _reset(request: BaseHTTPRequestHandler, body: bytes) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    send(request, body[: len(body) // 2], Content_Length=str(len(body)))
    request.close_connection = True


def _cut(request: BaseHTTPRequestHandler, body: bytes) -> None:
    send(request, body[: len(body) // 2], Content_Length=str(len(body)))
    request.close_connection = True


def _cut_gzip(request: BaseHTTPRequestHandler, body: bytes) -> None:
    packed = gzip.compress(body)
    send(request, packed[: len(packed) // 2], Content_Encoding="gzip")


def _silent(_: BaseHTTPRequestHandler, __: bytes) -> None:
    time.sleep(LONG)


def _dripping(request: BaseHTTPRequestHandler, body: bytes) -> None:
    with suppress(OSError):
        send(request, body[:1], Content_Length=str(len(body)))
        for number in range(1, LONG):
            request.wfile.write(body[number : number + 1])
            time.sleep(1)


def _renamed(body: bytes) -> bytes:
    return re.sub(rb'"(id|model_name)":', rb'"identifier":', body)


def _odd_rows(body: bytes) -> bytes:
    """Give every tenth row an id that is none."""
    number = itertools.count()

    def odd(found: re.Match[bytes]) -> bytes:
        return found[0] if next(number) % 10 else found[1] + b"7"

    return re.sub(rb'("(?:id|model_name)": )"[^"]*"', odd, body)


def _turned(models: Models) -> Models:
    return dict(reversed(models.items()))


def _half(models: Models) -> Models:
    return dict(list(models.items())[::2])


def _thousandfold(models: Models) -> Models:
    return {name: (prompt * 1000, completion * 1000) for name, (prompt, completion) in models.items()}


FAULTS = (
    Fault("429 once, Retry-After in seconds", _saying(b"", 429, Retry_After="1"), once=True),
    Fault("500 once", _saying(b"", 500), once=True),
    Fault("reset once", _reset, once=True),
    Fault("cut short once", _cut, once=True),
    Fault("rows in another order", change=_turned, harmless=True),
    Fault("500", _saying(b"oh", 500)),
    Fault("HTML with 503", _saying(PAGE, 503, Content_Type="text/html")),
    Fault("HTML with 200", _saying(PAGE, Content_Type="text/html")),
    Fault("401", _saying(b"{}", 401)),
    Fault("404", _saying(b"{}", 404)),
    Fault("reset", _reset),
    Fault("cut short", _cut),
    Fault("cut gzip", _cut_gzip),
    Fault("nothing", _saying(b"")),
    Fault("null", _saying(b"null")),
    Fault("empty list", _saying(b'{"data": []}')),
    Fault("not JSON", _saying(b'{"data": [')),
    Fault("NaN", _saying(b'{"data": [{"id": "a/b", "context_length": NaN}]}')),
    Fault("redirected away", _saying(b"", 302, Location="http://169.254.169.254/latest")),
    Fault("renamed field", _changed(_renamed)),
    Fault("a tenth of the rows unreadable", _changed(_odd_rows)),
    Fault("half of the models", change=_half),
    Fault("prices a thousandfold", change=_thousandfold),
)
"""Every way that is over soon."""
SLOW_FAULTS = (Fault("silence", _silent), Fault("a byte a second", _dripping))
"""Ways that cost a build the better part of a minute."""


def draw(chance: random.Random, faults: Sequence[Fault]) -> Iterator[Fault]:
    """Yield faults for ever, each once before any comes again."""
    while True:
        yield from chance.sample(faults, len(faults))


def rendered(answer: object) -> bytes:
    """Return an answer as its gateway writes it."""
    return json.dumps(answer).encode()
