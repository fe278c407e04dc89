"""Dated captures as nightly runs."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import orjson
import pytest

from catalog.errors import UseSnapshotError
from catalog.ports import Missing
from catalog.refresh import Outcome
from catalog.replay import Captured, captures, replay
from catalog.report import told
from catalog.schema.changes import LoggedChange
from catalog.settings import Settings
from catalog.store import Store
from providers import ADAPTERS
from tests.captured import VARIABLE
from tests.toys import world

DAYS = ("2026-06-01", "2026-06-02", "2026-06-03")


def capture(folder: Path, day: str, *ids: str, price: float = 1.0, of: str = "chutes/models") -> None:
    """Keep what Chutes could have answered on a day."""
    rows = [
        {"id": each, "pricing": {"prompt": price, "completion": 2.0}, "max_model_len": 9000} for each in ids
    ]
    path = folder / of / f"{day}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"data": rows}))


def played(
    folder: Path, data: Path, *gateways: str, accept: tuple[str, ...] = ()
) -> list[tuple[str, str, Outcome]]:
    """Replay a folder into a data folder."""
    data.mkdir(exist_ok=True)
    settings = Settings(output=data, data=data, gateways=gateways, accept=accept)
    return list(replay(folder, settings, world(*ADAPTERS)))  # type: ignore[arg-type]  # real ones, no toys


def logged(data: Path) -> list[LoggedChange]:
    """Read the log of changes."""
    return list(Store(data).changes())


def test_every_day_is_a_night(tmp_path: Path) -> None:
    """The oldest first; a change is dated by the day of the capture that shows it."""
    capture(tmp_path, DAYS[2], "a/one", "a/two", price=3.0)
    capture(tmp_path, DAYS[0], "a/one", price=1.0)
    capture(tmp_path, DAYS[1], "a/one", "a/two", price=1.0)
    found = played(tmp_path, tmp_path / "data", "chutes")
    assert [(day, name, told(outcome)) for day, name, outcome in found] == [
        (DAYS[0], "chutes", "fresh, 1 models: 1 added, 0 removed, 0 changed"),
        (DAYS[1], "chutes", "fresh, 2 models: 1 added, 0 removed, 0 changed"),
        (DAYS[2], "chutes", "fresh, 2 models: 0 added, 0 removed, 2 changed"),
    ]
    assert [(each.at, each.kind, each.model) for each in logged(tmp_path / "data")] == [
        (f"{DAYS[0]}T00:00:00Z", "first_fetch", None),
        (f"{DAYS[1]}T00:00:00Z", "added", "a/two"),
        (f"{DAYS[2]}T00:00:00Z", "price", "a/one"),
        (f"{DAYS[2]}T00:00:00Z", "price", "a/two"),
    ]


def test_a_replay_gives_the_same_log_every_time(tmp_path: Path) -> None:
    """Nothing in it follows the clock."""
    for day, price in zip(DAYS, (1.0, 2.0, 3.0), strict=True):
        capture(tmp_path / "captures", day, "a/one", price=price)
    logs = []
    for name in ("first", "second"):
        played(tmp_path / "captures", tmp_path / name)
        logs.append({path.name: path.read_bytes() for path in (tmp_path / name / "changes").iterdir()})
    assert logs[0] == logs[1]


def test_what_is_not_the_list_is_no_night(tmp_path: Path) -> None:
    """Captures of other requests do not stand for the list, and a gateway without captures is not asked."""
    capture(tmp_path, DAYS[0], "a/one", of="chutes/management")
    [(day, name, outcome)] = played(tmp_path, tmp_path / "data")
    assert (day, name, told(outcome)) == (
        DAYS[0],
        "chutes",
        f"unavailable, no list was captured on {DAYS[0]}",
    )
    assert logged(tmp_path / "data") == []


@pytest.mark.parametrize(
    ("day", "kinds"),
    [
        pytest.param("2026-07-31", ["first_fetch"], id="60 days: held, as it would have been"),
        pytest.param("2026-08-01", ["first_fetch", "first_fetch"], id="after more the list begins anew"),
    ],
)
def test_a_list_after_a_long_gap(tmp_path: Path, day: str, kinds: list[str]) -> None:
    """What a guard holds stays held, unless nobody could have compared the two."""
    capture(tmp_path, "2026-06-01", *(f"a/{number}" for number in range(60)))
    capture(tmp_path, day, "a/1")
    played(tmp_path, tmp_path / "data")
    assert [each.kind for each in logged(tmp_path / "data")] == kinds


def test_captured_answers(tmp_path: Path) -> None:
    """The name of a folder is the path of the request; what was not kept beside the list is empty."""
    capture(tmp_path, DAYS[0], "a/one", of="deepinfra/openai-models")
    capture(tmp_path, DAYS[1], "a/one", of="deepinfra/models-list")
    (tmp_path / "deepinfra/models-list/sample.json").write_text("[]")
    files = captures(tmp_path, "deepinfra")
    get = Captured(files, DAYS[0])
    assert json.loads(get.one("/v1/openai/models?filter=with_meta").body)["data"][0]["id"] == "a/one"
    assert get.one("/models/list").body == b"[]"
    assert list(get.many(["/x"])) == [Missing("/x", "not captured")]
    with pytest.raises(UseSnapshotError, match="no list was captured"):
        Captured(files, DAYS[1]).one("/v1/openai/models")


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> list[LoggedChange]:
    """Replay the captures of OpenRouter and Chutes."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with captured answers")
    data = tmp_path_factory.mktemp("replay")
    # In January a person had to accept that cache prices moved twelve times: see the test of the guards.
    played(Path(folder), data, "openrouter", "chutes", accept=("openrouter",))
    return logged(data)


