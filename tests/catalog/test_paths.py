"""The escape of ids: the table of the specification, its edges, second names and twins."""

from __future__ import annotations

import hashlib

import pytest

from catalog import paths

SHA = hashlib.sha256


@pytest.mark.parametrize(
    ("model_id", "path"),
    [
        pytest.param("Qwen/Qwen3-32B", "qwen/qwen3-32b.json", id="upper case"),
        pytest.param("openai/gpt-4o:free", "openai/gpt-4o~3afree.json", id="colon"),
        pytest.param("anthropic/claude@20240620", "anthropic/claude~4020240620.json", id="at"),
        pytest.param("~anthropic/latest", "~7eanthropic/latest.json", id="tilde"),
        pytest.param("accounts/fireworks/models/x", "accounts/fireworks/models/x.json", id="four segments"),
        pytest.param("../../etc/passwd", "~2e~2e/~2e~2e/etc/passwd.json", id="traversal"),
        pytest.param("con/nul.x", "~63on/~6eul.x.json", id="names that Windows keeps"),
        pytest.param("a/com1", "a/~63om1.json", id="a port of Windows"),
        pytest.param("a/conx", "a/conx.json", id="only begins like one"),
        pytest.param("con.json/x", "con~2ejson/x.json", id="a kept name that the folder rule changes first"),
        pytest.param("a/con.", "a/con~2e.json", id="a kept name that the dot rule changes first"),
        pytest.param("a/b.json/c", "a/b~2ejson/c.json", id="a folder that looks like a file"),
        pytest.param("a/b.json", "a/b.json.json", id="a file that looks like a file"),
        pytest.param("a/b..", "a/b.~2e.json", id="trailing dots"),
        pytest.param("a/.hidden", "a/~2ehidden.json", id="leading dot"),
        pytest.param("a/.", "a/~2e.json", id="one dot"),
        pytest.param("a/x+y z", "a/x~2by~20z.json", id="plus and space"),
        pytest.param("a\\b/c", "a~5cb/c.json", id="backslash"),
        pytest.param("a/b%2fc", "a/b~252fc.json", id="percent"),
        pytest.param("a/b\r\nc", "a/b~0d~0ac.json", id="line break"),
        pytest.param("é/İ", "~c3~a9/~c4~b0.json", id="other scripts keep their case"),
        pytest.param("@deepinfra/zai-org/GLM-4.5", "~40deepinfra/zai-org/glm-4.5.json", id="wrapped"),
        pytest.param("lonely", "lonely.json", id="one segment"),
    ],
)
def test_escape(model_id: str, path: str) -> None:
    """An id becomes the path that the specification names, and comes back lower-cased."""
    assert paths.escape(model_id) == path
    assert paths.unescape(path) == paths.lower(model_id)


@pytest.mark.parametrize(
    "model_id",
    [
        pytest.param("", id="empty"),
        pytest.param("a//b", id="empty segment"),
        pytest.param("/a", id="leading slash"),
        pytest.param("a/", id="trailing slash"),
        pytest.param("a/b\0c", id="NUL"),
        pytest.param("a/\ud800", id="lone surrogate"),
        pytest.param("a/" + "b" * 511, id="over 512 characters"),
    ],
)
def test_no_path(model_id: str) -> None:
    """An id that no path can stand for is refused."""
    with pytest.raises(ValueError, match=r"id |surrogates"):
        paths.escape(model_id)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("a/b", id="no suffix"),
        pytest.param("a/b~~0123456789abcdef01234567.json", id="hashed"),
        pytest.param("A/b.json", id="upper case"),
        pytest.param("a/~62.json", id="a character that needs no escape"),
        pytest.param("a/~3A.json", id="upper-case digits"),
        pytest.param("a/~zz.json", id="no digits"),
        pytest.param("a/~ff.json", id="no UTF-8"),
        pytest.param("a//b.json", id="empty segment"),
        pytest.param("../b.json", id="traversal"),
    ],
)
def test_not_reversible(path: str) -> None:
    """What the escape never writes is refused, so that no path has two ids."""
    with pytest.raises(ValueError, match=r"path|utf-8|segment"):
        paths.unescape(path)


