"""`catalog/search.json`: every model in one small list, for searching in the browser.

Of a long list it holds the first models only, and parts beside it what begins in one way.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, TypeVar

from catalog import paths
from catalog.artifact import Artifact, Json, Limits, compact
from catalog.pages.beginnings import parts
from catalog.pages.shelf import Model, Shelf, stem
from catalog.schema.base import SCHEMA_VERSION
from catalog.units import modality

_PATH, _FOLDER = "catalog/search.json", "catalog/search/"
_Value = TypeVar("_Value")
_TOOLS, _REASONING, _FREE, _PAGE = 1, 2, 4, 8


def search(shelf: Shelf, limits: Limits) -> Iterator[Artifact]:
    """Yield the list, or its parts and the list of the first models: those that most gateways have."""
    models, most = shelf.models, limits.search_rows
    if len(models) <= limits.whole_rows:
        yield Artifact(_PATH, compact(_listed(shelf, models)))
        return
    for part in parts((paths.lower(f"{model.id} {model.name}") for model in models), most):
        some = [models[number] for number in part.items]
        yield Artifact(f"{_FOLDER}{paths.escape(part.beginning)}", _cut(shelf, some, part.more))
    yield Artifact(_PATH, _cut(shelf, models[:most], len(models) - most))


def _cut(shelf: Shelf, some: list[Model], more: int) -> bytes:
    return compact({**_listed(shelf, some), **({"more": more} if more else {})})


def _listed(shelf: Shelf, some: list[Model]) -> Json:
    """List models: ids in the order of the alphabet, and for each the number of what it is like.

    What one model is like or costs, others are and do, too: shapes and prices are stored once, and apart,
    as one says nothing of the other.
    """
    models = sorted(some, key=lambda model: (paths.lower(model.id), model.id))
    rank = {gateway: 1 << number for number, gateway in enumerate(shelf.catalog.book.order)}
    shapes, shape = _once([_shape(model, rank) for model in models])
    prices, price = _once([_prices(model) for model in models])
    return {
        "schema_version": SCHEMA_VERSION,
        "gateways": list(shelf.catalog.book.order),
        "ids": _ids(models),
        "names": {str(at): model.name for at, model in enumerate(models) if model.name != _plain_name(model)},
        "paths": {
            str(at): stem(model.path)
            for at, model in enumerate(models)
            if "~" in model.path and paths.escape(model.id) != model.path
        },
        "shapes": shapes,
        "shape": shape,
        "prices": prices,
        "price": price,
    }


def _once(values: list[_Value]) -> tuple[list[_Value], list[int]]:
    """Return each value once, the commonest first, and the number that each of them had."""
    numbers = {value: number for number, (value, _) in enumerate(Counter(values).most_common())}
    return list(numbers), [numbers[value] for value in values]


def _plain_name(model: Model) -> str:
    return model.id.rpartition("/")[2]


def _ids(models: list[Model]) -> list[str]:
    """Group ids by what stands before the first slash; as none has an empty segment, `//` can part them."""
    found: list[list[str]] = []
    for model in models:
        head, _, rest = model.id.partition("/")
        if not found or found[-1][0] != head:
            found.append([head])
        found[-1].append(rest)
    return ["//".join(some) for some in found]


def _shape(model: Model, rank: dict[str, int]) -> tuple[Any, ...]:
    traits, best = model.traits, model.cheapest
    flags = traits.tools * _TOOLS + traits.reasoning * _REASONING + model.free * _FREE
    return (
        sum(rank[gateway] for gateway in model.gateways),
        model.context_length,
        model.price_kind,
        modality(traits.inputs, traits.outputs) if traits.inputs or traits.outputs else None,
        flags + model.has_page * _PAGE,
        best.gateway if best else None,
    )


def _prices(model: Model) -> tuple[str | None, str | None]:
    best = model.cheapest
    return (best.prompt, best.completion) if best else (None, None)
