"""Payloads and errors: one broken body is a reason to serve the snapshot, in words."""

from __future__ import annotations

from decimal import Decimal

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
