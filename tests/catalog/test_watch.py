"""Which models a text names, and what became of them."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.kept import kept_fields
from catalog.schema.changes import LoggedChange
from catalog.watch import findings, known_ids, logged_ids, mentioned
from tests.changed import one
from tests.factories import kept

LISTINGS = [
    ("openrouter", "openai/gpt-4o"),
    ("openrouter", "openai/gpt-4o:free"),
    ("openrouter", "~x-ai/grok-latest"),
    ("deepinfra", "Qwen/Qwen3-32B"),
    ("portkey", "accounts/fireworks/models/x"),
    ("chutes", "FLUX.1-dev"),
]
KNOWN = known_ids(LISTINGS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param('model = "openai/gpt-4o"', ["openai/gpt-4o"], id="code"),
        pytest.param(
            "models: [openai/gpt-4o, qwen/qwen3-32b]", ["openai/gpt-4o", "qwen/qwen3-32b"], id="YAML"
        ),
        pytest.param("I use openai/gpt-4o.", ["openai/gpt-4o"], id="prose"),
        pytest.param("OpenAI/GPT-4o:", ["openai/gpt-4o"], id="any case, before a colon"),
        pytest.param("openai/gpt-4o:free", ["openai/gpt-4o:free"], id="a variant of its own"),
        pytest.param("openai/gpt-4o:nitro", ["openai/gpt-4o"], id="a variant that is never listed"),
        pytest.param("openrouter/openai/gpt-4o", ["openai/gpt-4o"], id="behind the name of a gateway"),
        pytest.param("https://openrouter.ai/openai/gpt-4o?x=1", ["openai/gpt-4o"], id="an address"),
        pytest.param("catalog/model/openai/gpt-4o.json", ["openai/gpt-4o"], id="a file of ours"),
        pytest.param('{"model":"openai\\/gpt-4o"}', ["openai/gpt-4o"], id="JSON with escaped slashes"),
        pytest.param("~x-ai/grok-latest", ["~x-ai/grok-latest"], id="a moving alias"),
        pytest.param(
            "fireworks_ai/accounts/fireworks/models/x", ["accounts/fireworks/models/x"], id="four segments"
        ),
        pytest.param("chutes/FLUX.1-dev and FLUX.1-dev", ["chutes/flux.1-dev", "flux.1-dev"], id="a bare id"),
        pytest.param("openai/gpt-4o-mini openai/gpt-4 xopenai/gpt-4o", [], id="other models"),
        pytest.param("a/flux.1-dev gpt-4o", [], id="a last segment alone"),
        pytest.param("", [], id="nothing"),
    ],
)
def test_mentioned(text: str, expected: list[str]) -> None:
    """Ids are found as they stand in code, configuration and prose; no id is found in part of another one."""
    assert mentioned(text, KNOWN) == expected


def test_known_ids() -> None:
    """Every listing under every name; renamed ones under the old name too."""
    assert KNOWN["chutes/flux.1-dev"] == KNOWN["flux.1-dev"] == {("chutes", "FLUX.1-dev")}
    log = [
        one(kind="renamed", meter="id", before="acme/old", to="acme/one"),
        one(kind="first_fetch", model=None, offered=None),
    ]
    assert list(logged_ids(log)) == [("openrouter", "acme/one"), ("openrouter", "acme/old")]


def day(number: int, **fields: Any) -> LoggedChange:  # noqa: ANN401 - the fields of a change
    """Make a change on a day of November."""
    return one(at=f"2026-11-{number:02}T02:17:00Z", **fields)


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param([day(3, kind="removed")], [("gone", "2026-11-03", "no longer offered")], id="gone"),
        pytest.param([day(3, kind="removed"), day(4, kind="returned")], [], id="back again"),
        pytest.param(
            [day(3, kind="renamed", meter="id", before="acme/one", to="acme/uno", model="acme/uno")],
            [("renamed", "2026-11-03", "now acme/uno")],
            id="renamed",
        ),
        pytest.param(
            [day(3, kind="renamed", meter="id", before="acme/x", to="acme/one")], [], id="the new name"
        ),
        pytest.param([day(3, kind="renamed", meter="name", before="One", to="Uno")], [], id="a display name"),
        pytest.param([day(3)], [("dearer", "2026-11-03", "prompt $1/M → $2/M (+100 %)")], id="dearer"),
        pytest.param(
            [day(4, before="0.000003", to="0.0000015"), day(3, before="0.000001", to="0.000003")],
            [("dearer", "2026-11-04", "prompt $1/M → $1.5/M (+50 %)")],
            id="dearer after all",
        ),
        pytest.param([day(3), day(4, before="0.000002", to="0.000001")], [], id="as before"),
        pytest.param(
            [day(3, before="0")],
            [("dearer", "2026-11-03", "prompt $0/M → $2/M")],
            id="no longer free of charge",
        ),
        pytest.param([day(3, before=None)], [], id="a price that became known"),
        pytest.param([day(2), day(3, to="0.0000005")], [], id="cheaper"),
    ],
)
def test_findings(log: list[LoggedChange], expected: list[tuple[str, str, str]]) -> None:
    """Gone, renamed, dearer: what counts is how it stands now."""
    found = findings([("openrouter", "acme/one")], log, [], "")
    assert [each[2:] for each in found] == expected


def test_since() -> None:
    """What happened before the day does not count, and neither do other models."""
    log = [day(3), day(5, before="0.000002", to="0.000004"), day(5, model="acme/two")]
    [found] = findings([("openrouter", "acme/one")], log, [], "2026-11-04")
    assert found.detail == "prompt $2/M → $4/M (+100 %)"
    assert findings([("openrouter", "acme/one")], log, [], "2026-11-06") == []


def test_ending() -> None:
    """An announced end is told whenever it was announced, with the successor if there is one."""
    ends = [
        kept_fields(kept(expiration_date="2026-12-01", replaced_by="acme/two")),
        kept_fields(kept(gateway="chutes", expiration_date="2026-12-02")),
        kept_fields(kept(id="acme/other", expiration_date="2026-12-03")),
    ]
    found = findings([("openrouter", "acme/one"), ("chutes", "acme/one")], [], ends, "2027-01-01")
    assert [tuple(each) for each in found] == [
        ("acme/one", "chutes", "ending", "", "ends on 2026-12-02"),
        ("acme/one", "openrouter", "ending", "", "ends on 2026-12-01, use acme/two"),
    ]
