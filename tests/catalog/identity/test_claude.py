"""Anthropic's names."""

from __future__ import annotations

import pytest

from tests.identities import resolve

KEYS = (
    ("openrouter|anthropic/claude-sonnet-4.5", "anthropic/claude-sonnet-4-5"),
    ("portkey|@anthropic/claude-sonnet-4-5-20250929", "anthropic/claude-sonnet-4-5"),
    ("portkey|@bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "anthropic/claude-sonnet-4-5"),
    ("portkey-pricing:vertex-ai|claude-opus-4@20250514", "anthropic/claude-opus-4"),
    ("portkey-pricing:anthropic|claude-opus-4-0", "anthropic/claude-opus-4"),
    ("deepinfra|anthropic/claude-4-opus", "anthropic/claude-opus-4"),
    ("deepinfra|anthropic/claude-3-7-sonnet-latest", "anthropic/claude-3-7-sonnet"),
    ("openrouter|anthropic/claude-3.5-sonnet", "anthropic/claude-3-5-sonnet-20241022"),
    ("portkey-pricing:vertex-ai|claude-3-5-sonnet@20240620", "anthropic/claude-3-5-sonnet-20240620"),
    ("portkey-pricing:vertex-ai|claude-3-5-sonnet", "anthropic/claude-3-5-sonnet-20240620"),
    ("portkey-pricing:vertex-ai|claude-3-5-sonnet-v2", "anthropic/claude-3-5-sonnet-20241022"),
    ("portkey-pricing:vertex-ai|claude-3-5-sonnet-v2@20241022", "anthropic/claude-3-5-sonnet-20241022"),
    ("portkey-pricing:bedrock|anthropic.claude-v2:1", "anthropic/claude-2-1"),
    ("portkey-pricing:bedrock|anthropic.claude-v2", "anthropic/claude-2"),
    ("portkey-pricing:bedrock|global.anthropic.claude-fable-5-v1", "anthropic/claude-fable-5"),
    ("openrouter|anthropic/claude-opus-9.3:batch", "anthropic/claude-opus-9-3"),
    ("portkey-pricing:anthropic|claude-opus-9-20300101", "anthropic/claude-opus-9-20300101"),
)


@pytest.mark.parametrize(("name", "key"), [pytest.param(*case, id=case[0]) for case in KEYS])
def test_release(name: str, key: str) -> None:
    """Family, version and, where a version had several releases, the date."""
    assert resolve(name).key == key


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("portkey|@anthropic-provider/claude-sonnet-4-5-20250514", id="the date of 4.0"),
        pytest.param("portkey|@anthropic/claude-3-7-sonnet-20241022", id="the date of 3.5"),
    ],
)
def test_a_date_that_contradicts(name: str) -> None:
    """An id that exists in documentation only stands for nothing."""
    found = resolve(name)
    assert (found.key, "was not released on" in (found.reason or "")) == (None, True)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("featherless|acme/oh-dcft-v3.1-claude-3-5-haiku-20241022", id="inside a name"),
        pytest.param("featherless|acme/claude-3-5-haiku", id="of somebody else"),
        pytest.param("featherless|anthropic/claude-3-5-haiku-distill", id="with more to say"),
    ],
)
def test_anchored(name: str) -> None:
    """A name that only holds the word is no Claude."""
    assert resolve(name).key not in {None, "anthropic/claude-3-5-haiku"}
