"""OpenRouter: models of every modality with USD-per-token prices and the hosts behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from pydantic import TypeAdapter

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import (
    Architecture,
    Capabilities,
    Endpoint,
    Listing,
    Performance,
    PriceSource,
    PriceTier,
)

GATEWAY = Gateway(
    id="openrouter",
    name="OpenRouter",
    site="https://openrouter.ai",
    docs="https://openrouter.ai/docs/guides/overview/models",
    bases=(Base("OPENROUTER_BASE_URL", "https://openrouter.ai/api/v1", key_variable="OPENROUTER_API_KEY"),),
)
"""From OpenRouter's OpenAPI document and models guide, read 2026-08-22; neither list needs a key."""

# Without `all` the default hides every model that puts out no text.
_LIST = "/models?output_modalities=all"
_MOST_PAGES = 100
# `author/slug`; `~author/…-latest` aliases and `openrouter/…` routers have no hosts of their own.
_WITH_HOSTS = re.compile(r"(?!~|openrouter/|\.\.?/)[^/]+/(?!\.\.?$)[^/]+")
_AT_RUN_TIME = ("-1", -1)
_BESIDE_METERS = {"discount", "overrides"}
_CONDITIONS = {"min_prompt_tokens", "utc_start", "utc_end", "service_tier"}
_NO_CONDITION = (0, "", "")
_OWN = PriceSource(gateway=GATEWAY.id, match="own")


class _Pricing(UpstreamRow):
    """US dollars per unit as strings; `"-1"` is decided per request."""

    prompt: object = None
    completion: object = None
    request: object = None
    image: object = None
    image_token: object = None
    image_output: object = None
    audio: object = None
    audio_output: object = None
    web_search: object = None
    internal_reasoning: object = None
    input_cache_read: object = None
    input_cache_write: object = None
    input_cache_write_1h: object = None
    input_audio_cache: object = None
    # A share from 0 to 1. The prices beside it are already lower by it: in the answers of 2026-05-16 all
    # prices of a host with 0.35 are 0.65 × a round number. It is kept as a fact and never multiplied in.
    discount: object = None
    overrides: list[dict[str, object]] | None = None


class _Architecture(UpstreamRow):
    """What goes in and out; the two lists are the source, the string a fallback."""

    modality: str | None = None
    input_modalities: list[str] | None = None
    output_modalities: list[str] | None = None
    tokenizer: str | None = None
    instruct_type: str | None = None


class _TopProvider(UpstreamRow):
    """The limits of the host that serves the model by default."""

    context_length: object = None
    max_completion_tokens: object = None
    is_moderated: object = None  # dropped: a rule of one host, not of the model


class _AliasTarget(UpstreamRow):
    """What a moving alias stands for."""

    slug: str
    name: object = None  # dropped: the target's own row has it


class _Host(UpstreamRow):
    """One entry of `/models/{id}/endpoints`."""

    provider_name: str
    tag: str
    pricing: _Pricing
    context_length: object = None
    max_completion_tokens: object = None
    quantization: str | None = None
    uptime_last_1d: object = None
    latency_last_30m: object = None
    throughput_last_30m: object = None


_HOSTS = TypeAdapter(list[_Host])


class _Prices(NamedTuple):
    """What a pricing object says."""

    base: dict[str, Decimal]
    tiers: tuple[PriceTier, ...]
    dynamic: bool


class Row(UpstreamRow):
    """A model of the list, joined with its hosts; limits and prices are checked in `normalize`."""

    id: str
    canonical_slug: str | None = None
    hugging_face_id: str | None = None
    name: str | None = None
    created: object = None
    description: str | None = None
    context_length: object = None
    architecture: _Architecture | None = None
    pricing: _Pricing | None = None
    top_provider: _TopProvider | None = None
    supported_parameters: list[str] | None = None
    knowledge_cutoff: str | None = None
    expiration_date: str | None = None
    alias_target: _AliasTarget | None = None
    endpoints: object = None
    per_request_limits: object = None  # dropped: null in every row seen
    default_parameters: object = None  # dropped: how a request is filled in, not what the model is
    supported_voices: object = None  # dropped: too fine for a catalog
    links: object = None  # dropped: built from the canonical slug, which is no id
    reasoning: object = None  # dropped: efforts of one API; `supported_parameters` says whether
    benchmarks: object = None  # dropped: other people's numbers, new every day


