"""The five gateways of one night behind a loopback port."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.loopback import beside
from tests.soak.faults import Fault, rendered, send
from tests.soak.upstreams import GATEWAYS, Catalog, Models
from tests.upstream import OWNER, environ


@dataclass
class Upstreams:
    """What is answered tonight."""

    catalog: Catalog = field(default_factory=dict)
    faults: Mapping[str, Fault] = field(default_factory=dict)
    """Gateway → how it misbehaves."""
    asked: Counter[str] = field(default_factory=Counter)
    """Gateway → requests of this build."""
    environ: dict[str, str] = field(default_factory=dict)
    """What leads `build.py` here."""

    def tonight(self, models: Mapping[str, Models], faults: Mapping[str, Fault]) -> None:
        """Let every gateway list these models, and some of them misbehave."""
        self.faults = faults
        self.asked = Counter()
        for name, its in models.items():
            change = faults[name].change if name in faults else None
            self.catalog |= GATEWAYS[name](change(its) if change else its)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        variable, slash, path = request.path.removeprefix("/").partition("/")
        owner = OWNER[variable]
        self.asked[owner] += 1
        found = self.catalog.get(variable, {}).get(slash + path)
        fault = self.faults.get(owner)
        if fault and fault.behave and (self.asked[owner] == 1 or not fault.once):
            fault.behave(request, rendered(found))
        elif found is None:
            send(request, b"{}", 404)
        else:
            send(request, rendered(found))


@contextmanager
def serving() -> Iterator[Upstreams]:
    """Serve until the block ends."""
    upstreams = Upstreams()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Here", (_Handler,), {"upstreams": upstreams}))
    server.daemon_threads = True
    upstreams.environ |= environ(server.server_port)
    with beside(server):
        yield upstreams


class _Handler(BaseHTTPRequestHandler):
    upstreams: Upstreams

    def do_GET(self) -> None:
        """Answer as the gateways of tonight do."""
        self.upstreams.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""
