"""The page about the catalog and its files, made from the published schemas."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import orjson

from catalog.artifact import Artifact, Json
from catalog.pages.theme import Theme
from catalog.schemas import schemas


class Field(NamedTuple):
    """One field of a document, in words."""

    name: str
    kind: str
    meaning: str


def about(theme: Theme) -> Artifact:
    """Return `about.html`."""
    named = {
        artifact.path: orjson.loads(artifact.body)
        for artifact in schemas()
        if artifact.path.endswith(".json")
    }
    record = named["schema/record.json"]
    parts = {"The envelope": record, **{title: record["$defs"][name] for title, name in _PARTS}}
    return theme.page(
        "about.html",
        "about.html",
        "About and API – Gatelog",
        "What each file of the catalog means, how to ask for a model, and a box to try it.",
        described=[(title, list(_fields(part))) for title, part in parts.items()],
        documents=sorted(
            (path, path.removeprefix("schema/"), schema.get("description", ""))
            for path, schema in named.items()
            if path.startswith("schema/")
        ),
    )


_PARTS = (
    ("data", "RecordData"),
    ("data.pricing", "RecordPricing"),
    ("data.price_tiers[]", "RecordTier"),
    ("data.endpoints[]", "RecordEndpoint"),
    ("data.huggingface_metrics", "HuggingFaceMetrics"),
    ("gateways[]", "Offer"),
)


def _fields(schema: Json) -> Iterator[Field]:
    for name, said in schema.get("properties", {}).items():
        yield Field(name, _kind(said), said.get("description", ""))


def _kind(said: Json) -> str:
    """Say what a value is, in a few words."""
    if "anyOf" in said:
        return " or ".join(dict.fromkeys(map(_kind, said["anyOf"])))
    if "$ref" in said:
        return "object"
    if "enum" in said:
        return "one of " + ", ".join(map(str, said["enum"]))
    if said.get("type") == "array":
        return f"list of {_kind(said.get('items', {}))}"
    return str(said.get("type", "anything"))
