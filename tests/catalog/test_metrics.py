"""Metrics of the Hub: which repositories matter, and what of an answer is kept."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from catalog import metrics
from catalog.schema.metrics import Repository, is_old, lasting

TODAY = date(2026, 11, 20)
YOUNG = "2026-11-10"
OLD = "2026-10-01"


def repository(**fields: Any) -> Repository:  # noqa: ANN401 - the fields of a repository
    """Make a repository with usual numbers."""
    usual = {
        "id": "Acme/One", "downloads": 1000, "likes": 100, "pipeline_tag": "text-generation",
        "library_name": "transformers", "gated": False, "as_of": YOUNG,
    }  # fmt: skip
    return Repository(**{**usual, **fields})


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param({"downloads": 1049}, False, id="downloads by 4.9 %"),
        pytest.param({"downloads": 1050}, True, id="downloads by 5 %"),
        pytest.param({"downloads": 950}, True, id="downloads down by 5 %"),
        pytest.param({"likes": 104}, False, id="likes by 4 %"),
        pytest.param({"likes": 105}, True, id="likes by 5 %"),
        pytest.param({"downloads": None}, True, id="no longer said"),
        pytest.param({"gated": True}, True, id="gated now"),
        pytest.param({"pipeline_tag": None}, True, id="without a task now"),
        pytest.param({"library_name": "vllm"}, True, id="another library"),
        pytest.param({"moved_to": "Acme/Two"}, True, id="renamed"),
        pytest.param({"id": "acme/one"}, True, id="spelled anew"),
        pytest.param({}, False, id="the same"),
    ],
)
def test_moved(now: dict[str, Any], expected: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """5 % of downloads or likes matter, and every word."""
    assert metrics.moved(repository(), repository(**now)) is expected


@pytest.mark.parametrize(("before", "now"), [(0, 1), (None, 1), (1, None)])
def test_from_nothing(before: int | None, now: int | None) -> None:
    """Any number is far from none."""
    assert metrics.moved(repository(downloads=before), repository(downloads=now))
    assert not metrics.moved(repository(downloads=before), repository(downloads=before))


def kept(before: Repository, now: Repository) -> Repository:
    """Return what is kept of one repository after a night."""
    [found] = metrics.updated({before.key: before}, [now], {before.key}, TODAY)
    return found


def test_a_number_that_did_not_move_keeps_its_value_and_day() -> None:
    """Until it is old; then it is renewed even when nothing moved."""
    now = repository(downloads=1010, as_of="2026-11-20")
    assert kept(repository(), now) == repository()
    assert kept(repository(as_of=OLD), now) == now
    assert kept(repository(), repository(downloads=1100, as_of="2026-11-20")).downloads == 1100


def test_a_repository_that_is_missing_keeps_its_last_numbers() -> None:
    """With their own day; when it is back, nothing reminds of it."""
    gone = kept(repository(), Repository(id="acme/one", missing="2026-11-20"))
    assert gone == repository(missing="2026-11-20")
    assert kept(gone, repository(as_of="2026-11-20")) == repository()


def test_a_repository_that_its_list_does_not_show() -> None:
    """Is remembered as such and keeps what was known, a former miss included."""
    before = repository(missing="2026-10-02")
    found = kept(before, Repository(id="Acme/One", unlisted="2026-11-20"))
    assert found == repository(missing="2026-10-02", unlisted="2026-11-20")
    settled = kept(found, Repository(id="Acme/One", missing="2026-11-20"))
    assert settled == repository(missing="2026-11-20")


def test_what_nobody_names_any_more_is_forgotten() -> None:
    """And lines are sorted without regard to case, as the Hub's names are."""
    known = {each.key: each for each in (repository(id="b/Two"), repository(id="gone/x"))}
    found = metrics.updated(known, [repository(id="A/One")], {"a/one", "b/two"}, TODAY)
    assert [each.id for each in found] == ["A/One", "b/Two"]


def test_wanted() -> None:
    """Models of short lists first; a name once, as the first one spells it."""
    long, short = ["a/1", "b/2", "C/3"], ["c/3", "b/2"]
    assert metrics.wanted([long, short]) == ["c/3", "b/2", "a/1"]
    assert metrics.wanted([]) == []


def test_published() -> None:
    """Six fields by lower-cased name; a repository without numbers is not there."""
    shown = metrics.published([repository(likes=None), Repository(id="x/y", missing=OLD)])
    assert shown == {
        "acme/one": {
            "downloads": 1000, "likes": None, "pipeline_tag": "text-generation",
            "library_name": "transformers", "gated": False, "as_of": YOUNG,
        }
    }  # fmt: skip


def test_how_long_numbers_hold() -> None:
    """20 to 40 days, for a name and a day always the same, in any spelling of the name."""
    terms = Counter(lasting(f"acme/model-{number}", YOUNG) for number in range(2100))
    assert set(terms) == set(range(20, 41))
    last = date.fromisoformat(YOUNG) + timedelta(lasting("acme/one", YOUNG))
    assert not is_old("Acme/ONE", YOUNG, last)
    assert is_old("acme/One", YOUNG, last + timedelta(1))


def test_a_day_to_come_is_no_answer() -> None:
    """A clock that once went wrong does not keep a number for ever."""
    assert is_old("acme/one", "2030-01-01", TODAY)
    assert not is_old("acme/one", TODAY.isoformat(), TODAY)


def test_no_night_renews_more_than_8_percent() -> None:
    """Of numbers that are all of one day, whenever they are asked again, over three months."""
    known = {each.key: each for each in (repository(id=f"acme/{n}", as_of=OLD) for n in range(800))}
    day = date.fromisoformat(OLD)
    for _ in range(90):
        day += timedelta(1)
        seen = [line.model_copy(update={"as_of": day.isoformat()}) for line in known.values()]
        after = {line.key: line for line in metrics.updated(known, seen, known.keys(), day)}
        assert sum(after[key] != known[key] for key in known) <= 0.08 * len(known)
        known = after
    assert min(line.as_of or "" for line in known.values()) > "2026-11-18"
