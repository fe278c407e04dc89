"""The catalog as JSON artifacts: records first, then lists, the indexes last.

Artifacts come as an iterator, so memory does not grow with the bytes that are written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import orjson

from catalog import paths
from catalog.artifact import Artifact, Json, Limits, document, without_metrics
from catalog.assemble import Catalog, Performances
from catalog.entry import Entry
from catalog.errors import StopBuildError
from catalog.offers import Offers
from catalog.performance import performance_keys
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.listing import Architecture, Capabilities
from catalog.units import modality

MOST_OFFERS = 10
"""Offers of one gateway for one model in a record: integrations of one account, cheapest first."""


@dataclass(frozen=True)
class Options:
    """What a build was asked for, as far as it changes bytes."""

    base_url: str = ""
    """Put before `href` and logos, without a slash at the end."""
    plain: bool = False
    """Whether the forms without Hugging Face metrics are published as well."""
    exports: bool = True
    """Whether the forms for other tools are published as well."""
    limits: Limits = field(default_factory=Limits)
    """Size budgets."""


def records(
    catalog: Catalog, lines: Callable[[str], Iterable[bytes]], options: Options
) -> Iterator[Artifact]:
    """Yield the record of every kept listing with all its names."""
    book = catalog.book
    for gateway in book.order:
        for entry, line in zip(book.entries[gateway], lines(gateway), strict=True):
            names = _names(entry, catalog, both=options.plain)
            if not names:  # another listing of the same gateway answers wherever this one could
                continue
            fields = record(orjson.loads(line), entry, catalog, options)
            yield _artifact(fields, names, options.limits)
            if options.plain:
                yield _plain_artifact(fields, names)


def _artifact(fields: Json, names: list[str], limits: Limits) -> Artifact:
    first, *further = names
    body = document(fields)
    limit = limits.record_with_endpoints_bytes if fields["data"]["endpoints"] else limits.record_bytes
    if len(body) > limit:
        raise StopBuildError(f"{first} is larger than {limit} bytes")
    return Artifact(first, body, tuple(further))


def _plain_artifact(fields: Json, names: list[str]) -> Artifact:
    first, *further = ("catalog/plain" + name.removeprefix("catalog") for name in names)
    return Artifact(first, document(without_metrics(fields)), tuple(further))


def _names(entry: Entry, catalog: Catalog, *, both: bool) -> list[str]:
    """Return the paths at which an entry's record stands, its own gateway path first."""
    book, names = catalog.book, list[str]()
    own = f"catalog/gateway/{entry.gateway}/model/"
    for path in dict.fromkeys(entry.paths):
        alone = len(book.groups[path]) == 1
        if alone or book.answer_of(entry.gateway, path) is entry:
            spelled = book.spellings(path)
            names.append(own + path)
            if both:
                names += [own + name for name in spelled]
            if alone or book.answer(path) is entry:
                names.append("catalog/model/" + path)
                names += ["catalog/model/" + name for name in spelled]
    if further := catalog.offers.further.get((entry.gateway, entry.id)):
        names += [own + path for path in further]
    return names


def record(kept: Json, entry: Entry, catalog: Catalog, options: Options) -> Json:
    """Return the published answer for one kept line."""
    provider, _, model = paths.qualified(entry.gateway, entry.id).partition("/")
    identity = catalog.offers.of(entry)
    if borrowed := catalog.borrowed.get((entry.gateway, entry.id)):
        kept |= borrowed
    group = _offers(entry, catalog)
    data = _data(kept, entry)
    data["model_key"], data["variant"] = identity.key, identity.variant
    maker = catalog.organisation(entry.organisation)
    data["provider_site_url"], data["model_logo_url"] = maker.site, maker.logo
    moments = [offer.changed_at for offer in group]
    if "endpoints" in kept:
        data["endpoints"] = _endpoints(kept, catalog.performance)
        moments += [f"{host['as_of']}T00:00:00Z" for host in data["endpoints"] if "as_of" in host]
    if "hugging_face_id" in kept and (said := catalog.metrics.get(kept["hugging_face_id"].lower())):
        data["huggingface_metrics"] = said
        moments.append(f"{said['as_of']}T00:00:00Z")
    return {
        "data": data,
        "provider": provider,
        "model": model,
        "gateway": entry.gateway,
        "include_huggingface": True,
        "timestamp": max(moments),
        "schema_version": SCHEMA_VERSION,
        "gateways": [_offer(offer, entry, catalog.offers, options.base_url) for offer in group],
    }


