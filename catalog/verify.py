"""A built tree against its own promises: manifest, schemas, index, links, nothing foreign.

A check that inspected nothing is a finding too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import Any

import orjson
from pydantic import TypeAdapter, ValidationError

from catalog import paths
from catalog.manifest import GATEWAYS, MANIFEST, SHARDS, is_listed
from catalog.schema import documents
from catalog.schema.record import Record

Read = Callable[[str], bytes]
"""Returns the bytes of a file by its path in the tree."""
INDEX = "catalog/index.json"

_KINDS: dict[str, TypeAdapter[Any]] = {
    "record": TypeAdapter(Record),
    "gateway list": TypeAdapter(documents.GatewayList),
    "provider": TypeAdapter(documents.Provider),
    "provider index": TypeAdapter(documents.ProviderIndex),
    "index": TypeAdapter(documents.DetectionIndex),
    "gateways": TypeAdapter(documents.Gateways),
    "manifest": TypeAdapter(documents.Manifest),
    "manifest shard": TypeAdapter(documents.ManifestShard),
    "schema": TypeAdapter(dict[str, Any]),
}
"""Every kind of file that a tree must have at least once."""
_WHOLE = {
    MANIFEST: "manifest",
    GATEWAYS: "gateways",
    INDEX: "index",
    "catalog/providers.json": "provider index",
    "openapi.json": "schema",
}
_BELOW = {
    "catalog/model/": "record",
    "catalog/plain/": "record",
    SHARDS: "manifest shard",
    "catalog/index/": "index",
    "catalog/provider/": "provider",
    "schema/": "schema",
}


def kind_of(path: str) -> str | None:
    """Return what kind of document stands at a path of the tree, None for no document of ours."""
    if path in _WHOLE:
        return _WHOLE[path]
    if path.startswith("catalog/gateway/"):
        return "record" if "/model/" in path else "gateway list"
    return next((kind for folder, kind in _BELOW.items() if path.startswith(folder)), None)


def verify(files: Iterable[str], read: Read) -> Iterator[str]:
    """Yield one sentence for every broken promise; nothing for a tree that is whole."""
    present = set(files)
    if MANIFEST not in present:
        yield f"{MANIFEST} is missing"
        return
    listed, problems = _listed(present, read)
    yield from problems
    yield from (f"{path} is in the manifest and missing" for path in sorted(listed.keys() - present))
    yield from (
        f"{path} is not in the manifest" for path in sorted(filter(is_listed, present - listed.keys()))
    )
    inspected: Counter[str] = Counter()
    for path in sorted(present):
        kind = kind_of(path)
        inspected.update([kind] if kind else [])
        yield from _file(path, read(path), listed.get(path), kind, present)
    yield from (f"nothing was checked: there is no {kind}" for kind in _KINDS if not inspected[kind])
    yield from _index(read, present)


def _listed(present: set[str], read: Read) -> tuple[dict[str, tuple[str, int]], list[str]]:
    """Return what the manifest names, and what is wrong with the manifest itself."""
    listed: dict[str, tuple[str, int]] = {}
    problems: list[str] = []
    try:
        manifest = documents.Manifest.model_validate_json(read(MANIFEST))
    except ValidationError as problem:
        return listed, [f"{MANIFEST}: {_words(problem)}"]
    for digits, digest in manifest.shards.items():
        path = f"{SHARDS}{digits}.json"
        body = read(path) if path in present else b""
        if sha256(body).hexdigest() != digest:
            problems.append(f"{path} is missing or has another digest")
        else:
            listed.update({name: (entry[0], entry[1]) for name, entry in orjson.loads(body).items()})
    return listed, problems


def _file(
    path: str, body: bytes, entry: tuple[str, int] | None, kind: str | None, present: set[str]
) -> Iterator[str]:
    if entry is not None and (sha256(body).hexdigest(), len(body)) != entry:
        yield f"{path} has another digest or size than the manifest says"
    if kind is None:
        return
    try:
        document = _KINDS[kind].validate_json(body)
    except ValidationError as problem:
        yield f"{path} is no {kind}: {_words(problem)}"
        return
    if isinstance(document, Record):
        links = (offer.href.partition("/catalog/")[2] for offer in document.gateways)
        yield from (
            f"{path} links to catalog/{link}, which is missing"
            for link in links
            if f"catalog/{link}" not in present
        )


def _index(read: Read, present: set[str]) -> Iterator[str]:
    """Check that every id of the index has its files, and that every gateway's list is counted right."""
    if INDEX not in present or GATEWAYS not in present:
        return
    index = orjson.loads(read(INDEX))
    for low, gateways in index["models"].items():
        path = paths.escape(low) if low not in index["paths"] else index["paths"][low]
        wanted = [f"catalog/model/{path}", *(f"catalog/gateway/{name}/model/{path}" for name in gateways)]
        yield from (f"{low} has no file {file}" for file in wanted if file not in present)
    for row in orjson.loads(read(GATEWAYS))["gateways"]:
        path = f"catalog/gateway/{row['id']}.json"
        listed = len(orjson.loads(read(path))["models"]) if path in present else 0
        if listed != row["models"]:
            yield f"{path} has {listed} models, {GATEWAYS} says {row['models']}"


def _words(problem: ValidationError) -> str:
    error = problem.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(map(str, error['loc']))}: {error['msg']}"
