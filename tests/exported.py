"""A tree with exports, and what a call costs according to its records; for the tools that read exports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import orjson

from catalog import pipeline
from catalog.assemble import assemble
from catalog.pages import Site
from catalog.render import Options
from catalog.schema.facts import IdentityFacts
from catalog.schema.listing import KeptListing, PriceSource, PriceTier
from catalog.store import Store
from tests import factories
from tests.factories import kept, money

ROOT = Path(__file__).parents[1]
FEW = 300
"""Listings that are taken of a gateway that has thousands."""
CHEAP = money(prompt="0.000001")
_OWN = PriceSource(gateway="openrouter", match="own")


def _special(name: str, *tiers: PriceTier, **overrides: Any) -> KeptListing:  # noqa: ANN401 - the fields of a listing
    usual = {"pricing": money(prompt="0.000003", completion="0.0000125"), "price_source": _OWN}
    known = {"created": "2026-01-02", "context_length": 2_000_000, "max_output_tokens": 8192}
    return kept(**{"id": f"special/{name}", "price_tiers": tiers, **usual, **known, **overrides})


def _above(tokens: int, **prices: str) -> PriceTier:
    return PriceTier(min_prompt_tokens=tokens, pricing=money(**prices))


def _at(start: str, end: str, **prices: str) -> PriceTier:
    return PriceTier(utc_start=start, utc_end=end, pricing=money(**prices))


LONG = "special/" + "x" * 106
SPECIAL = (
    _special("unknown", pricing={}),
    _special("free", pricing=money(prompt="0", completion="0")),
    _special("dynamic", pricing={}, price_kind="dynamic"),
    _special("tiered", _above(32_000, prompt="5e-6"), _above(128_000, prompt="0.00001", completion="2e-5")),
    _special("oddly-tiered", _above(100_000, prompt="0.000006", completion="0.000025")),
    _special("by-night", _at("16:30", "00:30", prompt="0.000001", completion="0.000005")),
    _special("by-day", _at("08:00", "10:00", prompt="0.000001"), _at("12:00", "13:00", prompt="0.000002")),
    _special("both", _above(100_000, prompt="0.000006"), _at("08:00", "10:00", prompt="0.000001")),
    _special("at-once", PriceTier(min_prompt_tokens=9, utc_start="08:00", utc_end="10:00", pricing=CHEAP)),
    _special("hasty", PriceTier(service_tier="priority", pricing=money(prompt="0.000009"))),
    _special("drawn", pricing={"per_image": Decimal("0.04")}, architecture=factories.outputs("image")),
    _special("x", id=LONG),
    _special("x", id="special/with space"),
)  # fmt: skip
"""A listing of every kind of price, and ids that not every format can hold."""


def _lines(store: Store, gateway: str) -> list[bytes]:
    shipped = list(store.lines(gateway))[:FEW] if gateway == "featherless" else list(store.lines(gateway))
    ours = [factories.line(each) for each in SPECIAL if each.gateway == gateway]
    return sorted(
        [line.strip() for line in (*shipped, *ours)], key=lambda line: str(orjson.loads(line)["id"])
    )


def write(folder: Path) -> None:
    """Write the tree of the shipped listings, of the many only a few, and of the special ones."""
    store = Store(ROOT / "data")
    lines = {gateway: _lines(store, gateway) for gateway in factories.ORDER}
    catalog = assemble(
        factories.ORDER, lambda gateway: map(orjson.loads, lines[gateway]), IdentityFacts(), {}
    )
    site = Site({}, factories.FACTS)
    for artifact in pipeline.artifacts(catalog, lines.__getitem__, site, Options()):
        for name in (artifact.path, *artifact.names):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(artifact.body)


class Call(NamedTuple):
    """One call of a model and what it costs by its record."""

    gateway: str
    model: str
    at: str
    """`HH:MM` UTC."""
    prompt: int
    """Tokens."""
    completion: int
    """Tokens."""
    cost: str
    """US dollars."""


def _priced(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the data of every record that has a price for a token in and one for a token out."""
    for path in sorted((folder / "catalog/gateway").glob("*/model/**/*.json")):
        data = orjson.loads(path.read_bytes())["data"]
        if data["pricing"]["prompt"] and data["pricing"]["completion"]:
            yield data


def priced(folder: Path) -> dict[str, dict[str, Any]]:
    """Return `gateway id` → the data of every record with a price per token."""
    return {f"{data['source_gateway']} {data['id']}": data for data in _priced(folder)}


def calls(data: dict[str, Any]) -> Iterator[Call]:
    """Yield calls on both sides of every condition of a record's price."""
    tiers = data["price_tiers"]
    sizes = {1000} | {
        tier["min_prompt_tokens"] + more for tier in tiers if "min_prompt_tokens" in tier for more in (0, 1)
    }
    times = {"11:30"} | {
        tier[name] for tier in tiers if "utc_start" in tier for name in ("utc_start", "utc_end")
    }
    for at in sorted(times):
        for prompt in sorted(sizes):
            prices = _prices(data, prompt, at)
            cost = prompt * Decimal(prices["prompt"]) + 10 * Decimal(prices["completion"])
            yield Call(data["source_gateway"], data["id"], at, prompt, 10, format(cost, "f"))


def _prices(data: dict[str, Any], prompt: int, at: str) -> dict[str, str]:
    prices = dict(data["pricing"])
    for tier in data["price_tiers"]:
        longer = prompt > tier.get("min_prompt_tokens", -1)
        if longer and "service_tier" not in tier and _open(tier.get("utc_start"), tier.get("utc_end"), at):
            prices |= tier
    return prices


def _open(start: str | None, end: str | None, at: str) -> bool:
    if start is None or end is None:
        return True
    return start <= at < end if start < end else at >= start or at < end


@dataclass
class Served:
    """A served tree."""

    url: str
    asked: list[str]
    """The paths that were asked for."""
    folder: Path


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {"": "application/json", ".json": "application/json"}  # noqa: RUF012 - read, not changed

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name it has there
        """Note in place of printing."""
        self.server.asked.append(self.path)  # type: ignore[attr-defined]  # set below


def serve(folder: Path) -> tuple[Served, ThreadingHTTPServer]:
    """Serve a tree as the plainest of hosts does, and note what is asked for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
    served = Served(f"http://127.0.0.1:{server.server_port}", [], folder)
    server.asked = served.asked  # type: ignore[attr-defined]  # for the handler
    Thread(target=server.serve_forever, daemon=True).start()
    return served, server
