"""How documents are written: bytes that do not depend on the order of anything."""

from __future__ import annotations

import hashlib
from decimal import Decimal

import pytest

from catalog.artifact import compact, document, shard_of


def test_a_document_is_written_for_people() -> None:
    """Sorted keys, two spaces, UTF-8 without escapes, plain prices and a final newline."""
    body = document({"b": "é – 日", "a": {"d": Decimal("5E-8"), "c": None}})
    expected = '{\n  "a": {\n    "c": null,\n    "d": "0.00000005"\n  },\n  "b": "é – 日"\n}\n'
    assert body == expected.encode()


def test_a_list_is_written_for_programs() -> None:
    """The same without spaces."""
    assert compact({"b": [1, 2], "a": Decimal("1.50")}) == b'{"a":"1.5","b":[1,2]}\n'


@pytest.mark.parametrize("write", [document, compact])
def test_the_order_of_fields_leaves_no_trace(write: object) -> None:
    """Equal documents are equal bytes."""
    assert callable(write)
    assert write({"a": 1, "b": {"c": 2, "d": 3}}) == write({"b": {"d": 3, "c": 2}, "a": 1})


def test_shards_are_named_by_digest() -> None:
    """A shard is named by the first two hex digits of the sha256."""
    assert shard_of("openai/gpt-4o") == hashlib.sha256(b"openai/gpt-4o").hexdigest()[:2]
