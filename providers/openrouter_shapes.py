"""What OpenRouter's rows say of a model's shape: what goes in, what comes out, and what it can do.

Words that we do not know are kept, and where a row says nothing, nothing is claimed.
"""

from __future__ import annotations

from functools import lru_cache

from catalog import units
from catalog.ports import UpstreamRow
from catalog.schema import listing


class Architecture(UpstreamRow):
    """What goes in and out; the two lists are the source, the string a fallback."""

    modality: str | None = None
    input_modalities: list[str] | None = None
    output_modalities: list[str] | None = None
    tokenizer: str | None = None
    instruct_type: str | None = None


def architecture(served: Architecture | None) -> listing.Architecture:
    """Order the served modalities; a list that is missing is read from the modality string."""
    if served is None:
        return listing.Architecture()
    inputs, _, outputs = (served.modality or "").partition("->")
    return listing.Architecture(
        input_modalities=_ordered(tuple(served.input_modalities or inputs.split("+"))),
        output_modalities=_ordered(tuple(served.output_modalities or outputs.split("+"))),
        tokenizer=served.tokenizer or None,
        instruct_type=served.instruct_type or None,
    )


def capabilities(parameters: list[str] | None, inputs: tuple[str, ...] | None) -> listing.Capabilities:
    """Read what the supported parameters say, and from the modalities whether a model can see."""
    vision = None if inputs is None else "image" in inputs
    if parameters is None:
        return listing.Capabilities(vision=vision)
    return listing.Capabilities(
        tools="tools" in parameters,
        reasoning="reasoning" in parameters or "include_reasoning" in parameters,
        # `response_format` alone promises JSON, not a schema.
        structured_outputs="structured_outputs" in parameters,
        vision=vision,
    )


@lru_cache(maxsize=256)
def _ordered(names: tuple[str, ...]) -> tuple[str, ...] | None:
    return units.ordered_modalities(filter(None, names)) or None
