"""Files of ours that are broken: each is named in one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from catalog.errors import StopBuildError
from catalog.store import Store
from tests.catalog.folders import line, put


def all_facts(store: Store) -> object:
    """Read the weights and the ages."""
    return store.facts.weights(), store.facts.max_ages()


@pytest.mark.parametrize(
    ("name", "text", "read", "words"),
    [
        pytest.param("state.json", "{", Store.memories, "JSON.* line 1 column 1", id="state: no JSON"),
        pytest.param("state.json", "", Store.memories, "Invalid JSON", id="state: empty"),
        pytest.param(
            "state.json",
            '{"gateways": {"toy": {"state": "fine"}}}',
            Store.memories,
            r"gateways\.toy\.state: Input should be",
            id="state: no such state",
        ),
        pytest.param("facts/gateways.toml", "[a]\nb\nc = 1", all_facts, "line 2", id="facts: no TOML"),
        pytest.param("facts/gateways.toml", b"# \xff", all_facts, "utf-8", id="facts: no UTF-8"),
        pytest.param("facts/gateways.toml", "a = 1", all_facts, "a: Input", id="facts: no table"),
        pytest.param("facts/gateways.toml", '[a]\nweight = "x"', all_facts, "a.weight: ", id="facts: weight"),
        pytest.param("facts/gateways.toml", '[a]\nmax_age = "x"', all_facts, "a.max_age: ", id="facts: age"),
        pytest.param("facts/gateways.toml", "[a]\nwieght = 1", all_facts, "a.wieght: ", id="facts: unknown"),
        pytest.param(
            "facts/organisations.toml",
            '[organisations.a]\nname = "A"',
            lambda store: store.facts.organisations(),
            r"\.a\.source: ",
            id="organisation: no source",
        ),
        pytest.param(
            "facts/organisations.toml",
            "[organisations.Acme]",
            lambda store: store.facts.organisations(),
            "Acme.*: String",
            id="organisation: a capital",
        ),
        pytest.param(
            "facts/organisations.toml",
            '[organisations.a]\nname = "A"\nsource = "xyz"\ndate = "2026-11-20"\nsite = "javascript:x()"',
            lambda store: store.facts.organisations(),
            r"\.a\.site: ",
            id="organisation: no site",
        ),
        pytest.param("x.json", "{", lambda store: list(store.static(["x.json"])), "unexpected", id="static"),
        pytest.param(
            "performance.jsonl",
            '{"key": "a b", "as_of": "2026-11-20"}\n{"key": "a c"}\n',
            Store.performance,
            "line 2 cannot be read: as_of: Field required",
            id="performance",
        ),
        pytest.param(
            "huggingface.jsonl",
            '{"id": "a/b"}\n{"id": "a/c", "downloads": "7"}\n',
            lambda store: list(store.repositories()),
            "line 2 cannot be read: downloads: Input should be",
            id="metrics",
        ),
    ],
)  # fmt: skip
def test_a_broken_file_is_named_in_one_line(
    tmp_path: Path, name: str, text: str | bytes, read: Callable[[Store], object], words: str
) -> None:
    """A person edits these files; the message says which one and where."""
    path = put(tmp_path, name, text)
    with pytest.raises(StopBuildError, match=words) as stopped:
        read(Store(tmp_path))
    message = str(stopped.value)
    assert message.startswith(str(path))
    assert "\n" not in message


@pytest.mark.parametrize(
    "second",
    [
        pytest.param(b"<<<<<<< HEAD\n", id="a conflict"),
        pytest.param(b"\n", id="an empty line"),
        pytest.param(line("a/b")[:-5] + b"\n", id="a torn line"),
        pytest.param(b"5\n", id="no object"),
        pytest.param(b"{}\n", id="no listing"),
        pytest.param(line("a/b", gateway="other"), id="another gateway"),
        pytest.param(line("a/a"), id="repeated"),
        pytest.param(line("A/a"), id="out of order"),
    ],
)
def test_a_broken_snapshot_line_is_named(tmp_path: Path, second: bytes) -> None:
    """With its file and its number."""
    path = put(tmp_path, "snapshots/toy.jsonl", b"".join([line("a/a"), second, line("b/c")]))
    with pytest.raises(StopBuildError, match=f"^{path} line 2 ") as stopped:
        Store(tmp_path).check_snapshot("toy")
    assert "\n" not in str(stopped.value)


def test_a_snapshot_needs_no_final_newline(tmp_path: Path) -> None:
    """An editor may have taken it away."""
    put(tmp_path, "snapshots/toy.jsonl", line("a/a") + line("b/b").rstrip())
    assert list(Store(tmp_path).lines("toy")) == [line("a/a"), line("b/b")]
