"""Portkey: what one workspace has connected, with prices from Portkey's open price files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Payload, UpstreamRow
from catalog.schema.listing import Listing, PriceSource
from providers import portkey_prices

_PRICES = "PORTKEY_PRICING_URL"

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

    slug: Any = None  # dropped, as the next one: what stands behind the `@…/` of the id
    canonical_slug: Any = None
    object: Any = None  # dropped: the same in every row


def fetch(get: Get) -> Iterator[Payload]:
    """Read the list until a page brings nothing new, then the price files of its services."""
    seen: set[str] = set()
    offset = 0
    for _ in range(_MOST_PAGES):
        page = get.one(f"/models?limit={_PAGE_SIZE}&offset={offset}")
        rows = _rows(page)
        new = _ids(rows) - seen
        if offset and not new:
            break
        yield page
        if not rows:
            break
        seen |= new
        # By what came, not by what was asked for: a server may have a smaller limit, or none.
        offset += len(rows)
    else:
        raise UseSnapshotError(f"more than {_MOST_PAGES} pages")
    services = {portkey_prices.service_of(_split(model_id)[0]) for model_id in seen}
    files = (f"/{service}.json" for service in sorted(filter(None, services)))
    for answer in get.many(files, base=_PRICES):
        if isinstance(answer, Payload):
            yield answer
        elif not answer.gone:  # without a file prices are unknown; with one that fails they would vanish
            raise UseSnapshotError(f"prices at {answer.path}: {answer.reason}")


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
    for payload in payloads:
        if payload.base == _PRICES:
            prices[payload.path.strip("/").removesuffix(".json")] = portkey_prices.entries(payload)
        else:
            rows += _rows(payload)
    for row in rows:
        entry = _entry(row, prices)
        yield {**row, "pricing_config": entry} if entry is not None and isinstance(row, dict) else row


def _entry(row: object, prices: dict[str, dict[str, Any]]) -> object:
    model_id = row.get("id") if isinstance(row, dict) else None
    if not isinstance(model_id, str) or model_id.endswith(_NEVER_BORROW):
        return None
    slug, model = _split(model_id)
    entry = prices.get(portkey_prices.service_of(slug) or "", {}).get(model)
    return entry and entry.get("pricing_config")


def normalize(row: Row) -> Listing:
    """Turn one row into a listing: Portkey knows an id and, in its price files, a price."""
    pricing = portkey_prices.pricing(row.pricing_config) if row.pricing_config else {}
    return Listing(
        gateway="portkey",
        id=row.id,
        unwrapped=_unwrapped(row.id),
        name=units.display_name(row.name, row.id),
        pricing=pricing,
        price_source=_EXACT_PRICE if pricing else None,
    )


def _unwrapped(model_id: str) -> str | None:
    """Return the id without the workspace's own slug, `organisation/model`, where that is known."""
    slug, model = _split(model_id)
    if "/" not in model:
        service = portkey_prices.service_of(slug)
        return service and f"{portkey_prices.ORGANISATIONS[service]}/{model}"
    if not slug:
        return None
    organisation, _, rest = model.partition("/")
    return rest if rest.startswith(f"{organisation}/") else model  # the organisation twice happens
