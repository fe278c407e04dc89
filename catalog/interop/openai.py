"""The list of models of an OpenAI-compatible API, with the further fields of OpenRouter's."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Any, Literal

import orjson
from pydantic import TypeAdapter

from catalog.artifact import Json
from catalog.interop.format import Format, Given
from catalog.interop.offer import Offer
from catalog.schema.base import Noun
from catalog.units import modality

_METERS = frozenset((
    "prompt", "completion", "request", "image", "image_token", "image_output", "audio", "audio_output",
    "web_search", "internal_reasoning", "input_cache_read", "input_cache_write", "input_cache_write_1h",
    "input_audio_cache",
))  # fmt: skip
"""The meters of OpenRouter, which are named as ours are."""
_TIMES = frozenset({"utc_start", "utc_end"})


class Architecture(Noun):
    """What goes in and what comes out, as far as it is known."""

    modality: str | None = None
    input_modalities: list[str] | None = None
    output_modalities: list[str] | None = None
    tokenizer: str | None = None
    instruct_type: str | None = None


class TopProvider(Noun):
    """Limits in tokens, as far as they are known."""

    context_length: int | None = None
    max_completion_tokens: int | None = None


class Model(Noun):
    """One model, under the id that a request for it names."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str
    name: str
    context_length: int | None = None
    architecture: Architecture
    pricing: dict[str, str | list[dict[str, str | int]]]
    top_provider: TopProvider
    supported_parameters: list[str] | None = None


class ModelList(Noun):
    """The list."""

    object: Literal["list"]
    data: list[Model]


class _List:
    """The list while it fills up; every row is written at once."""

    def __init__(self, _: Given) -> None:
        self._written = io.BytesIO()
        self._before = b'{"data":['

    def add(self, offer: Offer) -> str | None:
        """Take a listing; returns why it is left out."""
        if not offer.answers:
            return "another listing answers for its id"
        created = offer.fields.get("created")
        if created is None:
            return "created unknown"
        row = orjson.dumps(_model(offer, _seconds(created)), option=orjson.OPT_SORT_KEYS)
        self._written.write(self._before + row)
        self._before = b","
        return None

    def body(self) -> bytes:
        """Return the list."""
        self._written.write((b"" if self._before == b"," else self._before) + b'],"object":"list"}\n')
        return self._written.getvalue()


def _model(offer: Offer, created: int) -> Json:
    fields = offer.fields
    limits = {"context_length": offer.context, "max_completion_tokens": fields.get("max_output_tokens")}
    model = {
        "id": offer.entry.id,
        "object": "model",
        "created": created,
        "owned_by": offer.entry.organisation,
        "name": offer.entry.name,
        "architecture": _architecture(offer),
        "pricing": _pricing(offer),
        "top_provider": {name: limit for name, limit in limits.items() if limit},
    }
    return model | {
        name: fields[name] for name in ("context_length", "supported_parameters") if name in fields
    }


def _architecture(offer: Offer) -> Json:
    inputs, outputs = offer.inputs, offer.outputs
    shape: Json = offer.fields.get("architecture", {})
    return {**shape, "modality": _modality(tuple(inputs), tuple(outputs))} if inputs and outputs else shape


@cache
def _modality(inputs: tuple[str, ...], outputs: tuple[str, ...]) -> str:
    return modality(inputs, outputs)


def _pricing(offer: Offer) -> Json:
    """Return US dollars per unit as text; what is unknown is not there."""
    pricing: Json = {meter: price for meter, price in offer.pricing.items() if meter in _METERS}
    if overrides := [_override(**tier) for tier in offer.fields.get("price_tiers", ())]:
        pricing["overrides"] = overrides
    return pricing


def _override(pricing: dict[str, str], **conditions: Any) -> Json:  # noqa: ANN401 - the conditions of a tier
    """Write a conditional price as OpenRouter does, 16:30 as 1630."""
    told = {name: _hhmm(value) if name in _TIMES else value for name, value in conditions.items()}
    return {**told, **pricing}


def _hhmm(time: str) -> int:
    return int(time.replace(":", ""))


@lru_cache(maxsize=4096)
def _seconds(day: str) -> int:
    """Return the start of a day in unix seconds."""
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


FORMAT = Format(
    name="openai",
    files=("v1/models.json", "v1/models"),
    kind=TypeAdapter(ModelList),
    start=_List,
    about="The models as an OpenAI-compatible API lists them",
)
