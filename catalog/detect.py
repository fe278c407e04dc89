"""Which file answers a request: an id, perhaps a gateway, against what a tree says of itself.

The rules are those of the published contract, section "Detection and errors". Nothing of a request
but a gateway that the tree knows and an escaped id ever reaches a path.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from catalog import paths
from catalog.artifact import Json
from catalog.schema.documents import DetectionIndex, Gateways, GatewayState
from catalog.shards import part_of

FALLBACK = "openrouter"
"""The gateway that stands in for one that nobody knows."""

WARNING = f'299 - "unknown gateway, {FALLBACK} answers"'
"""The `Warning` header for a gateway that nobody knows; what the request called it stays out of it."""

Exists = Callable[[str], bool]
"""Tells whether the tree has a file."""


@dataclass(frozen=True)
class Found:
    """The file that answers."""

    path: str
    """Its path in the tree."""
    warning: str | None = None
    """What the client should be warned of."""


@dataclass(frozen=True)
class NotFound:
    """Why no file answers."""

    status: int
    """404 or 503."""
    kind: str
    """model_not_found, gateway_unavailable or gateway_not_configured."""
    message: str
    """The same in words."""
    gateway: str
    """The gateway that was asked for, else openrouter."""
    warning: str | None = None
    """What the client should be warned of."""

    def body(self, provider: str, model: str) -> Json:
        """Return the JSON answer to the request for `provider` and `model`."""
        error = {"code": self.status, "type": self.kind, "message": self.message}
        return {"error": error, "provider": provider, "model": model, "gateway": self.gateway}


def detect(
    model_id: str,
    gateway: str | None,
    index: DetectionIndex,
    states: Gateways,
    exists: Exists,
    read: Callable[[str], bytes],
) -> Found | NotFound:
    """Return the file that answers for an id, on one gateway or on the first that has it.

    Of an index in parts, `read` gives the part that an id belongs to.
    """
    known, warning = _checked(gateway, index)
    folder = f"catalog/gateway/{known}/model" if known else "catalog/model"
    for asked in _asked(model_id, known, index):
        for path in _paths(asked, index, read):
            if exists(f"{folder}/{path}"):
                return Found(f"{folder}/{path}", warning)
    state = next((state for state in states.gateways if state.id == known), None)
    return _missing(model_id, known, state, warning)


def _checked(gateway: str | None, index: DetectionIndex) -> tuple[str | None, str | None]:
    named = (gateway or "").strip()
    if not named:
        return None, None
    if (known := paths.lower(named)) in index.gateways:
        return known, None
    return FALLBACK, f"unknown gateway {paths.printable(named)!r}, {FALLBACK} answers"


def _asked(model_id: str, gateway: str | None, index: DetectionIndex) -> list[str]:
    """Return the ids to look for: one that names no organisation stands under its gateway's name."""
    if "/" in model_id:
        return [model_id]
    return [f"{name}/{model_id}" for name in ([gateway] if gateway else index.gateways)]


def _paths(model_id: str, index: DetectionIndex, read: Callable[[str], bytes]) -> list[str]:
    """Return where an id may stand: a case twin's own path, which not every gateway has, then the escape."""
    try:
        usual = paths.escape(model_id)
    except ValueError:
        return []
    while index.digits is not None:
        part = part_of(model_id, index.digits)
        index = DetectionIndex.model_validate_json(read(f"catalog/index/{part}.json"))
    own = index.paths.get(model_id, usual)
    return [usual] if own == usual else [own, usual]


def _missing(model_id: str, gateway: str | None, state: GatewayState | None, warning: str | None) -> NotFound:
    asked = gateway or FALLBACK
    if state is not None and state.state == "unavailable":
        return NotFound(503, "gateway_unavailable", f"no list of {asked} is known", asked, warning)
    if state is not None and state.state == "unconfigured" and not state.models:
        message = f"{asked} needs {' or '.join(state.env)} to be set"
        return NotFound(503, "gateway_not_configured", message, asked, warning)
    where = f" from gateway {gateway!r}" if gateway else ""
    message = f"Model {paths.printable(model_id)} not found{where}"
    return NotFound(404, "model_not_found", message, asked, warning)
