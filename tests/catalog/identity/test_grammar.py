"""What gateways and services wrap around a name."""

from __future__ import annotations

import pytest

from catalog.identity.resolve import Resolver
from tests.identities import facts, resolve

CASES = (
    ("openrouter|acme/one-7b:free", "acme/one-7b"),
    ("portkey|@groq/qwen/qwen3-32b", "qwen/qwen3-32b"),
    ("portkey|@openai-prod/gpt-4o", "openai/gpt-4o"),
    ("portkey|@openrouter/openai/gpt-4o:extended", "openai/gpt-4o"),
    ("portkey|@fireworks-ai/accounts/fireworks/models/glm-4p6", "zai-org/glm-4.6"),
    ("portkey|@somebody/acme/one-7b", "acme/one-7b"),
    ("portkey|acme/one-7b", "acme/one-7b"),
    ("portkey|accounts/fireworks/models/kimi-k2p5", "moonshotai/kimi-k2.5"),
    ("portkey-pricing:bedrock|us.acme.one-7b-v1:0", "acme/one-7b"),
    ("portkey-pricing:bedrock|us-gov.acme.one-7b-v1:0", "acme/one-7b"),
    ("portkey-pricing:bedrock|acme.one-7b-1:0", "acme/one-7b"),
    ("portkey-pricing:bedrock|acme.one-7b-v1", "acme/one-7b"),
    ("portkey-pricing:bedrock|acme.one-7b-v2:0", "acme/one-7b-v2"),
    ("portkey-pricing:bedrock|acme.one-v3-5:0", "acme/one-v3.5"),
    ("portkey-pricing:bedrock|acme.one-7b-v0:2", "acme/one-7b-v0.2"),
    ("portkey-pricing:bedrock|meta.llama3-1-8b-instruct-v1:0", "meta-llama/llama-3.1-8b-instruct"),
    ("portkey-pricing:bedrock|deepseek.r1-v1:0", "deepseek-ai/deepseek-r1"),
    ("portkey-pricing:bedrock-mantle|openai.gpt-oss-20b-1:0", "openai/gpt-oss-20b"),
    ("portkey-pricing:vertex-ai|acme/one-7b-maas", "acme/one-7b"),
    ("portkey-pricing:vertex-ai|gemini-2.5-pro@default", "google/gemini-2.5-pro"),
    ("portkey-pricing:vertex-ai|mistral-large@2407", "mistralai/mistral-large-2407"),
    ("portkey-pricing:vertex-ai|publishers/google/models/gemini-2.5-pro", "google/gemini-2.5-pro"),
    ("portkey-pricing:fireworks-ai|accounts/fireworks/models/llama-v3p1-8b-instruct",
     "meta-llama/llama-3.1-8b-instruct"),
    ("portkey-pricing:fireworks-ai|accounts/acme/models/llama-v3p1-8b", "acme/llama-3.1-8b"),
    ("portkey|accounts/acme/models/kimi-k2p5", "acme/kimi-k2.5"),
    ("portkey-pricing:google|gemini-2.5-pro-lte-200k", "google/gemini-2.5-pro"),
    ("portkey-pricing:vertex-ai|text-embedding-004", "google/text-embedding-004"),
    ("portkey-pricing:openai|text-embedding-3-small", "openai/text-embedding-3-small"),
    ("portkey-pricing:azure-ai|Mistral-small", "mistralai/mistral-small-2402"),
    ("portkey-pricing:azure-ai|Mistral-large", "mistralai/mistral-large-2402"),
    ("portkey-pricing:google|models/gemini-2.5-pro", "google/gemini-2.5-pro"),
    ("portkey-pricing:azure-openai|gpt-35-turbo", "openai/gpt-3.5-turbo"),
    ("portkey-pricing:workers-ai|@cf/acme/one-7b", "acme/one-7b"),
    ("deepinfra|Qwen/Qwen/Qwen3.5-397B-A17B", "qwen/qwen3.5-397b-a17b"),
    ("chutes|Nemotron-3-Nano-Omni-30B-TEE", "nvidia/nemotron-3-nano-omni-30b-a3b-reasoning"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "key"), [pytest.param(*case, id=case[0]) for case in CASES])
def test_unwrapped(name: str, key: str) -> None:
    """The name comes out of its wrapping."""
    assert resolve(name).key == key


UNRESOLVED = (
    ("openrouter|~anthropic/claude-sonnet-latest", "moving alias"),
    ("openrouter|openrouter/auto", "router"),
    ("openrouter|stealth/some-alpha", "router"),
    ("portkey|@somebody/gpt-4o", "nothing says which service"),
    ("portkey|@somebody", "nothing says which service"),
    ("portkey-pricing:openai|ft:gpt-4o", "a price"),
    ("portkey-pricing:deepinfra|google/gemma-4-31b:free", "a price"),
    ("chutes|hidream", "no organisation"),
    ("featherless|DeepMount00/Llama-3.1-8b-ITA", "spelled alike"),
    ("deepinfra|acme/one/two/three", "not an organisation and a name"),
    ("deepinfra|acme/", "not an organisation and a name"),
)


@pytest.mark.parametrize(("name", "reason"), [pytest.param(*case, id=case[0]) for case in UNRESOLVED])
def test_unresolved(name: str, reason: str) -> None:
    """What is no released model, or cannot be told, is a value with its reason."""
    found = resolve(name)
    assert found.key is None
    assert reason in (found.reason or "")


def test_portkey_says_more_than_the_facts() -> None:
    """What Portkey itself says of a slug wins over the facts."""
    resolver = Resolver(facts(), services={"mine": "groq", "openai-prod": "azure-openai"})
    assert resolver.resolve("portkey", "@mine/llama-3.1-8b-instant").key == "meta-llama/llama-3.1-8b-instruct"
    assert resolver.resolve("portkey", "@openai-prod/gpt-35-turbo").key == "openai/gpt-3.5-turbo"
