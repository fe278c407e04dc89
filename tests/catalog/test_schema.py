"""The nouns: frozen, strict about ours, and plain about money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from catalog.schema import documents
from catalog.schema import listing as listings
from catalog.schema import record as records
from catalog.schema import state as states
from catalog.schema.base import Noun
from catalog.schema.listing import METERS, KeptListing, PriceTier
from catalog.schema.record import RecordPricing, RecordTier
from tests.factories import THEN, listing

NOUNS = sorted(
    {
        noun
        for module in (documents, listings, records, states)
        for noun in vars(module).values()
        if isinstance(noun, type) and issubclass(noun, Noun) and noun is not Noun
    },
    key=lambda noun: noun.__name__,
)


@pytest.mark.parametrize("noun", NOUNS, ids=lambda noun: noun.__name__)
def test_every_field_says_what_it_means(noun: type[BaseModel]) -> None:
    """Each published or kept field has a description, and the noun itself one."""
    assert noun.__doc__
    assert [name for name, field in noun.model_fields.items() if not field.description] == []


def test_a_listing_is_frozen() -> None:
    """Nobody changes a listing behind another one's back."""
    with pytest.raises(ValidationError, match="frozen"):
        listing().name = "Two"  # type: ignore[misc] # refused, and so it should be


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"nickname": "x"}, id="unknown field"),
        pytest.param({"context_length": "1000"}, id="text for a number"),
        pytest.param({"context_length": 0}, id="no tokens"),
        pytest.param({"id": ""}, id="empty id"),
        pytest.param({"gateway": "Open Router"}, id="gateway"),
        pytest.param({"price_kind": "cheap"}, id="price kind"),
        pytest.param({"status": "gone"}, id="status"),
        pytest.param({"created": "24 March"}, id="day"),
        pytest.param({"pricing": {"prompt": Decimal(-1)}}, id="negative price"),
        pytest.param({"pricing": {"prompt": Decimal("NaN")}}, id="price that is no number"),
        pytest.param({"pricing": {"prompt": Decimal("Infinity")}}, id="endless price"),
        pytest.param({"pricing": {"prompt": Decimal(1_000_001)}}, id="absurd price"),
        pytest.param({"pricing": {"prompt": 0.1}}, id="float"),
    ],
)
def test_a_listing_is_strict(fields: dict[str, Any]) -> None:
    """Our own words are checked, and converted by nobody."""
    with pytest.raises(ValidationError):
        listing(**fields)


def test_money_is_written_plainly() -> None:
    """A price keeps its digits and loses its exponent on the way to a line and back."""
    fields = {**vars(listing(pricing={"prompt": Decimal("5E-8")})), "changed_at": THEN}
    written = KeptListing(**fields).model_dump_json()
    assert '"prompt":"0.00000005"' in written
    assert KeptListing.model_validate_json(written).pricing == {"prompt": Decimal("0.00000005")}


def test_the_meters_of_the_contract_are_known() -> None:
    """Every meter that the contract names is no drift."""
    named = {
        "prompt", "completion", "request", "image", "input_cache_read", "input_cache_write",
        "input_cache_write_1h", "internal_reasoning", "web_search", "audio", "audio_output", "image_output",
        "input_audio_cache", "per_image", "per_second", "per_character", "per_hour",
    }  # fmt: skip
    assert named <= METERS


def test_a_tier_needs_its_prices() -> None:
    """A condition without prices says nothing."""
    with pytest.raises(ValidationError, match="pricing"):
        PriceTier.model_validate({"min_prompt_tokens": 1})


@pytest.mark.parametrize("noun", [RecordPricing, RecordTier])
@pytest.mark.parametrize("price", ["1e-7", "0.10", "-1", "1.", ".5", "", 1, None])
def test_an_unknown_meter_is_published_as_a_plain_price(noun: type[BaseModel], price: object) -> None:
    """Further meters stand beside the known ones, under the same rule of writing."""
    four = dict.fromkeys(("prompt", "completion", "request", "image"))
    usual = four if noun is RecordPricing else {}
    assert noun.model_validate({**usual, "per_song": "0.1"}).model_extra == {"per_song": "0.1"}
    with pytest.raises(ValidationError):
        noun.model_validate({**usual, "per_song": price})