def test_the_longest_id_has_a_path() -> None:
    """512 characters are allowed, and give a short name."""
    assert len(paths.escape("b" * 512)) < 200


@pytest.mark.parametrize("length", [180, 181])
def test_long_segments_are_hashed_from_181_characters_on(length: int) -> None:
    """140 characters of a longer segment stay, then come two tildes and the start of its digest."""
    segment = "m" * length
    digest = SHA(segment.encode()).hexdigest()[:24]
    expected = segment if length == 180 else f"{'m' * 140}~~{digest}"
    assert paths.escape(f"a/{segment.upper()}") == f"a/{expected}.json"


def test_a_cut_ends_with_neither_tilde_nor_dot() -> None:
    """What the cut leaves at its end is dropped as far as it is punctuation."""
    segment = "m" * 138 + ".:" + "x" * 60
    assert paths.escape(segment).startswith("m" * 138 + "~~")


def test_a_folder_is_measured_after_its_own_rule() -> None:
    """180 characters that end with `.json` become 182 as a folder, and are hashed."""
    segment = "a" * 175 + ".json"
    assert paths.escape(segment) == f"{segment}.json"
    assert "~~" in paths.escape(f"{segment}/x")


@pytest.mark.parametrize(
    ("model_id", "name"),
    [
        pytest.param("Qwen/Qwen3-32B", "Qwen/Qwen3-32B.json", id="upper case"),
        pytest.param("qwen/qwen3-32b", None, id="already its own path"),
        pytest.param("openai/GPT-4o:free", None, id="a character that is escaped"),
        pytest.param("Con/x", None, id="a name that Windows keeps"),
        pytest.param("A.json/b", None, id="a folder that looks like a file"),
        pytest.param("A.JSON/b", None, id="the same in upper case"),
        pytest.param("A/.b", None, id="leading dot"),
        pytest.param("A/" + "b" * 200, None, id="hashed"),
        pytest.param("~anthropic/latest", "~anthropic/latest.json", id="tilde"),
        pytest.param("~Anthropic/latest", None, id="tilde and upper case"),
        pytest.param("~a.json/b", None, id="tilde and an escaped folder"),
        pytest.param("~2efoo/x", None, id="could be the escape of .foo/x"),
        pytest.param("~63on/x", None, id="could be the escape of con/x"),
        pytest.param("~abcd/x", "~abcd/x.json", id="two digits, but the escape of no id"),
        pytest.param("a~b/c", None, id="tilde inside"),
    ],
)
def test_spelled(model_id: str, name: str | None) -> None:
    """A second name keeps upper case or a leading tilde where no other id can mean it."""
    assert paths.spelled(model_id) == name


def test_twins() -> None:
    """A twin keeps its readable path and is told apart by the digest of the id as spelled."""
    digest = SHA(b"DeepMount/Llama-Ita").hexdigest()[:24]
    assert paths.twin("DeepMount/Llama-Ita") == f"deepmount/llama-ita~~{digest}.json"
    assert paths.twin("DeepMount/Llama-ITA") != paths.twin("DeepMount/Llama-Ita")


def test_a_twin_of_a_long_name_is_as_short_as_any() -> None:
    """Even a hashed name has a twin of at most 200 bytes."""
    assert len(paths.twin("A/" + "b" * 300)) <= 200


@pytest.mark.parametrize(
    ("model_id", "asked"),
    [
        pytest.param("nemotron-tee", "chutes/nemotron-tee", id="no organisation"),
        pytest.param("zai-org/GLM", "zai-org/GLM", id="organisation"),
    ],
)
def test_qualified(model_id: str, asked: str) -> None:
    """An id without an organisation is asked for under its gateway."""
    assert paths.qualified("chutes", model_id) == asked


def test_printable() -> None:
    """A text that is shown holds no odd characters and at most 200."""
    assert paths.printable("a\x1b[31m\u202eb\ud800") == "a?[31m?b?"
    assert len(paths.printable("a" * 300)) == 200
