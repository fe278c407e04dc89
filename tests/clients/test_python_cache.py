"""What the Python client keeps on disk, and what it makes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from gatelog_client import Catalog, CatalogUnreachable, CatalogWarning, ModelNotFound
from gatelog_client._cache import Cache, user_cache
from tests.clients.pages import Pages, pages
from tests.site import ROOT

MODEL = "openai/gpt-4o"
FILE = f"catalog/model/{MODEL}.json"
BODY = b'{"schema_version": "1.0", "data": {"id": "a/b"}, "gateway": "chutes"}'
URL = "https://example.test/catalog/model/a/b.json"
OLD = time.time() - 3600


def kept(folder: Path) -> list[Path]:
    """Return the files of a cache."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


def age(folder: Path, moment: float = OLD) -> None:
    """Let everything in a cache have been confirmed at some moment."""
    for path in kept(folder):
        os.utime(path, (moment, moment))


def answering(*answers: httpx.Response | httpx.HTTPError) -> httpx.Client:
    """Make a client whose host gives these answers in turn, the last one for ever."""
    waiting = list(answers)

    def answer(_: httpx.Request) -> httpx.Response:
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, httpx.HTTPError):
            raise found
        return found

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_an_answer_is_not_asked_for_again_while_it_is_fresh(host: Pages, tmp_path: Path) -> None:
    """One request, two answers, even of another process."""
    with Catalog(host.url, cache=tmp_path) as one, Catalog(host.url, cache=tmp_path) as other:
        assert one.model(MODEL) == other.model(MODEL) == one.model(MODEL)
    assert host.news() == [(FILE, 200)]


@pytest.mark.parametrize("moment", [OLD, time.time() + 86_400], ids=["old", "from the future"])
def test_an_old_answer_is_revalidated(host: Pages, tmp_path: Path, moment: float) -> None:
    """The host says 304; the answer is fresh again."""
    with Catalog(host.url, cache=tmp_path) as catalog:
        first = catalog.model(MODEL)
        age(tmp_path, moment)
        assert catalog.model(MODEL) == first
        assert catalog.model(MODEL) == first
    assert host.news() == [(FILE, 200), (FILE, 304)]


def test_a_changed_answer_takes_its_place(tmp_path: Path) -> None:
    """What is kept is the new body with its new ETag."""
    published = tmp_path / "catalog/model/a/b.json"
    published.parent.mkdir(parents=True)
    published.write_bytes(BODY)
    with pages(tmp_path) as host, Catalog(host.url, cache=tmp_path / "cache", max_age=0) as catalog:
        assert catalog.model("a/b").gateway == "chutes"
        published.write_bytes(BODY.replace(b"chutes", b"portkey"))
        assert [catalog.model("a/b").gateway for _ in range(2)] == ["portkey", "portkey"]
        assert [status for _, status in host.news()] == [200, 200, 304]
    assert len(kept(tmp_path / "cache")) == 1


