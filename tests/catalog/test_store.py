"""The data folder: drafts, one commit for all of them, and words for what cannot be read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from catalog import journal
from catalog.ports import Payload
from catalog.schema.documents import Drift, QuarantinedRow
from catalog.schema.facts import Organisation
from catalog.schema.metrics import Repository
from catalog.schema.state import Memory
from catalog.store import Store
from tests.catalog.folders import line, put
from tests.toys import contents

MEMORY = Memory(
    state="held",
    reason="fewer listings",
    origin="fetch",
    fetched_at="2026-11-20T02:17:00Z",
    attempted_at="2026-11-21T02:17:00Z",
    rows=3,
    digest="d" * 64,
    account="abc",
    quarantined=(QuarantinedRow(id="a/b", stage="parse", reason="no name"),),
    quarantined_total=1,
    drift=(Drift(field="new", count=2),),
)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Open an empty data folder that is being changed."""
    monkeypatch.setattr(os, "sync", lambda: None)
    store = Store(tmp_path)
    store.stage()
    yield store
    store.discard()


def test_an_empty_folder_knows_nothing(tmp_path: Path) -> None:
    """Nor does one that is not there; neither is trouble."""
    for store in (Store(tmp_path), Store(tmp_path / "nowhere")):
        store.recover()
        assert (store.facts.weights(), store.facts.max_ages()) == ({}, {})
        assert (store.memories(), store.performance()) == ({}, {})
        assert (list(store.repositories()), store.swept()) == ([], None)
        assert (list(store.lines("toy")), list(store.static(["x.json"])), store.has_snapshot("toy")) == (
            [], [], False,
        )  # fmt: skip
        store.commit()
    assert contents(tmp_path) == {}


def test_a_draft_is_read_at_once_and_kept_with_the_commit(store: Store, tmp_path: Path) -> None:
    """Until then the folder itself is as it was."""
    put(tmp_path, "snapshots/toy.jsonl", line("a/old"))
    store.draft_snapshot("toy", [line("a/new"), line("b/new")])
    assert [fields["id"] for fields in store.kept("toy")] == ["a/new", "b/new"]
    assert (tmp_path / "snapshots/toy.jsonl").read_bytes() == line("a/old")
    store.commit()
    assert contents(tmp_path) == {"snapshots/toy.jsonl": line("a/new") + line("b/new")}


def test_drafts_become_the_folder_together(store: Store, tmp_path: Path) -> None:
    """Snapshot, performance and state in one change."""
    store.draft_snapshot("toy", [line("a/b")])
    store.draft_performance(
        {"b host": {"uptime": 99.5, "as_of": "2026-11-20"}, "a host": {"as_of": "2026-11-20"}}
    )
    store.draft_memories({"toy": MEMORY})
    assert {name.partition("/")[0] for name in contents(tmp_path)} == {journal.STAGE}
    store.commit()
    assert set(contents(tmp_path)) == {"snapshots/toy.jsonl", "performance.jsonl", "state.json"}


def test_metrics_come_back_as_they_were(store: Store, tmp_path: Path) -> None:
    """One line each, in the order given, without what is unknown."""
    rows = [Repository(id="a/b", downloads=7, gated=False, as_of="2026-11-20"), Repository(id="C/d")]
    store.draft_repositories(rows)
    assert list(store.repositories()) == rows
    store.draft_memories({"toy": MEMORY}, "2026-11-20")
    store.commit()
    written = (tmp_path / "huggingface.jsonl").read_text()
    assert written == '{"as_of":"2026-11-20","downloads":7,"gated":false,"id":"a/b"}\n{"id":"C/d"}\n'
    assert (list(store.repositories()), store.swept()) == (rows, "2026-11-20")


def test_a_discarded_change_leaves_no_trace(store: Store, tmp_path: Path) -> None:
    """Spools included."""
    store.spool("bodies").add("a", b"1")
    store.draft_snapshot("toy", [line("a/b")])
    store.discard()
    store.commit()
    assert contents(tmp_path) == {}
    assert not (tmp_path / journal.STAGE).exists()


def test_what_did_not_change_is_not_written_again(store: Store, tmp_path: Path) -> None:
    """The same lines keep the same file."""
    path = put(tmp_path, "snapshots/toy.jsonl", line("a/b"))
    before = path.stat()
    store.draft_snapshot("toy", [line("a/b")])
    store.commit()
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_an_interrupted_change_is_forgotten(tmp_path: Path) -> None:
    """The next build begins with what was last decided."""
    put(tmp_path, "state.json", "{}")
    first = Store(tmp_path)
    first.stage()
    first.draft_snapshot("toy", [line("a/b")])
    Store(tmp_path).recover()
    assert contents(tmp_path) == {"state.json": b"{}"}


