"""The rules in their order: what the gateways say, aliases, kinds, steps."""

from __future__ import annotations

import pytest

from catalog.identity.known import Row
from catalog.identity.resolve import PRICES, Resolver
from catalog.schema.facts import Alias, HubName, IdentityFacts
from tests.identities import facts, resolve, resolver


def with_rows(*rows: Row) -> Resolver:
    """Make a resolver of the shipped facts and some listings."""
    return Resolver(facts(), rows)


@pytest.mark.parametrize(
    ("model_id", "repository", "key"),
    [
        pytest.param("acme/one", "Acme/One-7B-Instruct", "acme/one-7b-instruct", id="used"),
        pytest.param("z-ai/one", "zai-org/One-7B", "zai-org/one-7b", id="another spelling of the maker"),
        pytest.param("acme/one", "other/Base-7B", "acme/one", id="of another party"),
        pytest.param("acme/one-1.5", "Acme-AI/One-1_5", "acme-ai/one-1.5", id="a maker with a new name"),
        pytest.param("acme/one-8b", "acme/One-70B", "acme/one-8b", id="of another size"),
        pytest.param("acme/one-0731", "acme/One", "acme/one-0731", id="without the date"),
        pytest.param("acme/one-0731", "acme/One-0905", "acme/one-0731", id="of another date"),
        pytest.param("acme/one", "acme/One-0905", "acme/one-0905", id="a date is more than none"),
        pytest.param("acme/one", "one", "acme/one", id="without an organisation"),
        pytest.param("acme/one-fp8", None, "acme/one", id="none"),
    ],
)
def test_hugging_face_id(model_id: str, repository: str | None, key: str) -> None:
    """OpenRouter's repository is the name, unless organisation, size or date speak against it."""
    assert with_rows(Row("openrouter", model_id, repository)).resolve("openrouter", model_id).key == key


def test_a_variant_inherits() -> None:
    """A variant without a repository has the one of its base row, whatever comes first."""
    rows = (Row("openrouter", "acme/one", "acme/One-7B"), Row("openrouter", "acme/one:free"))
    for order in (rows, rows[::-1]):
        assert with_rows(*order).resolve("openrouter", "acme/one:free").key == "acme/one-7b"


def test_an_id_that_is_no_longer_listed() -> None:
    """The facts remember what OpenRouter said, and its last word counts."""
    known = IdentityFacts(
        openrouter=(HubName("a/x", "a/X-2", "2026-02-01"), HubName("a/x", "a/X-1", "2026-01-01"))
    )
    assert Resolver(known).resolve("openrouter", "a/x").key == "a/x-2"
    assert resolve("openrouter|qwen/qwen3-235b-a22b:free").kind == "hugging_face_id"


def test_a_short_name_with_a_date() -> None:
    """Other hosts write OpenRouter's short names too; without a date they could mean something else."""
    rows = (
        Row("openrouter", "acme/one-2507", "acme/One-7B-Instruct-2507"),
        Row("openrouter", "acme/two", "acme/Two-7B-Instruct-v0.3"),
    )
    assert with_rows(*rows).resolve("deepinfra", "acme/one-2507").key == "acme/one-7b-instruct-2507"
    assert with_rows(*rows).resolve("deepinfra", "acme/two").key == "acme/two"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("portkey-pricing:openai|gpt-5-2025-08-07", "openai/gpt-5", id="with hyphens"),
        pytest.param("portkey-pricing:openai|gpt-5.4-2026-03-05", "openai/gpt-5.4", id="without in the slug"),
        pytest.param(
            "portkey-pricing:openai|gpt-4o-2024-08-06", "openai/gpt-4o-2024-08-06", id="another date"
        ),
        pytest.param("portkey-pricing:x-ai|grok-4.5-20260708", "x-ai/grok-4.5-20260708", id="not of OpenAI"),
        pytest.param("openrouter|z-ai/glm-4.6v", "zai-org/glm-4.6v", id="slug of another model"),
    ],
)
def test_canonical_slug(name: str, key: str) -> None:
    """Only OpenAI's dates in OpenRouter's slugs are those of a release."""
    assert resolve(name).key == key


@pytest.mark.parametrize(
    "alias", [pytest.param(each, id=f"{each.service} {each.id}") for each in facts().aliases.aliases]
)
def test_every_alias_leads_to_its_key(alias: Alias) -> None:
    """A hand alias is followed, its key is spelled as keys are, and no alias leads to another one."""
    gateways = {"*": "deepinfra", "openrouter": "openrouter", "chutes": "chutes"}
    gateway = gateways.get(alias.service, f"{PRICES}{alias.service}")
    found = resolver().resolve(gateway, alias.id)
    assert (found.key, found.kind) == (alias.key, "alias")
    assert resolver().resolve("deepinfra", alias.key).key == alias.key


def test_an_alias_holds_where_it_was_settled() -> None:
    """The same name on another service is another question."""
    assert resolve("portkey-pricing:groq|llama-3.1-8b-instant").key == "meta-llama/llama-3.1-8b-instruct"
    assert resolve("deepinfra|meta-llama/llama-3.1-8b-instant").key == "meta-llama/llama-3.1-8b-instant"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        pytest.param("deepinfra|zai-org/GLM-4.6", "exact", id="the key but for case"),
        pytest.param("portkey|@deepinfra/zai-org/GLM-4.6", "spelling", id="wrapped"),
        pytest.param("openrouter|qwen/qwen3-coder", "hugging_face_id", id="said by OpenRouter"),
        pytest.param("portkey-pricing:openai|gpt-5-2025-08-07", "canonical_slug", id="dated"),
        pytest.param("chutes|kokoro", "alias", id="settled by hand"),
        pytest.param("chutes|hidream", None, id="unresolved"),
    ],
)
def test_kind(name: str, kind: str | None) -> None:
    """How an id led to its key."""
    assert resolve(name).kind == kind


def test_steps() -> None:
    """Every rule that applied is told, in order, with what it made of the id; only when asked."""
    found = resolver().resolve("featherless", "unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit", explain=True)
    assert [step.result for step in found.steps] == [
        "unsloth/meta-llama-3.1-8b-instruct",
        "meta-llama/meta-llama-3.1-8b-instruct",
        "meta-llama/llama-3.1-8b-instruct",
    ]
    assert resolve("featherless|unsloth/Meta-Llama-3.1-8B-Instruct-bnb-4bit").steps == ()


def test_a_repository_that_is_not_used_is_told() -> None:
    """Who asks sees why OpenRouter's word did not count."""
    found = resolver().resolve("openrouter", "aion-labs/aion-1.0-mini", explain=True)
    assert found.key == "aion-labs/aion-1.0-mini"
    assert "another organisation" in found.steps[0].rule
    assert found.refusal is not None
    assert found.refusal.guard == "organisation"
    assert found.refusal.key == "fuseai/fuseo1-deepseekr1-qwq-skyt1-32b-preview"


def test_without_facts() -> None:
    """An empty data folder resolves names as they are."""
    assert Resolver(IdentityFacts()).resolve("deepinfra", "Acme/One").key == "acme/one"
    assert Resolver(IdentityFacts()).resolve("chutes", "llama-3-8b").key is None
