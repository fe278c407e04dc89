"""EDGE Today's prices beside the published ones: gateways are asked now, and nothing is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from catalog.run import Run
from catalog.schema.record import Offer, Record
from catalog.settings import Settings
from catalog.world import World

COLUMNS = ("gateway", "id", "prompt", "completion", "now: prompt", "completion", "today")
_STATE = shutil.ignore_patterns("snapshots", "state.json", "*.jsonl", "changes", "attempts", ".next")


@dataclass(frozen=True)
class Quote:
    """One offer as published and as its gateway tells it now, in US dollars per token."""

    offer: Offer
    """As published."""
    prompt: str | None
    """Today."""
    completion: str | None
    """Today."""
    today: str
    """same, changed, no price of its own, gone, or the state of a gateway that did not answer."""

    def row(self) -> tuple[str, ...]:
        """Return the texts of a table row, under `COLUMNS`."""
        told = (self.offer.prompt, self.offer.completion, self.prompt, self.completion)
        return self.offer.gateway, self.offer.id, *(price or "-" for price in told), self.today


def quotes(record: Record, world: World, data: Path, scratch: Path) -> tuple[list[Quote], list[str]]:
    """Ask every gateway of a record for its list; returns prices, and why a gateway did not answer.

    `scratch` is an empty folder to work in.

    The facts and static catalogs of `data` are used, its snapshots are not.
    """
    shutil.copytree(data, scratch / "data", ignore=_STATE)
    asked = tuple(dict.fromkeys(offer.gateway for offer in record.gateways))
    run = Run(Settings(output=scratch / "output", data=scratch / "data", gateways=asked), world)
    run.refresh()
    told = [quote for gateway in asked for quote in _of_gateway(run, gateway, record)]
    run.store.discard()
    memories = {gateway: run.memories[gateway] for gateway in asked}
    return told, [f"{name}: {memory.reason}" for name, memory in memories.items() if memory.reason]


def _of_gateway(run: Run, gateway: str, record: Record) -> Iterator[Quote]:
    offers = {offer.id: offer for offer in record.gateways if offer.gateway == gateway}
    state = run.memories[gateway].state
    lines = map(orjson.loads, run.store.lines(gateway)) if state == "fresh" else ()
    found = {fields["id"]: fields for fields in lines if fields["id"] in offers}
    for model_id, offer in offers.items():
        yield _quote(offer, found.get(model_id), "gone" if state == "fresh" else state)


def _quote(offer: Offer, fields: dict[str, Any] | None, otherwise: str) -> Quote:
    if fields is None:
        return Quote(offer, None, None, otherwise)
    pricing = fields.get("pricing", {})
    prompt, completion = pricing.get("prompt"), pricing.get("completion")
    if (prompt, completion) == (offer.prompt, offer.completion):
        return Quote(offer, prompt, completion, "same")
    borrowed = fields["price_kind"] == "unknown" and offer.price_kind == "known"
    return Quote(offer, prompt, completion, "no price of its own" if borrowed else "changed")
