"""Which published file answers a question; the rules are those of the catalog's contract."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from gatelog_client._errors import (
    CatalogError,
    CatalogUnreachable,
    CatalogWarning,
    GatewayNotConfigured,
    GatewayUnavailable,
    ModelNotFound,
)
from gatelog_client._flow import Flow, Json, Read
from gatelog_client._paths import escape, lower, shard, twin

FALLBACK = "openrouter"
"""The gateway that stands in for one that the catalog does not know."""
STATES = "catalog/gateways.json"
"""The file that every catalog has."""
_GATEWAY = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def look_up(read: Read, model_id: str, chain: Sequence[str]) -> Flow[Json]:
    """Return the answer of the first gateway of the chain that has the model; "" detects it."""
    asked: list[str] = []
    states: dict[str, Json] = {}
    for name in chain:
        found, known = (yield from _on(read, name, model_id)), name
        if found is None:
            states = states or (yield from _states(read))
        if found is None and name not in ("", *states):
            yield CatalogWarning(f"unknown gateway {name!r:.80}, {FALLBACK} answers")
            found, known = (yield from _on(read, FALLBACK, model_id)), FALLBACK
        if found is not None:
            return found
        asked.append(known)
    raise _problem(model_id, asked, states)


def _on(read: Read, gateway: str, model_id: str) -> Flow[Json | None]:
    if gateway and not _GATEWAY.fullmatch(gateway):
        return None  # nothing unchecked gets into a path
    folder = f"catalog/gateway/{gateway}/model" if gateway else "catalog/model"
    if "/" in model_id:
        return (yield from _spelled(read, folder, model_id))
    for owner in [gateway] if gateway else (yield from _states(read)):
        found = yield from _spelled(read, folder, f"{owner}/{model_id}")
        if found is not None:
            return found
    return None


def _spelled(read: Read, folder: str, asked: str) -> Flow[Json | None]:
    """Return the answer to an id as it is spelled; the index tells of ids that differ only in case."""
    try:
        path = escape(asked)
    except ValueError as problem:
        raise ModelNotFound(f"{asked!r:.80} cannot be a model: {problem}") from problem
    found = yield from read(f"{folder}/{path}")
    if found is None or not _in_doubt(asked, found):
        return found
    index = yield from _index(read, asked)
    if index["paths"].get(asked) != twin(asked):
        return found
    return (yield from read(f"{folder}/{twin(asked)}")) or found


def _index(read: Read, asked: str) -> Flow[Json]:
    """Return the part of the index that tells of an id: its shard, or a part of that in a large catalog."""
    path = shard(asked)
    found = yield from read(path)
    if found and found.get("digits"):
        path = shard(asked, found["digits"])
        found = yield from read(path)
    if found is None:
        raise CatalogUnreachable(f"whether {asked!r} is another model is not known: {path} is missing")
    return found


def _in_doubt(asked: str, found: Json) -> bool:
    """Tell whether an answer may be another model, whose id differs from the one asked for only in case."""
    model_id = found["data"]["id"]
    if asked in (model_id, f"{found['gateway']}/{model_id}"):
        return False
    return asked in (lower(model_id), f"{found['gateway']}/{lower(model_id)}") or asked != lower(asked)


def _states(read: Read) -> Flow[dict[str, Json]]:
    """Return the state of each gateway; that there is one tells a missing model from a missing catalog."""
    found = yield from read(STATES)
    if found is None:
        raise CatalogUnreachable(f"there is no catalog: {STATES} is missing")
    return {row["id"]: row for row in found["gateways"]}


def _problem(model_id: str, asked: Sequence[str], states: Mapping[str, Json]) -> CatalogError:
    """Tell why nobody answers: a gateway without a list might have had the model."""
    for row in (states[name] for name in asked if name in states):
        if row["state"] == "unavailable":
            return GatewayUnavailable(f"the catalog has no list of {row['id']}")
        if row["state"] == "unconfigured" and not row["models"]:
            return GatewayNotConfigured(f"{row['id']} needs {' or '.join(row['env'])} to be set", row["env"])
    where = f" on {', '.join(asked)}" if any(asked) else ""
    return ModelNotFound(f"model {model_id!r:.200} not found{where}")
