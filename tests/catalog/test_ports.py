"""Payloads and errors: one broken body is a reason to serve the snapshot, in words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from catalog.errors import GatelogError, SetVariableError, SkipRowError, StopBuildError, UseSnapshotError
from catalog.ports import Payload


def payload(body: bytes) -> Payload:
    """Make a payload."""
    return Payload("/models", body)


def test_a_body_is_read_with_exact_decimals() -> None:
    """A price loses no digit between the wire and the adapter."""
    assert payload(b'{"price":0.1}').json() == {"price": Decimal("0.1")}


def test_a_body_that_is_no_json_is_no_answer() -> None:
    """The reason names what was asked for."""
    with pytest.raises(UseSnapshotError, match="/models: not JSON"):
        payload(b"<html>").json()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"data":[1],"models":[2]}', id="first key"),
        pytest.param(b'{"data":null,"models":[1]}', id="second key"),
        pytest.param(b"[1]", id="bare list"),
    ],
)
def test_items(body: bytes) -> None:
    """The list is found under the first key that has one, or is the document."""
    assert payload(body).items("data", "models") == [1]


@pytest.mark.parametrize("body", [b"{}", b"null", b'{"data":{}}', b'{"other":[1]}', b'"data"', b"7"])
def test_no_items(body: bytes) -> None:
    """An answer without a list is no answer."""
    with pytest.raises(UseSnapshotError, match="/models: no list of models"):
        payload(body).items("data")


def test_every_error_is_caught_by_one_name() -> None:
    """Whatever Gatelog raises on purpose can be told from a bug."""
    kinds = (SetVariableError, SkipRowError, StopBuildError, UseSnapshotError)
    assert all(issubclass(kind, GatelogError) for kind in kinds)


def test_errors_carry_what_the_caller_needs() -> None:
    """The reason and the variable can be shown without taking a message apart."""
    assert UseSnapshotError("no answer").reason == "no answer"
    assert SetVariableError("TOY_API_KEY").variable == "TOY_API_KEY"
    assert str(SetVariableError("TOY_API_KEY")) == "set TOY_API_KEY"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"data":[{"a":1.5},null],"pagination":{"x":1}}', id="rows and more"),
        pytest.param(b"[1,2]", id="a list"),
        pytest.param(b'\xef\xbb\xbf{"data":[1],"x":2}', id="a byte order mark"),
        pytest.param(b'{"data":["\\ud800"]}', id="a lone surrogate"),
        pytest.param(b'{"data":[1],"data":[2]}', id="the list twice"),
        pytest.param(b'{"data":{}}', id="no list"),
        pytest.param(b"7", id="no object"),
        pytest.param(b'{"data":[1e99999999999999999999]}', id="an impossible exponent"),
        pytest.param(b'{"data":["\xff"]}', id="no text"),
        pytest.param(b'{"data":[{"a":tru}]}', id="a row that is no JSON"),
        pytest.param(b'{"data":[1]} x', id="more than JSON"),
    ],
)
def test_a_page_holds_what_the_document_holds(body: bytes) -> None:
    """That its rows are parsed one by one changes neither them nor what is said of a broken body."""
    served = payload(body)

    def page() -> tuple[list[object], dict[str, Any]]:
        rows, beside = served.page("data")
        return list(rows), beside

    assert outcome(page) == outcome(lambda: whole(served))


def whole(served: Payload) -> tuple[list[object], dict[str, Any]]:
    """Read a page as one document."""
    document = served.json()
    beside = document if isinstance(document, dict) else {}
    return served.items("data"), {name: beside[name] for name in beside if name != "data"}


def outcome(read: Callable[[], Any]) -> object:
    """Return what is read, or what is the matter, which is told of the row or of the whole page."""
    try:
        return read()
    except UseSnapshotError as problem:
        return problem.reason.partition("(")[0]
