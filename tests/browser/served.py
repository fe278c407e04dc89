"""A built tree behind a loopback port, at the root or below a prefix, as a plain static host serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.loopback import beside


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    prefix = ""

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix(self.prefix))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@contextmanager
def serving_tree(tree: Path, prefix: str = "") -> Iterator[str]:
    """Serve a folder and yield its address, with a slash at the end."""
    handler = type("Handler", (_Handler,), {"prefix": prefix})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(tree)))
    server.daemon_threads = True
    with beside(server):
        yield f"http://127.0.0.1:{server.server_port}{prefix}/"
