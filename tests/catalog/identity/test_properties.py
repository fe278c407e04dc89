"""Promises for any id."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from tests.identities import facts, resolver

GATEWAYS = (
    "openrouter",
    "portkey",
    "featherless",
    "deepinfra",
    "chutes",
    "portkey-pricing:bedrock",
    "portkey-pricing:vertex-ai",
    "portkey-pricing:together-ai",
    "portkey-pricing:fireworks-ai",
)
ORGANISATIONS = sorted(
    {"acme", "somebody", "unsloth", "NousResearch"}
    | {each.spelling for each in facts().spellings.organisations}
    | {each.organisation for each in facts().spellings.organisations}
)
WORDS = (
    "llama",
    "Meta-Llama",
    "qwen",
    "gemma",
    "nvidia",
    "nemotron",
    "claude",
    "opus",
    "sonnet",
    "kimi",
    "glm",
    "3",
    "3.1",
    "2507",
    "2025-08-07",
    "v2",
    "k2",
    "8b",
    "70B",
    "8x7b",
    "a3b",
    "instruct",
    "it",
    "base",
    "Turbo",
    "fast",
    "FP8",
    "AWQ",
    "hf",
    "TEE",
    "gguf",
    "4bit",
    "thinking",
    "Distill",
    "flux",
    "x",
    "1",
    "5",
)
_name = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from("-._")), min_size=1, max_size=6).map(
    lambda parts: "".join(word + joint for word, joint in parts)[:-1]
)
ids = st.one_of(
    st.tuples(st.sampled_from(ORGANISATIONS), _name).map("/".join),
    _name,
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.tuples(st.sampled_from(("@openai", "@nobody", "us.meta", "~a")), _name).map("/".join),
)


@given(st.sampled_from(GATEWAYS), ids)
def test_any_id_is_resolved_or_not(gateway: str, model_id: str) -> None:
    """Any text at all gives a key of two parts, or a reason."""
    found = resolver().resolve(gateway, model_id)
    if found.key is None:
        assert found.reason
    else:
        organisation, slash, name = found.key.partition("/")
        assert organisation
        assert slash
        assert name
        assert "/" not in name
        assert found.kind is not None


@given(st.sampled_from(GATEWAYS), ids)
def test_a_key_is_its_own_key(gateway: str, model_id: str) -> None:
    """What a key stands for is that key: rules applied twice change nothing."""
    key = resolver().resolve(gateway, model_id).key
    assume(key is not None)
    assert resolver().resolve("featherless", key or "").key == key


@given(st.sampled_from(GATEWAYS), ids)
def test_case_does_not_matter(gateway: str, model_id: str) -> None:
    """An id in upper case stands for the same."""
    assume(model_id.isascii())
    assert resolver().resolve(gateway, model_id.upper()).key == resolver().resolve(gateway, model_id).key


@given(st.sampled_from(GATEWAYS), st.sampled_from(ORGANISATIONS), _name, _name)
def test_no_merge_across_sizes(gateway: str, organisation: str, before: str, after: str) -> None:
    """Ids that differ in their parameter size alone never share a key."""
    sized = [f"{organisation}/{before}-{size}-{after}" for size in ("9b", "90b")]
    first, second = (resolver().resolve(gateway, model_id).key for model_id in sized)
    assert first is None or first != second
