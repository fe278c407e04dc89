"""A resolver of the shipped facts and a few listings, for tests of identity."""

from __future__ import annotations

from functools import lru_cache

from catalog.identity.known import Row
from catalog.identity.resolve import Resolver
from catalog.identity.work import Resolution
from catalog.schema.facts import IdentityFacts
from catalog.store import Store
from tests.site import ROOT

_DATED = {
    "gpt-4.1": "2025-04-14", "gpt-5": "2025-08-07",
    "gpt-5-nano": "2025-08-07", "gpt-5-chat": "2025-08-07", "gpt-5.1": "20251113",
    "gpt-5.2": "20251211", "gpt-5.2-chat": "20251211", "gpt-5.4": "20260305", "gpt-5.4-nano": "20260317",
    "gpt-5.5-pro": "20260423", "gpt-5.6-sol": "20260709", "o1": "2024-12-17", "o3": "2025-04-16",
    "o3-pro": "2025-06-10",
}  # fmt: skip
ROWS = (
    *(
        Row("openrouter", f"openai/{name}", canonical_slug=f"openai/{name}-{date}")
        for name, date in _DATED.items()
    ),
    Row("openrouter", "openai/gpt-4o", canonical_slug="openai/gpt-4o"),
    Row("openrouter", "openai/gpt-4o-2024-05-13", canonical_slug="openai/gpt-4o-2024-05-13"),
    Row("openrouter", "x-ai/grok-4.5", canonical_slug="x-ai/grok-4.5-20260708"),
    Row("openrouter", "z-ai/glm-4.6v", "zai-org/GLM-4.6V", canonical_slug="z-ai/glm-4.6-20251208"),
    Row("featherless", "DeepMount00/Llama-3.1-8b-ITA"),
    Row("featherless", "DeepMount00/Llama-3.1-8b-Ita"),
    Row("chutes", "Nemotron-3-Nano-Omni-30B-TEE", "nvidia/Nemotron-3-Nano-Omni-30B-A3B-Reasoning-BF16"),
)
"""What only listings can tell; all else is in the facts."""


@lru_cache
def facts() -> IdentityFacts:
    """Return the shipped facts."""
    return Store(ROOT / "data").facts.identity()


@lru_cache
def resolver() -> Resolver:
    """Return a resolver that knows the shipped facts and the few listings."""
    return Resolver(facts(), ROWS)


def resolve(name: str) -> Resolution:
    """Resolve `gateway|id`."""
    gateway, _, model_id = name.partition("|")
    return resolver().resolve(gateway, model_id)


def same(first: str, second: str) -> bool:
    """Tell whether two names, `gateway|id`, stand for one model."""
    key = resolve(first).key
    return key is not None and key == resolve(second).key
