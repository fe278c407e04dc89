"""What a request gets, without a socket; every form of it, on every host, is in tests/conformance."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass, field

import pytest

from catalog.answer import Answer, Request, answer
from catalog.detect import WARNING
from catalog.schema.documents import DetectionIndex, Gateways

RECORD = json.dumps(
    {"data": {"id": "a/b", "huggingface_metrics": {"likes": 3}}, "include_huggingface": True}
).encode()
INDEX = DetectionIndex(schema_version="1.0", gateways=["openrouter", "toy"], models={}, paths={})


@dataclass
class Held:
    """A tree in memory."""

    files: dict[str, bytes] = field(default_factory=dict)
    index: DetectionIndex = INDEX
    states: Gateways = Gateways(schema_version="1.0", gateways=[])  # noqa: RUF009 - frozen

    def has(self, path: str) -> bool:
        """Tell whether the tree holds a file."""
        return path in self.files

    def read(self, path: str) -> bytes:
        """Return the bytes of a file."""
        return self.files[path]


TREE = Held(
    {
        "catalog/model/a/b.json": RECORD,
        "catalog/gateway/openrouter/model/a/b.json": RECORD,
        "catalog/index.json": b"{}\n" * 1000,
        "index.html": b"<p>",
        "catalog/models.csv": b"id\n",
        "catalog/models.ndjson.gz": b"\x1f\x8b",
        "v1/models": b"{}",
        "logo.svg": b"<svg/>",
        "hosts/nginx/gatelog.conf": b"#\n",
    }
)


def asked(path: str, query: str = "", method: str = "GET", **headers: str) -> Answer:
    """Answer one request."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return answer(Request(method, path, query, told), TREE)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        pytest.param("/catalog/index.json", "application/json; charset=utf-8", id="JSON"),
        pytest.param("/catalog/models.csv", "text/csv; charset=utf-8", id="text"),
        pytest.param("/v1/models", "application/json; charset=utf-8", id="JSON without an ending"),
        pytest.param("/catalog/models.ndjson.gz", "application/gzip", id="compressed"),
        pytest.param("/", "text/html; charset=utf-8", id="the page of a folder"),
        pytest.param("/logo.svg", "image/svg+xml", id="an image"),
        pytest.param("/hosts/nginx/gatelog.conf", "text/plain; charset=utf-8", id="anything else"),
    ],
)
def test_every_file_of_the_tree_has_its_type(path: str, kind: str) -> None:
    """The suffix decides."""
    found = asked(path)
    assert (found.status, found.headers["Content-Type"]) == (200, kind)


def test_no_other_site_shows_a_page_in_a_frame() -> None:
    """A page cannot say that itself; for a record nobody needs to."""
    policy = "Content-Security-Policy"
    assert asked("/").headers[policy] == "frame-ancestors 'none'"
    assert policy not in asked("/catalog/index.json").headers


@pytest.mark.parametrize(
    "path", ["/catalog/", "/.next/journal", "/catalog/../index.html", "/a\\b", "/no.json"]
)
def test_what_is_no_file_of_the_tree_is_404(path: str) -> None:
    """Folders, hidden names, ways out."""
    found = asked(path)
    assert (found.status, json.loads(found.body)["error"]["type"]) == (404, "not_found")


@pytest.mark.parametrize("word", ["false", "FALSE", "0", "no", "off", "f", "N"])
def test_off_words(word: str) -> None:
    """The metrics are left out, and the record says so."""
    found = json.loads(asked("/catalog/model/a/b", f"include_huggingface={word}").body)
    assert (found["include_huggingface"], found["data"]["huggingface_metrics"]) == (False, None)


@pytest.mark.parametrize(
    "query",
    ["", "include_huggingface=", "include_huggingface=maybe", "include_huggingface=1&include_huggingface=0"],
)
def test_anything_else_is_on(query: str) -> None:
    """The bytes are those of the file."""
    assert asked("/catalog/model/a/b", query).body == RECORD


def test_an_unknown_gateway_is_warned_of_and_not_repeated() -> None:
    """The log gets a printable form of what was asked for, the header nothing."""
    found = asked("/catalog/model/a/b", "gateway=x%0d%0aSet-Cookie:1")
    assert (found.status, found.headers["Warning"]) == (200, WARNING)
    assert found.warning == "unknown gateway 'x??Set-Cookie:1', openrouter answers"


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [
        ("gzip", True), ("br, gzip;q=0.5", True), ("GZIP", True), ("gzip; q=0", False), ("br", False),
        ("", False),
    ],
)  # fmt: skip
def test_gzip(accepted: str, packed: bool) -> None:  # noqa: FBT001 - the expectation
    """Whoever takes it gets it, with an ETag that is weak because the bytes are others."""
    found = asked("/catalog/index.json", accept_encoding=accepted)
    assert (found.headers.get("Content-Encoding") == "gzip") is packed
    assert found.headers["ETag"].startswith("W/") is packed
    assert (gzip.decompress(found.body) if packed else found.body) == TREE.files["catalog/index.json"]


@pytest.mark.parametrize(
    ("known", "status"),
    [("{tag}", 304), ("W/{tag}", 304), ('"x", {tag}', 304), ("*", 304), ('"x"', 200), ("", 200)],
)
def test_not_modified(known: str, status: int) -> None:
    """A client that names the content it has gets none."""
    tag = asked("/catalog/model/a/b").headers["ETag"]
    found = asked("/catalog/model/a/b", if_none_match=known.format(tag=tag))
    assert (found.status, found.headers["ETag"]) == (status, tag)
    assert bool(found.body) is (status == 200)