def fetch(get: Get) -> Iterator[Payload]:
    """Fetch every page of the list, then the hosts of every model that can have some."""
    pages = list(_pages(get))
    yield from pages
    paths = dict.fromkeys(path for row in _rows(pages) if (path := _hosts_path(row)))
    yield from (answer for answer in get.many(paths) if isinstance(answer, Payload))


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Give each row of the list its hosts, or None where their request was not answered."""
    pages, hosts = [], {}
    for payload in payloads:
        if payload.path.endswith("/endpoints"):
            hosts[payload.path] = _hosts(payload)
        else:
            pages.append(payload)
    for row in _rows(pages):
        yield {**row, "endpoints": hosts.get(_hosts_path(row) or "")} if isinstance(row, dict) else row


def normalize(row: Row) -> Listing:
    """Turn one row into a listing; raises ValueError for a price or a limit that cannot be true."""
    pricing = row.pricing or _Pricing()
    prices = _prices(pricing)
    shape = _shape(row.architecture or _Architecture())
    top = row.top_provider or _TopProvider()
    end = units.planned_end(row.expiration_date)
    return Listing(
        gateway=GATEWAY.id,
        id=row.id,
        name=units.display_name(row.name, row.id),
        description=units.description(row.description),
        created=units.day(row.created),
        canonical_slug=row.canonical_slug or None,
        hugging_face_id=row.hugging_face_id or None,
        alias_target=row.alias_target.slug if row.alias_target else None,
        context_length=units.tokens(row.context_length),
        served_context_length=units.tokens(top.context_length),
        max_output_tokens=units.tokens(top.max_completion_tokens),
        architecture=shape,
        pricing=prices.base,
        discount=units.share(pricing.discount),
        price_kind="dynamic" if prices.dynamic else None,
        price_source=_OWN if prices.base or prices.tiers else None,
        price_tiers=prices.tiers,
        supported_parameters=units.distinct(row.supported_parameters),
        capabilities=_capabilities(row.supported_parameters, shape.input_modalities),
        knowledge_cutoff=units.clean_line(row.knowledge_cutoff or "") or None,
        expiration_date=end,
        status="deprecated" if end else "active",
        endpoints=_endpoints(row.endpoints),
    )


def _pages(get: Get) -> Iterator[Payload]:
    path, seen = _LIST, set[str]()
    while path:
        if path in seen or len(seen) == _MOST_PAGES:
            raise UseSnapshotError(f"{path}: the list has no end")
        seen.add(path)
        page = get.one(path)
        yield page
        path = _next_path(page)


def _next_path(page: Payload) -> str:
    document = page.json()
    links = document.get("links") if isinstance(document, dict) else None
    link = links.get("next") if isinstance(links, dict) else None
    # Never another host's: only the path and the query of the link are followed.
    return urlsplit(link)._replace(scheme="", netloc="").geturl() if isinstance(link, str) else ""


def _rows(pages: list[Payload]) -> list[object]:
    rows, total = list[object](), 0
    for page in pages:
        rows += page.items("data")
        document = page.json()
        count = document.get("total_count") if isinstance(document, dict) else None
        total = max(total, count if isinstance(count, int) else 0)
    if len(rows) < total:
        raise UseSnapshotError(f"{_LIST}: {len(rows)} of {total} rows")
    return rows


def _hosts_path(row: object) -> str | None:
    """Return where a row's hosts are; aliases and routers have none, an odd id is not asked for."""
    model = row.get("id") if isinstance(row, dict) else None
    if not isinstance(model, str) or not model.isprintable() or not _WITH_HOSTS.fullmatch(model):
        return None
    return f"/models/{quote(model, safe='/:@')}/endpoints"


def _hosts(answer: Payload) -> object:
    try:
        document = answer.json()
    except UseSnapshotError:
        return None  # one model's hosts are unknown; the list is as good as before
    data = document.get("data") if isinstance(document, dict) else None
    return data.get("endpoints") if isinstance(data, dict) else None


def _prices(pricing: _Pricing) -> _Prices:
    shown = units.extra_meters(pricing.model_extra, _price)
    at_run_time = False
    for meter, value in pricing.__dict__.items():
        if value in _AT_RUN_TIME:
            at_run_time = True
        elif value is not None and meter not in _BESIDE_METERS and (price := units.usd(value)) is not None:
            shown[meter] = price
    if not pricing.overrides:
        return _Prices(shown, (), at_run_time)
    tiers = tuple(sorted(map(_tier, pricing.overrides), key=_tier_order))
    base = _without_clock(shown, tiers)
    return _Prices(base, tiers, at_run_time or len(base) < len(shown))


def _price(value: object) -> Decimal | None:
    return None if value in _AT_RUN_TIME else units.usd(value)


