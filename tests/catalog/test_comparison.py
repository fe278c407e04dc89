"""Whole catalogs: lists that begin anew, and what shows across gateways only."""

from __future__ import annotations

import pytest

from catalog.comparison import Origin, key_of, line, origins
from catalog.schema.changes import LoggedChange
from catalog.schema.state import Memory
from tests.changed import AT, catalog, changed, changes, one, told
from tests.factories import kept

HERE, THERE = kept(id="acme/one"), kept(id="Acme/One", gateway="deepinfra")
OTHER = kept(id="b/other", gateway="deepinfra")
REST = kept(id="z/rest")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(
            Origin("starter", None, 365),
            Origin("fetch", None, 421),
            (365, 421),
            id="the first fetch after the starter",
        ),
        pytest.param(
            Origin("fetch", "a", 3), Origin("fetch", "b", 9), (3, 9), id="the list of another account"
        ),
        pytest.param(None, Origin("fetch", None, 2), (0, 2), id="a new gateway"),
        pytest.param(None, Origin("starter", None, 2), None, id="a starter is no news"),
        pytest.param(Origin("fetch", None, 0), Origin("fetch", None, 2), (0, 2), id="nothing was there"),
    ],
)
def test_a_list_that_begins_anew(
    before: Origin | None, after: Origin, expected: tuple[int, int] | None
) -> None:
    """It is one change, whatever is in it."""
    old = catalog(HERE, **({"openrouter": before} if before else {"openrouter": Origin(None, None, 0)}))
    found = changes(old, catalog(REST, openrouter=after), AT, {})
    assert told(found) == ([("first_fetch", "openrouter", None, "models", *expected)] if expected else [])


def test_what_stayed_as_it_was_is_compared() -> None:
    """Two starters, as in two revisions, are two ordinary lists."""
    starter = Origin("starter", None, 1)
    assert [each.kind for each in changed([HERE], [REST], openrouter=starter)] == ["removed", "added"]


def test_a_gateway_gained() -> None:
    """A model that others had already is told across gateways as well."""
    found = changed([HERE, REST, OTHER], [HERE, REST, OTHER, THERE])
    assert told(found) == [
        ("added", "deepinfra", "Acme/One", None, None, None),
        ("gateway_gained", "deepinfra", "acme/one", "gateways", ["openrouter"], ["deepinfra", "openrouter"]),
    ]


def test_a_gateway_lost() -> None:
    """And so is one that others still have; the last one that goes is only removed."""
    found = changed([HERE, REST, OTHER, THERE], [HERE, REST, OTHER])
    assert told(found) == [
        ("removed", "deepinfra", "Acme/One", None, None, None),
        ("gateway_lost", "deepinfra", "acme/one", "gateways", ["deepinfra", "openrouter"], ["openrouter"]),
    ]
    assert [each.kind for each in changed([HERE, REST, OTHER], [REST, OTHER])] == ["removed"]


def test_model_keys_join_what_ids_do_not() -> None:
    """With keys at hand a model is known under other names; a second offer of one gateway gains nothing."""
    keys = {("deepinfra", "b/other"): "acme/one", ("deepinfra", "b/turbo"): "acme/one"}
    turbo, rest = kept(id="b/turbo", gateway="deepinfra"), kept(id="z/z", gateway="deepinfra")
    found = changed([HERE, rest], [HERE, rest, OTHER], keys)
    assert [each.kind for each in found] == ["gateway_gained", "added"]
    assert [each.kind for each in changed([HERE, OTHER], [HERE, OTHER, turbo], keys)] == ["added"]


def test_a_rename_keeps_its_gateway() -> None:
    """Under the new id it is gained where another gateway has that one, under the old one it is lost."""
    renamed = kept(id="acme/uno", canonical_slug="x")
    old = [kept(id="acme/one", canonical_slug="x"), REST, THERE, kept(id="acme/uno", gateway="chutes")]
    found = changed(old, [renamed, *old[1:]])
    assert [(each.kind, each.model) for each in found] == [
        ("gateway_lost", "acme/one"), ("gateway_gained", "acme/uno"), ("renamed", "acme/uno"),
    ]  # fmt: skip


def test_a_list_that_begins_anew_gains_nothing() -> None:
    """Its models were there all the time for all we know."""
    old = catalog(HERE, REST, THERE, deepinfra=Origin("starter", None, 1))
    found = changes(old, catalog(REST, THERE, OTHER), AT, {})
    assert [(each.kind, each.gateway) for each in found] == [
        ("first_fetch", "deepinfra"), ("gateway_lost", "openrouter"), ("removed", "openrouter"),
    ]  # fmt: skip


def test_keys() -> None:
    """A known key counts, else the id itself with the gateway before a bare one."""
    keys = {("toy", "A/B"): "key"}
    assert [key_of("toy", name, keys) for name in ("A/B", "C/D", "E")] == ["key", "c/d", "toy/e"]


def test_origins() -> None:
    """Gateways without a list are not compared."""
    known = {"toy": Memory(origin="fetch", account="a", rows=2), "new": Memory(origin="fetch")}
    assert origins(known) == {"toy": Origin("fetch", "a", 2)}


def test_a_line_of_the_log_is_read_as_it_was_written() -> None:
    """Nothing is lost, and null fields of what was offered take no room."""
    change = one(offered=None, since=None)
    for each in (change, one()):
        assert LoggedChange.model_validate_json(line(each)) == each
    assert b'"offered":null' in line(change)
