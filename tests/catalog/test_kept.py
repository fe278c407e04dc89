"""A listing as it is kept: which price kind, which fields, which text."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from catalog.filled import fill_counts
from catalog.kept import encode, settle
from catalog.schema.listing import Endpoint, Listing, PriceSource
from tests.factories import Toy, listing, money, outputs, parsed, read

OWN = PriceSource(gateway="openrouter", match="own")
FREE = money(prompt="0", completion="0")


@pytest.mark.parametrize(
    ("modality", "pricing", "kind", "left"),
    [
        pytest.param("text", money(prompt="0.1", completion="0"), "known", None, id="one price"),
        pytest.param("text", FREE, "free", None, id="free"),
        pytest.param("text", FREE | money(request="0.1"), "known", None, id="not every unit is 0"),
        pytest.param("text", {}, "unknown", {}, id="nothing served"),
        pytest.param("image", FREE, "unknown", {}, id="image for 0"),
        pytest.param("audio", FREE, "unknown", {}, id="audio for 0"),
        pytest.param("video", FREE, "unknown", {}, id="video for 0"),
        pytest.param("rerank", FREE, "unknown", {}, id="rerank for 0"),
        pytest.param("embeddings", FREE, "unknown", {}, id="embeddings for 0"),
        pytest.param(
            "image", FREE | money(per_image="0.04"), "known", money(per_image="0.04"), id="another unit"
        ),
        pytest.param("image", FREE | money(per_image="0"), "unknown", {}, id="every unit 0 for an image"),
        pytest.param("embeddings", money(prompt="0.1", completion="0"), "known", None, id="embeddings"),
        pytest.param(None, FREE, "unknown", {}, id="nobody says what comes out"),
    ],
)
def test_price_kind(
    modality: str | None, pricing: dict[str, Decimal], kind: str, left: dict[str, Decimal] | None
) -> None:
    """Free is every served unit at 0 and text out; zero token prices of other models say nothing."""
    shape = outputs(modality) if modality else outputs().model_copy(update={"output_modalities": None})
    found = settle(listing(architecture=shape, pricing=pricing, price_source=OWN))
    assert (found.price_kind, found.pricing) == (kind, pricing if left is None else left)
    assert found.price_source == (OWN if found.pricing else None)


def test_text_and_more_is_not_free() -> None:
    """A model that can put out an image as well as text is not free for its token prices."""
    assert settle(listing(architecture=outputs("image", "text"), pricing=FREE)).price_kind == "unknown"


def test_a_name_decides_nothing() -> None:
    """`:free` in an id is no price."""
    assert settle(listing(id="acme/one:free")).price_kind == "unknown"


@pytest.mark.parametrize("kind", ["dynamic", "included"])
def test_what_an_adapter_knows_stays(kind: str) -> None:
    """A gateway can say that a price is decided later, or that a flat plan includes it."""
    found = settle(listing(price_kind=kind, pricing=money(web_search="0.01")))
    assert (found.price_kind, found.pricing) == (kind, money(web_search="0.01"))


def test_hosts_of_a_model_obey_the_same_rule() -> None:
    """The zero token prices of a host of a music model are dropped like the model's own."""
    host = Endpoint(name="Host", tag="host", pricing=FREE)
    paid = Endpoint(name="Other", tag="other", pricing=money(prompt="0.1"))
    found = settle(listing(architecture=outputs("audio"), endpoints=(host, paid)))
    assert [endpoint.pricing for endpoint in found.endpoints or ()] == [{}, money(prompt="0.1")]
    text = settle(listing(endpoints=(host,)))
    assert (text.endpoints or ())[0].pricing == FREE


def test_short_values_are_measured_as_published() -> None:
    """A list of many short values would be small in a line and too large as a record."""
    many = tuple(f"{number:03}" for number in range(1400))

    def normalize(_: object) -> Listing:
        return listing(supported_parameters=many)

    _, tally = read({"id": "a/b"}, adapter=Toy(normalize=normalize))
    assert "larger than" in tally.quarantined[0].reason
    assert len(json.dumps(many)) < 14_000


def test_a_line_leaves_out_what_is_unknown() -> None:
    """Null and empty fields cost nothing; that there are no endpoints is known."""
    lines, _ = read({"id": "a/b"})
    assert parsed(lines[0]) == {
        "gateway": "toy",
        "id": "a/b",
        "name": "One",
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "price_kind": "unknown",
        "status": "active",
        "changed_at": "2026-11-20T02:17:00Z",
    }

    lines, _ = read({"id": "a/b"}, adapter=Toy(normalize=lambda _: listing(endpoints=())))
    assert parsed(lines[0])["endpoints"] == []


def test_a_line_is_valid_unicode() -> None:
    """What no file can hold is a reason to set a row aside."""
    with pytest.raises(ValueError, match=r"surrogate|UTF-8"):
        encode({"name": "\ud800"})


def test_a_meter_that_costs_nothing_says_nothing() -> None:
    """Guards do not miss an optional price of 0 that is gone; prompt and completion are never optional."""
    free: dict[str, Any] = {
        "id": "a/b",
        "pricing": {"prompt": "0", "completion": "0", "request": "0", "image": "1"},
    }
    found = fill_counts([free])
    assert [name for name in found if name.startswith("pricing.")] == [
        "pricing.prompt", "pricing.completion", "pricing.image",
    ]  # fmt: skip
