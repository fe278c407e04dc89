"""Changes as Markdown: what hurts first, harmless, and never too long."""

from __future__ import annotations

import pytest

from catalog import changelog
from catalog.changelog.markdown import LIMIT, code
from catalog.changelog.words import group_of, money, summary, what
from catalog.schema.changes import LoggedChange
from tests.changed import one

HOSTILE = "a/`x`|@user ![i](http://x) [l](http://y) <img src=x> #1\n# h\x00\x1b\u202e\\|"


def headings(text: str) -> list[str]:
    """Return the headings of a report."""
    return [line for line in text.splitlines() if line.startswith("#")]


def test_no_changes() -> None:
    """A night without changes is told in two words."""
    assert {name: form([]) for name, form in changelog.FORMS.items()} == {
        "markdown": "No changes.\n",
        "json": '{\n  "changes": [],\n  "schema_version": "1.0"\n}\n',
        "line": "no changes\n",
    }


def test_a_report() -> None:
    """Totals, then removals, rises, cuts, additions, ends and the rest, each grouped by gateway."""
    found = [
        one(kind="added", model="b/new"),
        one(model="b/cheap", to="0.0000009", percent=-10.0),
        one(gateway="chutes", model="b/dear"),
        one(model="b/dearest", to="0.000009", percent=800.0),
        one(kind="removed", model="b/old"),
        one(kind="deprecation", meter="expiration_date", to="2026-12-01"),
        one(kind="context", meter="context_length", before=131072, to=262144),
    ]
    assert changelog.FORMS["markdown"](found) == (
        """\
1 removed, 2 dearer, 1 cheaper, 1 added, 1 ending, 1 changed (chutes 1, openrouter 6)

| gateway | removed | dearer | cheaper | added | ending | changed |
|---|--:|--:|--:|--:|--:|--:|
| `chutes` |  | 1 |  |  |  |  |
| `openrouter` | 1 | 1 | 1 | 1 | 1 | 1 |
| **total** | 1 | 2 | 1 | 1 | 1 | 1 |

### Removed (1)

| gateway | model | what |
|---|---|---|
| openrouter | `b/old` | removed |

### Dearer (2)

| gateway | model | meter | from | to | |
|---|---|---|---|---|---|
| chutes | `b/dear` | prompt | $1/M | $2/M | +100 % |
| openrouter | `b/dearest` | prompt | $1/M | $9/M | +800 % |

### Cheaper (1)

| gateway | model | meter | from | to | |
|---|---|---|---|---|---|
| openrouter | `b/cheap` | prompt | $1/M | $0.9/M | −10 % |

### Added (1)

| gateway | model | what |
|---|---|---|
| openrouter | `b/new` | added |

### Ending (1)

| gateway | model | what |
|---|---|---|
| openrouter | `acme/one` | `ends on 2026-12-01` |

### Changed (1)

| gateway | model | what |
|---|---|---|
| openrouter | `acme/one` | `context length 131,072 → 262,144` |
"""
    )


def test_a_long_list_is_folded() -> None:
    """More than ten rows stand behind a click, ten do not."""
    found = [one(kind="added", model=f"a/{number}") for number in range(11)]
    assert "<details>" in changelog.FORMS["markdown"](found)
    assert "<details>" not in changelog.FORMS["markdown"](found[1:])


