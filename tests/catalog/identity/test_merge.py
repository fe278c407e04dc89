"""All listings at once: guards, the report, and what must not matter."""

from __future__ import annotations

import random

import pytest

from catalog.identity.known import Row, row
from catalog.identity.merge import Identities, merge
from catalog.identity.resolve import Resolver
from tests.identities import facts

TEXT, IMAGE = ("text",), ("image",)


def merged(*rows: Row) -> Identities:
    """Merge some listings with the shipped facts."""
    return merge(Resolver(facts(), rows), rows)


def keys(found: Identities) -> dict[str, str | None]:
    """Return the key of each listing by `gateway|id`."""
    return {
        f"{gateway}|{model_id}": each.key
        for gateway, resolutions in found.found.items()
        for model_id, each in resolutions.items()
    }


def test_one_key() -> None:
    """Listings of one model share a key, and there is nothing to settle."""
    found = merged(
        Row("openrouter", "z-ai/glm-9"), Row("deepinfra", "zai-org/GLM-9"), Row("chutes", "zai-org/GLM-9-TEE")
    )
    assert set(keys(found).values()) == {"zai-org/glm-9"}
    assert found.report().model_dump(exclude={"schema_version"}) == {
        "refused": [],
        "doubtful": [],
        "unresolved": [],
    }


def test_another_output_modality() -> None:
    """A listing that puts out something else is not merged, and reported; an unknown output says nothing."""
    found = merged(
        Row("openrouter", "acme/one", outputs=TEXT),
        Row("deepinfra", "acme/One", outputs=IMAGE),
        Row("chutes", "acme/one", outputs=TEXT),
        Row("featherless", "acme/one"),
    )
    assert [(each.gateway, each.guard, each.model_key) for each in found.refused] == [
        ("deepinfra", "output modality", "acme/one")
    ]
    assert keys(found)["deepinfra|acme/One"] is None
    assert keys(found)["featherless|acme/one"] == "acme/one"
    assert found.found["deepinfra"]["acme/One"].reason == "output modality: image, the others text"


def test_one_of_several_outputs() -> None:
    """A gateway that names fewer outputs does not contradict."""
    found = merged(Row("openrouter", "a/x", outputs=("text", "image")), Row("chutes", "a/x", outputs=TEXT))
    assert found.refused == []


@pytest.mark.parametrize(
    ("model_id", "repository", "guard"),
    [
        pytest.param("acme/one", "other/Base-7B", "organisation", id="of another party"),
        pytest.param("acme/one-8b", "acme/One-70B", "size", id="of another size"),
        pytest.param("acme/one-0731", "acme/One", "date", id="without the date"),
    ],
)
def test_a_gateways_word_that_did_not_count(model_id: str, repository: str, guard: str) -> None:
    """A repository that was not used is reported; the listing keeps the key of its own name."""
    found = merged(Row("openrouter", model_id, repository))
    assert keys(found) == {f"openrouter|{model_id}": model_id}
    told = [(each.id, each.guard, each.model_key) for each in found.report().refused]
    assert told == [(model_id, guard, repository.lower())]


def test_another_size() -> None:
    """A listing whose id has another parameter size than the key is not merged."""
    rows = (Row("chutes", "odd-70b", "acme/One-8B"), Row("deepinfra", "acme/One-8B"))
    assert [(each.id, each.guard) for each in merged(*rows).refused] == [("odd-70b", "size")]


def test_another_context() -> None:
    """Contexts that differ by far are reported but merged; Featherless' cap is no evidence."""
    found = merged(
        Row("openrouter", "acme/one", context_length=131_072),
        Row("deepinfra", "acme/one", context_length=8_192),
        Row("chutes", "acme/one", context_length=32_768),
        Row("featherless", "acme/one", context_length=2_048),
    )
    assert set(keys(found).values()) == {"acme/one"}
    assert [(each.gateway, each.guard) for each in found.doubtful] == [("deepinfra", "context")]


def test_repositories_that_are_spelled_alike() -> None:
    """Repositories that differ in case or separators only are two models; nobody can say which is meant."""
    found = merged(Row("featherless", "a/X_1"), Row("featherless", "a/x-1"), Row("featherless", "a/y"))
    assert keys(found) == {"featherless|a/X_1": None, "featherless|a/x-1": None, "featherless|a/y": "a/y"}
    assert [each.id for each in found.report().unresolved] == ["a/X_1", "a/x-1"]


def test_report() -> None:
    """A refused merge is told once, with what was refused; the unresolved ones are sorted."""
    found = merged(
        Row("openrouter", "openrouter/auto"),
        Row("chutes", "nameless"),
        Row("deepinfra", "acme/one", outputs=IMAGE),
        Row("chutes", "acme/one", outputs=TEXT),
        Row("openrouter", "acme/one", outputs=TEXT),
    )
    report = found.report()
    assert [(each.gateway, each.id) for each in report.unresolved] == [
        ("chutes", "nameless"),
        ("openrouter", "openrouter/auto"),
    ]
    assert [(each.gateway, each.id) for each in report.refused] == [("deepinfra", "acme/one")]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_listings_does_not_matter(seed: int) -> None:
    """Shuffled listings give the same keys and the same report."""
    rows = [
        Row("openrouter", "acme/one", "acme/One-7B", outputs=TEXT),
        Row("openrouter", "acme/one:free", "acme/Other"),
        Row("openrouter", "openai/gpt-9", canonical_slug="openai/gpt-9-2030-01-01"),
        Row("portkey", "@openai/gpt-9-2030-01-01"),
        Row("deepinfra", "acme/One-7B", outputs=IMAGE),
        Row("chutes", "acme/one-7b-TEE", outputs=TEXT),
        Row("featherless", "a/X"),
        Row("featherless", "a/x"),
    ]
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert keys(merged(*shuffled)) == keys(merged(*rows))
    assert merged(*shuffled).report() == merged(*rows).report()


def test_row() -> None:
    """A kept line gives what identity needs, and unknown stays unknown."""
    line = {
        "gateway": "chutes",
        "id": "x",
        "architecture": {"output_modalities": ["text"]},
        "context_length": 8,
    }
    assert row(line) == Row("chutes", "x", outputs=("text",), context_length=8)
    assert row({"gateway": "chutes", "id": "x"}) == Row("chutes", "x")
