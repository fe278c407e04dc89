"""What every adapter promises, whichever gateway it speaks to; a new one is found here by itself."""

from __future__ import annotations

import ast
import copy
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import urlsplit

import pytest

from catalog import paths
from catalog.errors import SkipRowError
from catalog.ports import Adapter, Base, Payload, UpstreamRow
from catalog.schema.base import GATEWAY_PATTERN
from catalog.schema.listing import Listing
from providers import ADAPTERS

KNOWN_DUPLICATES = {"featherless": 1}
"""How many ids of a hand-made upstream stand there twice on purpose."""
ODD: tuple[Any, ...] = (
    None,
    True,
    7,
    -1,
    "text",
    "",
    [],
    {},
    [[]],
    [None],
    {"id": None},
    {"id": 7},
    Decimal("NaN"),
    "1e999",
)
"""What no row and no field should be, and some day one is."""
MOST_LINES = 150
"""Of code, in one adapter."""
MAY_IMPORT = re.compile(
    r"catalog\.(ports|schema(\..+)?|days|text|units|errors)|providers\.\w+_(prices|hosts|shapes)"
)
"""What an adapter may know of us; import-linter says whose parts are whose."""

each_adapter = pytest.mark.parametrize("adapter", ADAPTERS, ids=[each.GATEWAY.id for each in ADAPTERS])
Replay = Callable[[Adapter], list[Payload]]


def read(adapter: Adapter, raw: object) -> Listing | None:
    """Read one raw row as the core does; None when it is set aside, which only these errors may do."""
    try:
        return adapter.normalize(adapter.Row.model_validate(raw))
    except (ValueError, SkipRowError):
        return None


def listings(adapter: Adapter, payloads: list[Payload]) -> list[str]:
    """Return every listing of an answer as JSON, sorted."""
    found = filter(None, (read(adapter, raw) for raw in adapter.parse(payloads)))
    return sorted(listing.model_dump_json() for listing in found)


def rewritten(payload: Payload, change: Callable[[list[Any]], None]) -> Payload:
    """Return a payload whose list of rows is changed; one without a list stays as it is."""
    document = json.loads(payload.body)
    rows = document.get("data") if isinstance(document, dict) else document
    if isinstance(rows, list):
        change(rows)
    return replace(payload, body=json.dumps(document).encode())


@each_adapter
def test_it_has_the_five_names(adapter: Adapter) -> None:
    """GATEWAY, Row, fetch, parse, normalize; and mypy holds the registry to the protocol."""
    assert issubclass(adapter.Row, UpstreamRow)
    assert all(callable(verb) for verb in (adapter.fetch, adapter.parse, adapter.normalize))
    assert isinstance(adapter, ModuleType)
    assert adapter.__name__ == f"providers.{adapter.GATEWAY.id}"


@each_adapter
def test_its_facts_are_sane(adapter: Adapter) -> None:
    """A short id, public https addresses without a slash at the end, variables in capitals."""
    gateway = adapter.GATEWAY
    assert re.fullmatch(GATEWAY_PATTERN, gateway.id)
    assert gateway.name
    for url in (gateway.site, gateway.docs, *(base.url for base in gateway.bases)):
        parts = urlsplit(url)
        assert (parts.scheme, parts.query, parts.fragment, url[-1:] == "/") == ("https", "", "", False), url
    for name in filter(None, (name for base in gateway.bases for name in (base.variable, base.key_variable))):
        assert re.fullmatch(r"[A-Z][A-Z0-9_]+_(URL|KEY)", name)
    assert not gateway.key_required or gateway.bases[0].key_variable


def test_no_two_gateways_share_an_id_or_a_variable() -> None:
    """A variable that two gateways read would send one's key to the other."""
    gateways = [adapter.GATEWAY for adapter in ADAPTERS]
    bases: list[Base] = [base for gateway in gateways for base in gateway.bases]
    names = [base.variable for base in bases] + [base.key_variable for base in bases if base.key_variable]
    assert len({gateway.id for gateway in gateways}) == len(gateways)
    assert [name for name, count in Counter(names).items() if count > 1] == []


@each_adapter
def test_a_replay_gives_listings_that_can_be_published(adapter: Adapter, replayed: Replay) -> None:
    """Each one survives a round trip through JSON, has a path of its own and prices that are prices."""
    found = [Listing.model_validate_json(text) for text in listings(adapter, replayed(adapter))]
    assert found, "a cassette without a listing proves nothing"
    for listing in found:
        assert listing.gateway == adapter.GATEWAY.id
        assert paths.escape(listing.id)
        assert listing.name.strip()
        for price in prices(listing):
            assert isinstance(price, Decimal)
            assert 0 <= price < 1_000_000


def prices(listing: Listing) -> Iterator[object]:
    """Yield every price of a listing, tiers, list prices and endpoints included."""
    yield from listing.pricing.values()
    yield from (listing.list_pricing or {}).values()
    for tier in listing.price_tiers:
        yield from tier.pricing.values()
    for endpoint in listing.endpoints or ():
        yield from endpoint.pricing.values()