def rows(gateway: str, day: str) -> dict[str, Any]:
    """Read one capture."""
    path = Path(os.environ[VARIABLE]) / gateway / "models" / f"{day}.json"
    return {row["id"]: row for row in orjson.loads(path.read_bytes())["data"]}


def captured_days(gateway: str) -> list[str]:
    """Return the days of a gateway's captures."""
    return sorted(path.stem for path in (Path(os.environ[VARIABLE]) / gateway / "models").glob("*.json"))


@pytest.mark.captures
@pytest.mark.slow
def test_openrouter_prices_against_a_plain_comparison(history: list[LoggedChange]) -> None:
    """Day by day the log has the prompt and completion prices that differ in the answers, and no others."""
    logged = defaultdict(set)
    for each in history:
        if each.gateway == "openrouter" and each.meter in ("prompt", "completion"):
            logged[each.at[:10]].add((each.model, each.meter, each.kind == "unstable"))
    wobbling = {entry[:2] for found in logged.values() for entry in found if entry[2]}
    days = captured_days("openrouter")
    compared = 0
    for before, after in pairwise(days):
        expected = set(moved(rows("openrouter", before), rows("openrouter", after)))
        found = {entry[:2] for entry in logged[after]}
        assert found <= expected, after
        assert expected - found <= wobbling, after
        compared += len(expected)
    assert compared > 700


