"""The catalog as JSON artifacts: records first, then lists, the indexes last.

Artifacts come as an iterator, so memory does not grow with the bytes that are written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog.artifact import Artifact, Json, Limits, document
from catalog.book import Book, Entry, asked_ids, organisation
from catalog.errors import StopBuildError
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.listing import Endpoint, KeptListing, PriceTier
from catalog.units import modality

Performances = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Options:
    """What a build was asked for, as far as it changes bytes."""

    base_url: str = ""
    """Put before `href` and logos, without a slash at the end."""
    plain: bool = False
    """Whether the forms without Hugging Face metrics are published as well."""
    limits: Limits = field(default_factory=Limits)
    """Size budgets."""


def records(
    book: Book, listings: Callable[[str], Iterable[KeptListing]], performance: Performances, options: Options
) -> Iterator[Artifact]:
    """Yield the record of every kept listing with all its names."""
    for gateway in book.order:
        for entry, listing in zip(book.entries[gateway], listings(gateway), strict=True):
            names = list(_names(entry, book, both=options.plain))
            if not names:  # another listing of the same gateway answers wherever this one could
                continue
            fields = record(listing, entry, book, performance, options)
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
    data = {**fields["data"], "huggingface_metrics": None}
    first, *further = ("catalog/plain" + name.removeprefix("catalog") for name in names)
    return Artifact(first, document({**fields, "data": data, "include_huggingface": False}), tuple(further))


def _names(entry: Entry, book: Book, *, both: bool) -> Iterator[str]:
    """Yield the paths at which an entry's record stands, its own gateway path first."""
    gateway = entry.gateway
    for path in dict.fromkeys(entry.paths):
        if book.answer_of(gateway, path) is not entry:
            continue
        spelled = sorted(book.spelled.get(path, ()))
        yield f"catalog/gateway/{gateway}/model/{path}"
        if both:
            yield from (f"catalog/gateway/{gateway}/model/{name}" for name in spelled)
        if book.answer(path) is entry:
            yield f"catalog/model/{path}"
            yield from (f"catalog/model/{name}" for name in spelled)


def record(
    listing: KeptListing, entry: Entry, book: Book, performance: Performances, options: Options
) -> Json:
    """Return the published answer for one listing."""
    provider, _, model = asked_ids(listing)[0].partition("/")
    group = [offer for offer in book.groups[entry.main_path] if offer.live or offer is entry]
    endpoints = [_endpoint(listing.id, host, performance) for host in listing.endpoints or ()]
    moments = [offer.changed_at for offer in group]
    moments += [f"{host['as_of']}T00:00:00Z" for host in endpoints if "as_of" in host]
    return {
        "data": {**_data(listing), "endpoints": endpoints},
        "provider": provider,
        "model": model,
        "gateway": listing.gateway,
        "include_huggingface": True,
        "timestamp": max(moments),
        "schema_version": SCHEMA_VERSION,
        "gateways": [_offer(offer, options.base_url) for offer in group],
    }


def _data(listing: KeptListing) -> Json:
    data: Json = {
        "id": listing.id,
        "slug": listing.id,
        "canonical_slug": listing.canonical_slug,
        "name": listing.name,
        "description": listing.description,
        "context_length": listing.context_length,
        "architecture": _architecture(listing),
        "pricing": {"prompt": None, "completion": None, "request": None, "image": None, **listing.pricing},
        "provider_slug": organisation(listing),
        "provider_site_url": None,
        "model_logo_url": None,
        "source_gateway": listing.gateway,
        "huggingface_metrics": None,
        "hugging_face_id": listing.hugging_face_id,
        "model_key": None,
        "variant": None,
        "created": listing.created,
        "max_output_tokens": listing.max_output_tokens,
        "served_context_length": listing.served_context_length,
        "supported_parameters": listing.supported_parameters,
        "capabilities": listing.capabilities.__dict__,
        "quantization": listing.quantization,
        "knowledge_cutoff": listing.knowledge_cutoff,
        "expiration_date": listing.expiration_date,
        "status": listing.status,
        "price_kind": listing.price_kind or "unknown",
        "price_source": listing.price_source.__dict__ if listing.price_source else None,
        "price_tiers": [_tier(tier) for tier in listing.price_tiers],
    }
    return data | _rarely(listing)


def _rarely(listing: KeptListing) -> Json:
    """Return the fields that stand in a record only where they say something."""
    fields = {
        "list_pricing": listing.list_pricing,
        "discount": listing.discount,
        "alias_target": listing.alias_target,
        "replaced_by": listing.replaced_by,
        "as_of": listing.as_of,
        "removed_at": listing.removed_at,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _architecture(listing: KeptListing) -> Json:
    shape = listing.architecture
    known = shape.input_modalities is not None and shape.output_modalities is not None
    return {
        "modality": modality(shape.input_modalities or (), shape.output_modalities or ()) if known else None,
        "input_modalities": shape.input_modalities,
        "output_modalities": shape.output_modalities,
        "tokenizer": shape.tokenizer,
        "instruct_type": shape.instruct_type,
    }


def _tier(tier: PriceTier) -> Json:
    conditions = {
        "min_prompt_tokens": tier.min_prompt_tokens,
        "utc_start": tier.utc_start,
        "utc_end": tier.utc_end,
        "service_tier": tier.service_tier,
    }
    return {**{name: value for name, value in conditions.items() if value is not None}, **tier.pricing}


def _endpoint(model_id: str, host: Endpoint, performance: Performances) -> Json:
    return {
        "name": host.name,
        "tag": host.tag,
        "pricing": host.pricing,
        "discount": host.discount,
        "context_length": host.context_length,
        "max_output_tokens": host.max_output_tokens,
        "quantization": host.quantization,
        **performance.get(f"{model_id} {host.tag}", {}),
    }


def _offer(entry: Entry, base_url: str) -> Json:
    wrapped = len(entry.paths) > 1
    return {
        "gateway": entry.gateway,
        "id": entry.id,
        "match": "unwrapped" if wrapped else "exact",
        "variant": None,
        "prompt": entry.prompt,
        "completion": entry.completion,
        "price_kind": entry.price_kind,
        "context_length": entry.context_length,
        "href": f"{base_url}/catalog/gateway/{entry.gateway}/model/{entry.paths[0]}",
    }