@each_adapter
def test_its_ids_are_unique_but_for_known_duplicates(adapter: Adapter, replayed: Replay) -> None:
    """The core merges duplicates; an adapter that makes some up is wrong."""
    ids = Counter(json.loads(text)["id"] for text in listings(adapter, replayed(adapter)))
    twice = [name for name, count in ids.items() if count > 1]
    assert len(twice) == KNOWN_DUPLICATES.get(adapter.GATEWAY.id, 0), twice


@each_adapter
def test_most_rows_of_its_upstream_can_be_read(adapter: Adapter, replayed: Replay) -> None:
    """An adapter that sets everything aside would pass every other test."""
    rows = list(adapter.parse(replayed(adapter)))
    assert sum(read(adapter, raw) is not None for raw in rows) >= 0.75 * len(rows)


@each_adapter
@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_rows_means_nothing(adapter: Adapter, replayed: Replay, seed: int) -> None:
    """Some gateways shuffle their list in every answer."""
    payloads = replayed(adapter)
    shuffled = [rewritten(payload, random.Random(seed).shuffle) for payload in payloads]
    assert shuffled != payloads
    assert listings(adapter, shuffled) == listings(adapter, payloads)


@each_adapter
def test_a_new_field_changes_nothing_and_is_seen(adapter: Adapter, replayed: Replay) -> None:
    """Gateways add fields without notice: they are kept, so that the core can count them."""

    def add(rows: list[Any]) -> None:
        for row in rows:
            row["new_tomorrow"] = {"a": 1}

    payloads = replayed(adapter)
    wider = [rewritten(payload, add) for payload in payloads]
    assert listings(adapter, wider) == listings(adapter, payloads)
    for raw in adapter.parse(wider):
        assert "new_tomorrow" in (adapter.Row.model_validate(raw).model_extra or {})


@each_adapter
@pytest.mark.parametrize("odd", ODD[:-2], ids=repr)
def test_an_odd_row_costs_that_row_only(adapter: Adapter, replayed: Replay, odd: object) -> None:
    """Whatever stands in the list in place of a row, the others are read as before."""
    payloads = replayed(adapter)
    mixed = [rewritten(payload, lambda rows: rows.insert(1, odd)) for payload in payloads]
    assert listings(adapter, mixed) == listings(adapter, payloads)


@each_adapter
def test_an_odd_field_never_breaks_more_than_its_row(adapter: Adapter, replayed: Replay) -> None:
    """Every field of every row, at every depth, in turn becomes everything that it should not be."""
    tried = 0
    for raw in adapter.parse(replayed(adapter)):
        for changed in variations(raw):
            read(adapter, changed)
            tried += 1
    assert tried > 100


def variations(value: object) -> Iterator[object]:
    """Yield copies of a JSON value, each with one odd value in one place."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from ({**value, key: odd} for odd in (*ODD, *variations(part)))
    elif isinstance(value, list):
        for at, part in enumerate(value):
            yield from ([*value[:at], odd, *value[at + 1 :]] for odd in (*ODD, *variations(part)))


def test_the_variations_reach_every_depth() -> None:
    """A search for trouble that stays on the surface finds none."""
    found = list(variations({"a": [{"b": 1}]}))
    assert {"a": [{"b": "text"}]} in found
    assert {"a": ["text"]} in found
    assert {"a": "text"} in found


@each_adapter
def test_reading_changes_nothing_that_was_read(adapter: Adapter, replayed: Replay) -> None:
    """Raw rows and validated ones are the same after as before, and can be read again."""
    payloads = replayed(adapter)
    raws = list(adapter.parse(payloads))
    before = copy.deepcopy(raws)
    for raw in raws:
        read(adapter, raw)
    assert raws == before
    assert list(adapter.parse(payloads)) == before


@each_adapter
def test_it_knows_little_of_us(adapter: Adapter) -> None:
    """Ports, schema, conversions and errors; no HTTP client, no core, no other gateway."""
    assert isinstance(adapter, ModuleType)
    ours = [name for name in imports(source(adapter)) if name.split(".")[0] in {"catalog", "providers"}]
    assert ours
    assert [name for name in ours if not MAY_IMPORT.fullmatch(name)] == []
    assert not {"httpx", "stamina", "os", "time", "random"} & set(imports(source(adapter)))


@each_adapter
def test_it_is_small(adapter: Adapter) -> None:
    """An adapter says only what is peculiar to its gateway; comments, docstrings and blank lines are free."""
    assert code_lines(source(adapter)) <= MOST_LINES


def code_lines(text: str) -> int:
    """Count the lines that hold code."""
    free = set[int]()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            free |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = enumerate(text.splitlines(), 1)
    return sum(at not in free and bool(line.partition("#")[0].strip()) for at, line in lines)


def source(adapter: Adapter) -> str:
    """Return the text of an adapter's module."""
    assert isinstance(adapter, ModuleType)
    return Path(adapter.__file__ or "").read_text(encoding="utf-8")


def imports(text: str) -> list[str]:
    """Return the full names that a module imports modules by, or names from."""
    found: list[str] = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            packages = node.module in {"catalog", "providers"}
            found += [f"{node.module}.{alias.name}" if packages else str(node.module) for alias in node.names]
    return found