def test_memories_come_back_as_they_were(store: Store, tmp_path: Path) -> None:
    """All fields, in bytes that a diff can love."""
    store.draft_memories({"toy": MEMORY, "new": Memory()})
    store.commit()
    assert Store(tmp_path).memories() == {"toy": MEMORY, "new": Memory()}
    text = (tmp_path / "state.json").read_text()
    assert text.startswith('{\n  "gateways": {\n    "new": {},\n')
    assert text.endswith("}\n")


def test_performance_comes_back_as_it_was(store: Store, tmp_path: Path) -> None:
    """Sorted by key, one line for each endpoint."""
    rows: dict[str, dict[str, object]] = {
        "b/x host": {"uptime": 99.5, "latency": 120, "throughput": 40, "as_of": "2026-11-20"},
        "a/x host": {"uptime": 100.0, "as_of": "2026-11-19"},
    }
    store.draft_performance(rows)
    store.commit()
    assert store.performance() == rows
    written = (tmp_path / "performance.jsonl").read_bytes().splitlines()
    assert [orjson.loads(text)["key"] for text in written] == ["a/x host", "b/x host"]


def test_facts_of_gateways(tmp_path: Path) -> None:
    """Weight and longest age, each where it is given."""
    put(tmp_path, "facts/gateways.toml", '[a]\nweight = 5\n[b]\nmax_age = "6h"\n')
    assert Store(tmp_path).facts.weights() == {"a": 5, "b": 0}
    assert Store(tmp_path).facts.max_ages() == {"b": "6h"}


def test_facts_of_organisations(tmp_path: Path) -> None:
    """By short name; what is left out is unknown."""
    known = 'name = "A"\nsource = "xyz"\ndate = "2026-11-20"\n'
    put(tmp_path, "facts/organisations.toml", f'[organisations.a]\n{known}aliases = ["b"]\n')
    expected = Organisation(name="A", aliases=("b",), source="xyz", date="2026-11-20")
    assert Store(tmp_path).facts.organisations() == {"a": expected}
    assert (expected.site, expected.logo) == (None, None)
    assert Store(tmp_path / "nowhere").facts.organisations() == {}


def test_static_catalogs_are_payloads(tmp_path: Path) -> None:
    """Those that are there, under their own names."""
    put(tmp_path, "one.json", "[1]")
    assert list(Store(tmp_path).static(["one.json", "two.json"])) == [Payload("one.json", b"[1]")]


@pytest.mark.parametrize(
    ("name", "matters"),
    [
        pytest.param("facts/gateways.toml", True, id="facts"),
        pytest.param("snapshots/toy.jsonl", True, id="snapshot"),
        pytest.param("chutes_catalog.json", True, id="static catalog"),
        pytest.param("performance.jsonl", True, id="performance"),
        pytest.param("huggingface.jsonl", True, id="metrics"),
        pytest.param("state.json", False, id="state"),
        pytest.param("attempts/2026-11.jsonl", False, id="log of attempts"),
        pytest.param("facts/folder/file", False, id="below a folder of the facts"),
    ],
)
def test_the_digest_covers_what_a_tree_is_made_from(
    tmp_path: Path,
    name: str,
    matters: bool,  # noqa: FBT001 - pytest passes it by name
) -> None:
    """A file that is there, another content, and a file that is gone again."""
    empty = Store(tmp_path).digest()
    path = put(tmp_path, name, "1")
    one = Store(tmp_path).digest()
    path.write_text("2")
    two = Store(tmp_path).digest()
    path.unlink()
    assert len({empty, one, two}) == (3 if matters else 1)
    assert Store(tmp_path).digest() == empty


def test_the_digest_sees_drafts(store: Store, tmp_path: Path) -> None:
    """It is the digest of the folder as it will be after the commit."""
    put(tmp_path, "snapshots/toy.jsonl", line("a/old"))
    before = store.digest()
    store.draft_snapshot("toy", [line("a/new")])
    store.draft_memories({"toy": MEMORY})
    drafted = store.digest()
    store.commit()
    assert drafted not in {before, Store(tmp_path / "nowhere").digest()}
    assert store.digest() == drafted
