"""DeepInfra: limits, dates, modalities and words of a row."""

from __future__ import annotations

from decimal import Decimal

import pytest

from catalog import units
from catalog.days import day
from catalog.schema.listing import Listing
from providers import deepinfra
from tests.providers.deepinfra import joined, listing


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"metadata": {"context_length": 163840, "max_tokens": 8192}}, 163840, id="context length"
        ),
        pytest.param({"max_tokens": 262144}, 262144, id="max_tokens of the list"),
        pytest.param({"metadata": {"max_tokens": 4096}}, 4096, id="max_tokens of the metadata"),
        pytest.param({"metadata": {"context_length": 0}, "max_tokens": None}, None, id="unknown"),
    ],
)
def test_context(row: dict[str, object], expected: int | None) -> None:
    """`max_tokens` is the context window; how long an answer may be is not said."""
    found = listing(**row)
    assert (found.context_length, found.served_context_length) == (expected, expected)
    assert found.max_output_tokens is None


@pytest.mark.parametrize("seconds", [1700000000, 4000000000])
def test_deprecation(seconds: int) -> None:
    """A deprecation is a date, past or to come, and names the successor."""
    found = listing(deprecated=seconds, replaced_by="google/gemma-4-31B-it")
    assert (found.expiration_date, found.status) == (day(seconds), "deprecated")
    assert found.replaced_by == "google/gemma-4-31B-it"


def test_not_deprecated() -> None:
    """Null, zero and the empty text mean nothing."""
    found = listing(deprecated=0, replaced_by="", quantization="", created=0, create_ts=None)
    assert found == Listing(gateway="deepinfra", id="a/b", name="b")


def test_created() -> None:
    """`created` is always 0; only `create_ts` is a date."""
    assert listing(created=0, create_ts=Decimal("1769500800.5")).created == "2026-01-27"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({"type": "text-generation"}, "text->text", id="text"),
        pytest.param({"type": "text-generation", "tags": ["multimodal"]}, "text+image->text", id="images"),
        pytest.param(
            {"type": "text-generation", "tags": ["input-video", "input-audio", "vision"]},
            "text+image+audio+video->text",
            id="all inputs",
        ),
        pytest.param(
            {"type": "custom", "reported_type": "embeddings"}, "text->embeddings", id="reported type"
        ),
        pytest.param({"type": "rerankers"}, "text->rerank", id="reranker"),
        pytest.param({"type": "text-to-speech"}, "text->speech", id="speech"),
        pytest.param({"type": "object-detection", "tags": ["vision"]}, None, id="unknown type"),
        pytest.param({"metadata": {"tags": ["vlm", "chat"]}}, "text+image->text", id="tags: vlm"),
        pytest.param({"metadata": {"tags": ["stt"]}}, "audio->transcription", id="tags: stt"),
        pytest.param({"metadata": {"tags": ["image-gen"]}}, "text->image", id="tags: image-gen"),
        pytest.param({"metadata": {"tags": ["featured"]}}, None, id="tags that say nothing"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_modalities(row: dict[str, object], expected: str | None) -> None:
    """Modalities follow from the type and the tags, and are unknown without them."""
    found = listing(**row)
    shape = found.architecture
    served = shape.input_modalities and units.modality(shape.input_modalities, shape.output_modalities or ())
    assert served == expected
    assert found.capabilities.vision == (None if expected is None else "image" in expected.partition("->")[0])


def test_capabilities() -> None:
    """A tag says that a model can; the lack of one says nothing."""
    can = listing(tags=["tools", "structured-output"], metadata={"tags": ["reasoning_effort"]}).capabilities
    unsaid = listing(tags=["json"]).capabilities
    assert (can.tools, can.reasoning, can.structured_outputs) == (True, True, True)
    assert (unsaid.tools, unsaid.reasoning, unsaid.structured_outputs) == (None, None, None)


def test_words() -> None:
    """The first description that is there counts, and no repository is guessed from the id."""
    found = listing(id="Qwen/Qwen3-32B", description="two", metadata={"description": ""}, quantization="fp8")
    assert (found.name, found.description, found.quantization) == ("Qwen3-32B", "two", "fp8")
    assert found.hugging_face_id is None


def test_new_fields_are_counted() -> None:
    """Only fields that nobody has looked at yet count as new, on every level."""
    (raw,) = joined(
        {"data": [{"id": "a/b", "object": "model", "root": "a/b", "parent": None, "mood": 1}]},
        [{"model_name": "a/b", "is_partner": True, "reported_type": "x", "pricing": {"seats": 5}}],
    )
    row = deepinfra.Row.model_validate(raw)
    assert row.pricing is not None
    assert (set(row.model_extra or {}), set(row.pricing.model_extra or {})) == ({"mood"}, {"seats"})
