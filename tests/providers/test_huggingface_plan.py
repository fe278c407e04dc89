"""What to ask the Hub next: from what is wanted, known and allowed to requests, without any network."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.schema.metrics import Repository
from providers.huggingface_plan import (
    FIELDS,
    SWEEP,
    SWEEP_PAGES,
    Known,
    due,
    is_name,
    is_word,
    look_up,
    organisation_list,
    plan,
)

TODAY = date(2026, 11, 20)
YOUNG, OLD = "2026-11-19", "2026-10-01"
SWEPT = frozenset({SWEEP.path})


def known(*lines: Repository) -> Known:
    """Return repositories by key."""
    return {line.key: line for line in lines}


def asked_for(
    wanted: list[str], budget: int = 100, lines: Known | None = None, asked: frozenset[str] = SWEPT
) -> list[str]:
    """Return the subjects of what is asked next, and check that nothing else is wrong with it."""
    requests = plan(wanted, lines or {}, budget, TODAY, asked)
    assert len({request.kind for request in requests}) <= 1
    assert len({request.path for request in requests}) == len(requests) <= max(budget, 0)
    return [request.subject for request in requests]


def test_a_list_for_whoever_has_two() -> None:
    """Organisations with the most wanted repositories come first, in the spelling that most of them use."""
    wanted = ["b/1", "a/1", "A/2", "A/3", "B/2", "c/1"]
    assert asked_for(wanted) == ["A", "B"]


def test_then_the_sweep_then_look_ups() -> None:
    """Each kind when the one before is done; nothing when nothing is left."""
    wanted = ["a/1", "a/2", "b/1"]
    asked: set[str] = set()
    kinds = []
    while requests := plan(wanted, {}, 100, TODAY, asked):
        kinds.append(requests[0].kind)
        asked |= {request.path for request in requests}
    assert kinds == ["list", "sweep", "look-up"]
    assert {look_up(name).path for name in wanted} <= asked


def test_lists_leave_room_for_the_sweep() -> None:
    """It finds more than the last ones of them."""
    wanted = [f"o{number}/{name}" for number in range(50) for name in "ab"]
    assert len(asked_for(wanted, 40, asked=frozenset())) == 40 - SWEEP_PAGES
    assert len(asked_for(wanted, 40)) == 40


@pytest.mark.parametrize("budget", [0, -1])
def test_without_a_budget_nothing_is_asked(budget: int) -> None:
    """Whatever is wanted."""
    assert asked_for(["a/1", "a/2", "b/1"], budget) == []
    assert asked_for(["a/1", "a/2", "b/1"], budget, asked=frozenset()) == []


def test_a_small_budget_goes_to_the_sweep() -> None:
    """One request that may find anything, rather than a list that finds two."""
    [request] = plan(["a/1", "a/2"], {}, 5, TODAY)
    assert request == SWEEP


def test_what_is_known_is_kept() -> None:
    """Nothing is asked while it is young, found or missing; not even the sweep."""
    lines = known(
        Repository(id="A/1", as_of=YOUNG),
        Repository(id="a/2", missing=YOUNG),
        Repository(id="a/3", as_of=OLD, missing=YOUNG),
    )
    assert plan(["a/1", "a/2", "a/3"], lines, 100, TODAY) == []


def test_what_is_old_is_asked_again() -> None:
    """Numbers and misses alike."""
    lines = known(Repository(id="a/1", as_of=OLD), Repository(id="b/2", missing=OLD))
    assert due(["a/1", "b/2"], lines, TODAY) == ["a/1", "b/2"]


def test_the_most_valuable_look_ups_come_first() -> None:
    """What was never answered in the order of the wanted, then what many download, then misses."""
    lines = known(
        Repository(id="a/few", as_of=OLD, downloads=5),
        Repository(id="b/many", as_of=OLD, downloads=500),
        Repository(id="c/unsaid", as_of=OLD),
        Repository(id="d/missing", missing=OLD),
        Repository(id="f/unlisted", unlisted=YOUNG),
    )
    wanted = ["d/missing", "c/unsaid", "a/few", "b/many", "f/unlisted", "e/new"]
    expected = ["f/unlisted", "e/new", "b/many", "a/few", "c/unsaid", "d/missing"]
    assert asked_for(wanted, lines=lines) == expected
    assert asked_for(wanted, 3, lines=lines) == expected[:3]


def test_what_its_list_did_not_show_is_looked_up() -> None:
    """The list would not show it the next time either."""
    lines = known(Repository(id="a/1", unlisted=YOUNG), Repository(id="a/2", unlisted=YOUNG))
    assert asked_for(["a/1", "a/2"], lines=lines) == ["a/1", "a/2"]


def test_an_old_name_that_stands_alone_is_looked_up() -> None:
    """It has no organisation whose list could show it."""
    assert asked_for(["gpt2", "bert"]) == ["gpt2", "bert"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Qwen/Qwen3-32B", True, id="usual"),
        pytest.param("gpt2", True, id="alone"),
        pytest.param("_a/b_c.d-e", True, id="all characters"),
        pytest.param("a/b/c", False, id="two slashes"),
        pytest.param("../etc", False, id="upwards"),
        pytest.param("a/..", False, id="upwards at the end"),
        pytest.param("a/b?expand=c", False, id="a query"),
        pytest.param("a/b#c", False, id="a fragment"),
        pytest.param("a/b c", False, id="a space"),
        pytest.param("a/b%2e", False, id="an escape"),
        pytest.param("a/é", False, id="an accent"),
        pytest.param("a/b\n", False, id="a line end"),
        pytest.param("a/" + "x" * 97, False, id="too long"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_names(text: str, expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """Nothing else gets into a URL, and such a name is never asked for."""
    assert is_name(text) is expected
    assert due([text], {}, TODAY) == [text] * expected


@pytest.mark.parametrize(
    ("text", "expected"), [("any-to-any", True), ("<b>", False), ("x" * 65, False), ("", False)]
)
def test_words(text: str, expected: bool) -> None:  # noqa: FBT001 - as above
    """What can be the name of a task or of a library."""
    assert is_word(text) is expected


def test_the_questions() -> None:
    """Every request names the fields that it wants; pages are as large as can be, most downloaded first."""
    listed, sweep, one = (
        urlsplit(request.path) for request in (organisation_list("A"), SWEEP, look_up("a/b"))
    )
    assert (listed.path, sweep.path, one.path) == ("/api/models", "/api/models", "/api/models/a/b")
    paged = {"sort": ["downloads"], "direction": ["-1"], "limit": ["1000"], "expand[]": [*FIELDS]}
    assert parse_qs(listed.query) == {"author": ["A"], **paged}
    assert parse_qs(sweep.query) == paged
    assert parse_qs(one.query) == {"expand[]": [*FIELDS]}


NAMES = st.builds("{}/{}".format, st.sampled_from("abcD"), st.sampled_from("123456"))
DAYS = st.none() | st.sampled_from([YOUNG, OLD])
LINES = st.builds(Repository, id=NAMES, as_of=DAYS, missing=DAYS, unlisted=DAYS)


@given(
    st.lists(NAMES, unique_by=str.lower),
    st.lists(LINES),
    st.integers(0, 30),
    st.sets(st.sampled_from(["a", "b"])),
)
def test_nights_end_and_ask_nothing_twice(
    wanted: list[str], lines: list[Repository], budget: int, listed: set[str]
) -> None:
    """Whatever is known: within the budget, each path once, and everything due when the budget suffices."""
    asked = {organisation_list(name).path for name in listed}
    begun = len(asked)
    while requests := plan(wanted, known(*lines), budget - len(asked) + begun, TODAY, asked):
        paths = {request.path for request in requests}
        assert len(paths) == len(requests)
        assert not paths & asked
        asked |= paths
    assert len(asked) - begun <= budget
    if budget == 30:
        assert {look_up(name).path for name in due(wanted, known(*lines), TODAY)} <= asked
