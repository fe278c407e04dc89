"""One night of five made-up gateways, one of which misbehaves in one place."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.faults import kinds
from tests.faults.kinds import Kind
from tests.faults.rows import Json, rendered
from tests.faults.wire import send
from tests.loopback import beside
from tests.soak.upstreams import GATEWAYS, Models, begin, dollars, published_id
from tests.upstream import environ


class Place(NamedTuple):
    """Where something can go wrong."""

    name: str
    """As the table calls it."""
    gateway: str
    is_hit: Callable[[str, str], bool]
    """Tells by base variable and path whether a request is meant."""


def _list_of(*variables: str) -> Callable[[str, str], bool]:
    return lambda variable, path: variable in variables and path not in _SECOND and not _is_hosts(path)


def _is_hosts(path: str) -> bool:
    return path.endswith("/endpoints")


_SECOND = frozenset({"/models/list", "/providers"})
PLACES = (
    Place(kinds.OPENROUTER, "openrouter", _list_of("OPENROUTER_BASE_URL")),
    Place(kinds.HOSTS, "openrouter", lambda _, path: _is_hosts(path)),
    Place(kinds.PORTKEY, "portkey", _list_of("PORTKEY_BASE_URL")),
    Place(kinds.PRICES, "portkey", lambda variable, _: variable == "PORTKEY_PRICING_URL"),
    Place(kinds.FEATHERLESS, "featherless", _list_of("FEATHERLESS_BASE_URL")),
    Place(kinds.DEEPINFRA, "deepinfra", _list_of("DEEPINFRA_BASE_URL")),
    Place(kinds.SECOND, "deepinfra", lambda _, path: path == "/models/list"),
    Place(kinds.CHUTES, "chutes", _list_of("CHUTES_BASE_URL")),
)
"""Each gateway's list, and what else a gateway is asked for."""
MODELS = begin(random.Random(7))
"""What every gateway lists."""
DUE = {
    gateway: {published_id(gateway, name): tuple(map(dollars, price)) for name, price in MODELS.items()}
    for gateway in GATEWAYS
}
"""Gateway → published id → its two prices."""


def _answers(models: Models) -> dict[str, dict[str, Any]]:
    """Return what all gateways answer; OpenRouter's models have a host each."""
    catalog: dict[str, dict[str, Any]] = {}
    for gateway in GATEWAYS.values():
        catalog |= gateway(models)
    for name, (prompt, completion) in models.items():
        prices = {"prompt": dollars(prompt), "completion": dollars(completion)}
        host = {"provider_name": "Acme", "tag": "acme/fp8", "context_length": 163_840, "pricing": prices}
        catalog["OPENROUTER_BASE_URL"][f"/models/{name}/endpoints"]["data"]["endpoints"] = [host]
    return catalog


ANSWERS = _answers(MODELS)
"""What all gateways answer: base variable → path → document."""


def applies(place: Place, kind: Kind) -> bool:
    """Tell whether a fault shows at a place: where no price is, none can be wrong."""
    if kind.change is None:
        return True
    said = (
        document
        for variable, found in ANSWERS.items()
        for path, document in found.items()
        if place.is_hit(variable, path)
    )
    return any(repr(kind.change(document)) != repr(document) for document in said)


@dataclass
class Upstreams:
    """What is answered tonight."""

    place: Place | None = None
    kind: Kind | None = None
    hits: Counter[str] = field(default_factory=Counter)
    """Path → how often the fault hit it."""
    environ: dict[str, str] = field(default_factory=dict)
    """What leads a build here."""

    def tonight(self, place: Place | None = None, kind: Kind | None = None) -> None:
        """Let everything be right, or one kind of fault hit one place."""
        self.place, self.kind, self.hits = place, kind, Counter()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer one request."""
        variable, slash, path = request.path.removeprefix("/").partition("/")
        path = slash + path
        kind = self._kind(variable, path)
        document = self._document(variable, path)
        if kind and kind.change:
            document = kind.change(document)
        if kind and kind.behave:
            kind.behave(request, rendered(document))
        else:
            send(request, rendered(document), 404 if document is None else 200)

    def _kind(self, variable: str, path: str) -> Kind | None:
        if self.kind is None or self.place is None or not self.place.is_hit(variable, path):
            return None
        self.hits[path] += 1
        return None if self.kind.once and self.hits[path] > 1 else self.kind

    def _document(self, variable: str, path: str) -> Json:
        found = ANSWERS[variable].get(path)
        if found is None and path.startswith("/models?limit="):
            return {"object": "list", "data": []}  # behind the last page, wherever that ended
        return found


@contextmanager
def serving() -> Iterator[Upstreams]:
    """Serve until the block ends."""
    upstreams = Upstreams()
    server = _Server(("127.0.0.1", 0), type("_Here", (_Handler,), {"upstreams": upstreams}))
    upstreams.environ |= environ(server.server_port)
    with beside(server):
        yield upstreams


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that hangs up in the middle of a fault is right."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    upstreams: Upstreams

    def do_GET(self) -> None:
        """Answer as the gateways of tonight do."""
        self.upstreams.answer(self)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""