@pytest.mark.parametrize(
    "kinds", [("removed",), ("price", "removed", "added", "context")], ids=["one", "many"]
)
@pytest.mark.parametrize("name", ["a", "ü" * 200, HOSTILE], ids=["short", "long", "hostile"])
def test_a_report_is_never_too_long(kinds: tuple[str, ...], name: str) -> None:
    """However much changed, GitHub takes it; what is left out is counted, and the sections are all there."""
    found = [one(kind=kind, model=f"{name}/{number}") for number in range(5000) for kind in kinds]
    text = changelog.FORMS["markdown"](found)
    assert len(text.encode()) < LIMIT
    assert "more" in text
    assert len(headings(text)) == len(kinds)
    assert all(section.count("\n| openrouter |") > 5 for section in text.split("### ")[1:])
    assert text.count("<details>") == text.count("</details>") == len(kinds)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(one(kind="removed", model=HOSTILE), id="an id"),
        pytest.param(one(kind="renamed", meter="name", before=HOSTILE, to=HOSTILE), id="a name"),
        pytest.param(
            one(kind="modality", meter="input_modalities", before=[HOSTILE], to=[HOSTILE]), id="a modality"
        ),
        pytest.param(
            one(kind="tiers", meter="price_tiers", before=[], to=[{"service_tier": HOSTILE}]), id="a tier"
        ),
        pytest.param(one(kind="price", meter=HOSTILE, before=None, to=None), id="a meter"),
    ],
)
def test_names_of_others_are_harmless(change: LoggedChange) -> None:
    """Nothing outside of code is theirs: no mention, link, image, tag, heading or further cell."""
    text = changelog.FORMS["markdown"]([change])
    [row] = [line for line in text.splitlines() if line.startswith("| openrouter |")]
    assert row.count("`") % 2 == 0
    outside = "".join(row.split("`")[::2])
    assert not set(outside) & set("@![]<>#\\")
    assert row.replace("\\|", "").count("|") == 4
    assert row.isprintable()


def test_code() -> None:
    """A name stands in code and cannot leave it."""
    assert code("a`b|c\\d\n") == "`a'b\\|c/d?`"
    assert code("x" * 100) == f"`{'x' * 79}…`"


WORDS = [
    (one(), "dearer", "prompt $1/M → $2/M +100 %"),
    (
        one(before="0.01", to="0.005", percent=-50.0, meter="web_search"),
        "cheaper",
        "web search $0.01 → $0.005 −50 %",
    ),
    (one(to=None, percent=None, meter="input_cache_read"), "changed", "input cache read $1/M → –"),
    (
        one(kind="unstable", meter="prompt", before="0.000001", to="0.000002"),
        "changed",
        "prompt goes to and fro: $1/M → $2/M",
    ),
    (one(kind="returned"), "added", "back again"),
    (
        one(kind="deprecation", meter="expiration_date", before="2026-12-01", to="2026-12-24"),
        "ending",
        "ends on 2026-12-24 instead of 2026-12-01",
    ),
    (
        one(kind="deprecation", meter="expiration_date", before="2026-12-01"),
        "ending",
        "no longer ends on 2026-12-01",
    ),
    (one(kind="deprecation", meter="replaced_by", to="a/b"), "ending", "replaced by – → a/b"),
    (one(kind="capability", meter="tools", before=True, to=False), "changed", "tools yes → no"),
    (
        one(kind="modality", meter="input_modalities", before=[], to=["text", "image"]),
        "changed",
        "input modalities none → text, image",
    ),
    (
        one(kind="tiers", meter="price_tiers", before=[], to=[{"min_prompt_tokens": 9, "prompt": "0.1"}]),
        "changed",
        "price tiers none → min_prompt_tokens=9 prompt=0.1",
    ),
    (
        one(kind="gateway_lost", meter="gateways", before=["a", "b"], to=["a"]),
        "changed",
        "gateways a, b → a",
    ),
    (
        one(kind="first_fetch", meter="models", before=1, to=2),
        "changed",
        "list fetched for the first time",
    ),
]


@pytest.mark.parametrize(("change", "group", "words"), [pytest.param(*each, id=each[2]) for each in WORDS])
def test_words(change: LoggedChange, group: str, words: str) -> None:
    """Each kind of change has its group and its words."""
    assert (group_of(change), what(change)) == (group, words)


@pytest.mark.parametrize(
    ("meter", "value", "words"),
    [
        pytest.param("prompt", "0.00000005", "$0.05/M", id="tokens"),
        pytest.param("per_hour", "0.2", "$0.2", id="hours"),
        pytest.param("per_second", "0.0000075", "$0.0000075", id="seconds"),
        pytest.param("image", "0.0048", "$0.0048", id="a whole image"),
        pytest.param("image", "0.000002", "$2/M", id="an image by token"),
    ],
)
def test_money(meter: str, value: str, words: str) -> None:
    """A price is written as people say it."""
    assert money(meter, value) == words


def test_summary() -> None:
    """One line says how many of each, and where."""
    found = [one(), one(kind="removed"), one(kind="removed", gateway="chutes")]
    assert summary(found) == "2 removed, 1 dearer (chutes 1, openrouter 2)"
