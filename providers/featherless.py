"""Featherless: open weights on a flat plan, tens of thousands of rows in pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from catalog import units
from catalog.days import day
from catalog.errors import UseSnapshotError
from catalog.ports import Base, Gateway, Get, Missing, Payload, Rows, UpstreamRow
from catalog.schema.listing import Architecture, Capabilities, Listing, PriceSource
from catalog.text import description, display_name

GATEWAY = Gateway(
    id="featherless",
    name="Featherless",
    site="https://featherless.ai",
    docs="https://featherless.ai/docs",
    bases=(Base("FEATHERLESS_BASE_URL", "https://api.featherless.ai/v1", "FEATHERLESS_API_KEY"),),
)
"""No specification exists: read off public answers of 2026-04-09 and 2026-09-28."""

_PAGE_SIZE = 250  # up to 1000 are served; small pages keep what is in memory small
_MOST_PAGES = 20_000  # five million rows; no sound answer announces more
_LOST_SHARE = Decimal("0.01")  # rows may move between pages while these are read
_UNIT_CHANGE = 10

_TEXT = Architecture(input_modalities=("text",), output_modalities=("text",))
_TEXT_AND_IMAGE = Architecture(input_modalities=("text", "image"), output_modalities=("text",))
_CAPABILITIES = {
    (tools, vision): Capabilities(tools=tools, vision=vision)
    for tools in (None, False, True)
    for vision in (None, False, True)
}
_OWN_PRICE = PriceSource(gateway="featherless", match="own")


class _Features(UpstreamRow):
    """What a model can do."""

    tool_use: bool | None = None
    image_input: bool | None = None


class _Prices(UpstreamRow):
    """The same two prices twice: as text per token and as numbers per million tokens."""

    prompt: object = None
    completion: object = None
    input: object = None
    output: object = None
    image: object = None
    request: object = None


class Row(UpstreamRow):
    """One repository as Featherless lists it."""

    quick: ClassVar[bool] = True

    id: str
    name: str | None = None
    description: str | None = None
    created: int | None = None
    context_length: int | None = None
    max_completion_tokens: int | None = None
    features: _Features | None = None
    vision_supported: bool | None = None
    pricing: _Prices | None = None

    object: Any = None  # dropped, as the next one: the same in every row
    owned_by: Any = None
    available_on_current_plan: Any = None  # dropped, as the next two: up to the account or the hour
    availability: Any = None
    concurrency_cost: Any = None
    status: Any = None  # dropped: also what is not deployed now can be asked for
    is_gated: Any = None  # dropped, as the next four: about the weights, which the Hub knows better
    model_class: Any = None
    parameter_size: Any = None
    is_moe: Any = None
    active_parameters: Any = None


def fetch(get: Get) -> Iterator[Payload]:
    """Ask for the first page, then for as many more as it announces."""
    first = get.one(_path(1))
    yield first
    for answer in get.many(map(_path, range(2, _page_count(first) + 1))):
        if isinstance(answer, Missing):
            raise UseSnapshotError(f"{answer.path}: {answer.reason}")
        yield answer


def _path(number: int) -> str:
    return f"/models?page={number}&per_page={_PAGE_SIZE}"


def _page_count(first: Payload) -> int:
    _, pagination = _page(first)
    count = pagination.get("total_pages", 1)
    if not isinstance(count, int) or count > _MOST_PAGES:
        raise UseSnapshotError(f"{first.path}: {count!r:.20} pages announced")
    return count


def parse(payloads: Iterable[Payload]) -> Iterator[object]:
    """Yield the rows page by page; one body is in memory at a time."""
    read = 0
    announced: object = None
    for number, payload in enumerate(payloads, 1):
        rows, pagination = _page(payload)
        if (pagination.get("current_page") or number) != number:
            raise UseSnapshotError(f"{payload.path}: another page was served")
        announced = pagination.get("total_items")
        read += len(rows)
        yield from rows
    if isinstance(announced, int) and read < announced * (1 - _LOST_SHARE):
        raise UseSnapshotError(f"{read} rows of {announced} announced")


def _page(payload: Payload) -> tuple[Rows | list[object], dict[str, Any]]:
    rows, beside = payload.page("data")
    pagination = beside.get("pagination")
    return rows, pagination if isinstance(pagination, dict) else {}


def normalize(row: Row) -> Listing:
    """Turn one row into a listing; the context is what Featherless serves, not what the weights allow."""
    pricing = _pricing(row.pricing) if row.pricing else {}
    tools = row.features.tool_use if row.features else None
    vision = _vision(row)
    context = row.context_length or None
    return Listing(
        gateway="featherless",
        id=row.id,
        name=display_name(row.name, row.id),
        description=description(row.description),
        created=day(row.created),
        hugging_face_id=row.id,
        context_length=context,
        served_context_length=context,
        max_output_tokens=row.max_completion_tokens or None,
        architecture=_TEXT_AND_IMAGE if vision else _TEXT,
        pricing=pricing,
        price_kind=None if pricing else "included",
        price_source=_OWN_PRICE if pricing else None,
        capabilities=_CAPABILITIES[tools, vision],
    )


def _vision(row: Row) -> bool | None:
    """Return whether any of the two fields claims image input; None when neither is there."""
    said = (row.vision_supported, row.features.image_input if row.features else None)
    return any(said) if said != (None, None) else None


def _pricing(prices: _Prices) -> dict[str, Decimal]:
    served = (prices.prompt, prices.input, prices.completion, prices.output, prices.image, prices.request)
    try:
        usual = _usual(*served)
    except TypeError:  # an object where a number belongs cannot be remembered
        usual = _usual.__wrapped__(*served)
    return {**usual, **units.extra_meters(prices.model_extra, units.usd)} if prices.model_extra else usual


@lru_cache(maxsize=4096, typed=True)
def _usual(
    prompt: object, per_million: object, completion: object, output: object, image: object, request: object
) -> dict[str, Decimal]:
    """Read the prices of one row; thousands of rows have the same few hundred."""
    found = {
        "prompt": _token_price(prompt, per_million),
        "completion": _token_price(completion, output),
        "image": _unless_filler(image),
        "request": _unless_filler(request),
    }
    return units.known(found)


def _token_price(text: object, number: object) -> Decimal | None:
    """Read the price per token, of which the number per million tokens is only a check."""
    price = units.usd(text)
    if price is not None and (number is None or price.scaleb(6) == number):
        return price
    check = units.usd_per_million(number)
    if price is None or check is None:
        return check
    low, high = sorted((price, check))
    # A small disagreement is their rounding; ten times as much means that a unit has changed.
    if high >= low * _UNIT_CHANGE:
        raise ValueError(f"price {text!r:.40} per token against {number!s:.40} per million")
    return price


def _unless_filler(value: object) -> Decimal | None:
    """Read a price that stands as "0" in every row, also where nothing is sold by it."""
    return None if value == "0" else units.usd(value) or None