def moved(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Yield the models and meters whose price differs by more than noise."""
    for model in old.keys() & new.keys():
        for meter in ("prompt", "completion"):
            was, now = (Decimal(side[model]["pricing"][meter]) for side in (old, new))
            if abs(was - now) > Decimal("1e-9") * max(abs(was), abs(now)):
                yield model, meter


@pytest.mark.captures
def test_chutes_against_a_plain_comparison(history: list[LoggedChange]) -> None:
    """Its moments, exchange rates and order move in every answer; the log has ids and dollars that differ."""
    logged: defaultdict[str, set[str | None]] = defaultdict(set)
    for each in history:
        if each.gateway == "chutes" and each.kind in ("added", "removed", "returned", "price"):
            logged[each.at[:10]].add(each.model)
    days = [day for day in captured_days("chutes") if day > "2026"]
    for before, after in pairwise(days):
        old, new = rows("chutes", before), rows("chutes", after)
        gone_or_come = old.keys() ^ new.keys()
        repriced = {name for name in old.keys() & new.keys() if old[name]["pricing"] != new[name]["pricing"]}
        assert logged[after] == gone_or_come | repriced, after
    assert len([day for day in days if logged[day]]) == 7


@pytest.mark.captures
def test_the_clean_up_of_january_is_no_price_change(history: list[LoggedChange]) -> None:
    """Meters dropped row by row, up to 76 a day, and units that were renamed, are not in the log."""
    january = [
        each for each in history if "2026-01-16" <= each.at <= "2026-01-28" and each.gateway == "openrouter"
    ]
    meters = Counter(each.meter for each in january if each.kind == "price")
    assert meters.keys() == {"prompt", "completion", "input_cache_read", "input_cache_write"}
    quiet = [each for each in january if each.at[:10] in ("2026-01-18", "2026-01-25", "2026-01-26")]
    assert len(quiet) < 10
    assert not [each for each in january if each.kind == "modality" and each.meter == "input_modalities"]


@pytest.mark.captures
def test_the_tiers_of_july_are_tiers(history: list[LoggedChange]) -> None:
    """Overrides arrive on the 14th: a change of tiers each, and no change of a base price that stayed."""
    day = [each for each in history if each.at.startswith("2026-07-14")]
    tiers = [each for each in day if each.kind == "tiers"]
    old, new = rows("openrouter", "2026-07-13"), rows("openrouter", "2026-07-14")
    assert {each.model for each in tiers} == {
        model for model, row in new.items() if row["pricing"].get("overrides") and model in old
    }
    assert all(each.before == [] for each in tiers)
    assert {(each.model, each.meter) for each in day if each.kind == "price"} >= set(moved(old, new))


@pytest.mark.captures
@pytest.mark.parametrize(
    ("day", "gateway", "model", "meter", "before", "to"),
    [
        pytest.param(
            "2026-07-31", "openrouter", "openai/gpt-5.6-luna", "prompt", "0.0000005", "0.0000001", id="cut"
        ),
        pytest.param(
            "2026-07-16", "openrouter", "qwen/qwen3.7-max", "prompt", "0.00000125", "0.000001475", id="rise"
        ),
        pytest.param(
            "2026-07-25",
            "chutes",
            "zai-org/GLM-5.2-TEE",
            "prompt",
            "0.0000014",
            "0.00000125",
            id="per million",
        ),
    ],
)
def test_changes_verified_by_hand(
    history: list[LoggedChange], day: str, gateway: str, model: str, meter: str, before: str, to: str
) -> None:
    """Read in the captures with the eye."""
    found = [each for each in history if (each.at[:10], each.model, each.meter) == (day, model, meter)]
    assert [(each.gateway, each.kind, each.before, each.to) for each in found] == [
        (gateway, "price", before, to)
    ]


@pytest.mark.captures
def test_the_shipped_log_is_the_one_of_the_captures(history: list[LoggedChange]) -> None:
    """It can be made again, byte for byte in what it says."""
    shipped = [
        each for each in Store(Path(__file__).parents[2] / "data").changes() if each.gateway != "deepinfra"
    ]
    theirs = {"gateway_gained", "gateway_lost"}  # these tell of DeepInfra too
    assert [each for each in shipped if each.kind not in theirs and each.model] == [
        each for each in history if each.kind not in theirs and each.model
    ]


@pytest.mark.captures
@pytest.mark.slow
def test_which_nights_the_guards_would_have_held(tmp_path: Path) -> None:
    """One unit that OpenRouter changed, of what a write to the cache costs; no sale at Chutes."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        pytest.skip(f"{VARIABLE} names no folder with captured answers")
    held = [
        (day, name, outcome.memory.reason)
        for day, name, outcome in played(Path(folder), tmp_path, "openrouter", "chutes")
        if outcome.memory.state == "held"
    ]
    assert held[0][:2] == ("2026-01-23", "openrouter")
    assert held[0][2] == "the median price is another one: input_cache_write × 0.0833"
    assert {name for _, name, _ in held} == {"openrouter"}
    assert held[-1][0] < "2026-03-23", "held until the list was too old to be compared"