def _offers(entry: Entry, catalog: Catalog) -> Sequence[Entry]:
    """Return every live offer of what an entry offers, of one gateway the best ones, and the entry."""
    group = catalog.offers.same_model(entry, catalog.book)
    if len(group) == 1:
        return group
    counted: Counter[str] = Counter()
    shown = []
    for offer in group:
        counted[offer.gateway] += offer.live
        if offer is entry or (offer.live and counted[offer.gateway] <= MOST_OFFERS):
            shown.append(offer)
    return shown


_UNKNOWN = (
    "canonical_slug", "description", "context_length",
    "huggingface_metrics", "hugging_face_id", "model_key", "variant", "created", "max_output_tokens",
    "served_context_length", "supported_parameters", "quantization", "knowledge_cutoff",
    "expiration_date", "price_source",
)  # fmt: skip
_BLANK: Json = {**dict.fromkeys(_UNKNOWN), "price_tiers": (), "endpoints": ()}
"""What stands in a record, as null or as an empty list, unless the kept line knows it."""
_NOT_SHOWN = ("gateway", "unwrapped", "service", "changed_at")
_NO_PRICES: Json = dict.fromkeys(("prompt", "completion", "request", "image"))
_NO_CAPABILITIES: Json = dict.fromkeys(Capabilities.model_fields)
_NO_MODALITIES: Json = dict.fromkeys(("modality", *Architecture.model_fields))


def _data(kept: Json, entry: Entry) -> Json:
    data = {
        **_BLANK,
        **kept,
        "slug": entry.id,
        "status": entry.status,
        "price_kind": entry.price_kind,
        "provider_slug": entry.organisation,
        "source_gateway": entry.gateway,
        "architecture": _architecture(kept.get("architecture", {})),
        "capabilities": {**_NO_CAPABILITIES, **kept.get("capabilities", {})},
        "pricing": {**_NO_PRICES, **kept.get("pricing", {})},
    }
    if "price_tiers" in kept:
        data["price_tiers"] = [_tier(**tier) for tier in kept["price_tiers"]]
    for name in _NOT_SHOWN:
        data.pop(name, None)
    return data


def _architecture(shape: Json) -> Json:
    shown = {**_NO_MODALITIES, **shape}
    if "input_modalities" in shape and "output_modalities" in shape:
        shown["modality"] = _modality(tuple(shape["input_modalities"]), tuple(shape["output_modalities"]))
    return shown


@cache
def _modality(inputs: tuple[str, ...], outputs: tuple[str, ...]) -> str:
    return modality(inputs, outputs)


def _tier(pricing: Json, **conditions: object) -> Json:
    return {**conditions, **pricing}


_ENDPOINT: Json = dict.fromkeys(("discount", "context_length", "max_output_tokens", "quantization"))


def _endpoints(kept: Json, performance: Performances) -> list[Json]:
    hosts = kept["endpoints"]
    keys = performance_keys(kept["id"], (host["tag"] for host in hosts))
    return [{**_ENDPOINT, **host, **performance.get(key, {})} for key, host in zip(keys, hosts, strict=True)]


def _offer(entry: Entry, seen_from: Entry, offers: Offers, base_url: str) -> Json:
    return {
        "gateway": entry.gateway,
        "id": entry.id,
        "match": offers.match(entry, seen_from),
        "variant": offers.of(entry).variant,
        "prompt": entry.prompt,
        "completion": entry.completion,
        "price_kind": entry.price_kind,
        "context_length": entry.context_length,
        "href": f"{base_url}/catalog/gateway/{entry.gateway}/model/{entry.path}",
    }
