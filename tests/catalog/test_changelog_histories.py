"""The history of a model: its points, its names, and how it is told in words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from catalog import changelog
from catalog.changelog.history import histories
from catalog.schema.changes import History
from tests.changed import AT, OFFER, later, logged, one
from tests.factories import THEN

OFFERS = [OFFER.model_copy(update={"prompt": price}) for price in ("0.000002", "0.000003")]
"""What was offered after a first and a second rise."""


def history(files: dict[str, bytes], name: str = "acme/one") -> History:
    """Read one history."""
    return History.model_validate_json(files[f"catalog/history/{name}.json"])


def points(found: History) -> list[tuple[str, str | None, str | None]]:
    """Return moment, prompt price and kind of every point."""
    return [(each.at, each.prompt, each.price_kind) for each in found.points]


def test_a_history_begins_before_its_first_change() -> None:
    """What was offered until then is known as well, and since when."""
    found = history(logged([one(offered=OFFERS[0])]))
    assert points(found) == [(THEN, "0.000001", "known"), (AT, "0.000002", "known")]
    assert (found.model_key, found.first_seen, found.last_seen) == ("acme/one", THEN, None)


def test_a_history_from_beginning_to_end() -> None:
    """Added, dearer, gone, back again, gone: the last end is when it was seen last."""
    log = [
        later(0, kind="added", since=None),
        later(1, offered=OFFERS[0]),
        later(1, kind="capability", meter="tools", before=True, to=False, offered=OFFERS[0]),
        later(2, kind="capability", meter="tools", before=False, to=True, offered=OFFERS[0]),
        later(3, kind="removed", offered=OFFERS[0]),
        later(4, kind="returned", since=None, offered=OFFERS[0]),
        later(5, kind="removed", offered=OFFERS[0]),
    ]
    found = history(logged(log))
    assert points(found) == [
        (log[0].at, "0.000001", "known"),
        (log[1].at, "0.000002", "known"),
        (log[4].at, None, None),
        (log[5].at, "0.000002", "known"),
        (log[6].at, None, None),
    ]
    assert (found.first_seen, found.last_seen) == (log[0].at, log[6].at)


def test_a_history_joins_gateways() -> None:
    """It is seen last when the last gateway lost it, and has every name that changed."""
    log = [
        later(0, kind="removed"),
        later(1, kind="removed", gateway="deepinfra", model="Acme/One"),
        later(1, kind="added", gateway="chutes", model="bare", since=None),
    ]
    files = logged(log)
    found = history(files)
    assert [(each.gateway, each.id) for each in found.points] == [
        ("deepinfra", "Acme/One"), ("openrouter", "acme/one"),
        ("openrouter", "acme/one"), ("deepinfra", "Acme/One"),
    ]  # fmt: skip
    assert found.last_seen == log[1].at
    assert history(files, "chutes/bare").last_seen is None
    assert all(before.at <= after.at for before, after in pairwise(found.points))


def test_a_renamed_model_has_a_history_under_both_names() -> None:
    """Under the old one it ended, under the new one it goes on."""
    renamed = later(1, kind="renamed", meter="id", before="acme/old", to="acme/one", offered=OFFERS[0])
    files = logged([later(0, model="acme/old", offered=OFFERS[0]), renamed])
    assert points(history(files, "acme/old"))[-1] == (renamed.at, None, None)
    assert points(history(files))[-1] == (renamed.at, "0.000002", "known")


def test_names_of_one_history_do_not_take_those_of_another() -> None:
    """With model keys two models could want one path: the key has it."""
    keys = {("openrouter", "acme/one"): "acme/key", ("deepinfra", "acme/key"): "b/b"}
    log = [one(), one(gateway="deepinfra", model="acme/key")]
    found = [
        (each.path, each.names)
        for each in changelog.artifacts(log, [], [], "", keys)
        if "history" in each.path
    ]
    assert found == [
        ("catalog/history/acme/key.json", ("catalog/history/acme/one.json",)),
        ("catalog/history/b/b.json", ()),
    ]


def test_only_so_many_models_have_a_history() -> None:
    """The ones that changed last, so that one night cannot exceed the budget of a tree."""
    log = [
        later(day, model=f"acme/{name}") for day, name in ((0, "a"), (3, "a"), (1, "b"), (2, "c"), (2, "d"))
    ]
    assert [each.path for each in histories(log, {}, most=2)] == [
        "catalog/history/acme/a.json", "catalog/history/acme/c.json",
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["ACME/one", "acme/one"])
def test_the_history_of_an_id_in_words(asked: str) -> None:
    """A table, and a line of bars for each listing whose price moved."""
    log = [
        one(offered=OFFERS[0]),
        later(1, before="0.000002", to="0.000003", offered=OFFERS[1]),
        later(2, kind="removed"),
    ]
    found = changelog.history_of(asked, [*log, one(gateway="chutes", model="bare")])
    assert found
    assert changelog.history_text(found).splitlines() == [
        "since       gateway     id        prompt  completion  context  price",
        "2026-10-01  openrouter  acme/one  $1/M    $2/M        1,000    known",
        "2026-11-20  openrouter  acme/one  $2/M    $2/M        1,000    known",
        "2026-11-21  openrouter  acme/one  $3/M    $2/M        1,000    known",
        "2026-11-22  openrouter  acme/one  –       –           –        gone",
        "openrouter acme/one prompt ▁▄█ $1/M → $3/M",
    ]


def test_the_history_of_what_is_not_in_the_log() -> None:
    """There is none; an id without organisation is found with its gateway before it too."""
    log = [one(gateway="chutes", model="bare")]
    bare = changelog.history_of("bare", log)
    assert changelog.history_of("acme/one", log) is None
    assert bare
    assert changelog.history_of("chutes/bare", log) == {**bare, "model_key": "chutes/bare"}
