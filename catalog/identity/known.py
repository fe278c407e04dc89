"""What gateways themselves say about their ids: repositories, dates, names that are spelled alike."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from sys import intern
from typing import NamedTuple

from catalog.artifact import Json
from catalog.identity import names
from catalog.ledger import repeated
from catalog.paths import lower
from catalog.schema.facts import HubName


class Row(NamedTuple):
    """What identity needs to know of a listing."""

    gateway: str
    id: str
    hugging_face_id: str | None = None
    canonical_slug: str | None = None
    outputs: tuple[str, ...] | None = None
    """Output modalities."""
    context_length: int | None = None


def row(fields: Json) -> Row:
    """Take what identity needs from a kept listing; what many of them say is held once."""
    gateway = intern(fields["gateway"])
    return Row(
        gateway,
        fields["id"],
        fields.get("hugging_face_id") if gateway in _NAMING else None,
        fields.get("canonical_slug"),
        _once(tuple(fields.get("architecture", {}).get("output_modalities") or ())),
        fields.get("context_length"),
    )


_NAMING = frozenset({"openrouter", "chutes"})
"""The gateways whose ids lead to a model by the repository that they name."""


@cache
def _once(outputs: tuple[str, ...]) -> tuple[str, ...] | None:
    return outputs or None


@dataclass
class Known:
    """What was learned; everything is in lower case, ids of OpenRouter without their `:variant`."""

    hub: dict[str, str] = field(default_factory=dict)
    """Id of OpenRouter → the repository that it names."""
    ids: set[str] = field(default_factory=set)
    """All ids that OpenRouter ever had."""
    dated: dict[str, str] = field(default_factory=dict)
    """OpenAI's id with the date of the release, in digits only → id of OpenRouter."""
    roots: dict[str, str] = field(default_factory=dict)
    """Id of Chutes → the repository of its weights."""
    twins: set[str] = field(default_factory=set)
    """Ids of Featherless that stand for different repositories though they are spelled alike."""


def learn(lines: Iterable[HubName], rows: Iterable[Row]) -> Known:
    """Learn from the facts, then from all listings, whose word is newer; their order does not matter."""
    known = Known()
    for line in sorted(lines, key=lambda line: line.last_seen):
        known.ids.add(base(line.id))
        if line.hugging_face_id:
            known.hub[base(line.id)] = lower(line.hugging_face_id)
    by_gateway: dict[str, list[Row]] = {}
    for each in rows:
        by_gateway.setdefault(each.gateway, []).append(each)
    # A row without variant has the last word.
    for each in sorted(by_gateway.get("openrouter", ()), key=lambda row: (":" not in row.id, row.id)):
        _learn_openrouter(known, base(lower(each.id)), each)
    known.roots = {
        lower(each.id): lower(each.hugging_face_id)
        for each in by_gateway.get("chutes", ())
        if each.hugging_face_id
    }
    known.twins = set(_twins(by_gateway.get("featherless", ())))
    return known


def _twins(rows: Sequence[Row]) -> Iterator[str]:
    twice = repeated(names.alike(lower(each.id)) for each in rows)
    alike: dict[str, str] = {}
    for each in rows if twice else ():
        name = names.alike(lower(each.id))
        first = alike.setdefault(name, each.id) if hash(name) in twice else each.id
        if first != each.id:
            yield from (lower(first), lower(each.id))


def _learn_openrouter(known: Known, model_id: str, each: Row) -> None:
    known.ids.add(model_id)
    if each.hugging_face_id:
        known.hub[model_id] = lower(each.hugging_face_id)
    # OpenAI's dates are those of its releases; other organisations' are the days on which they were listed.
    if each.canonical_slug and model_id.startswith("openai/"):
        name, _, date = lower(each.canonical_slug).partition(f"{model_id}-")
        digits = date.replace("-", "")
        if not name and digits.isdigit():
            known.dated[f"{model_id}-{digits}"] = model_id


def base(model_id: str) -> str:
    """Return an id of OpenRouter without its variant."""
    return model_id.partition(":")[0]
