"""What the Hub says of a model, and what of it can be true."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, ValidationError

from catalog.ports import Payload, UpstreamRow
from catalog.schema.metrics import Repository
from providers.huggingface_plan import FIELDS, is_name, is_word

HIGHEST_COUNT = 10**15


def _count(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= HIGHEST_COUNT else None


def _word(value: object) -> str | None:
    return value if isinstance(value, str) and is_word(value) else None


def _gated(value: object) -> bool | None:
    return value if isinstance(value, bool) else True if value in ("auto", "manual") else None


class Row(UpstreamRow):
    """A model as the Hub describes it; what cannot be true is unknown."""

    id: str
    downloads: Annotated[int | None, BeforeValidator(_count)] = None
    likes: Annotated[int | None, BeforeValidator(_count)] = None
    pipeline_tag: Annotated[str | None, BeforeValidator(_word)] = None
    library_name: Annotated[str | None, BeforeValidator(_word)] = None
    gated: Annotated[bool | None, BeforeValidator(_gated)] = None


def parse(payload: Payload) -> Iterator[Row]:
    """Yield the models of an answer, a list or a single one; what is no model is passed over."""
    document = payload.json()
    for raw in document if isinstance(document, list) else [document]:
        try:
            row = Row.model_validate(raw)
        except ValidationError:
            continue
        if is_name(row.id):
            yield row


def repository(row: Row, name: str, today: date) -> Repository:
    """Return what is kept of a model that was found under a name, which may be an old one of it."""
    same = row.id.lower() == name.lower()
    said = row.model_dump(include={*FIELDS})
    return Repository(
        id=row.id if same else name, moved_to=None if same else row.id, as_of=today.isoformat(), **said
    )
