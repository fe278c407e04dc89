"""Five gateways that write nasty strings wherever they can, with adapters that clean nothing away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from catalog.errors import SkipRowError, UseSnapshotError
from catalog.ports import Gateway, Get, Payload, UpstreamRow
from catalog.run import Run
from catalog.schema.listing import Architecture, Capabilities, Endpoint, Listing, PriceTier
from commands import program
from tests import toys
from tests.factories import FACTS, ORDER
from tests.hostile.corpus import CORPUS
from tests.toys import LATER, NOW, contents

PRICES = {"prompt": Decimal("0.000001"), "completion": Decimal("0.000002")}
SAID = " said"
"""Ends whatever is no id, so that it is known again: of such text no control character may be left."""
DEARER = {"prompt": Decimal("0.000004"), "completion": Decimal("0.000002")}


class StringRow(UpstreamRow):
    """A string, and whether it is the first night."""

    number: int
    text: str
    first: bool


@dataclass
class Nasty:
    """An adapter whose rows are strings."""

    GATEWAY: Gateway
    make: Callable[[StringRow], Listing]
    """Makes the listing of a string."""
    rows: list[dict[str, Any]] = field(default_factory=list)
    trouble: Exception | None = None
    Row: type[UpstreamRow] = StringRow

    def fetch(self, get: Get) -> Iterator[Payload]:
        """Answer with every row, or fail in the words of a string."""
        if self.trouble:
            raise self.trouble
        yield Payload("/models", json.dumps(self.rows).encode(), "BASE")

    def parse(self, payloads: Iterable[Payload]) -> Iterator[object]:
        """Read the rows."""
        for payload in payloads:
            yield from json.loads(payload.body)

    def normalize(self, row: StringRow) -> Listing:
        """Make a listing."""
        return self.make(row)


def by_id(row: StringRow) -> Listing:
    """Return a listing whose id is the string; it gets dearer."""
    return _listing("openrouter", row.text, row)


def by_organisation(row: StringRow) -> Listing:
    """Return a listing with a nasty name of which all is known that any tool asks for."""
    return _listing("chutes", f"acme/{row.text}", row, name=f"{row.text}{SAID}", hugging_face_id="acme/one")


def same_elsewhere(row: StringRow) -> Listing:
    """Return the same model on another gateway, for everything that compares; every third row fails."""
    if row.number % 3 == 0:
        raise SkipRowError(f"{row.text}{SAID}")
    return _listing("featherless", f"acme/{row.text}", row)


def by_field(row: StringRow) -> Listing:
    """Return a listing with the string in every field that can hold one, some in the second night only."""
    text, name = f"{row.text}{SAID}", f"ids/{row.text}"
    later = () if row.first else (text,)
    return _listing(
        "deepinfra",
        f"fields/row{row.number}",
        row,
        name=text,
        description=text,
        canonical_slug=name,
        hugging_face_id=name,
        alias_target=name,
        replaced_by=None if row.first else name,
        expiration_date=None if row.first else "2027-01-01",
        architecture=Architecture(
            input_modalities=("text", *later), output_modalities=("text",), tokenizer=text, instruct_type=text
        ),
        supported_parameters=(text, "tools"),
        quantization=text,
        knowledge_cutoff=text,
        price_tiers=(PriceTier(service_tier=text, pricing=PRICES),),
        endpoints=(Endpoint(name=text, tag=text, pricing=PRICES, quantization=text),),
    )


def _listing(gateway: str, model: str, row: StringRow, **more: Any) -> Listing:  # noqa: ANN401 - fields of a listing
    usual = {
        "name": f"Row {row.number}",
        "created": "2026-01-02",
        "context_length": 9000,
        "max_output_tokens": 800,
        "capabilities": Capabilities(tools=True, reasoning=True, structured_outputs=False, vision=False),
        "architecture": Architecture(input_modalities=("text",), output_modalities=("text",)),
        "pricing": PRICES if row.first else DEARER,
    }
    return Listing(gateway=gateway, id=model, **{**usual, **more})


class Tree(NamedTuple):
    """A published tree of nasty strings and the one of plain words beside it."""

    files: dict[str, bytes]
    plain: dict[str, bytes]


ADDRESS = "https://catalog.example/base"
"""Where the tree is published."""
MAKERS = {
    "openrouter": by_id,
    "chutes": by_organisation,
    "featherless": same_elsewhere,
    "deepinfra": by_field,
    "portkey": by_id,
}
FAILURE = f"{SAID}\x1b[31m<script>alert(1)</script> @octocat ![x](https://evil.example/x.png)\x9b0m\u202e"
"""In these words Portkey fails in the second night."""


def adapters(texts: Sequence[str], *, first: bool) -> list[Any]:
    """Return five adapters; the first night lacks the last strings, the second one the first strings."""
    chosen = list(enumerate(texts))[:-4] if first else list(enumerate(texts))[4:]
    rows = [{"number": number, "text": text, "first": first} for number, text in chosen]
    found = [Nasty(FACTS[name], MAKERS[name], rows) for name in ORDER]
    portkey = next(each for each in found if each.GATEWAY.id == "portkey")
    portkey.rows, portkey.trouble = [], UseSnapshotError(FAILURE)
    return found


def build_site(folder: Path, texts: Sequence[str] = CORPUS) -> Run:
    """Build a site of two nights below a folder, with the real website around it."""
    for name in ("data", "before", "output"):
        shutil.rmtree(folder / name, ignore_errors=True)
    run: Run | None = None
    for now, first in ((NOW, True), (LATER, False)):
        around = toys.world(*adapters(texts, first=first), now=now, site=program.site())
        run = toys.run(folder, around, accept=ORDER, log_attempt=True, base_url=ADDRESS)
        if first:
            (folder / "data").rename(folder / "before")
            shutil.copytree(folder / "before", folder / "data")
    assert run is not None
    return run


def build_both(folder: Path) -> Tree:
    """Build the site of nasty strings in `nasty`, the same of plain words in `plain`; returns both trees."""
    build_site(folder / "nasty")
    build_site(folder / "plain", [f"plain{number}" for number in range(len(CORPUS))])
    return Tree(contents(folder / "nasty/output"), contents(folder / "plain/output"))
