"""What DeepInfra's types and tags say of a model: what goes in, what comes out, and what it can do.

An unknown type and a missing tag say nothing, so nothing is claimed.
"""

from __future__ import annotations

from catalog import units
from catalog.schema.listing import Architecture, Capabilities

_SHAPES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "text-generation": (("text",), ("text",)),
    "text-to-image": (("text",), ("image",)),
    "text-to-video": (("text",), ("video",)),
    "text-to-speech": (("text",), ("speech",)),
    "text-to-music": (("text",), ("audio",)),
    "automatic-speech-recognition": (("audio",), ("transcription",)),
    "embeddings": (("text",), ("embeddings",)),
    "reranker": (("text",), ("rerank",)),
    "rerankers": (("text",), ("rerank",)),
}
# What a tag says about a model whose type is not served; the first that fits counts.
_TYPE_OF_TAG = {
    "image-gen": "text-to-image",
    "tts": "text-to-speech",
    "stt": "automatic-speech-recognition",
    "embed": "embeddings",
    "chat": "text-generation",
    "vlm": "text-generation",
    "vision": "text-generation",
    "reasoning": "text-generation",
    "reasoning_effort": "text-generation",
    "prompt_cache": "text-generation",
}
_INPUT_OF_TAG = {
    "vision": "image",
    "vlm": "image",
    "multimodal": "image",
    "input-audio": "audio",
    "input-video": "video",
}


def architecture(kind: str | None, reported: str | None, tags: set[str]) -> Architecture:
    """Read the modalities from the type, else from the tags."""
    if not kind and not reported:
        kind = next((kind for tag, kind in _TYPE_OF_TAG.items() if tag in tags), None)
    shape = _SHAPES.get(kind or "") or _SHAPES.get(reported or "")
    if shape is None:
        return Architecture()
    inputs, outputs = shape
    more = {_INPUT_OF_TAG[tag] for tag in tags & _INPUT_OF_TAG.keys()}
    return Architecture(
        input_modalities=units.ordered_modalities({*inputs, *more}), output_modalities=outputs
    )


def capabilities(tags: set[str], shape: Architecture) -> Capabilities:
    """Read what the tags say, and from the modalities whether a model can see."""
    return Capabilities(
        tools="tools" in tags or None,
        reasoning=bool(tags & {"reasoning", "reasoning_effort"}) or None,
        structured_outputs="structured-output" in tags or None,
        vision=None if shape.input_modalities is None else "image" in shape.input_modalities,
    )
