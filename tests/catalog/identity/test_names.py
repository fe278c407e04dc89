"""Spelling, ends that are cut, copies: each rule in both directions."""

from __future__ import annotations

import pytest

from catalog.identity import names
from tests.identities import resolve, same

ONE_MODEL = (
    ("deepinfra|z-ai/glm-9", "deepinfra|zai-org/GLM-9"),
    ("featherless|THUDM/GLM-9-32B", "featherless|zai-org/GLM-9-32B"),
    ("deepinfra|qwen/qwen-9-32b", "deepinfra|Qwen/Qwen9-32B"),
    ("deepinfra|meta-llama/Meta-Llama-9-8B", "deepinfra|meta-llama/llama9-8b"),
    ("deepinfra|acme/one-3_3", "deepinfra|acme/one-3.3"),
    ("deepinfra|acme/one-3-5", "deepinfra|acme/one-3.5"),
    ("deepinfra|black-forest-labs/FLUX.9-dev", "chutes|FLUX-9-dev"),
    ("deepinfra|nvidia/NVIDIA-Nemotron-9-Nano", "deepinfra|nvidia/Nemotron-9-Nano"),
    ("featherless|CohereForAI/c4ai-command-z", "portkey-pricing:cohere|command-z"),
    ("featherless|acme/one-FP8", "featherless|acme/one"),
    ("featherless|acme/one-7B-GPTQ-Int4", "featherless|acme/one-7B"),
    ("featherless|acme/one-bnb-4bit", "featherless|acme/one"),
    ("featherless|Qwen/Qwen9-8B-GGUF", "featherless|Qwen/Qwen9-8B"),
    ("deepinfra|acme/one-7B-Turbo", "deepinfra|acme/one-7B"),
    ("deepinfra|deepseek-ai/DeepSeek-V9-Turbo", "deepinfra|deepseek-ai/DeepSeek-V9"),
    ("chutes|acme/one-TEE", "deepinfra|acme/one"),
    ("chutes|acme/one-7b-turbo-TEE", "deepinfra|acme/one-7b"),
    ("portkey-pricing:together-ai|acme/one-7b-FP8-tput", "deepinfra|acme/one-7b"),
    ("portkey-pricing:together-ai|acme/one-7b-Instruct-Turbo-Free", "deepinfra|acme/one-7b-instruct"),
    ("portkey-pricing:nebius|acme/one-7b-fast", "deepinfra|acme/one-7b"),
    ("featherless|unsloth/gemma-9-9b-it", "featherless|google/gemma-9-9b-it"),
    ("featherless|RedHatAI/Qwen9-8B-FP8-dynamic", "featherless|Qwen/Qwen9-8B"),
    ("featherless|NousResearch/Llama-9-8B-Instruct", "featherless|meta-llama/Llama-9-8B-Instruct"),
    ("featherless|unsloth/Llama-9-Nemotron-70B", "featherless|nvidia/Llama-9-Nemotron-70B"),
    ("featherless|baidu/ERNIE-9-21B-PT", "openrouter|baidu/ernie-9-21b"),
)
TWO_MODELS = (
    ("featherless|cohere/one", "featherless|qwen/one"),
    ("deepinfra|acme/one-35", "deepinfra|acme/one-3.5"),
    ("deepinfra|acme/one-3-5b", "deepinfra|acme/one-3.5b"),
    ("featherless|acme/qwen-9-32b", "featherless|acme/qwen9-32b"),
    ("featherless|acme/meta-llama-9-8b", "featherless|acme/llama-9-8b"),
    ("featherless|acme/one_two-three", "featherless|acme/one-two_three"),
    ("featherless|acme/one-QAT", "featherless|acme/one"),
    ("featherless|acme/one-Base", "featherless|acme/one"),
    ("featherless|google/gemma-9-9b-pt", "featherless|google/gemma-9-9b-it"),
    ("featherless|acme/one-SFT", "featherless|acme/one"),
    ("featherless|acme/one-abliterated", "featherless|acme/one"),
    ("featherless|acme/one-Distill", "featherless|acme/one"),
    ("featherless|acme/Qwen9-8B-GGUF", "featherless|Qwen/Qwen9-8B"),
    ("featherless|acme/tuned-GGUF", "featherless|acme/tuned"),
    ("openrouter|acme/one-7b-turbo", "openrouter|acme/one-7b"),
    ("openrouter|x-ai/grok-9-fast", "openrouter|x-ai/grok-9"),
    ("deepinfra|openai/whisper-large-v9-turbo", "deepinfra|openai/whisper-large-v9"),
    ("deepinfra|stabilityai/sdxl-turbo", "deepinfra|stabilityai/sdxl"),
    ("deepinfra|acme/image-7b-turbo", "deepinfra|acme/image-7b"),
    ("deepinfra|acme/one-turbo", "deepinfra|acme/one"),
    ("deepinfra|acme/one-7b-tee", "deepinfra|acme/one-7b"),
    ("portkey-pricing:together-ai|deepseek-ai/DeepSeek-V9-Lite", "deepinfra|deepseek-ai/DeepSeek-V9"),
    ("featherless|NousResearch/Hermes-9-Llama-9-8B", "featherless|meta-llama/Llama-9-8B"),
    ("featherless|nvidia/Llama-9-Guard-8B", "featherless|meta-llama/Llama-9-Guard-8B"),
    ("featherless|somebody/Llama-9-8B-Instruct", "featherless|meta-llama/Llama-9-8B-Instruct"),
    ("featherless|baidu/ERNIE-9-21B-Base-PT", "featherless|baidu/ERNIE-9-21B-PT"),
    ("chutes|nova-anime3d-xl", "openrouter|amazon/nova-anime3d-xl"),
)


