"""The hand-made upstreams behind a loopback port, for the recorder and for builds from end to end.

A catalog is `{base variable: {"/path?query": answer}}`. An object with "$status", "$body" or "$headers" is an
answer of that form (a "$body" that is text is sent as it stands); anything else is the JSON of a 200.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from providers import ADAPTERS, huggingface
from tests.loopback import beside

FOLDER = Path(__file__).parent / "upstreams"
"""Where the hand-made catalogs are."""
TEST_KEY = "made-up"
"""The value of every key; nothing checks it."""
SOURCES = (*(adapter.GATEWAY for adapter in ADAPTERS), huggingface.SOURCE)
"""Everything that a build asks."""
OWNER = {base.variable: source.id for source in SOURCES for base in source.bases}
"""Variable of a base URL → the gateway, or the Hub, that it is of."""
_FORM = frozenset({"$status", "$body", "$headers"})
_NOT_THERE = {"$status": HTTPStatus.NOT_FOUND, "$body": {"error": "not found"}}

Catalog = Mapping[str, Mapping[str, Any]]
"""`{base variable: {"/path?query": answer}}`"""


def hand_made(*gateways: str) -> dict[str, dict[str, Any]]:
    """Load the catalogs of some gateways, or of all sources, as one that a test may change."""
    names = gateways or tuple(source.id for source in SOURCES)
    catalogs = (json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in names)
    return {variable: answers for catalog in catalogs for variable, answers in catalog.items()}


@contextmanager
def serving(catalog: Catalog) -> Iterator[dict[str, str]]:
    """Serve a catalog and yield an environment: every base URL of every gateway leads here, every key is set.

    What the catalog does not hold is a 404. A change of the catalog shows in the next answer.
    """
    server = _Server(catalog)
    with beside(server):
        yield environ(server.server_port)


def environ(port: int) -> dict[str, str]:
    """Return an environment in which every base URL leads to a port and every key is set."""
    bases = [base for source in SOURCES for base in source.bases]
    keys = {base.key_variable: TEST_KEY for base in bases if base.key_variable}
    return {base.variable: f"http://127.0.0.1:{port}/{base.variable}" for base in bases} | keys


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.catalog = catalog

    def find(self, target: str) -> dict[str, Any]:
        """Return the answer to a request in its full form."""
        variable, slash, path = target.removeprefix("/").partition("/")
        found = self.catalog.get(variable, {}).get(slash + path, _NOT_THERE)
        return found if isinstance(found, dict) and _FORM & found.keys() else {"$body": found}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer uncompressed, with a body that a person can read."""
        assert isinstance(self.server, _Server)
        found = self.server.find(self.path)
        body = found.get("$body", "")
        text = body if isinstance(body, str) else json.dumps(body, indent=1)
        headers = {"Content-Type": "application/json", **found.get("$headers", {})}
        data = text.encode()
        self.send_response(found.get("$status", HTTPStatus.OK))
        for name, value in {**headers, "Content-Length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""
