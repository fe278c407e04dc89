"""Five made-up gateways that live on from night to night, in their own words and units."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

BEGIN = 60
"""Models of a gateway on the first night."""
NANO = Decimal("0.000000001")
CREATED = 1_742_824_755
ADDED, REMOVED, REPRICED = 0.008, 0.006, 0.03
"""Shares of the models of a gateway that come, go and change their price in a night."""

Models = dict[str, tuple[int, int]]
"""Id → price of an input and of an output token, in billionths of a US dollar."""
Catalog = dict[str, dict[str, Any]]
"""Base variable → path → the JSON that is answered."""


def begin(chance: random.Random) -> Models:
    """Return the models of the first night."""
    return {_id(number): _price(chance) for number in range(BEGIN)}


def next_night(models: Models, chance: random.Random) -> Models:
    """Return the models of the next night: some are gone, some new, some cheaper or dearer."""
    kept = {name: price for name, price in models.items() if chance.random() > REMOVED}
    moved = {
        name: price if chance.random() > REPRICED else _moved(price, chance) for name, price in kept.items()
    }
    more = sum(chance.random() < ADDED for _ in models)
    newest = max(int(name.rpartition("-")[2]) for name in models)
    return moved | {_id(newest + 1 + number): _price(chance) for number in range(more)}


def _id(number: int) -> str:
    return f"acme{number % 7}/model-{number}"


def _price(chance: random.Random) -> tuple[int, int]:
    return chance.randint(20, 5000), chance.randint(20, 9000)


def _moved(price: tuple[int, int], chance: random.Random) -> tuple[int, int]:
    factor = chance.uniform(0.6, 1.6)
    return max(1, int(price[0] * factor)), max(1, int(price[1] * factor))


def dollars(nano: int) -> str:
    """Return a price per token as the catalog publishes it."""
    return format((nano * NANO).normalize(), "f")


def per_million(nano: int) -> float:
    """Return a price per million tokens, as gateways that think in floats write it."""
    return nano / 1000


def published_id(gateway: str, name: str) -> str:
    """Return the id under which a gateway lists a model."""
    return f"@openai/{name.partition('/')[2]}" if gateway == "portkey" else name


def openrouter(models: Models) -> Catalog:
    """Answer as OpenRouter does."""
    rows = [
        {
            "id": name,
            "canonical_slug": name,
            "hugging_face_id": "",
            "name": f"Acme: {name}",
            "created": CREATED,
            "description": "Made up.",
            "context_length": 163_840,
            "architecture": {
                "modality": "text->text", "input_modalities": ["text"], "output_modalities": ["text"],
                "tokenizer": "Other", "instruct_type": None,
            },
            "pricing": {"prompt": dollars(prompt), "completion": dollars(completion)},
            "top_provider": {"context_length": 163_840, "max_completion_tokens": 65_536},
            "supported_parameters": ["max_tokens", "tools"],
        }
        for name, (prompt, completion) in models.items()
    ]  # fmt: skip
    hosts = {f"/models/{name}/endpoints": {"data": {"id": name, "endpoints": []}} for name in models}
    return {"OPENROUTER_BASE_URL": {"/models?output_modalities=all": {"data": rows}} | hosts}


def portkey(models: Models) -> Catalog:
    """Answer as Portkey does, prices in cents in a file of their own."""
    slugs = [name.partition("/")[2] for name in models]
    rows = [
        {"id": f"@openai/{slug}", "slug": slug, "canonical_slug": slug, "object": "model"} for slug in slugs
    ]
    listed = {"object": "list", "total": len(rows)}
    cents = {
        slug: {
            "pricing_config": {
                "pay_as_you_go": {
                    "request_token": {"price": float(prompt * NANO * 100)},
                    "response_token": {"price": float(completion * NANO * 100)},
                }
            }
        }
        for slug, (prompt, completion) in zip(slugs, models.values(), strict=True)
    }
    pages = {
        "/models?limit=500&offset=0": {**listed, "data": rows},
        f"/models?limit=500&offset={len(rows)}": {**listed, "data": []},
        "/providers": {"object": "list", "total": 0, "data": []},
    }
    return {"PORTKEY_BASE_URL": pages, "PORTKEY_PRICING_URL": {"/openai.json": cents}}


def featherless(models: Models) -> Catalog:
    """Answer as Featherless does."""
    rows = [
        {
            "id": name,
            "is_gated": False,
            "created": CREATED,
            "owned_by": "Feather",
            "context_length": 32_768,
            "features": {"tool_use": True},
            "status": "active",
            "pricing": {
                "prompt": dollars(prompt), "completion": dollars(completion), "image": "0", "request": "0",
                "input": per_million(prompt), "output": per_million(completion),
            },
        }
        for name, (prompt, completion) in models.items()
    ]  # fmt: skip
    pages = {"current_page": 1, "per_page": 250, "total_pages": 1, "total_items": len(rows)}
    page = {"object": "list", "pagination": pages, "total": len(rows), "data": rows}
    return {"FEATHERLESS_BASE_URL": {"/models?page=1&per_page=250": page}}


def deepinfra(models: Models) -> Catalog:
    """Answer as DeepInfra does, in two lists."""
    openai = [
        {
            "id": name,
            "object": "model",
            "created": 0,
            "owned_by": "deepinfra",
            "metadata": {
                "description": "Made up.", "context_length": 131_072, "max_tokens": 131_072,
                "pricing": {"input_tokens": per_million(prompt), "output_tokens": per_million(completion)},
                "tags": ["chat"],
            },
        }
        for name, (prompt, completion) in models.items()
    ]  # fmt: skip
    listed = [
        {
            "model_name": name,
            "type": "text-generation",
            "reported_type": "text-generation",
            "description": "Made up.",
            "tags": ["tools"],
            "pricing": {
                "type": "tokens",
                "cents_per_input_token": float(prompt * NANO * 100),
                "cents_per_output_token": float(completion * NANO * 100),
            },
            "max_tokens": 131_072,
            "deprecated": None,
            "private": 0,
        }
        for name, (prompt, completion) in models.items()
    ]
    return {"DEEPINFRA_BASE_URL": {"/v1/openai/models": {"data": openai}, "/models/list": listed}}


def chutes(models: Models) -> Catalog:
    """Answer as Chutes does."""
    rows = [
        {
            "id": name,
            "root": name,
            "object": "model",
            "created": CREATED,
            "max_model_len": 40_960,
            "pricing": {"prompt": per_million(prompt), "completion": per_million(completion)},
            "context_length": 40_960,
            "max_output_length": 40_960,
            "input_modalities": ["text"],
            "output_modalities": ["text"],
            "quantization": "fp8",
            "supported_features": ["json_mode", "tools"],
        }
        for name, (prompt, completion) in models.items()
    ]
    return {"CHUTES_BASE_URL": {"/models": {"object": "chutes-model-catalog", "data": rows}}}


GATEWAYS: Mapping[str, Callable[[Models], Catalog]] = {
    "openrouter": openrouter,
    "portkey": portkey,
    "featherless": featherless,
    "deepinfra": deepinfra,
    "chutes": chutes,
}
"""Gateway → how it words its models."""
