"""A plain static host on a loopback port: files by exact path, ETags, HTML for what is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tests.loopback import beside

MISSING = b"<!DOCTYPE html><title>404</title>"


@dataclass
class Pages:
    """A running host."""

    url: str
    """Its address, with a prefix as GitHub Pages has it."""
    asked: list[tuple[str, int]] = field(default_factory=list)
    """Path below the prefix and status of every answer."""

    def news(self) -> list[tuple[str, int]]:
        """Return what was asked since the last call."""
        found = self.asked.copy()
        self.asked.clear()
        return found


@contextmanager
def pages(folder: Path) -> Iterator[Pages]:
    """Serve a folder under a prefix until the block ends."""
    server = _Server(folder)
    with beside(server):
        yield server.pages


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.folder = folder
        self.pages = Pages(f"http://127.0.0.1:{self.server_port}/gatelog")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as a host that knows nothing but files; a query makes no difference."""
        assert isinstance(self.server, _Server)
        path = unquote(urlsplit(self.path).path).removeprefix("/gatelog/")
        file = self.server.folder / path
        body = file.read_bytes() if file.is_file() else None
        etag = f'"{sha256(body or b"").hexdigest()[:16]}"'
        if body is None:
            self._answer(path, 404, MISSING, {"Content-Type": "text/html; charset=utf-8"})
        elif self.headers["If-None-Match"] == etag:
            self._answer(path, 304, b"", {"ETag": etag})
        else:
            self._answer(path, 200, body, {"Content-Type": "application/json", "ETag": etag})

    def _answer(self, path: str, status: int, body: bytes, headers: dict[str, str]) -> None:
        assert isinstance(self.server, _Server)
        self.server.pages.asked.append((path, status))  # before the client can look
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""
