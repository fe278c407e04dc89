"""OpenRouter: models of every modality with USD-per-token prices and the hosts behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from catalog import units
from catalog.days import day, planned_end
from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Listing, PriceSource
from catalog.text import clean_line, description, display_name
from providers import openrouter_hosts, openrouter_prices, openrouter_shapes

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
_UNANSWERED = "endpoints that were not answered"
"""Unknown to `Row` on purpose, so that it is counted and reported like everything new."""
_OWN = PriceSource(gateway=GATEWAY.id, match="own")


class _TopProvider(UpstreamRow):
    """The limits of the host that serves the model by default."""

    context_length: object = None
    max_completion_tokens: object = None
    is_moderated: object = None  # dropped: a rule of one host, not of the model


class _AliasTarget(UpstreamRow):
    """What a moving alias stands for."""

    slug: str
    name: object = None  # dropped: the target's own row has it


class Row(UpstreamRow):
    """A model of the list, joined with its hosts; limits and prices are checked in `normalize`."""

    id: str
    canonical_slug: str | None = None
    hugging_face_id: str | None = None
    name: str | None = None
    created: object = None
    description: str | None = None
    context_length: object = None
    architecture: openrouter_shapes.Architecture | None = None
    pricing: openrouter_prices.Pricing | None = None
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
    paths: dict[str, None] = {}
    link, asked = _LIST, set[str]()
    while link:
        if link in asked or len(asked) == _MOST_PAGES:
            raise UseSnapshotError(f"{link}: the list has no end")
        asked.add(link)
        payload = get.one(link)
        yield payload
        rows, _, link = _page(payload)
        paths |= dict.fromkeys(filter(None, map(openrouter_hosts.path, rows)))
    yield from (answer for answer in get.many(paths) if isinstance(answer, Payload))


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Give each row of the list its hosts, or None where their request was not answered."""
    rows, announced = list[object](), 0
    hosts: dict[str, object] = {}
    for payload in payloads:
        if payload.path.endswith("/endpoints"):
            hosts[payload.path] = openrouter_hosts.hosts(payload)
        else:
            found, total, _ = _page(payload)
            rows += found
            announced = max(announced, total)
    if len(rows) < announced:
        raise UseSnapshotError(f"{_LIST}: {len(rows)} of {announced} rows")
    for row in rows:
        yield _with_hosts(row, hosts) if isinstance(row, dict) else row


def _with_hosts(row: dict[str, object], hosts: dict[str, object]) -> dict[str, object]:
    path = openrouter_hosts.path(row)
    unanswered = {_UNANSWERED: True} if path and hosts.get(path) is None else {}
    return {**row, "endpoints": hosts.get(path or ""), **unanswered}


def normalize(row: Row) -> Listing:
    """Turn one row into a listing; raises ValueError for a price or a limit that cannot be true."""
    pricing = row.pricing or openrouter_prices.Pricing()
    prices = openrouter_prices.read(pricing)
    shape = openrouter_shapes.architecture(row.architecture)
    top = row.top_provider or _TopProvider()
    end = planned_end(row.expiration_date)
    return Listing(
        gateway=GATEWAY.id,
        id=row.id,
        name=display_name(row.name, row.id),
        description=description(row.description),
        created=day(row.created),
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
        capabilities=openrouter_shapes.capabilities(row.supported_parameters, shape.input_modalities),
        knowledge_cutoff=clean_line(row.knowledge_cutoff or "") or None,
        expiration_date=end,
        status="deprecated" if end else "active",
        endpoints=openrouter_hosts.endpoints(row.endpoints, row.id),
    )


def _page(payload: Payload) -> tuple[list[object], int, str]:
    """Return the rows of a page, how many all pages announce, and the link to the next one."""
    document = payload.json()
    rows = document.get("data") if isinstance(document, dict) else document
    if not isinstance(rows, list):
        raise UseSnapshotError(f"{payload.path}: no list of models in the answer")
    about = document if isinstance(document, dict) else {}
    total, links = about.get("total_count"), about.get("links")
    link = links.get("next") if isinstance(links, dict) else None
    # Never another host's: only the path and the query of the link are followed.
    local = urlsplit(link)._replace(scheme="", netloc="").geturl() if isinstance(link, str) else ""
    return rows, total if isinstance(total, int) else 0, local
