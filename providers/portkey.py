"""Portkey: what one workspace has connected, with prices from Portkey's open price files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Listing, PriceSource
from catalog.text import display_name
from providers import portkey_prices

_PRICES = "PORTKEY_PRICING_URL"
_PROVIDERS = "/providers"

GATEWAY = Gateway(
    id="portkey",
    name="Portkey",
    site="https://portkey.ai",
    docs="https://portkey.ai/docs",
    bases=(
        Base(
            "PORTKEY_BASE_URL",
            "https://api.portkey.ai/v1",
            key_variable="PORTKEY_API_KEY",
            key_header="x-portkey-api-key",
            key_prefix="",
            headers={"x-portkey-fetch-integrated-models": "true"},
        ),
        Base(_PRICES, "https://configs.portkey.ai/pricing"),
    ),
    key_required=True,
    account_bound=True,
)
"""From Portkey-AI/openapi of 2026-06-12 and Portkey-AI/models of 2026-08-21, read 2026-08-26."""

_PAGE_SIZE = 500
_MOST_PAGES = 100

_NEVER_BORROW = (":free", ":batch")
_EXACT_PRICE = PriceSource(gateway="portkey", match="exact")


class Row(UpstreamRow):
    """One model of one integration, with the entry of the price file that `parse` found for it."""

    id: str
    name: str | None = None
    pricing_config: portkey_prices.PricingConfig | None = None
    service: str | None = None

    slug: Any = None  # dropped, as the next one: what stands behind the `@…/` of the id
    canonical_slug: Any = None
    object: Any = None  # dropped: the same in every row


def fetch(get: Get) -> Iterator[Payload]:
    """Read the list, what stands behind its slugs, and the price files of its services."""
    seen: set[str] = set()
    for page in _pages(get):
        yield page
        seen |= _ids(_rows(page))
    told: dict[str, str] = {}
    for answer in get.many([_PROVIDERS]):
        if isinstance(answer, Payload):  # a key without the right to it is told nothing
            told = portkey_prices.told_services(answer)
            yield answer
    services = {_service(model_id, told) for model_id in seen}
    files = (f"/{service}.json" for service in sorted(filter(None, services)))
    for answer in get.many(files, base=_PRICES):
        if isinstance(answer, Payload):
            yield answer
        elif not answer.gone:  # without a file prices are unknown; with one that fails they would vanish
            raise UseSnapshotError(f"prices at {answer.path}: {answer.reason}")


def _pages(get: Get) -> Iterator[Payload]:
    """Read the list until a page brings nothing new."""
    seen: set[str] = set()
    offset = 0
    for _ in range(_MOST_PAGES):
        page = get.one(f"/models?limit={_PAGE_SIZE}&offset={offset}")
        rows = _rows(page)
        new = _ids(rows) - seen
        if offset and not new:
            return
        yield page
        if not rows:
            return
        seen |= new
        # By what came, not by what was asked for: a server may have a smaller limit, or none.
        offset += len(rows)
    raise UseSnapshotError(f"more than {_MOST_PAGES} pages")


def _rows(page: Payload) -> list[object]:
    rows = page.items("data")
    ids = _ids(rows)
    if ids and not any(model_id.startswith("@") for model_id in ids):
        raise UseSnapshotError("one provider's own list was served: the key has a default config bound to it")
    return rows


def _ids(rows: list[object]) -> set[str]:
    return {row["id"] for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str)}


def _split(model_id: str) -> tuple[str, str]:
    """Return slug and model of `@slug/model`; an id of another form has no slug."""
    slug, _, rest = model_id.partition("/")
    return (slug[1:], rest) if slug.startswith("@") and rest else ("", model_id)


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Yield the rows, each with the entry of exactly its service and model in the price files."""
    rows: list[object] = []
    prices: dict[str, dict[str, Any]] = {}
    told: dict[str, str] = {}
    for payload in payloads:
        if payload.base == _PRICES:
            prices[payload.path.strip("/").removesuffix(".json")] = portkey_prices.entries(payload)
        elif payload.path == _PROVIDERS:
            told = portkey_prices.told_services(payload)
        else:
            rows += _rows(payload)
    for row in rows:
        model_id = row.get("id") if isinstance(row, dict) else None
        if isinstance(row, dict) and isinstance(model_id, str):
            row |= {
                "service": told.get(_split(model_id)[0]),
                "pricing_config": _entry(model_id, prices, told),
            }
        yield row


def _service(model_id: str, told: Mapping[str, str]) -> str | None:
    """Return the service behind an id: as Portkey tells it, else the slug if it is a service's name."""
    slug = _split(model_id)[0]
    return told.get(slug) or portkey_prices.service_of(slug)


def _entry(model_id: str, prices: dict[str, dict[str, Any]], told: Mapping[str, str]) -> object:
    if model_id.endswith(_NEVER_BORROW):
        return None
    entry = prices.get(_service(model_id, told) or "", {}).get(_split(model_id)[1])
    # What is no entry is a bad row: its model keeps its last price.
    return entry.get("pricing_config") if isinstance(entry, dict) else entry


def normalize(row: Row) -> Listing:
    """Turn one row into a listing: Portkey knows an id and, in its price files, a price."""
    pricing = portkey_prices.pricing(row.pricing_config) if row.pricing_config else {}
    return Listing(
        gateway="portkey",
        id=row.id,
        unwrapped=_unwrapped(row.id, row.service),
        service=row.service,
        name=display_name(row.name, row.id),
        pricing=pricing,
        price_source=_EXACT_PRICE if pricing else None,
    )


def _unwrapped(model_id: str, told: str | None) -> str | None:
    """Return the id without the workspace's own slug, `organisation/model`, where that is known."""
    slug, model = _split(model_id)
    if "/" not in model:
        service = told or portkey_prices.service_of(slug)
        return service and f"{portkey_prices.ORGANISATIONS.get(service, service)}/{model}"
    if not slug:
        return None
    organisation, _, rest = model.partition("/")
    return rest if rest.startswith(f"{organisation}/") else model  # the organisation twice happens
