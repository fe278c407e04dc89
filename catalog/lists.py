"""The catalog's lists and indexes as JSON artifacts, all made from the book alone."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from operator import attrgetter, itemgetter

from catalog import paths
from catalog.artifact import SHARDS, Artifact, Json, Limits, compact, document
from catalog.assemble import Catalog
from catalog.attempts import Reach
from catalog.book import Book
from catalog.entry import Entry
from catalog.errors import StopBuildError
from catalog.ports import Gateway
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.state import Memory
from catalog.shards import FEWEST_DIGITS, digits_for, listed, parts

_INDEX = "catalog/index.json"


def lists(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    """Yield the lists of gateways and organisations, then the detection index."""
    for gateway in catalog.book.order:
        for artifact in _gateway_list(catalog, gateway, limits):
            yield _within(artifact, len(artifact.body), limits.gateway_list_bytes)
    yield from _providers(catalog, limits)
    yield from index(catalog.book, limits)


def _gateway_list(catalog: Catalog, gateway: str, limits: Limits) -> Iterator[Artifact]:
    live = [entry for entry in catalog.book.entries[gateway] if entry.live]

    def made(entries: Sequence[Entry]) -> Json:
        models = [_listed(entry, catalog.offers.of(entry).key) for entry in entries]
        return {"schema_version": SCHEMA_VERSION, "gateway": gateway, "models": models}

    return listed(f"catalog/gateway/{gateway}.json", live, attrgetter("id"), made, limits)


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


def _providers(catalog: Catalog, limits: Limits) -> Iterator[Artifact]:
    """Yield one list for each organisation, then the list of all."""
    counts: list[tuple[str, int]] = []

    def facts(provider: str) -> Json:
        return {"provider": provider, **catalog.organisation(provider)._asdict()}

    def made(some: Sequence[tuple[str, int]]) -> Json:
        rows = [{**facts(provider), "models": count} for provider, count in some]
        return {"schema_version": SCHEMA_VERSION, "providers": rows}

    for provider, homes in sorted(_homes(catalog).items()):
        models = sorted((_provider_model(catalog, path) for path in homes), key=itemgetter("id"))
        counts.append((provider, len(models)))
        yield from _provider(facts(provider), models, limits)
    yield from listed("catalog/providers.json", counts, itemgetter(0), made, limits)


def _provider(facts: Json, models: list[Json], limits: Limits) -> Iterator[Artifact]:
    path = f"catalog/provider/{paths.escape(facts['provider'])}"

    def made(some: Sequence[Json]) -> Json:
        return {**facts, "schema_version": SCHEMA_VERSION, "models": some}

    if len(models) > limits.whole_rows:
        return listed(path, models, itemgetter("id"), made, limits)
    return iter([Artifact(path, document(made(models)))])


def _homes(catalog: Catalog) -> dict[str, list[str]]:
    """Return organisation → paths of its models; one that it calls by several ids stands there once."""
    found: dict[str, list[str]] = {}
    seen: set[tuple[str, str]] = set()
    for path, group in catalog.book.groups.items():
        live = [entry for entry in group if entry.live]
        if not any(entry.main_path == path for entry in live):
            continue
        organisation = live[0].organisation
        key, offers = _live_offers(catalog, live)
        if len(offers) > 1 and key is not None:
            if (organisation, key) in seen:
                continue
            seen.add((organisation, key))
        found.setdefault(organisation, []).append(path)
    return found


def _live_offers(catalog: Catalog, live: list[Entry]) -> tuple[str | None, list[Entry]]:
    """Return the key of what a path stands for, and its live offers."""
    key = catalog.offers.of(live[0]).key
    return key, [entry for entry in catalog.offers.shared.get(key or "", live) if entry.live]


def _provider_model(catalog: Catalog, path: str) -> Json:
    live = [entry for entry in catalog.book.groups[path] if entry.live]
    _, offers = _live_offers(catalog, live)
    cheapest = _cheapest(offers)
    return {
        "id": live[0].id if live[0].path == path else catalog.book.id_of(path) or live[0].id,
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
    """Yield the shards of the detection index, then the whole of it as long as it is small.

    The shards of two digits are always there: of a large index they only say how many digits it takes.
    """
    found = [path for path, _ in book.ids() if book.gateways_of(path)]
    odd = _odd(book)
    head: Json = {"schema_version": SCHEMA_VERSION, "gateways": list(book.order)}

    def made(some: Sequence[str]) -> Json:
        names = [(path, book.id_of(path) or "") for path in some]
        models = {low: book.gateways_of(path) for path, low in names}
        return {
            **head,
            "models": models,
            "paths": {each: odd[low][each] for low in models if low in odd for each in odd[low]},
        }

    digits = digits_for(len(found), limits.index_rows)
    for part, some in parts(found, lambda path: book.id_of(path) or "", digits):
        yield _shard(part, compact(made(some)), limits)
    if digits > FEWEST_DIGITS:
        further = compact({**made(()), "digits": digits})
        yield from (_shard(part, further, limits) for part in SHARDS)
    if len(found) > limits.whole_rows:
        yield Artifact(_INDEX, compact({**made(()), "digits": FEWEST_DIGITS}))
        return
    body = compact(made(found))
    yield _within(Artifact(_INDEX, body), _packed(body), _whole_budget(len(found), limits))


def _shard(part: str, body: bytes, limits: Limits) -> Artifact:
    return _within(Artifact(f"catalog/index/{part}.json", body), _packed(body), limits.shard_gzip_bytes)


def _whole_budget(ids: int, limits: Limits) -> int:
    """Return the compressed bytes that the whole index may have."""
    return limits.index_gzip_bytes * max(ids, limits.index_ids) // limits.index_ids


def _odd(book: Book) -> dict[str, dict[str, str]]:
    """Return lower-cased id → the ids with paths of their own that it stands for, and these paths."""
    found: dict[str, dict[str, str]] = {}
    for model_id, path in book.odd.items():
        if book.gateways_of(path):
            found.setdefault(paths.lower(model_id), {})[model_id] = path
    return found


def _packed(body: bytes) -> int:
    """Return the size of a body as the hastiest of servers compresses it."""
    return len(gzip.compress(body, 1, mtime=0))


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
