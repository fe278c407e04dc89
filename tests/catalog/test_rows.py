"""The quick twin of an upstream row: it reads what its model reads, and decides about nothing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

import msgspec
import pytest
from pydantic import ValidationError

from catalog.ports import UpstreamRow
from catalog.rows import Twin, reader
from providers import ADAPTERS, featherless


class _Below(UpstreamRow):
    """A row inside of a row."""

    price: object = None


class _Plain(UpstreamRow):
    """A row that is asked for its fields alone."""

    quick: ClassVar[bool] = True

    id: str
    count: int | None = None
    names: tuple[str, ...] | None = None
    below: _Below | None = None


WHOLE = {"id": "a", "count": 1, "names": ["b"], "below": {"price": Decimal("0.1")}}


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({"id": "a"}, id="fields that are not there"),
        pytest.param(WHOLE, id="every field"),
        pytest.param({**WHOLE, "count": None, "below": None}, id="nulls"),
    ],
)
def test_a_twin_says_what_its_model_says(raw: dict[str, Any]) -> None:
    """Field by field, rows inside of rows included."""
    twin, model = reader(_Plain)(raw), _Plain.model_validate(raw)
    assert isinstance(twin, Twin)
    told = msgspec.to_builtins(twin, builtin_types=[Decimal])
    assert told == msgspec.to_builtins(model.model_dump(), builtin_types=[Decimal])
    assert not twin.model_extra


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param({**WHOLE, "new": 1}, id="a new field"),
        pytest.param({**WHOLE, "below": {"new": 1}}, id="a new field below"),
        pytest.param({**WHOLE, "count": "1"}, id="a number as text"),
        pytest.param({**WHOLE, "count": Decimal("1.0")}, id="a whole number with a point"),
    ],
)
def test_what_a_twin_refuses_is_read_by_the_model(raw: dict[str, Any]) -> None:
    """Only the model counts new fields and knows what may be converted."""
    assert reader(_Plain)(raw) == _Plain.model_validate(raw)


@pytest.mark.parametrize("raw", [None, [], "a", {}, {"id": 1}, {**WHOLE, "below": []}], ids=repr)
def test_what_both_refuse_is_refused_in_the_words_of_the_model(raw: object) -> None:
    """A reason for quarantine does not depend on who looked first."""
    with pytest.raises(ValidationError):
        reader(_Plain)(raw)


def test_a_model_that_is_asked_for_more_has_no_twin() -> None:
    """Such as `model_fields_set`, which a twin does not have."""
    assert isinstance(reader(_Below)({}), _Below)


def test_the_gateway_with_most_rows_has_one() -> None:
    """A new kind of field in its rows would else cost a tenth of a build without anybody seeing it."""
    assert isinstance(reader(featherless.Row)({"id": "a/b"}), Twin)
    assert [adapter.GATEWAY.id for adapter in ADAPTERS if adapter.Row.quick] == ["featherless"]
