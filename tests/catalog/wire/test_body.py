"""Bodies are bounded, complete and of the right kind."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from catalog.errors import UseSnapshotError
from catalog.wire.body import STEP, Body, is_json_like


@pytest.mark.parametrize(
    ("kind", "accepted"),
    [
        pytest.param("application/json", True, id="json"),
        pytest.param("Application/JSON; charset=utf-8", True, id="json with a parameter"),
        pytest.param("application/vnd.api+json", True, id="a kind of json"),
        pytest.param("text/plain", True, id="plain text"),
        pytest.param("application/octet-stream", True, id="bytes"),
        pytest.param("", True, id="missing"),
        pytest.param("text/html; charset=utf-8", False, id="html"),
        pytest.param("application/xml", False, id="xml"),
        pytest.param("text/x+json", False, id="not an application type"),
    ],
)
def test_the_kind_of_a_body_is_checked(kind: str, accepted: bool) -> None:  # noqa: FBT001 - a table
    """HTML is a login page, a firewall or a maintenance notice."""
    assert is_json_like(kind) is accepted


@pytest.mark.parametrize("length", [STEP - 1, STEP, STEP + 1, 3 * STEP])
def test_a_body_of_any_length_is_inflated_to_its_end(length: int) -> None:
    """What is inflated at once ends before, at and behind the end of the body."""
    body = Body("gzip", 10 * STEP, 10 * STEP)
    body.feed(gzip.compress(bytes(length), 1))
    assert len(body.complete()) == length


def test_no_more_is_inflated_at_once_than_a_step() -> None:
    """Beside the body itself there is little in memory, however much a piece holds."""
    body = Body("gzip", 10 * STEP, 40 * STEP)
    sent = gzip.compress(bytes(30 * STEP), 1)
    tracemalloc.start()
    body.feed(sent)
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held > 30 * STEP
    assert peak < 45 * STEP


def test_a_gzip_body_is_decoded_piece_by_piece() -> None:
    """Any cut between the pieces gives the same bytes."""
    sent = gzip.compress(b'{"data": [1, 2, 3]}' * 50)
    for size in (1, 7, len(sent)):
        body = Body("gzip", 10_000, 10_000)
        for at in range(0, len(sent), size):
            body.feed(sent[at : at + size])
        assert body.complete() == b'{"data": [1, 2, 3]}' * 50


def test_a_body_may_be_exactly_as_large_as_allowed() -> None:
    """A cap of ten bytes allows ten bytes."""
    for encoding, sent in (("", b"0123456789"), ("gzip", gzip.compress(b"0123456789"))):
        body = Body(encoding, len(sent), 10)
        body.feed(sent)
        assert body.complete() == b"0123456789"


@pytest.mark.parametrize(
    ("encoding", "sent", "reason"),
    [
        pytest.param("", b"12345678901", "larger", id="plain, decoded cap"),
        pytest.param("gzip", gzip.compress(b"1" * 11), "larger", id="gzip, decoded cap"),
        pytest.param("", b"1" * 101, "larger", id="wire cap"),
        pytest.param("gzip", gzip.compress(b"1") + b"x", "behind the end", id="trailing bytes"),
        pytest.param("gzip", gzip.compress(b"1") * 2, "behind the end", id="second gzip member"),
        pytest.param("gzip", b"no gzip at all", "damaged", id="not gzip"),
        pytest.param("gzip", gzip.compress(b"12345")[:-1], "cut short", id="truncated gzip"),
        pytest.param("gzip", b"", "cut short", id="empty gzip"),
        pytest.param("", b"", "empty", id="empty"),
        pytest.param("identity", b" \r\n", "empty", id="blank"),
        pytest.param("br", b"x", "not asked for", id="another encoding"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused(encoding: str, sent: bytes, reason: str) -> None:
    """Too large, damaged, cut short, empty, or in an encoding that nobody asked for."""
    body = Body(encoding, 100, 10)
    with pytest.raises(UseSnapshotError, match=reason):
        _feed(body, sent)


def _feed(body: Body, sent: bytes) -> None:
    body.feed(sent)
    body.complete()
