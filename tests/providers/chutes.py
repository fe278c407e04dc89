"""Rows of Chutes, live and static, and what becomes of them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from catalog.ports import Payload
from catalog.schema.listing import Listing
from providers import chutes

ROW: dict[str, Any] = {"id": "Qwen/Qwen3-32B-TEE", "root": "Qwen/Qwen3-32B-FP8", "max_model_len": 40960}
STATIC = [
    {"id": "Qwen/Qwen3-14B", "name": "Qwen3-14B", "kind": "llm", "per_hour": "4"},
    {"id": "FLUX.1-schnell", "name": "FLUX.1-schnell", "kind": "image", "per_hour": "0.5"},
    {"id": "kokoro", "name": "kokoro", "kind": "tts", "per_hour": "0"},
    {"id": "whisper-large-v3", "name": "whisper-large-v3", "kind": "stt", "per_hour": "0"},
    {"id": "wan2.1-14b", "name": "wan2.1-14b", "kind": "video", "per_hour": "36"},
    {"id": "diffrhythm", "name": "diffrhythm", "kind": "music", "per_hour": "0.2"},
    {"id": "Qwen/Qwen3-Embedding-8B", "name": "Qwen3-Embedding-8B", "kind": "embeddings", "per_hour": "0.5"},
    {"id": "nsfw-classifier", "name": "nsfw-classifier", "kind": "moderation", "per_hour": "0.2"},
    {"id": "musetalk", "name": "musetalk", "kind": "other", "per_hour": "0.75"},
]


def live(*rows: object) -> Payload:
    """Make a live list."""
    return Payload("/models", json.dumps({"object": "list", "data": rows}).encode(), "CHUTES_BASE_URL")


def static(*rows: object) -> Payload:
    """Make a static list."""
    return Payload("chutes_catalog.json", json.dumps({"as_of": "2025-10-08", "models": rows}).encode())


def listings(payloads: Iterable[Payload]) -> dict[str, Listing]:
    """Run the adapter over payloads; listings by id."""
    rows = [chutes.Row.model_validate(row) for row in chutes.parse(payloads)]
    return {listing.id: listing for listing in map(chutes.normalize, rows)}


def listing(**fields: object) -> Listing:
    """Normalize one live row."""
    [found] = listings([live({**ROW, **fields})]).values()
    return found
