"""A tree behind a loopback port, as a host serves it that may get things wrong."""

from __future__ import annotations

import mimetypes
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from catalog.ports import Missing, Reply
from tests.loopback import beside

MANIFEST = "catalog/manifest.json"
PATIENT = 3
_ABSENT = {"status": 404, "body": b"{}"}


@dataclass
class Deployment:
    """A host and what it holds; a change shows in the next answer."""

    files: dict[str, bytes]
    """Path → content."""
    wrong: dict[str, dict[str, object]] = field(default_factory=dict)
    """Path → what is not as usual in its answer: status, body, length, type, cors, location, reason."""
    asked: Counter[str] = field(default_factory=Counter)
    """How often each path was asked for."""
    late: Mapping[str, bytes] = field(default_factory=dict)
    """Files that take the place of others when the manifest is asked for the third time."""
    address: str = ""
    """Where it is."""

    def visit(self, paths: Iterable[str]) -> Iterator[Reply | Missing]:
        """Answer as the host would, without a network."""
        for path in paths:
            told = self.answer(path)
            if "reason" in told:
                yield Missing(path, str(told["reason"]))
                continue
            headers = {"content-type": told["type"], "access-control-allow-origin": told["cors"]}
            given = {name: str(value) for name, value in headers.items() if value is not None}
            status, body = told["status"], told["body"]
            assert isinstance(status, int)
            assert isinstance(body, bytes)
            yield Reply(path, status, given, body if status == HTTPStatus.OK else b"")

    def answer(self, path: str) -> Mapping[str, object]:
        """Return what is sent for a path."""
        self.asked[path] += 1
        if self.asked[MANIFEST] == PATIENT:
            self.files |= self.late
        usual = {"status": 200, "body": self.files[path]} if path in self.files else _ABSENT
        kind = "application/json" if path == "v1/models" else mimetypes.guess_type(path)[0]
        told = {"type": kind or "text/plain", "cors": "*"} | usual
        return told | self.wrong.get(path, {})


@contextmanager
def deployed(files: dict[str, bytes]) -> Iterator[Deployment]:
    """Serve files until the block ends."""
    host = Deployment(files)
    server = _Server(("127.0.0.1", 0), type("_Here", (_Handler,), {"host": host}))
    host.address = f"http://127.0.0.1:{server.server_port}/gatelog"
    with beside(server):
        yield host


class _Server(ThreadingHTTPServer):
    """Says nothing when a client goes away, which its own output would be mixed with."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Keep still."""


class _Handler(BaseHTTPRequestHandler):
    host: Deployment
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer as the deployment says."""
        told = self.host.answer(self.path.removeprefix("/gatelog/"))
        body = told["body"]
        assert isinstance(body, bytes)
        self.send_response(int(str(told["status"])))
        headers = {
            "Content-Type": told["type"],
            "Access-Control-Allow-Origin": told["cors"],
            "Location": told.get("location"),
            "Content-Length": told.get("length", len(body)),
        }
        for name, value in headers.items():
            if value is not None:
                self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = "length" in told

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""
