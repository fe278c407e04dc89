"""A request of the old endpoint to its answer: status, headers and bytes, against one built tree.

Pure: what the tree holds is an argument, and nothing here knows of sockets.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Protocol
from urllib.parse import parse_qsl, unquote_to_bytes

import orjson

from catalog import paths
from catalog.artifact import Json, document, without_metrics
from catalog.detect import WARNING, Found, NotFound, detect
from catalog.headers import COMMON, JSON, METHODS, PAGE, PREFLIGHT, cache_control, content_type
from catalog.schema.documents import DetectionIndex, Gateways

_MODEL = "/catalog/model/"
_MALFORMED = re.compile(r"%(?![0-9A-Fa-f]{2})")
_SLASHES = re.compile("/+")
_OUTSIDE = re.compile(r"(?:^|/)(?:\.|$)|\\")
"""A segment that is empty or begins with a dot, or a backslash: nothing that a tree holds."""
_OFF = frozenset({"false", "0", "no", "off", "f", "n"})
_WORTH_PACKING = 500
"""Bytes below which gzip gains nothing."""


@dataclass(frozen=True)
class Request:
    """What of a request makes a difference."""

    method: str
    path: str
    """As it was sent: percent-escaped, without the query."""
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By lower-case name."""


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    headers: dict[str, str]
    body: bytes = b""
    warning: str | None = None
    """A line for the log."""


class Tree(Protocol):
    """A built tree."""

    @property
    def index(self) -> DetectionIndex:
        """Its detection index."""

    @property
    def states(self) -> Gateways:
        """The state of its gateways."""

    def has(self, path: str) -> bool:
        """Tell whether it holds a file."""

    def read(self, path: str) -> bytes:
        """Return the bytes of a file that it holds."""


def answer(request: Request, tree: Tree) -> Answer:
    """Answer a request with a file of the tree, or say in JSON why there is none."""
    if request.method == "OPTIONS":
        return Answer(204, COMMON | PREFLIGHT | {"Allow": METHODS})
    if request.method not in METHODS.split(", "):
        return _error(405, "method_not_allowed", f"use one of {METHODS}", {"Allow": METHODS})
    try:
        path = _SLASHES.sub("/", _decoded(request.path))
        model_id = _model_id(path)
    except ValueError as problem:
        return _error(400, "bad_request", str(problem))
    found = _file(path, tree) if model_id is None else _model(model_id, request, tree)
    return _packed(found, request)


def _decoded(raw: str) -> str:
    """Decode a path, once."""
    if _MALFORMED.search(raw):
        raise ValueError("the path holds a malformed percent escape")
    try:
        path = unquote_to_bytes(raw).decode()
    except UnicodeDecodeError:
        raise ValueError("the path is not UTF-8") from None
    if "\0" in path:
        raise ValueError("the path holds a NUL character")
    return path


def _model_id(path: str) -> str | None:
    """Return the id that a path asks for; None for a published path."""
    if not f"{path}/".startswith(_MODEL) or path.endswith(paths.SUFFIX):
        return None
    model_id = path[len(_MODEL) :]
    if not model_id:
        raise ValueError("no model is named")
    if len(model_id) > paths.LONGEST_ID:
        raise ValueError(f"the id is longer than {paths.LONGEST_ID} characters")
    return model_id


def _file(path: str, tree: Tree) -> Answer:
    name = path[1:] + ("index.html" if path.endswith("/") else "")
    if _OUTSIDE.search(name) or not tree.has(name):
        return _error(404, "not_found", "no such file")
    return _content(name, tree.read(name))


def _model(model_id: str, request: Request, tree: Tree) -> Answer:
    asked = _parameters(request.query)
    whole = model_id if "/" in model_id else f"{model_id}/"  # without an organisation nothing has it
    found = detect(whole, asked.get("gateway"), tree.index, tree.states, tree.has, tree.read)
    answered = _missing(model_id, found) if isinstance(found, NotFound) else _record(asked, found, tree)
    if found.warning:
        headers = {**answered.headers, "Warning": WARNING}
        return replace(answered, headers=headers, warning=found.warning)
    return answered


def _parameters(query: str) -> dict[str, str]:
    """Return the first value of each parameter."""
    pairs = parse_qsl(query, keep_blank_values=True, errors="replace")
    return dict(reversed(pairs))


def _missing(model_id: str, found: NotFound) -> Answer:
    provider, _, model = model_id.partition("/")
    return _failed(found.status, found.body(provider, model), {})


def _record(asked: Mapping[str, str], found: Found, tree: Tree) -> Answer:
    body = tree.read(found.path)
    if asked.get("include_huggingface", "").lower() in _OFF:
        body = document(without_metrics(orjson.loads(body)))
    return _content(found.path, body)


def _content(path: str, body: bytes) -> Answer:
    tag = f'"{sha256(body).hexdigest()[:16]}"'
    kind = content_type(path)
    told = {
        "Content-Type": kind,
        "Cache-Control": cache_control(path),
        "ETag": tag,
        "Vary": "Accept-Encoding",
    }
    return Answer(200, COMMON | told | (PAGE if kind.startswith("text/html") else {}), body)


def _packed(answered: Answer, request: Request) -> Answer:
    """Leave out the body that the client has, or compress it for a client that can unpack it."""
    tag = answered.headers.get("ETag")
    if tag and _matches(tag, request.headers.get("if-none-match", "")):
        return replace(answered, status=304, headers=_without_type(answered.headers), body=b"")
    if len(answered.body) < _WORTH_PACKING or not _unpacks(request.headers.get("accept-encoding", "")):
        return answered
    headers = {**answered.headers, "Content-Encoding": "gzip"}
    if tag:
        headers["ETag"] = f"W/{tag}"  # the same content in other bytes
    return replace(answered, headers=headers, body=gzip.compress(answered.body, 6, mtime=0))


def _without_type(headers: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name != "Content-Type"}


def _matches(tag: str, known: str) -> bool:
    tags = (each.strip().removeprefix("W/") for each in known.split(","))
    return known.strip() == "*" or tag in tags


def _unpacks(accepted: str) -> bool:
    codings = (each.replace(" ", "").partition(";") for each in accepted.lower().split(","))
    return any(
        name == "gzip" and weight not in ("q=0", "q=0.0", "q=0.00", "q=0.000") for name, _, weight in codings
    )


def _error(status: int, kind: str, message: str, headers: Mapping[str, str] | None = None) -> Answer:
    return _failed(status, {"error": {"code": status, "type": kind, "message": message}}, headers or {})


def _failed(status: int, fields: Json, headers: Mapping[str, str]) -> Answer:
    return Answer(status, {**COMMON, "Content-Type": JSON, **headers}, document(fields))
