"""Nasty strings of gateways in every format that is published or printed."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import build
from catalog import interop, kinds
from catalog.interop.spreadsheet import inert as inert_cell
from catalog.text import inert, inert_json
from catalog.verify import verify
from tests.hostile import commands
from tests.hostile.checks import check_of, format_of, paths, same
from tests.hostile.corpus import CONTROLS, CORPUS, FORMULAS
from tests.hostile.gateways import SAID, Tree, build_both, build_site
from tests.toys import contents

PUBLISHED = (
    *(kind for kind in kinds.KINDS if kind != "schema"),
    "html", "atom", "xml", "txt", "svg", "js", "css", "ts", "host file", "schema",
)  # fmt: skip
"""Every format of a file, known by itself: a file of another one fails the first test."""
WORDLESS = frozenset(
    {
        "manifest", "manifest shard", "index", "gateway history", "interop index", "provider index", "xml",
        "txt", "discrepancies", "aliases", "identity report", "comparison", "litellm export", "history",
    }
)  # fmt: skip
"""Formats that hold ids or numbers and none of the words that end in `said`."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where both sites are."""
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture(scope="module")
def tree(folder: Path) -> Tree:
    """Build both sites."""
    return build_both(folder)


def test_every_file_has_a_format_that_is_looked_at(tree: Tree) -> None:
    """A new export, page or feed cannot be forgotten here."""
    assert [path for path in tree.files if check_of(path) is None] == []
    assert {format_of(path) for path in tree.files} == set(PUBLISHED)
    assert {f"{form.name} export" for form in interop.FORMATS} <= set(PUBLISHED)


def test_every_command_is_looked_at() -> None:
    """A new command is tried here, or it is said why not."""
    assert {*commands.COMMANDS, *commands.SILENT} == {"build", *build.main.commands}


def test_every_path_is_legal_everywhere(tree: Tree) -> None:
    """On Linux, macOS and Windows: no reserved name, nothing outside, no two files that are one."""
    assert list(paths(tree.files)) == []


@pytest.mark.parametrize("name", PUBLISHED)
def test_nasty_strings_are_text(tree: Tree, name: str) -> None:
    """In every file of every format."""
    files = {path: body for path, body in tree.files.items() if format_of(path) == name}
    checks = {path: check for path in files if (check := check_of(path))}
    assert [problem for path, check in checks.items() for problem in check(path, files[path], tree)] == []
    spoken = any(SAID.encode() in body for body in files.values()) or "gz" in next(iter(files))[-2:]
    assert spoken or name in WORDLESS or set(checks.values()) == {same}


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_no_command_steers_a_terminal(tree: Tree, folder: Path, name: str) -> None:
    """Nor a runner of GitHub, which obeys some lines."""
    said = list(commands.COMMANDS[name](folder / "nasty"))
    assert [problem for each in said for problem in commands.wrong(each)] == []
    assert any("x" in each.text for each in said)


def test_a_pull_request_obeys_nothing(tree: Tree, folder: Path) -> None:
    """No mention, image, link, tag, reference or further cell."""
    assert list(commands.markdown(folder / "nasty")) == []


def test_a_table_on_the_screen() -> None:
    """What `show --live` prints knows no markup and no control characters, either."""
    text = commands.quotes()
    assert list(commands.wrong(commands.Said(("table",), text))) == []
    assert "[bold red]x[/]" in text


@given(st.text())
def test_inert_text(text: str) -> None:
    """Nothing is left that steers, and what was harmless is as it was."""
    shown = inert(text)
    assert not CONTROLS.search(shown)
    assert len(shown) == len(text)
    assert all(one in (other, "\N{REPLACEMENT CHARACTER}") for one, other in zip(shown, text, strict=True))


CHARACTERS = st.characters(exclude_categories=["Cs"])


@given(st.lists(st.text(CHARACTERS)))
def test_inert_json_says_the_same(texts: list[str]) -> None:
    """Escapes are part of JSON."""
    shown = inert_json(orjson.dumps(texts).decode())
    assert not CONTROLS.search(shown)
    assert orjson.loads(shown) == texts


@given(st.text())
def test_inert_cells(text: str) -> None:
    """No cell begins as a formula does; any other text stays."""
    cell = str(inert_cell(text))
    assert not cell.startswith(FORMULAS)
    assert cell.removeprefix("'") == text.removeprefix("'")


NASTY = st.text(CHARACTERS, min_size=1, max_size=40) | st.sampled_from(CORPUS)
HEALTHY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
"""The folder is made anew by every example, which takes its time."""


@pytest.mark.slow
@given(st.lists(NASTY, min_size=6, max_size=9))
@settings(max_examples=8, deadline=None, suppress_health_check=HEALTHY)
def test_any_strings_make_a_whole_tree(tmp_path: Path, texts: list[str]) -> None:
    """Whatever is written, every path is legal, every file is of its kind and the tree keeps its promises."""
    build_site(tmp_path, texts)
    files = contents(tmp_path / "output")
    assert list(paths(files)) == []
    assert list(verify(files, files.__getitem__)) == []
    table = files["catalog/models.csv"].decode()
    assert not re.search(r"^[^\n]*,[=+@-]", table, re.MULTILINE)
