"""Rows of OpenRouter as it serves them, and what becomes of them."""

from __future__ import annotations

from typing import Any

from catalog.schema.listing import Endpoint, Listing
from providers import openrouter
from tests import handmade

LIST = "/models?output_modalities=all"
HOST = {
    "provider_name": "DeepInfra",
    "tag": "deepinfra/fp4",
    "pricing": {"prompt": "0.0000002", "completion": "0.00000077", "discount": 0},
    "context_length": 163840,
    "max_completion_tokens": 16384,
    "quantization": "fp4",
}
NIGHT = {"utc_start": 1000, "utc_end": 100, "prompt": "0.00000028", "completion": "0.00000056"}
DAY = {"utc_start": 100, "utc_end": 1000, "prompt": "0.00000056", "completion": "0.00000112"}
LONG = {"min_prompt_tokens": 200000, "prompt": "0.000006", "completion": "0.0000225"}


def row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an upstream may serve
    """An ordinary row with some fields changed."""
    ordinary = {
        "id": "deepseek/deepseek-chat-v3-0324",
        "name": "DeepSeek: DeepSeek V3 0324",
        "created": 1742824755,
        "context_length": 163840,
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "pricing": {"prompt": "0.00000027", "completion": "0.00000112"},
        "top_provider": {"context_length": 163840, "max_completion_tokens": 65536},
        "supported_parameters": ["tools", "max_tokens"],
    }
    return ordinary | changes


def listing(**changes: Any) -> Listing:  # noqa: ANN401 - as above
    """The listing of an ordinary row with some fields changed."""
    return openrouter.normalize(openrouter.Row.model_validate(row(**changes)))


def priced(**pricing: object) -> Listing:
    """The listing of an ordinary row with these prices only."""
    return listing(pricing=pricing)


def hosts(*endpoints: object) -> tuple[Endpoint, ...] | None:
    """The endpoints of an ordinary row with these hosts."""
    return listing(endpoints=list(endpoints)).endpoints


def upstream(pages: dict[str, Any]) -> handmade.HandMade:
    """A network of these pages."""
    return handmade.HandMade(openrouter.GATEWAY, {"OPENROUTER_BASE_URL": pages})


def one_page(*rows: object, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """A list of one page."""
    return {LIST: {"data": list(rows), **more}}


def parsed(pages: dict[str, Any]) -> list[Any]:
    """The raw rows that come out of these pages."""
    return list(openrouter.parse(openrouter.fetch(upstream(pages))))