def test_the_cache_can_be_turned_off(host: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every question is a request, and nothing is written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Catalog(host.url, cache=None) as catalog:
        assert catalog.model(MODEL) == catalog.model(MODEL)
    assert host.news() == [(FILE, 200), (FILE, 200)]
    assert not kept(tmp_path)


@pytest.mark.parametrize(
    ("platform", "variable", "folder"),
    [
        pytest.param("linux", "XDG_CACHE_HOME", "gatelog", id="XDG"),
        pytest.param("linux", "", ".cache/gatelog", id="Linux"),
        pytest.param("darwin", "XDG_CACHE_HOME", "Library/Caches/gatelog", id="macOS"),
        pytest.param("win32", "LOCALAPPDATA", "gatelog", id="Windows"),
    ],
)
def test_the_usual_cache(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, variable: str, folder: str
) -> None:
    """It lies where the system keeps a user's caches."""
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    if variable:
        monkeypatch.setenv(variable, str(tmp_path))
    assert user_cache() == tmp_path / folder


def test_the_usual_cache_is_used(host: Pages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who says nothing gets a cache."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with Catalog(host.url) as catalog:
        assert catalog.model(MODEL) == catalog.model(MODEL)
    assert len(host.news()) == 1
    assert [path.parent for path in kept(tmp_path)] == [user_cache()]


DOWN = [
    pytest.param(httpx.ConnectError("refused"), id="refused"),
    pytest.param(httpx.ReadTimeout("silent"), id="silent"),
    pytest.param(httpx.RemoteProtocolError("cut off"), id="cut off"),
    pytest.param(httpx.Response(503, text="busy"), id="503"),
    pytest.param(httpx.Response(429, html="<p>slow down"), id="429"),
    pytest.param(httpx.Response(200, html="<p>sign in"), id="a page that asks to sign in"),
    pytest.param(httpx.Response(404, html="<p>404"), id="404 for everything"),
    pytest.param(httpx.Response(200, content=BODY[:20]), id="half an answer"),
    pytest.param(httpx.Response(200, content=b"null"), id="another answer"),
]


@pytest.mark.parametrize("trouble", DOWN)
def test_an_answer_of_before_is_served_while_the_host_is_down(
    tmp_path: Path, trouble: httpx.Response | httpx.HTTPError
) -> None:
    """There is a warning at the line that asked, and the answer is no fresher than before."""
    Cache(tmp_path).put(URL, '"1"', BODY)
    age(tmp_path)
    catalog = Catalog("https://example.test", cache=tmp_path, client=answering(trouble))
    for _ in range(2):
        with pytest.warns(CatalogWarning, match=r"b\.json cannot be reached, its answer of .* UTC") as warned:
            assert catalog.model("a/b").gateway == "chutes"
        assert [each.filename for each in warned] == [__file__]
    assert [path.stat().st_mtime for path in kept(tmp_path)] == [pytest.approx(OLD)]


@pytest.mark.parametrize("trouble", [*DOWN, pytest.param(httpx.Response(304), id="304 to a plain request")])
@pytest.mark.parametrize("cached", [False, True], ids=["no cache", "an empty cache"])
def test_a_host_that_is_down(
    tmp_path: Path, trouble: httpx.Response | httpx.HTTPError, *, cached: bool
) -> None:
    """Without an answer of before there is an error, and nothing is kept."""
    catalog = Catalog("https://example.test", cache=tmp_path if cached else None, client=answering(trouble))
    with pytest.raises(CatalogUnreachable):
        catalog.model("a/b")
    assert not kept(tmp_path)


def test_what_is_not_kept_is_not_missing(tmp_path: Path) -> None:
    """While the host is down nobody can say that there is no such model."""
    Cache(tmp_path).put(
        "https://example.test/catalog/gateways.json", "", b'{"schema_version": "1.0", "gateways": []}'
    )
    catalog = Catalog("https://example.test", cache=tmp_path, client=answering(httpx.ConnectError("refused")))
    with pytest.warns(CatalogWarning), pytest.raises(CatalogUnreachable, match=r"refused.* not in the cache"):
        catalog.model("a/b")


def test_a_model_that_is_gone(host: Pages, tmp_path: Path) -> None:
    """A host that is up is believed: what was kept of a model is not served any more."""
    Cache(tmp_path).put(f"{host.url}/catalog/model/a/b.json", '"1"', BODY)
    with Catalog(host.url, cache=tmp_path, max_age=0) as catalog, pytest.raises(ModelNotFound):
        catalog.model("a/b")


def test_other_spellings_while_the_host_is_down(tmp_path: Path) -> None:
    """An id in another case may be another model: only the index can tell, so it must have been kept."""
    Cache(tmp_path).put(URL, "", BODY)
    catalog = Catalog("https://example.test", cache=tmp_path, client=answering(httpx.ConnectError("refused")))
    with pytest.warns(CatalogWarning), pytest.raises(CatalogUnreachable):
        catalog.model("A/b")


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda path: path.write_bytes(b""), id="empty"),
        pytest.param(lambda path: path.write_bytes(path.read_bytes()[:-40]), id="cut off"),
        pytest.param(lambda path: path.write_bytes(b"\xff\n" + BODY), id="an odd ETag"),
        pytest.param(
            lambda path: path.write_bytes(b"\n" + BODY.replace(b"1.0", b"2.0")), id="of a newer client"
        ),
    ],
)
def test_a_spoiled_answer_is_asked_for_again(
    host: Pages, tmp_path: Path, spoil: Callable[[Path], object]
) -> None:
    """What cannot be read is not there; it is replaced."""
    with Catalog(host.url, cache=tmp_path) as catalog:
        first = catalog.model(MODEL)
        spoil(kept(tmp_path)[0])
        assert catalog.model(MODEL) == first
        assert catalog.model(MODEL) == first
    assert host.news() == [(FILE, 200), (FILE, 200)]


def test_a_cache_that_cannot_be_written(host: Pages, tmp_path: Path) -> None:
    """It keeps nothing, and that is all."""
    (tmp_path / "file").touch()
    with Catalog(host.url, cache=tmp_path / "file/cache") as catalog:
        assert catalog.model(MODEL) == catalog.model(MODEL)


def test_a_write_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer of before stays, and no draft."""
    cache = Cache(tmp_path)
    cache.put(URL, '"1"', BODY)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    cache.put(URL, '"2"', BODY)
    assert len(list(tmp_path.iterdir())) == 1
    entry = cache.get(URL)
    assert entry is not None
    assert entry.etag == '"1"'


def test_an_etag_that_no_header_can_hold(tmp_path: Path) -> None:
    """Such an answer is kept without it."""
    Cache(tmp_path).put(URL, "é", BODY)
    entry = Cache(tmp_path).get(URL)
    assert entry is not None
    assert entry.etag == ""


HAMMER = """
import sys
from gatelog_client import Catalog
with Catalog(sys.argv[1], cache=sys.argv[2], max_age=0) as catalog:
    for _ in range(150):
        assert catalog.model("a/b").gateway == "chutes"
"""


def test_two_processes_share_a_cache(tmp_path: Path) -> None:
    """While a record changes, neither ever finds half an answer of the other, and no draft is left."""
    published, cache = tmp_path / "catalog/model/a/b.json", Cache(tmp_path / "cache")
    published.parent.mkdir(parents=True)
    bodies = [BODY + b" " * 200_000, BODY + b" " * 300_000]
    published.write_bytes(bodies[0])
    with pages(tmp_path) as host:
        command = [sys.executable, "-c", HAMMER, host.url, str(cache.folder)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT / "clients/python")}
        processes = [subprocess.Popen(command, env=environ) for _ in range(2)]
        url = f"{host.url}/catalog/model/a/b.json"
        seen: set[str] = set()
        while any(process.poll() is None for process in processes):
            bodies.reverse()
            (tmp_path / "next").write_bytes(bodies[0])
            (tmp_path / "next").replace(published)
            entry = cache.get(url)
            assert entry is not None or not seen
            seen.update({entry.etag} if entry else ())
        assert [process.wait(60) for process in processes] == [0, 0]
    assert len(seen) == len(bodies)
    assert len(list(cache.folder.iterdir())) == 1
