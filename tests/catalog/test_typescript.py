"""TypeScript types from JSON Schemas."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.schemas import schemas
from catalog.typescript import declarations


def declared(**properties: Any) -> str:  # noqa: ANN401 - parts of a schema
    """Declare one document with one required property."""
    schema = {"title": "Thing", "type": "object", "properties": properties, "required": ["a"]}
    return declarations({"thing": schema})


@pytest.mark.parametrize(
    ("schema", "line"),
    [
        pytest.param({"type": "integer"}, "a: number;", id="number"),
        pytest.param({"type": "array", "items": {"type": "string"}}, "a: string[];", id="list"),
        pytest.param(
            {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            "a: (string | null)[];",
            id="list of what may be null",
        ),
        pytest.param(
            {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]},
            "a: [string, number];",
            id="pair",
        ),
        pytest.param({"enum": ["x", "y"]}, 'a: "x" | "y" | (string & {});', id="open choice"),
        pytest.param({"const": "x"}, 'a: "x";', id="constant"),
        pytest.param({"$ref": "#/$defs/Record"}, "a: ModelRecord;", id="a name that TypeScript has"),
        pytest.param(
            {"type": "object", "additionalProperties": {"type": "string"}},
            "a: { [key: string]: string };",
            id="map",
        ),
        pytest.param({"type": "object"}, "a: { [key: string]: unknown };", id="any map"),
        pytest.param({}, "a: unknown;", id="anything"),
    ],
)
def test_a_type(schema: dict[str, Any], line: str) -> None:
    """Each form of a schema has its type."""
    assert f"  {line}\n" in declared(a=schema)


def test_what_is_optional_and_what_is_documented() -> None:
    """A mark for what may be missing, a comment for what is described, quotes for an odd name."""
    text = declared(a={"type": "string", "description": "Says\n  it. */"}, **{"b-c": {"type": "null"}})
    assert "  /** Says it. * / */\n  a: string;\n" in text
    assert '  "b-c"?: null;\n' in text


def test_further_properties() -> None:
    """What may stand beside the named properties includes their types, as TypeScript wants it."""
    schema = {
        "title": "Thing",
        "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
        "additionalProperties": {"type": "string"},
    }
    text = declarations({"thing": schema})
    assert "  [further: string]: string | null | undefined;\n" in text


def test_two_types_of_one_name() -> None:
    """Nobody could tell which one is meant."""
    one, other = ({"title": "Thing", "type": name} for name in ("string", "integer"))
    with pytest.raises(ValueError, match="Thing"):
        declarations({"one": one, "other": other})


def test_the_published_types() -> None:
    """Every document of ours has a type."""
    (text,) = [item.body.decode() for item in schemas() if item.path == "schema/catalog.d.ts"]
    for name in ("ModelRecord", "GatewayList", "DetectionIndex", "Gateways", "Compare", "InteropIndex"):
        assert f"export interface {name} {{" in text
