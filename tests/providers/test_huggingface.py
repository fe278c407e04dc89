"""A night with the Hub: what is asked of it, what its answers mean, and when it is left alone."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

import orjson
import pytest

from catalog.metrics import updated, wanted
from catalog.ports import Facts, Missing, Payload
from catalog.schema.metrics import Repository
from providers import huggingface
from providers.huggingface import ask
from providers.huggingface_plan import SWEEP, SWEEP_PAGES, Known, look_up, organisation_list
from providers.huggingface_shapes import Row, parse
from tests.hub import DOWN, ToyHub
from tests.site import ROOT

TODAY = date(2026, 11, 20)
DAY = TODAY.isoformat()
OLD = "2026-10-01"


def night(hub: ToyHub, names: list[str], *lines: Repository, budget: int = 500, swept: bool = True) -> Facts:
    """Ask a toy Hub for some repositories."""
    return ask(hub, names, {line.key: line for line in lines}, TODAY, budget=budget, swept=swept)


def said(facts: Facts) -> dict[str, Repository]:
    """Return what was said by name."""
    return {line.id: line for line in facts.repositories}


def test_a_look_up() -> None:
    """Its numbers and the day of the answer."""
    facts = night(ToyHub({"a/b": 70}), ["a/b"])
    [line] = facts.repositories
    assert line == Repository(id="a/b", downloads=70, likes=7, gated=False, as_of=DAY)
    assert (facts.requests, facts.swept, facts.reason) == (1, True, None)


def test_a_list_answers_for_all_that_it_shows() -> None:
    """In one request; what nobody wants is not kept."""
    hub = ToyHub({"A/1": 10, "A/2": 20, "A/3": 30})
    facts = night(hub, ["a/1", "A/2"])
    assert hub.asked == [organisation_list("A").path]
    assert {name: line.downloads for name, line in said(facts).items()} == {"A/1": 10, "A/2": 20}


def test_what_a_list_does_not_show_is_looked_up() -> None:
    """Under its new name, or it is missing; the budget that is gone leaves a note for the next night."""
    hub = ToyHub({"a/1": 1, "b/new": 2}, renamed={"a/old": "b/new"})
    names = ["a/1", "a/old", "a/gone"]
    found = said(night(hub, names))
    assert found["a/old"] == Repository(
        id="a/old", moved_to="b/new", downloads=2, likes=0, gated=False, as_of=DAY
    )
    assert found["a/gone"] == Repository(id="a/gone", missing=DAY)
    short = said(night(hub, names, budget=1))
    assert short["a/gone"] == Repository(id="a/gone", unlisted=DAY)


def test_a_new_name_that_is_wanted_too_is_settled_with_the_old_one() -> None:
    """One answer, two lines, one request."""
    hub = ToyHub({"b/new": 2}, renamed={"a/old": "b/new"})
    facts = night(hub, ["a/old", "b/new"])
    assert set(said(facts)) == {"a/old", "b/new"}


def test_another_spelling_is_the_same_repository() -> None:
    """It is kept as the Hub spells it."""
    [line] = night(ToyHub({"Acme/One": 3}), ["acme/ONE"]).repositories
    assert (line.id, line.moved_to, line.key) == ("Acme/One", None, "acme/one")


def test_the_sweep_finds_the_most_downloaded() -> None:
    """Page by page, while anything is due and at most 20 of them; then look-ups."""
    crowd = {f"x/{number}": 10**6 - number for number in range(2500)}
    hub = ToyHub({**crowd, "a/popular": 10**6 - 1500, "b/rare": 1})
    facts = night(hub, ["a/popular", "b/rare"], swept=False)
    assert [path.partition("?")[0] for path in hub.asked] == ["/api/models"] * 3
    assert set(said(facts)) == {"a/popular", "b/rare"}
    assert facts.swept


def test_the_sweep_has_an_end() -> None:
    """However many models there are; what it finds on the way and is not due may still have moved."""
    crowd = {f"x/{number}": 10**6 - number for number in range(SWEEP_PAGES * 1000 + 1)}
    hub = ToyHub({**crowd, "b/rare": 1})
    facts = night(hub, ["b/rare", "x/7"], Repository(id="x/7", as_of=DAY, downloads=1), swept=False)
    assert len(hub.asked) == SWEEP_PAGES + 1
    assert hub.asked[-1] == look_up("b/rare").path
    assert said(facts)["x/7"].downloads == 10**6 - 7


def test_further_pages_of_a_list_have_to_be_worth_it() -> None:
    """As long as a page found more than looking up would have, and more is left."""
    models = {f"a/{number:04}": 10**6 - number for number in range(3500)}
    names = ["a/0001", "a/0002", "a/1001", "a/2001", "a/2002"]
    hub = ToyHub(models)
    facts = night(hub, names)
    assert len(said(facts)) == 5
    pages = [path for path in hub.asked if "author" in path]
    assert (len(pages), len(hub.asked)) == (2, 4)


def test_nothing_is_asked_when_nothing_is_due() -> None:
    """Not even whether the Hub is there."""
    facts = night(ToyHub({}, down=frozenset({1})), ["a/b"], Repository(id="a/b", as_of=DAY), swept=False)
    assert facts == Facts([], 0, swept=False)


def test_the_budget_is_kept() -> None:
    """However much is wanted: lists first, then the sweep, then lists that had to leave room for it."""
    hub = ToyHub({})
    names = [f"o{number}/{name}" for number in range(60) for name in "abc"]
    facts = night(hub, names, budget=45, swept=False)
    assert hub.asked.index(SWEEP.path) == 45 - SWEEP_PAGES
    assert (len(hub.asked), facts.requests, facts.reason) == (45, 45, None)


def test_what_the_hub_allows_is_kept() -> None:
    """Even when it is less than the budget: then the night is over, and nothing went wrong."""
    hub = ToyHub({f"o{number}/a": 1 for number in range(60)}, allowed=9)
    facts = night(hub, list(hub.models))
    assert (len(hub.asked), facts.requests, facts.reason) == (9, 9, None)


def test_an_allowance_that_ends_in_a_series_ends_the_night() -> None:
    """As redirects count as well, a series may find fewer allowed than it began with."""

    class Shrinking(ToyHub):
        def left(self, base: str = "") -> int | None:
            return 30 if self.allowed else 0

    hub = Shrinking({f"o{number}/a": 1 for number in range(60)}, allowed=9)
    facts = night(hub, list(hub.models))
    assert facts.reason == "no more requests are allowed for 99 s"
    assert len(facts.repositories) == 9


def test_the_first_request_goes_alone() -> None:
    """Its answer tells how much may be asked; whoever is allowed nothing has asked once."""
    series = []

    class Noting(ToyHub):
        def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
            series.append(list(paths))
            return super().many(series[-1], base)

    hub = Noting({f"o{number}/a": 1 for number in range(9)})
    night(hub, list(hub.models))
    assert [len(paths) for paths in series] == [1, 8]


def test_three_failures_in_a_row_end_the_night() -> None:
    """What was learned before is kept."""
    hub = ToyHub({f"o{number}/a": 1 for number in range(60)}, down=frozenset({3, 5, 6, 7, 8}))
    facts = night(hub, list(hub.models))
    assert facts.reason == DOWN
    assert len(facts.repositories) == 3


def test_a_missing_repository_is_no_failure() -> None:
    """Many in a row are the answers of a healthy Hub."""
    facts = night(ToyHub({}), [f"o{number}/a" for number in range(9)])
    assert (facts.reason, {line.missing for line in facts.repositories}) == (None, {DAY})


def test_a_list_that_fails_says_nothing_of_what_it_would_show() -> None:
    """What it would have shown is looked up."""
    hub = ToyHub({"a/1": 1, "a/2": 2}, down=frozenset({1}))
    assert set(said(night(hub, ["a/1", "a/2"]))) == {"a/1", "a/2"}


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        pytest.param("downloads", 7, 7, id="a number"),
        pytest.param("downloads", -1, None, id="a negative number"),
        pytest.param("downloads", True, None, id="no number"),
        pytest.param("downloads", 1.5, None, id="a fraction"),
        pytest.param("downloads", "7", None, id="text for a number"),
        pytest.param("downloads", 10**16, None, id="an absurd number"),
        pytest.param("likes", [], None, id="a list for a number"),
        pytest.param("pipeline_tag", "text-generation", "text-generation", id="a task"),
        pytest.param("pipeline_tag", "<script>", None, id="markup for a task"),
        pytest.param("library_name", 7, None, id="a number for a library"),
        pytest.param("gated", False, False, id="not gated"),
        pytest.param("gated", "auto", True, id="gated, opened by a machine"),
        pytest.param("gated", "manual", True, id="gated, opened by a person"),
        pytest.param("gated", "perhaps", None, id="no word that we know"),
    ],
)
def test_fields(field: str, value: object, expected: object) -> None:
    """What cannot be true is unknown and costs no other field."""
    row = Row.model_validate({"id": "a/b", field: value, "new": {}})
    assert getattr(row, field) == expected


@pytest.mark.parametrize("raw", [None, 7, "x", [], {}, {"id": None}, {"id": "../x"}, {"id": "a/b c"}])
def test_what_is_no_model_is_passed_over(raw: object) -> None:
    """Beside others, or alone."""
    rows = parse(Payload("/", json.dumps([raw, {"id": "a/b"}]).encode()))
    assert [row.id for row in rows] == ["a/b"]


def test_an_answer_that_is_no_json_is_a_failure() -> None:
    """Like one that did not come."""

    class Broken(ToyHub):
        def many(self, paths: Iterable[str], base: str = "") -> Any:  # noqa: ANN401 - payloads
            return (Payload(path, b"<html>") for path in paths)

    facts = night(Broken({}), ["a/1", "b/1", "c/1", "d/1"])
    assert (facts.repositories, facts.reason is not None and "not JSON" in facts.reason) == ([], True)


def coverage(hub: ToyHub, names: list[str], nights: int) -> list[float]:
    """Return the share of the wanted repositories with numbers after each night."""
    known: Known = {}
    shares = []
    for number in range(nights):
        today = TODAY + timedelta(number)
        facts = ask(hub, names, known, today, budget=huggingface.BUDGET, swept=False)
        kept = updated(known, facts.repositories, {name.lower() for name in names}, today)
        known = {line.key: line for line in kept}
        shares.append(sum(line.as_of is not None for line in kept) / len(names))
    return shares


def listed() -> list[str]:
    """Return the repositories that the shipped Featherless snapshot names."""
    lines = (ROOT / "data/snapshots/featherless.jsonl").read_bytes().splitlines()
    return wanted([[orjson.loads(line)["hugging_face_id"] for line in lines]])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("crowd", "least"),
    [
        pytest.param(SWEEP_PAGES * 1000, (0.45, 0.95), id="the sweep finds nothing"),
        pytest.param(SWEEP_PAGES * 1000 - 2000, (0.54, 0.98), id="the sweep finds 2,000"),
    ],
)
def test_coverage(crowd: int, least: tuple[float, float]) -> None:
    """Of the real Featherless ids after the first night and after 14, with more popular models on the Hub."""
    names = listed()
    chance = random.Random(7)
    models = {name: chance.randrange(5000) for name in names}
    others = {f"x/{number}": 10**6 for number in range(crowd)}
    shares = coverage(ToyHub({**others, **models}), names, 14)
    assert (shares[0] >= least[0], shares[13] >= least[1]) == (True, True), shares


def test_a_sweep_is_made_once_a_day() -> None:
    """A second build of the same day has other questions."""
    hub = ToyHub({f"o{number}/a": 1 for number in range(60)})
    first = night(hub, list(hub.models), budget=10, swept=False)
    again = night(hub, list(hub.models), *first.repositories, budget=10, swept=first.swept)
    assert again.requests == 0
    assert hub.asked == [SWEEP.path]
