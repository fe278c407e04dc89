"""`identity`: how an id got its key, for people and for scripts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

import build


def call(*words: str) -> tuple[int, str]:
    """Run the command on the shipped data; return how it ended and what it said."""
    done = CliRunner().invoke(build.main, ["identity", *words])
    return done.exit_code, done.output


def test_steps() -> None:
    """Every step stands on its own line, then the key, how it was found and what sets the offer apart."""
    code, said = call(
        "portkey|@bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0", "chutes|zai-org/GLM-4.6-FP8"
    )
    assert code == 0
    lines = [" ".join(line.split()) for line in said.splitlines()]
    assert lines == [
        "portkey|@bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0 portkey: @bedrock is bedrock",
        "anthropic.claude-sonnet-4-5-20250929-v1:0 bedrock: the region",
        "anthropic/claude-sonnet-4-5-20250929-v1:0 bedrock: its way of writing ids",
        "anthropic/claude-sonnet-4-5 claude: family, version and release",
        "= anthropic/claude-sonnet-4-5 (spelling)",
        "chutes|zai-org/GLM-4.6-FP8",
        "zai-org/glm-4.6 -fp8 is how it is served, not what it is",
        "= zai-org/glm-4.6 (spelling, fp8)",
    ]


def test_unresolved() -> None:
    """An id that stands for no model says why."""
    code, said = call("openrouter|~openai/gpt-latest")
    assert code == 0
    assert (
        said.splitlines()[-1] == "= unresolved: a moving alias; its alias_target says for what it stands now"
    )


def test_json() -> None:
    """Scripts get the key of every name, or null."""
    code, said = call(
        "--json", "portkey-pricing:groq|llama-3.1-8b-instant", "deepinfra|not/listed", "portkey|@x/y"
    )
    assert code == 0
    assert json.loads(said) == {
        "portkey-pricing:groq|llama-3.1-8b-instant": "meta-llama/llama-3.1-8b-instruct",
        "deepinfra|not/listed": "not/listed",
        "portkey|@x/y": None,
    }


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("openai/gpt-4o", id="no gateway"),
        pytest.param("nowhere|a/b", id="unknown gateway"),
        pytest.param("chutes|", id="no id"),
    ],
)
def test_misuse(name: str) -> None:
    """A name of another form is misuse, told in one line."""
    code, said = call(name)
    assert code == 2
    assert "is not GATEWAY|ID" in said


def test_a_guard_has_the_last_word(tmp_path: Path) -> None:
    """A listing whose merge was refused has no key here either."""
    (tmp_path / "snapshots").mkdir()
    for gateway, output in (("openrouter", "text"), ("chutes", "text"), ("deepinfra", "image")):
        line = {
            "architecture": {"output_modalities": [output]}, "changed_at": "2026-10-01T00:00:00Z",
            "gateway": gateway, "id": "acme/one", "name": "One",
        }  # fmt: skip
        (tmp_path / "snapshots" / f"{gateway}.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    _, said = call("--json", "--data", str(tmp_path), "openrouter|acme/one", "deepinfra|acme/one")
    assert json.loads(said) == {"openrouter|acme/one": "acme/one", "deepinfra|acme/one": None}
    _, told = call("--data", str(tmp_path), "deepinfra|acme/one")
    assert told.splitlines()[-1] == "= unresolved: output modality: image, the others text"


def test_broken_facts(tmp_path: Path) -> None:
    """A file of facts that cannot be read stops the command with one line."""
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "aliases.toml").write_text("aliases = [", encoding="utf-8")
    code, said = call("--data", str(tmp_path), "chutes|a/b")
    assert (code, said.count("\n")) == (1, 1)
    assert "aliases.toml cannot be read" in said
