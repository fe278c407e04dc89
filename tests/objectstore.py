"""S3 servers as processes, and a proxy in front of one that notes, breaks and refuses requests."""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).parents[1]
CONSUMERS = ROOT / "build/consumers"
UNREACHED = ("No matching distribution found", "Could not find a version", "Failed to establish")
"""What pip says where there is no package index."""
S3 = ROOT / "tests/s3"
"""Where s3rver is pinned."""
BUCKET = "bucket"
KEYS = {"AWS_ACCESS_KEY_ID": "S3RVER", "AWS_SECRET_ACCESS_KEY": "S3RVER", "AWS_REGION": "us-east-1"}
"""What both servers take."""
_REFUSALS = {"403": "AccessDenied", "500": "InternalError", "503": "SlowDown"}
_RESET = struct.pack("ii", 1, 0)


def consumers() -> str | None:
    """Make the environment with moto; returns the reason where it cannot be had."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build/.consumers-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = subprocess.run(
            ["make", "consumers"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False
        )
    if done.returncode and any(words in done.stderr for words in UNREACHED):
        return f"no package index: {done.stderr.strip()[-200:]}"
    assert done.returncode == 0, done.stderr[-2000:]
    return None


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def moto() -> Iterator[int]:
    """Run moto's server; yields its port."""
    port = free_port()
    words = [
        str(CONSUMERS / "bin/python"),
        str(CONSUMERS / "bin/moto_server"),
        "-H",
        "127.0.0.1",
        "-p",
        str(port),
    ]
    with _running(words, port):
        yield port


@contextmanager
def s3rver(folder: Path) -> Iterator[int]:
    """Run s3rver, which keeps objects as files and knows no conditions; yields its port."""
    port = free_port()
    program = S3 / "node_modules/.bin/s3rver"
    with _running([str(program), "-d", str(folder), "-a", "127.0.0.1", "-p", str(port)], port):
        yield port


@contextmanager
def _running(words: list[str], port: int) -> Iterator[None]:
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _await(port, process)
            yield
        finally:
            process.kill()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"no server at port {port}")


class Asked(NamedTuple):
    """One request, as the proxy saw it."""

    method: str
    path: str
    """Below the bucket, decoded."""
    status: int
    """What was answered; 0 for a connection that was cut."""


Fault = Callable[[str, str, int], str]
"""Method, path and number of a request → "", a status, "cut" or, after it was carried out, "lost"."""


@dataclass
class Proxy:
    """What stands in front of a server."""

    server: int
    fault: Fault = lambda method, path, number: ""
    asked: list[Asked] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(10**9)))
    lock: threading.Lock = field(default_factory=threading.Lock)
    port: int = 0

    @property
    def environ(self) -> dict[str, str]:
        """What tells a publisher to come here."""
        return {**KEYS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}"}

    def done(self, method: str) -> list[str]:
        """Return what was carried out, in its order; what the publisher notes is left out."""
        return [
            each.path
            for each in self.asked
            if each.method == method and each.status in (200, 204) and not each.path.startswith(".publish")
        ]


@contextmanager
def proxied(server: int) -> Iterator[Proxy]:
    """Put a proxy in front of a server and make the bucket."""
    proxy = Proxy(server)

    class Handler(_Handler):
        through = proxy

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        proxy.port = listener.server_address[1]
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield proxy
        finally:
            listener.shutdown()


class _Handler(BaseHTTPRequestHandler):
    through: Proxy
    protocol_version = "HTTP/1.1"

    def _pass(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").lstrip("/")
        with self.through.lock:
            number = next(self.through.numbers)
        fault = self.through.fault(self.command, path, number)
        if fault == "cut":
            self._note(path, 0)
            self._cut()
        elif fault in _REFUSALS:
            self._note(path, int(fault))
            told = f"<?xml version='1.0'?><Error><Code>{_REFUSALS[fault]}</Code>{KEYS}</Error>"
            self._answer(int(fault), {"Content-Type": "application/xml"}, told.encode())
        else:
            status, headers, answer = self._forward(body)
            self._note(path, status)
            if fault == "lost":
                self._cut()
            else:
                self._answer(status, headers, answer)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _pass  # noqa: N815 - names of the standard library

    def _forward(self, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", self.through.server, timeout=30)
        with suppress_close(connection):
            connection.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, value in self.headers.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()

    def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            if name.lower() not in {"transfer-encoding", "content-length", "connection"}:
                self.send_header(name, value)
        length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body))
        self.send_header("Content-Length", length)
        self.end_headers()
        self.wfile.write(b"" if self.command == "HEAD" else body)

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self.close_connection = True
        with suppress(OSError):
            self.connection.close()

    def _note(self, path: str, status: int) -> None:
        with self.through.lock:
            self.through.asked.append(Asked(self.command, path, status))

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def suppress_close(connection: HTTPConnection) -> Iterator[None]:
    """Close a connection in the end."""
    try:
        yield
    finally:
        connection.close()


def make_bucket(port: int) -> None:
    """Make the bucket, which a publisher does not do; moto asks for no signature."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("PUT", f"/{BUCKET}")
    assert connection.getresponse().status == 200
    connection.close()


def without_aws() -> dict[str, str]:
    """Return this environment without what it says of object stores."""
    return {
        name: value for name, value in os.environ.items() if not name.startswith(("AWS", "AZURE", "GOOGLE"))
    }
