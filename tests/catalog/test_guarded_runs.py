"""What a run does with what the guards say: hold a gateway, stop the release, tell a person."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalog import report
from catalog.errors import StopBuildError
from catalog.run import Run
from tests.toys import LATER, NOW, Toy, contents, run, toy, world

pytestmark = pytest.mark.usefixtures("unsynced")

MANY = [f"a/{number:03d}" for number in range(700)]


def again(folder: Path, *toys: Toy, **options: object) -> Run:
    """Run the next night."""
    return run(folder, world(*toys, now=LATER), **options)


def published(folder: Path) -> str:
    """Return what is published of the first model."""
    return (folder / "output/catalog/model/a/000.json").read_text()


def test_prices_in_another_unit_are_held(tmp_path: Path) -> None:
    """None of them is published; every finding is in the reason, and the report has them one by one."""
    one = toy(ids=MANY[:20])
    run(tmp_path, world(one))
    before = published(tmp_path)
    for row in one.rows:
        row["price"] = "0.001"
    done = again(tmp_path, one)
    memory = done.memories["toy"]
    assert memory.state == "held"
    assert memory.reason == (
        "100 % of the prices changed: a/000, a/001, a/002, a/003, a/004 and 15 more; "
        "the median price is another one: prompt × 1000; prices moved more than ten times or to or from 0: "
        "a/000 prompt 0.000001 → 0.001, a/001 prompt 0.000001 → 0.001, a/002 prompt 0.000001 → 0.001, "
        "a/003 prompt 0.000001 → 0.001, a/004 prompt 0.000001 → 0.001 and 15 more"
    )
    told = report.as_json(done.memories, done.outcomes, None)["gateways"][0]["findings"]
    assert [(each["check"], each["level"]) for each in told] == [
        ("repriced", "hold"), ("unit", "hold"), ("leap", "hold"),
    ]  # fmt: skip
    assert published(tmp_path) == before


def test_a_person_accepts_what_was_held(tmp_path: Path) -> None:
    """The prices are published, and the reason says who wanted it."""
    one = toy(ids=MANY[:20])
    run(tmp_path, world(one))
    for row in one.rows:
        row["price"] = "0.001"
    done = again(tmp_path, one, accept=("toy",))
    assert str(done.memories["toy"].reason).startswith("accepted by hand: 100 % of the prices changed")
    assert '"0.001"' in published(tmp_path)


def test_one_price_that_leaps_is_published_and_told(tmp_path: Path) -> None:
    """It may be true; a person can look. The next night, which brings the same, has nothing to tell."""
    one = toy(ids=MANY[:20])
    run(tmp_path, world(one))
    one.rows[0]["price"] = "0.5"
    done = again(tmp_path, one)
    leap = "prices moved more than ten times or to or from 0: a/000 prompt 0.000001 → 0.5"
    assert report.worth_a_look(done.memories) == [f"toy: {leap}"]
    assert '"0.5"' in published(tmp_path)
    assert report.worth_a_look(again(tmp_path, one).memories) == []


def test_a_release_that_loses_more_than_five_percent_is_stopped(tmp_path: Path) -> None:
    """Though no gateway lost enough to be held; data and tree are as before."""
    one = toy(ids=MANY)
    run(tmp_path, world(one))
    del one.rows[-60:]
    before = contents(tmp_path)
    with pytest.raises(StopBuildError) as stopped:
        again(tmp_path, one)
    assert str(stopped.value) == (
        "60 of 700 models would be gone (toy 60): if that is right, overrule with --accept toy"
    )
    assert contents(tmp_path) == before
    assert again(tmp_path, one, accept=("toy",)).memories["toy"].rows == 640


def test_the_list_of_a_starter_or_of_another_account_is_no_loss(tmp_path: Path) -> None:
    """It takes the place of one with which nothing can be compared."""
    one = toy(ids=MANY)
    run(tmp_path, world(one, accounts={"toy": "mine"}))
    del one.rows[-60:]
    done = run(tmp_path, world(one, now=LATER, accounts={"toy": "yours"}))
    assert done.memories["toy"].rows == 640


def test_a_gateway_that_was_not_fetched_for_a_week_is_told(tmp_path: Path) -> None:
    """Every night, until somebody cares."""
    one = toy()
    run(tmp_path, world(one))
    late = run(tmp_path, world(one, now=NOW.replace(month=12)), offline=True)
    assert report.worth_a_look({}, late.unseen()) == ["toy: not fetched for 30 days"]
    assert report.worth_a_look({}, again(tmp_path, one).unseen()) == []
