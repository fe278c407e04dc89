"""The facts of identity: what is shipped, and one line for a file that cannot be read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from catalog.errors import StopBuildError
from catalog.schema.facts import IdentityFacts
from catalog.store import Store
from tests import captured, facts
from tests.site import ROOT

HEADER = "id\thugging_face_id\tlast_seen"
STATED = 'source = "a list", date = "2026-01-01"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder of facts."""
    (tmp_path / "facts").mkdir()
    return tmp_path / "facts"


def test_no_facts(folder: Path) -> None:
    """Files that are not there say nothing."""
    assert Store(folder.parent).facts.identity() == IdentityFacts()


def test_shipped_facts() -> None:
    """Every file of the repository is read, and says something."""
    shipped = Store(ROOT / "data").facts.identity()
    assert all(
        [
            shipped.spellings.organisations, shipped.spellings.families, shipped.spellings.trims,
            shipped.suffixes.serving, shipped.suffixes.quantisation, shipped.reuploads.reuploads,
            shipped.claude.releases, shipped.aliases.aliases, shipped.portkey.services,
            shipped.portkey.slugs, len(shipped.openrouter) > 500,
        ]
    )  # fmt: skip
    sdxl = [each for each in shipped.aliases.aliases if each.id == "stability-ai/sdxl"]
    assert [(each.service, each.key) for each in sdxl] == [("*", "stabilityai/stable-diffusion-xl-base-1.0")]


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        pytest.param("aliases.toml", "aliases = [", "Invalid value", id="no TOML"),
        pytest.param("aliases.toml", "alias = []", "alias: Extra inputs", id="an unknown table"),
        pytest.param(
            "aliases.toml",
            'aliases = [{service = "*", id = "a", key = "b/c"}]',
            "source: Field required",
            id="no source",
        ),
        pytest.param(
            "aliases.toml",
            f'aliases = [{{service = "*", id = "a", key = "b", {STATED}}}]',
            "key: String should match",
            id="a key without organisation",
        ),
        pytest.param(
            "aliases.toml",
            f'aliases = [{{service = "*", id = "A/b", key = "b/c", {STATED}}}]',
            "id: String should match",
            id="an id in capitals",
        ),
        pytest.param(
            "aliases.toml",
            "aliases = [" + f'{{service = "*", id = "a", key = "b/c", {STATED}}},' * 2 + "]",
            "* | a stands there twice",
            id="an id twice",
        ),
        pytest.param(
            "claude.toml",
            f'releases = [{{model = "a", released = "2025", {STATED}}}]',
            "released: String should match",
            id="no day",
        ),
        pytest.param(
            "reuploads.toml",
            f'reuploads = [{{organisation = "a", names = "(", {STATED}}}]',
            "not a regular expression",
            id="no expression",
        ),
        pytest.param("portkey.toml", "slugs = 1", "slugs: ", id="no list"),
        pytest.param("spellings.toml", "families = [{}]", "families.0", id="an empty line"),
        pytest.param("suffixes.toml", "serving = [{}]", "serving.0", id="an empty suffix"),
        pytest.param("openrouter_hf.tsv", "", "its first line names other columns", id="an empty table"),
        pytest.param(
            "openrouter_hf.tsv",
            f"{HEADER}\na/b\tc/d\n",
            "line 2 cannot be read: 2 columns",
            id="a short line",
        ),
    ],
)
def test_a_broken_file(folder: Path, name: str, text: str, message: str) -> None:
    """The file and what is the matter with it stand in one line."""
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(StopBuildError, match=re.escape(message)) as problem:
        Store(folder.parent).facts.identity()
    assert name in str(problem.value)
    assert "\n" not in str(problem.value)


def test_table(tmp_path: Path) -> None:
    """An id keeps every repository that it ever named, with the last day; moving aliases stay out."""
    days = {
        "2026-01-01": '{"data":[{"id":"a/x","hugging_face_id":"A/X"},{"id":"a/z"},{"id":"~a/latest"}]}',
        "2026-01-02": '{"data":[{"id":"a/x","hugging_face_id":"A/X2"},{"id":"a/y","hugging_face_id":""}]}',
        "2026-01-03": '{"data":[{"id":"a/x","hugging_face_id":"A/X2"},{"id":"a/x:free"}]}',
    }
    for day, text in days.items():
        (tmp_path / f"{day}.json").write_text(text, encoding="utf-8")
    for paths in (sorted(tmp_path.iterdir()), sorted(tmp_path.iterdir(), reverse=True)):
        assert facts.table(paths).splitlines() == [
            "id\thugging_face_id\tlast_seen",
            "a/x\tA/X\t2026-01-01",
            "a/x\tA/X2\t2026-01-03",
            "a/x:free\t\t2026-01-03",
            "a/y\t\t2026-01-02",
            "a/z\t\t2026-01-01",
        ]


@pytest.mark.captures
def test_the_shipped_table_is_what_the_captures_say() -> None:
    """Whoever has the captures gets the same bytes."""
    assert facts.table(captured.files("openrouter/models/*.json")) == facts.TABLE.read_text(encoding="utf-8")