@pytest.mark.parametrize(("first", "second"), [pytest.param(*case, id=case[0]) for case in ONE_MODEL])
def test_one_model(first: str, second: str) -> None:
    """Two spellings or offers of one model, none of them listed anywhere."""
    assert same(first, second), (resolve(first), resolve(second))


@pytest.mark.parametrize(("first", "second"), [pytest.param(*case, id=case[0]) for case in TWO_MODELS])
def test_two_models(first: str, second: str) -> None:
    """Names that a looser rule would take for one."""
    assert not same(first, second), resolve(first)


@pytest.mark.parametrize(
    ("name", "variant"),
    [
        pytest.param("openrouter|openai/gpt-4o:extended", "extended", id="of OpenRouter"),
        pytest.param("featherless|unsloth/gemma-3-4b-it", "reupload", id="a copy"),
        pytest.param("chutes|zai-org/GLM-4.6-FP8", "fp8", id="quantised"),
        pytest.param("chutes|google/gemma-3-4b-it-turbo-TEE", "tee+turbo", id="two of them"),
        pytest.param("chutes|Nemotron-3-Nano-Omni-30B-TEE", "bf16+tee", id="of the id and of its root"),
        pytest.param("openrouter|anthropic/claude-opus-4.7-fast", "fast", id="a mode"),
        pytest.param("openrouter|prime-intellect/intellect-3", None, id="not of OpenRouter's repository"),
        pytest.param("deepinfra|meta-llama/Llama-2-70b-chat-hf", None, id="an end that says nothing"),
        pytest.param("deepinfra|acme/one", None, id="the usual offer"),
    ],
)
def test_variant(name: str, variant: str | None) -> None:
    """What sets an offer apart stays with the offer."""
    assert resolve(name).variant == variant


def test_an_end_that_means_both() -> None:
    """An end that is serving on one gateway and a product on another decides nothing."""
    assert resolve("chutes|zai-org/GLM-5-Turbo").key is None
    assert resolve("openrouter|z-ai/glm-5-turbo").key == "zai-org/glm-5-turbo"


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("llama-3.1-8b-instruct", {"8b"}, id="one"),
        pytest.param("mixtral-8x7b", {"8x7b"}, id="experts"),
        pytest.param("qwen3-235b-a22b", {"235b"}, id="active ones do not count"),
        pytest.param("lfm2.5-1.2b", {"1.2b"}, id="a fraction"),
        pytest.param("one-4bit-k2", set(), id="none"),
    ],
)
def test_sizes(name: str, found: set[str]) -> None:
    """Parameter sizes are told from other numbers."""
    assert names.sizes(name) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("gpt-5-2025-08-07", {"20250807"}, id="a day"),
        pytest.param("command-r-08-2024", {"082024"}, id="a month"),
        pytest.param("kimi-k2-instruct-0905", {"0905"}, id="a short day"),
        pytest.param("llama-3.1-8b", set(), id="none"),
    ],
)
def test_dates(name: str, found: set[str]) -> None:
    """Dates are told from other numbers."""
    assert names.dates(name) == found
