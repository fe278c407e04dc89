"""docs/reliability.md promises nothing without a test and shows no figure that was not counted."""

from __future__ import annotations

import ast
import re

from tests import reliability

ROOT = reliability.ROOT
PAGE = reliability.DOCUMENT.read_text(encoding="utf-8")
ROWS = [line for line in PAGE.partition("## Figures")[0].splitlines() if line.startswith("| ")][1:]


def test_every_promise_names_tests_that_exist() -> None:
    """Each row has one at least, by file and function."""
    assert len(ROWS) > 12
    for row in ROWS:
        named = re.findall(r"`(tests/\S+\.py)::(\w+)`", row)
        assert named, row
        for file, function in named:
            tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
            found = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
            assert function in found, f"{file}::{function}"


def test_the_figures_are_those_that_are_counted() -> None:
    """The table has a row for everything that is counted, in its order; nothing was lost or wrong."""
    figures = reliability.committed()
    assert list(figures) == [what for source in reliability.SOURCES for what in source.figures]
    for what, figure in figures.items():
        if re.match("models lost|models invented|wrong prices|prices lost|files ", what):
            assert figure == 0, what
    assert figures["kills after which the old or the new state was found"] >= 200
    assert figures["nights simulated"] >= 60
    assert figures["gateways that misbehaved in them"] >= 60


def test_every_source_is_a_program() -> None:
    """A figure can be counted again by anyone."""
    for source in reliability.SOURCES:
        path = ROOT / source.module.replace(".", "/")
        program = path / "__main__.py" if path.is_dir() else path.with_suffix(".py")
        assert '"--json"' in program.read_text(encoding="utf-8")
        assert f"`python -m {source.module}`" in PAGE


def test_a_table_has_a_line_for_each_figure() -> None:
    """With its thousands set apart."""
    told = {"nights": 60, "faults": 98, "kills": 8, "prices": 36_000}
    told |= dict.fromkeys(("lost", "invented", "wrong", "accepted"), 0)
    rest = {source.module: _any(source) for source in reliability.SOURCES}
    text = reliability.table(rest | {"tests.soak": told})
    assert "| nights simulated | 60 | `python -m tests.soak` |" in text
    assert "| prices compared with the last good night's | 36,000 | `python -m tests.soak` |" in text


def _any(source: reliability.Source) -> reliability.Told:
    class Everything(dict[str, int]):
        def __missing__(self, key: str) -> int:
            return 0

    return Everything()
