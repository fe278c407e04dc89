"""Promises of the escape for any id: portable, reversible, and never two meanings of one path."""

from __future__ import annotations

import re

from hypothesis import assume, example, given
from hypothesis import strategies as st

from catalog import paths

KEPT_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)
PORTABLE = re.compile(r"[a-z0-9._~/-]+")
WORDS = ("con", "nul.x", "..", ".", ".json", "a.json", "~7e", "~2e", "x~~", "m" * 90, "é", "İ", "A", ":", "@")

_part = st.one_of(st.sampled_from(WORDS), st.text(st.characters(codec="utf-8", exclude_characters="/\0")))
_segment = st.lists(_part, min_size=1, max_size=4).map("".join).filter(bool)
ids = st.lists(_segment, min_size=1, max_size=4).map("/".join).filter(lambda text: len(text) <= 512)
near = st.text("aAbB~.2e/json", min_size=1, max_size=6).filter(lambda text: "" not in text.split("/"))
"""Ids so close to one another that a careless escape would mix them up."""


def segments(path: str) -> list[str]:
    """Split a path."""
    return path.split("/")


@given(ids)
def test_portable(model_id: str) -> None:
    """No file system, artifact store or URL has a reason to touch a path."""
    path = paths.escape(model_id)
    assert PORTABLE.fullmatch(path)
    assert len(path) <= 4000
    for segment in segments(path):
        assert len(segment) <= 200
        assert not segment.startswith(".")
        assert not segment.endswith(".")
        assert not KEPT_BY_WINDOWS.match(segment)


@given(ids | near)
def test_reversible(model_id: str) -> None:
    """A path gives back the lower-cased id, unless it had to be hashed."""
    path = paths.escape(model_id)
    assume("~~" not in path)
    assert paths.unescape(path) == paths.lower(model_id)


@given(near, near)
@example("a/b:", "a/b~3a")
@example(".a", "~2ea")
@example("İ", "i̇")
def test_injective(one: str, other: str) -> None:
    """Two ids have one path only when they differ in nothing but the case of ASCII letters."""
    assert (paths.escape(one) == paths.escape(other)) == (paths.lower(one) == paths.lower(other))


@given(st.integers(181, 400), st.integers(181, 400))
def test_hashed_names_are_told_apart(one: int, other: int) -> None:
    """Long ids with the same beginning have different paths."""
    assert (paths.escape("m" * one) == paths.escape("m" * other)) == (one == other)


@given(ids | near)
def test_no_path_is_a_file_and_a_folder(model_id: str) -> None:
    """No folder of any path ends like a file."""
    assert not any(folder.endswith(".json") for folder in segments(paths.escape(model_id))[:-1])


@given(near, near)
@example("~2eA", ".A")
@example("~63on", "con")
def test_a_name_as_spelled_is_no_escape_of_another_id(one: str, other: str) -> None:
    """A second name never stands where another id has its path, whatever the disk makes of case."""
    name = paths.spelled(one)
    assume(name is not None and paths.lower(one) != paths.lower(other))
    assert paths.lower(name or "") != paths.escape(other)


@given(near)
@example("~ab")
def test_a_name_as_spelled_differs_in_case_or_tilde_only(model_id: str) -> None:
    """A second name on a disk without case is the same file, or a raw tilde that no escape writes."""
    name = paths.spelled(model_id)
    assume(name is not None)
    same = paths.lower(name or "") == paths.escape(model_id)
    assert same or (name or "").replace("~", "~7e", 1) == paths.escape(model_id)


@given(ids | near)
@example("m" * 200)
def test_a_twin_is_portable_and_no_escape(model_id: str) -> None:
    """The path of a twin obeys the same rules and is never the path of an id that is asked for."""
    model_id = paths.qualified("toy", model_id)
    assume(len(model_id) <= paths.LONGEST_ID)
    path = paths.twin(model_id)
    assert PORTABLE.fullmatch(path)
    assert all(len(segment) <= 200 for segment in segments(path))
    assert path != paths.escape(model_id)
    assert "~~" in path


@given(near, near)
def test_twins_have_different_paths(one: str, other: str) -> None:
    """Two spellings never share the path of a twin."""
    assert (paths.twin(one) == paths.twin(other)) == (one == other)
