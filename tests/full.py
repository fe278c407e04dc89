"""A listing that knows everything, the record that it becomes, and one listing of each other kind."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from catalog.schema.listing import Architecture, Capabilities, Endpoint, PriceSource, PriceTier
from tests.factories import THEN, kept, tombstone

HOST = Endpoint(
    name="Host", tag="host", pricing={"prompt": Decimal("1E-7")}, discount=Decimal("0.50"), context_length=9
)
FULL = kept(
    id="acme/one",
    name="One – été",
    description="First.\n\nSecond.",
    created="2025-03-24",
    canonical_slug="acme/one-0324",
    hugging_face_id="acme/One",
    context_length=163840,
    served_context_length=163840,
    max_output_tokens=8192,
    architecture=Architecture(
        input_modalities=("text", "image"), output_modalities=("text",), tokenizer="Llama3"
    ),
    pricing={"prompt": Decimal("2E-7"), "completion": Decimal("7.7E-7"), "web_search": Decimal("0.01")},
    list_pricing={"prompt": Decimal("4E-7")},
    discount=Decimal("0.5"),
    price_source=PriceSource(gateway="openrouter", match="own"),
    price_tiers=(
        PriceTier(min_prompt_tokens=200000, pricing={"prompt": Decimal("4E-7")}),
        PriceTier(utc_start="10:00", utc_end="01:00", pricing={"prompt": Decimal("1E-7")}),
        PriceTier(service_tier="priority", pricing={"prompt": Decimal("8E-7")}),
    ),
    supported_parameters=("max_tokens", "tools"),
    capabilities=Capabilities(tools=True, vision=False),
    quantization="fp8",
    knowledge_cutoff="2024-07",
    expiration_date="2027-01-01",
    replaced_by="acme/two",
    alias_target="acme/one-0324",
    status="deprecated",
    endpoints=(HOST,),
)

EXPECTED: dict[str, Any] = {
    "data": {
        "id": "acme/one",
        "slug": "acme/one",
        "canonical_slug": "acme/one-0324",
        "name": "One – été",
        "description": "First.\n\nSecond.",
        "context_length": 163840,
        "architecture": {
            "modality": "text+image->text",
            "input_modalities": ["text", "image"],
            "output_modalities": ["text"],
            "tokenizer": "Llama3",
            "instruct_type": None,
        },
        "pricing": {
            "prompt": "0.0000002",
            "completion": "0.00000077",
            "request": None,
            "image": None,
            "web_search": "0.01",
        },
        "provider_slug": "acme",
        "provider_site_url": "https://huggingface.co/acme",
        "model_logo_url": None,
        "source_gateway": "openrouter",
        "huggingface_metrics": None,
        "hugging_face_id": "acme/One",
        "model_key": "acme/one",
        "variant": None,
        "created": "2025-03-24",
        "max_output_tokens": 8192,
        "served_context_length": 163840,
        "supported_parameters": ["max_tokens", "tools"],
        "capabilities": {"tools": True, "reasoning": None, "structured_outputs": None, "vision": False},
        "quantization": "fp8",
        "knowledge_cutoff": "2024-07",
        "expiration_date": "2027-01-01",
        "status": "deprecated",
        "price_kind": "known",
        "price_source": {"gateway": "openrouter", "match": "own"},
        "price_tiers": [
            {"min_prompt_tokens": 200000, "prompt": "0.0000004"},
            {"utc_start": "10:00", "utc_end": "01:00", "prompt": "0.0000001"},
            {"service_tier": "priority", "prompt": "0.0000008"},
        ],
        "endpoints": [
            {
                "name": "Host",
                "tag": "host",
                "pricing": {"prompt": "0.0000001"},
                "discount": "0.5",
                "context_length": 9,
                "max_output_tokens": None,
                "quantization": None,
            }
        ],
        "list_pricing": {"prompt": "0.0000004"},
        "discount": "0.5",
        "replaced_by": "acme/two",
        "alias_target": "acme/one-0324",
    },
    "provider": "acme",
    "model": "one",
    "gateway": "openrouter",
    "include_huggingface": True,
    "timestamp": THEN,
    "schema_version": "1.0",
    "gateways": [
        {
            "gateway": "openrouter",
            "id": "acme/one",
            "match": "exact",
            "variant": None,
            "prompt": "0.0000002",
            "completion": "0.00000077",
            "price_kind": "known",
            "context_length": 163840,
            "href": "/catalog/gateway/openrouter/model/acme/one.json",
        }
    ],
}
"""What `FULL` is published as."""
VARIETY = (
    FULL,
    kept(gateway="chutes", id="lonely", status="unverified", as_of="2025-10-08"),
    kept(gateway="featherless", id="Acme/Free", price_kind="included"),
    kept(gateway="portkey", id="@x/acme/one", unwrapped="acme/one"),
    kept(gateway="deepinfra", id="Acme/Big", pricing={"per_image": Decimal("0.04")}),
    tombstone(gateway="deepinfra", id="acme/gone"),
)
"""Every kind of listing."""
