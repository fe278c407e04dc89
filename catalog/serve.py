"""EDGE The preview server: a built tree over HTTP, with the query form of the old endpoint."""

from __future__ import annotations

import logging
import socket
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import uvicorn
from pydantic import ValidationError

from catalog import journal, paths
from catalog.answer import Answer, Request, answer
from catalog.errors import StopBuildError
from catalog.manifest import GATEWAYS
from catalog.schema.documents import DetectionIndex, Gateways
from catalog.tree import UNTRACKED, locked

INDEX = "catalog/index.json"
LOG = logging.getLogger("gatelog.serve")
"""Says what was asked and answered, and warns of unknown gateways."""

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
_Stamp = tuple[tuple[int, int, int], ...]


class BuiltTree:
    """A tree on disk, seen as it is now: a build while it is served shows."""

    def __init__(self, root: Path) -> None:
        """Read what is needed for detection; raises StopBuildError where no tree was built."""
        self._root = root
        try:
            self._stamp = self._stamped()
            self._known = self._load()
        except (OSError, ValidationError) as problem:
            raise StopBuildError(f"{root} holds no built tree") from problem

    @property
    def index(self) -> DetectionIndex:
        """The detection index."""
        return self._current()[0]

    @property
    def states(self) -> Gateways:
        """The state of the gateways."""
        return self._current()[1]

    def has(self, path: str) -> bool:
        """Tell whether the tree holds a file."""
        try:
            return path not in UNTRACKED and (self._root / path).is_file()
        except OSError:  # a name that no file can have
            return False

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return (self._root / path).read_bytes()

    def _current(self) -> tuple[DetectionIndex, Gateways]:
        """Read again what changed; while it cannot be read, what was known before is the best there is."""
        try:
            if (stamp := self._stamped()) != self._stamp:
                self._known = self._load()
                self._stamp = stamp
        except (OSError, ValidationError) as problem:
            LOG.warning("the tree cannot be read, its last index serves on: %s", problem)
        return self._known

    def _stamped(self) -> _Stamp:
        stats = ((self._root / name).stat() for name in (INDEX, GATEWAYS))
        return tuple((stat.st_ino, stat.st_mtime_ns, stat.st_size) for stat in stats)

    def _load(self) -> tuple[DetectionIndex, Gateways]:
        index = DetectionIndex.model_validate_json(self.read(INDEX))
        return index, Gateways.model_validate_json(self.read(GATEWAYS))


class Application:
    """The ASGI application over one tree."""

    def __init__(self, tree: BuiltTree) -> None:
        self._tree = tree

    async def __call__(self, scope: Message, _: Receive, send: Send) -> None:
        """Answer one request."""
        request = _request(scope)
        answered = self._answered(request)
        if answered.warning:
            LOG.warning("%s", answered.warning)
        LOG.info("%d %s %s", answered.status, request.method, paths.printable(request.path))
        await send(_head(answered))
        await send({"type": "http.response.body", "body": answered.body})

    def _answered(self, request: Request) -> Answer:
        try:
            return answer(request, self._tree)
        except FileNotFoundError:  # a build took the file away after it was found
            return answer(request, self._tree)


def _request(scope: Message) -> Request:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    path, query = scope["raw_path"].decode("latin-1"), scope["query_string"].decode("latin-1")
    return Request(scope["method"], path, query, headers)


def _head(answered: Answer) -> Message:
    told = dict(answered.headers)
    if answered.status not in (204, 304):
        told["Content-Length"] = str(len(answered.body))
    headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    return {"type": "http.response.start", "status": answered.status, "headers": headers}


def opened(root: Path) -> BuiltTree:
    """Open a tree for serving, after completing what an interrupted build had decided."""
    if root.is_dir():
        with locked(root):
            journal.recover(root)
    return BuiltTree(root)


def listening(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises StopBuildError for an address or port that cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as problem:
        why = (problem.strerror or "no reason given").partition(" (")[0]
        raise StopBuildError(f"{host} port {port} cannot be had: {why}") from problem


def server(tree: BuiltTree) -> uvicorn.Server:
    """Return a server that is not running yet; it wants a socket."""
    config = uvicorn.Config(
        Application(tree),
        http="h11",
        ws="none",
        lifespan="off",
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
    )
    return uvicorn.Server(config)
