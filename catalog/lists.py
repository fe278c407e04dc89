"""The catalog's lists and indexes as JSON artifacts, all made from the book alone."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from catalog import paths
from catalog.artifact import SHARDS, Artifact, Json, Limits, compact, document, shard_of
from catalog.assemble import Catalog
from catalog.attempts import Reach
from catalog.book import Book, Entry
from catalog.errors import StopBuildError
from catalog.ports import Gateway
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.state import Memory


def lists(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    """Yield the lists of gateways and organisations, then the detection index."""
    for gateway in catalog.book.order:
        artifact = Artifact(f"catalog/gateway/{gateway}.json", compact(_gateway_list(catalog, gateway)))
        yield _within(artifact, len(artifact.body), limits.gateway_list_bytes)
    yield from _providers(catalog)
    yield from index(catalog.book, limits)


def _gateway_list(catalog: Catalog, gateway: str) -> Json:
    key_of = catalog.offers.of
    live = (entry for entry in catalog.book.entries[gateway] if entry.live)
    models = [_listed(entry, key_of(entry).key) for entry in live]
    return {"schema_version": SCHEMA_VERSION, "gateway": gateway, "models": models}


def _listed(entry: Entry, model_key: str | None) -> Json:
    return {
        "id": entry.id,
        "name": entry.name,
        "context_length": entry.context_length,
        "prompt": entry.prompt,
        "completion": entry.completion,
        "price_kind": entry.price_kind,
        "model_key": model_key,
        "status": entry.status,
    }


def _providers(catalog: Catalog) -> Iterator[Artifact]:
    """Yield one file for each organisation, then the list of all."""
    models = sorted(_provider_models(catalog), key=lambda pair: (pair[0], pair[1]["id"]))
    summaries = []
    for provider, group in groupby(models, key=itemgetter(0)):
        facts: Json = {"provider": provider, **catalog.organisation(provider)._asdict()}
        listed = [model for _, model in group]
        summaries.append({**facts, "models": len(listed)})
        body = document({**facts, "schema_version": SCHEMA_VERSION, "models": listed})
        yield Artifact(f"catalog/provider/{paths.escape(provider)}", body)
    yield Artifact(
        "catalog/providers.json", compact({"schema_version": SCHEMA_VERSION, "providers": summaries})
    )


def _provider_models(catalog: Catalog) -> Iterator[tuple[str, Json]]:
    """Yield organisation and model; a model that it calls by several ids stands there once."""
    seen: set[tuple[str, str]] = set()
    for path, group in catalog.book.groups.items():
        live = [entry for entry in group if entry.live]
        if not any(entry.paths[-1] == path for entry in live):
            continue
        organisation, key = live[0].organisation, catalog.offers.of(live[0]).key
        offers = [entry for entry in catalog.offers.shared.get(key or "", live) if entry.live]
        if len(offers) > 1 and key is not None:
            if (organisation, key) in seen:
                continue
            seen.add((organisation, key))
        yield organisation, _provider_model(catalog.book, path, live, offers)


def _provider_model(book: Book, path: str, live: Sequence[Entry], offers: Sequence[Entry]) -> Json:
    cheapest = _cheapest(offers)
    return {
        "id": live[0].id if live[0].paths[0] == path else book.id_of(path) or live[0].id,
        "name": live[0].name,
        "gateways": list(dict.fromkeys(entry.gateway for entry in offers)),
        "cheapest": cheapest.gateway if cheapest else None,
        "prompt": cheapest.prompt if cheapest else None,
        "completion": cheapest.completion if cheapest else None,
    }


def _cheapest(live: Sequence[Entry]) -> Entry | None:
    if len(live) == 1:
        return None if live[0].prompt is None or live[0].completion is None else live[0]
    priced = [(entry.price, number) for number, entry in enumerate(live) if entry.price is not None]
    return live[min(priced)[1]] if priced else None


def index(book: Book, limits: Limits) -> Iterator[Artifact]:
    """Yield the shards of the detection index, then the whole of it."""
    models = {low: found for path, low in book.ids() if (found := book.gateways_of(path))}
    head: Json = {"schema_version": SCHEMA_VERSION, "gateways": list(book.order)}
    paths_of = {model_id: path for model_id, path in book.odd.items() if book.gateways_of(path)}
    odd = _sharded(paths_of)
    for digits, ids in _sharded(models).items():
        shard = {"models": {low: models[low] for low in ids}, "paths": {i: paths_of[i] for i in odd[digits]}}
        body = compact({**head, **shard})
        artifact = Artifact(f"catalog/index/{digits}.json", body)
        yield _within(artifact, _packed(body), limits.shard_gzip_bytes)
    whole = Artifact("catalog/index.json", compact({**head, "models": models, "paths": paths_of}))
    budget = limits.index_gzip_bytes * max(len(models), limits.index_ids) // limits.index_ids
    yield _within(whole, _packed(whole.body), budget)


def _packed(body: bytes) -> int:
    """Return the size of a body as the hastiest of servers compresses it."""
    return len(gzip.compress(body, 1, mtime=0))


def _sharded(names: Iterable[str]) -> dict[str, list[str]]:
    shards: dict[str, list[str]] = {digits: [] for digits in SHARDS}
    for name in names:
        shards[shard_of(paths.lower(name))].append(name)
    return shards


def _within(artifact: Artifact, size: int, limit: int) -> Artifact:
    if size > limit:
        raise StopBuildError(f"{artifact.path} is {size} bytes, its budget is {limit}")
    return artifact


Coverage = tuple[int, int]
"""Listings of a gateway, and those of them whose price is known or free."""


def gateways(
    facts: Mapping[str, Gateway],
    memories: Mapping[str, Memory],
    coverage: Mapping[str, Coverage],
    reach: Mapping[str, Reach] | None = None,
) -> Artifact:
    """Return `catalog/gateways.json`: facts, state, coverage and reach, in the order of `memories`."""
    known = reach or {}
    rows = [
        _gateway_state(facts[name], memory, coverage[name], known.get(name, _NOT_TRIED))
        for name, memory in memories.items()
    ]
    return Artifact("catalog/gateways.json", document({"schema_version": SCHEMA_VERSION, "gateways": rows}))


_NOT_TRIED = Reach(None, None)


def _gateway_state(gateway: Gateway, memory: Memory, coverage: Coverage, reach: Reach) -> Json:
    return {
        **memory.model_dump(mode="json", exclude={"rows", "digest", "account"}),
        "id": gateway.id,
        "name": gateway.name,
        "site": gateway.site,
        "docs": gateway.docs,
        "api_base_url": gateway.bases[0].url,
        "env": [base.key_variable for base in gateway.bases if base.key_variable],
        "models": coverage[0],
        "priced": coverage[1],
        "availability": reach.availability,
        "latency": reach.latency,
    }
