"""What a row brought that is new to us: fields, meters, endpoints in another form."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import get_args

from pydantic import BaseModel

from catalog import paths
from catalog.ports import UpstreamRow
from catalog.schema.listing import METERS, Listing

_UNREAD_ENDPOINTS = "endpoints that cannot be read"


def count_drift(row: object, listing: Listing, drift: Counter[str]) -> None:
    """Count what a row has, or its listing, that we do not know."""
    if isinstance(row, UpstreamRow):  # its twin has nothing new
        _count_extra(row, "", drift)
    if listing.pricing and not listing.pricing.keys() <= METERS:
        drift.update(f"meter {meter}" for meter in listing.pricing.keys() - METERS)
    if listing.endpoints is None and getattr(row, "endpoints", None) is not None:
        drift[_UNREAD_ENDPOINTS] += 1


def _count_extra(model: BaseModel, prefix: str, drift: Counter[str]) -> None:
    if extra := model.__pydantic_extra__:
        drift.update(f"{prefix}{paths.printable(name[:60])}" for name in extra)
    fields = vars(model)
    for name in _nested_rows(type(model)):
        value = fields[name]
        if value is not None and _is_row(value.__class__):
            _count_extra(value, f"{prefix}{name}.", drift)


@cache
def _is_row(kind: type) -> bool:
    return issubclass(kind, UpstreamRow)


@cache
def _nested_rows(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the fields of an upstream row that can hold a row themselves."""
    return tuple(name for name, field in model.model_fields.items() if _holds_row(field.annotation))


def _holds_row(annotation: object) -> bool:
    if isinstance(annotation, type) and issubclass(annotation, UpstreamRow):
        return True
    return any(map(_holds_row, get_args(annotation)))
