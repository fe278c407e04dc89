"""Raw rows to upstream rows: what holds no surprise is read by a quicker twin of the row's model.

The twin has the fields and types of the model, converts nothing and accepts no unknown field. Whatever it
refuses is read, counted or refused by the model itself, so that the twin decides about nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, reduce
from operator import or_
from types import UnionType
from typing import Any, ClassVar, get_args

import msgspec

from catalog.ports import UpstreamRow


class Twin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every twin shares."""

    model_extra: ClassVar[None] = None
    """A row with unknown fields is read by its model."""


@cache
def reader(model: type[UpstreamRow]) -> Callable[[object], Any]:
    """Return what reads a raw row as a model, or as its twin; raises ValidationError as the model does."""
    if not model.quick:
        return model.model_validate
    twin = _twin(model)

    def read(raw: object) -> Any:  # noqa: ANN401 - the model or its twin
        try:
            return msgspec.convert(raw, twin)
        except msgspec.ValidationError:
            return model.model_validate(raw)

    return read


@cache
def _twin(model: type[UpstreamRow]) -> type[msgspec.Struct]:
    fields = [
        (name, _twins(each.annotation), msgspec.NODEFAULT if each.is_required() else each.default)
        for name, each in model.model_fields.items()
    ]
    return msgspec.defstruct(model.__name__, fields, bases=(Twin,), frozen=True, forbid_unknown_fields=True)


def _twins(annotation: Any) -> Any:  # noqa: ANN401 - any annotation
    """Return an annotation with twins in the place of models."""
    if isinstance(annotation, UnionType):
        return reduce(or_, map(_twins, get_args(annotation)))
    if isinstance(annotation, type) and issubclass(annotation, UpstreamRow):
        return _twin(annotation)
    return Any if annotation is object else annotation
