"""The client's copy of the escape is the catalog's escape."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import gatelog_client
from catalog import paths
from catalog.artifact import shard_of
from catalog.entry import asked_ids
from gatelog_client import _paths
from tests.catalog.test_paths_properties import ids, near
from tests.site import ROOT

SHIPPED = sorted(
    model_id
    for snapshot in (ROOT / "data/snapshots").glob("*.jsonl")
    for row in map(orjson.loads, snapshot.read_bytes().splitlines())
    for model_id in asked_ids({"gateway": snapshot.stem, **row})
)


def outcome(function: Callable[[str], str], model_id: str) -> str | None:
    """Return the path of an id, None when it cannot be one."""
    try:
        return function(model_id)
    except ValueError:
        return None


def test_every_shipped_id() -> None:
    """Every id of the starter has the same path, twin and shard on both sides."""
    assert len(SHIPPED) > 10_000
    for model_id in SHIPPED:
        assert gatelog_client.escape(model_id) == paths.escape(model_id)
        assert gatelog_client.twin(model_id) == paths.twin(model_id)
        assert _paths.shard(model_id) == f"catalog/index/{shard_of(paths.lower(model_id))}.json"


@given(st.text() | ids | near)
@example("")
@example("a//b")
@example("a\0b")
@example("\ud800/x")
@example("a\n")
@example("a/.\n")
@example("a.json/b.")
@example("con/nul.x/com1")
@example("m" * 180 + ".json/x")
@example("m" * 512)
@example("m" * 513)
def test_any_id(model_id: str) -> None:
    """Any text has the same path, or none, on both sides."""
    assert outcome(gatelog_client.escape, model_id) == outcome(paths.escape, model_id)
    assert outcome(gatelog_client.twin, model_id) == outcome(paths.twin, model_id)


@pytest.mark.parametrize(
    "name", [path.name for path in sorted((ROOT / "clients/python/gatelog_client").glob("*.py"))]
)
def test_the_client_needs_httpx_alone(name: str) -> None:
    """No module of it imports anything but the standard library, httpx and itself."""
    tree = ast.parse((ROOT / "clients/python/gatelog_client" / name).read_text(encoding="utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    names = [alias.name for node in imports for alias in node.names]
    names += [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    imported = {name.partition(".")[0] for name in names}
    assert imported <= sys.stdlib_module_names | {"httpx", "gatelog_client"}