def _tier(override: dict[str, object]) -> PriceTier:
    beside = _CONDITIONS | _BESIDE_METERS
    prices = {name: value for name, value in override.items() if name not in beside}
    # Prices are strings, conditions are not: a price without its condition would be a wrong price.
    if odd := [name for name, value in prices.items() if not isinstance(value, str | None)]:
        raise ValueError(f"an override with an unknown condition: {odd[0]!r:.60}")
    pricing = {name: price for name, value in prices.items() if (price := units.usd(value)) is not None}
    conditions = {
        "min_prompt_tokens": units.tokens(override.get("min_prompt_tokens")),
        "utc_start": units.clock(override.get("utc_start")),
        "utc_end": units.clock(override.get("utc_end")),
        "service_tier": override.get("service_tier"),
    }
    tier = PriceTier.model_validate({**conditions, "pricing": pricing})
    if (tier.utc_start is None) != (tier.utc_end is None) or _tier_order(tier) == _NO_CONDITION:
        raise ValueError("an override without a whole condition")
    return tier


def _tier_order(tier: PriceTier) -> tuple[int, str, str]:
    return tier.min_prompt_tokens or 0, tier.utc_start or "", tier.service_tier or ""


def _without_clock(shown: dict[str, Decimal], tiers: tuple[PriceTier, ...]) -> dict[str, Decimal]:
    """Return base prices that are the same at every time of the day.

    OpenRouter's top level shows the window of the moment. Windows that fill the day leave no base of
    their own: the dearest one stands for it. Otherwise a top level that equals a window hides the base.
    """
    windows = [tier for tier in tiers if tier.utc_start and _tier_order(tier) == (0, tier.utc_start, "")]
    if units.fill_day((window.utc_start or "", window.utc_end or "") for window in windows):
        dearest: dict[str, Decimal] = {}
        for meter, price in (item for window in windows for item in window.pricing.items()):
            dearest[meter] = max(price, dearest.get(meter, price))
        return shown | dearest
    now = (window.pricing for window in windows if window.pricing.items() <= shown.items())
    hidden = {meter for pricing in now for meter in pricing}
    return {meter: price for meter, price in shown.items() if meter not in hidden}


def _shape(served: _Architecture) -> Architecture:
    """Order the served modalities; a list that is missing is read from the modality string."""
    inputs, _, outputs = (served.modality or "").partition("->")
    return Architecture(
        input_modalities=_ordered(tuple(served.input_modalities or inputs.split("+"))),
        output_modalities=_ordered(tuple(served.output_modalities or outputs.split("+"))),
        tokenizer=served.tokenizer or None,
        instruct_type=served.instruct_type or None,
    )


@lru_cache(maxsize=256)
def _ordered(names: tuple[str, ...]) -> tuple[str, ...] | None:
    return units.ordered_modalities(filter(None, names)) or None


def _capabilities(parameters: list[str] | None, inputs: tuple[str, ...] | None) -> Capabilities:
    vision = None if inputs is None else "image" in inputs
    if parameters is None:
        return Capabilities(vision=vision)
    return Capabilities(
        tools="tools" in parameters,
        reasoning="reasoning" in parameters or "include_reasoning" in parameters,
        # `response_format` alone promises JSON, not a schema.
        structured_outputs="structured_outputs" in parameters,
        vision=vision,
    )


def _endpoints(hosts: object) -> tuple[Endpoint, ...] | None:
    """Turn the hosts into endpoints in a fixed order; one unreadable host makes them all unknown.

    Part of the hosts would look like all of them, and a model is not worth losing for one host.
    """
    if hosts is None:
        return None
    try:
        found = [_endpoint(host) for host in _HOSTS.validate_python(hosts)]
    except ValueError:
        return None
    found.sort(key=_place)
    if any(_place(one) == _place(other) for one, other in pairwise(found)):
        # One tag can stand twice, two accounts in one region: all the rest decides.
        found.sort(key=lambda endpoint: (_place(endpoint), repr(endpoint)))
    return tuple(found)


def _place(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.tag, endpoint.name


def _endpoint(host: _Host) -> Endpoint:
    return Endpoint(
        name=units.clean_line(host.provider_name),
        tag=host.tag,
        pricing=_prices(host.pricing).base,
        discount=units.share(host.pricing.discount),
        context_length=units.tokens(host.context_length),
        max_output_tokens=units.tokens(host.max_completion_tokens),
        quantization=host.quantization if host.quantization != "unknown" else None,
        performance=_performance(host),
    )


def _performance(host: _Host) -> Performance | None:
    uptime = units.rounded(host.uptime_last_1d, 1)
    latency = units.rounded(_median(host.latency_last_30m), -1)
    throughput = units.rounded(_median(host.throughput_last_30m), 0)
    if uptime is latency is throughput is None:
        return None
    return Performance(
        uptime=None if uptime is None else float(uptime),
        latency=None if latency is None else int(latency),
        throughput=None if throughput is None else int(throughput),
    )


def _median(served: object) -> object:
    return served.get("p50") if isinstance(served, dict) else served
