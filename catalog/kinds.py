"""What kind of document stands at which path of a tree, and whether its bytes are one."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter, ValidationError

from catalog import interop
from catalog.artifact import HISTORY
from catalog.manifest import GATEWAYS, MANIFEST, SHARDS
from catalog.schema import changes, documents
from catalog.schema.identity import IdentityReport
from catalog.schema.prices import Aliases, Compare, Discrepancies
from catalog.schema.record import Record
from catalog.schema.search import SearchList

INDEX = "catalog/index.json"

KINDS: dict[str, interop.Kind] = {
    "record": TypeAdapter(Record),
    "gateway list": TypeAdapter(documents.GatewayList),
    "provider": TypeAdapter(documents.Provider),
    "provider index": TypeAdapter(documents.ProviderIndex),
    "index": TypeAdapter(documents.DetectionIndex),
    "gateways": TypeAdapter(documents.Gateways),
    "changes": TypeAdapter(changes.Changes),
    "history": TypeAdapter(changes.History),
    "gateway history": TypeAdapter(changes.GatewayHistory),
    "deprecations": TypeAdapter(changes.Deprecations),
    "manifest": TypeAdapter(documents.Manifest),
    "manifest shard": TypeAdapter(documents.ManifestShard),
    "comparison": TypeAdapter(Compare),
    "aliases": TypeAdapter(Aliases),
    "discrepancies": TypeAdapter(Discrepancies),
    "identity report": TypeAdapter(IdentityReport),
    "search list": TypeAdapter(SearchList),
    "schema": TypeAdapter(dict[str, Any]),
    **interop.KINDS,
}
"""Every kind of document of a tree."""
HOST = "host file"
"""What stands below `hosts/`: of many forms, so its digest alone is checked."""
_WHOLE = {
    MANIFEST: "manifest",
    GATEWAYS: "gateways",
    INDEX: "index",
    "catalog/providers.json": "provider index",
    "catalog/compare.json": "comparison",
    "catalog/aliases.json": "aliases",
    "catalog/discrepancies.json": "discrepancies",
    "catalog/identity.json": "identity report",
    "catalog/changes.json": "changes",
    "catalog/deprecations.json": "deprecations",
    HISTORY: "gateway history",
    "catalog/search.json": "search list",
    "openapi.json": "schema",
    **interop.FILES,
}
_BELOW = {
    "catalog/model/": "record",
    "catalog/plain/": "record",
    SHARDS: "manifest shard",
    "catalog/index/": "index",
    "catalog/provider/": "provider",
    "catalog/providers/": "provider index",
    "catalog/aliases/": "aliases",
    "catalog/compare/": "comparison",
    "catalog/search/": "search list",
    "catalog/changes/": "changes",
    "catalog/history/": "history",
    "schema/": "schema",
    "hosts/": HOST,
}


def kind_of(path: str) -> str | None:
    """Return what kind of file stands at a path of the tree, None for one that is not ours."""
    if path in _WHOLE:
        return _WHOLE[path]
    if path.endswith(".d.ts"):
        return None
    if path.startswith("catalog/gateway/"):
        return "record" if "/model/" in path else "gateway list"
    return next((kind for folder, kind in _BELOW.items() if path.startswith(folder)), None)


def is_whole_list(path: str) -> bool:
    """Tell whether a file speaks for many models: the lists, the index, the feeds of other formats."""
    return path in _WHOLE or (kind_of(path) == "gateway list" and path.count("/") == 2)  # noqa: PLR2004 - no part


def misfit(path: str, body: bytes) -> str | None:
    """Say what keeps the bytes of a file from being what stands at its path."""
    kind = kind_of(path)
    if kind is None or kind == HOST:
        return None
    try:
        KINDS[kind].validate_json(body)
    except ValueError as problem:
        return f"{path} is no {kind}: {words(problem)}"
    return None


def words(problem: ValueError) -> str:
    """Say where a document is wrong first, and how."""
    if not isinstance(problem, ValidationError):
        return str(problem)
    error = problem.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
