"""JSON Schemas as TypeScript declarations."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_PRIMITIVES = {
    "string": "string",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "null": "null",
}
_SIMPLE = re.compile(r"\w+( \| \w+)+")
_WORD = re.compile(r"[A-Za-z_$][\w$]*")
_ANY_TEXT = "(string & {})"
"""Lets a later minor version add values, and editors still propose the known ones."""
_RENAMED = {"Record": "ModelRecord"}
"""What is called otherwise here, because TypeScript has a type of that name."""
Schema = Mapping[str, Any]


def declarations(schemas: Mapping[str, Schema]) -> str:
    """Return one exported type for each schema and each definition inside of them.

    Raises ValueError when two schemas define different things under one name.
    """
    types: dict[str, str] = {}
    for schema in schemas.values():
        named = {**schema.get("$defs", {}), schema["title"]: schema}
        for title, described in named.items():
            name = _name(title)
            text = _declaration(name, described)
            if types.setdefault(name, text) != text:
                raise ValueError(f"two different types are called {name}")
    return "\n".join(["// Types of every published document.\n", *(types[name] for name in sorted(types))])


def _name(title: str) -> str:
    return _RENAMED.get(title, title)


def _declaration(name: str, schema: Schema) -> str:
    head = _comment(schema, "")
    if "properties" in schema:
        return f"{head}export interface {name} {_object(schema, '')}\n"
    return f"{head}export type {name} = {_type(schema, '')};\n"


def _comment(schema: Schema, indent: str) -> str:
    words = " ".join(schema.get("description", "").split()).replace("*/", "* /")
    return f"{indent}/** {words} */\n" if words else ""


def _object(schema: Schema, indent: str) -> str:
    return "{\n" + "".join(_members(schema, f"{indent}  ")) + f"{indent}}}"


def _members(schema: Schema, indent: str) -> Iterator[str]:
    required = schema.get("required", ())
    for name, described in schema["properties"].items():
        key = name if _WORD.fullmatch(name) else json.dumps(name)
        mark = "" if name in required else "?"
        yield f"{_comment(described, indent)}{indent}{key}{mark}: {_type(described, indent)};\n"
    if isinstance(further := schema.get("additionalProperties"), dict):
        members = (_type(each, indent) for each in (*schema["properties"].values(), further))
        yield f"{indent}[further: string]: {_union((*members, 'undefined'))};\n"


def _type(schema: Schema, indent: str) -> str:
    """Write a type; what is not said can be anything."""
    if "$ref" in schema:
        return _name(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return json.dumps(schema["const"])
    if "enum" in schema:
        return _union((*map(json.dumps, schema["enum"]), _ANY_TEXT))
    if "anyOf" in schema:
        return _union(_type(each, indent) for each in schema["anyOf"])
    return _plain(schema, indent)


def _plain(schema: Schema, indent: str) -> str:
    match schema.get("type"):
        case "array":
            return _array(schema, indent)
        case "object" if "properties" in schema:
            return _object(schema, indent)
        case "object":
            further = schema.get("additionalProperties")
            values = _type(further, indent) if isinstance(further, dict) else "unknown"
            return f"{{ [key: string]: {values} }}"
        case kind:
            return _PRIMITIVES.get(str(kind), "unknown")


def _array(schema: Schema, indent: str) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(_type(each, indent) for each in schema['prefixItems'])}]"
    inner = _type(schema.get("items", {}), indent)
    return f"({inner})[]" if " | " in inner else f"{inner}[]"


def _union(types: Iterable[str]) -> str:
    parts = (part for each in types for part in (each.split(" | ") if _SIMPLE.fullmatch(each) else [each]))
    return " | ".join(dict.fromkeys(parts))
