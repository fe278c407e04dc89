"""OpenRouter: limits, dates, modalities and words of a row."""

from __future__ import annotations

import pytest

from catalog import units
from catalog.schema.listing import Listing
from providers import openrouter
from tests.providers.openrouter import (
    listing,
    row,
)


def test_limits_stay_apart() -> None:
    """What the model can and what its host serves are two numbers, and an answer's cap is a third."""
    top = {"context_length": 262144, "max_completion_tokens": 16384}
    found = listing(context_length=1000000, top_provider=top)
    limits = (found.context_length, found.served_context_length, found.max_output_tokens)
    assert limits == (1000000, 262144, 16384)


@pytest.mark.parametrize(
    "top",
    [
        pytest.param(None, id="no top provider"),
        pytest.param({"context_length": None, "max_completion_tokens": None}, id="null"),
        pytest.param({"context_length": 0, "max_completion_tokens": 0}, id="zero"),
    ],
)
def test_unknown_limits(top: object) -> None:
    """Null, zero and absent limits are unknown."""
    found = listing(context_length=0, top_provider=top)
    limits = (found.context_length, found.served_context_length, found.max_output_tokens)
    assert limits == (None, None, None)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("2026-08-24", ("2026-08-24", "deprecated"), id="planned"),
        pytest.param("2098-12-31", (None, "active"), id="never"),
        pytest.param(None, (None, "active"), id="null"),
        pytest.param("", (None, "active"), id="empty"),
    ],
)
def test_expiration(served: object, expected: object) -> None:
    """A planned end makes a row deprecated; the far future stands for no end."""
    found = listing(expiration_date=served)
    assert (found.expiration_date, found.status) == expected


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        pytest.param(
            {
                "input_modalities": ["video", "audio", "file", "text", "image"],
                "output_modalities": ["image", "text"],
            },
            "text+image+file+audio+video->text+image",
            id="any order",
        ),
        pytest.param({"modality": "text+image->text"}, "text+image->text", id="the string only"),
        pytest.param(
            {
                "modality": "text->text",
                "input_modalities": ["text", "smell"],
                "output_modalities": ["rerank"],
            },
            "text+smell->rerank",
            id="an unknown one",
        ),
        pytest.param({"modality": None, "input_modalities": []}, None, id="nothing"),
        pytest.param(None, None, id="null"),
    ],
)
def test_modalities(architecture: object, expected: str | None) -> None:
    """The lists count, in the fixed order; the served string is a fallback; unknown words are kept."""
    found = listing(architecture=architecture).architecture
    if found.input_modalities is None or found.output_modalities is None:
        assert expected is None
    else:
        assert units.modality(found.input_modalities, found.output_modalities) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param(["tools", "reasoning", "structured_outputs"], (True, True, True), id="all"),
        pytest.param(["include_reasoning", "response_format"], (False, True, False), id="JSON is no schema"),
        pytest.param([], (False, False, False), id="none"),
        pytest.param(None, (None, None, None), id="unknown"),
    ],
)
def test_capabilities(parameters: object, expected: object) -> None:
    """Capabilities follow from the supported parameters, and are unknown without them."""
    found = listing(supported_parameters=parameters).capabilities
    assert (found.tools, found.reasoning, found.structured_outputs) == expected


def test_parameters_are_sorted() -> None:
    """Supported parameters come sorted and once."""
    assert listing(supported_parameters=["top_p", "tools", "top_p"]).supported_parameters == (
        "tools",
        "top_p",
    )


def test_words() -> None:
    """Names lose stray spaces, descriptions their control characters, and empty words are unknown."""
    found = listing(
        name="Google: Gemma 4 26B A4B ",
        description="one\r\ntwo\u202e\x1b",
        hugging_face_id="",
        canonical_slug="",
        knowledge_cutoff="",
    )
    assert (found.name, found.description) == ("Google: Gemma 4 26B A4B", "one\ntwo")
    assert (found.hugging_face_id, found.canonical_slug, found.knowledge_cutoff) == (None, None, None)


def test_alias() -> None:
    """A moving alias says what it stands for now."""
    target = {"slug": "anthropic/claude-sonnet-5", "name": "x"}
    assert listing(id="~anthropic/claude-sonnet-latest", alias_target=target).alias_target == target["slug"]


def test_bare_row() -> None:
    """A row of nothing but an id is a listing of nothing but an id."""
    found = openrouter.normalize(openrouter.Row.model_validate({"id": "a/b"}))
    assert found == Listing(gateway="openrouter", id="a/b", name="b")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": 123}, id="id"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"id": ""}, id="empty id"),
        pytest.param({"pricing": "free"}, id="pricing"),
        pytest.param({"context_length": "a lot"}, id="words for a limit"),
        pytest.param({"context_length": -1}, id="negative limit"),
        pytest.param({"context_length": True}, id="a truth value for a limit"),
        pytest.param({"created": "yesterday"}, id="words for a time"),
        pytest.param({"created": 10**15}, id="a time in milliseconds or worse"),
        pytest.param({"architecture": []}, id="architecture"),
        pytest.param({"supported_parameters": "tools"}, id="parameters"),
        pytest.param({"expiration_date": "soon"}, id="date"),
    ],
)
def test_wrong_types(changes: dict[str, object]) -> None:
    """A wrong type in a field that is needed makes one bad row."""
    with pytest.raises(ValueError, match=r"\S"):
        listing(**changes)


def test_new_fields_are_counted() -> None:
    """Only fields that nobody has looked at yet count as new."""
    raw = row(benchmarks={}, reasoning={}, links={}, supported_voices=None, mood="good")
    assert set(openrouter.Row.model_validate(raw).model_extra or {}) == {"mood"}
