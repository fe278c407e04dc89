"""JSON Schemas of the published documents and the OpenAPI description of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema

from catalog import interop
from catalog.artifact import Artifact, document
from catalog.schema import changes, documents, prices
from catalog.schema.base import DAY_PATTERN, GATEWAY_PATTERN, SCHEMA_VERSION
from catalog.schema.identity import IdentityReport
from catalog.schema.interop import InteropIndex
from catalog.schema.record import Record
from catalog.schema.search import SearchList
from catalog.typescript import declarations

DOCUMENTS: dict[str, Any] = {
    "record": Record,
    "gateway-list": documents.GatewayList,
    "provider": documents.Provider,
    "providers": documents.ProviderIndex,
    "index": documents.DetectionIndex,
    "gateways": documents.Gateways,
    "compare": prices.Compare,
    "aliases": prices.Aliases,
    "discrepancies": prices.Discrepancies,
    "identity": IdentityReport,
    "changes": changes.Changes,
    "history": changes.History,
    "gateway-history": changes.GatewayHistory,
    "deprecations": changes.Deprecations,
    "search": SearchList,
    "manifest": documents.Manifest,
    "manifest-shard": documents.ManifestShard,
    "interop-index": InteropIndex,
}
"""Name of a schema → the type that it describes."""
FOREIGN: dict[str, TypeAdapter[Any]] = {
    f"interop-{form.name}": form.kind for form in interop.FORMATS if isinstance(form.kind, TypeAdapter)
}
"""Name of a schema → the shape of another tool's format that it describes."""

_PATHS = {
    "/catalog/model/{path}.json": ("record", "The record of a model, gateway detected"),
    "/catalog/gateway/{gateway}/model/{path}.json": ("record", "The record of a model on one gateway"),
    "/catalog/gateway/{gateway}.json": ("gateway-list", "Every listing of one gateway"),
    "/catalog/provider/{provider}.json": ("provider", "One organisation and its models"),
    "/catalog/providers.json": ("providers", "All organisations"),
    "/catalog/index.json": ("index", "Which gateways have which model"),
    "/catalog/index/{shard}.json": ("index", "The part of the index for ids of one shard"),
    "/catalog/compare.json": ("compare", "Models on several gateways, with the cheapest of each meter"),
    "/catalog/aliases.json": ("aliases", "Other spellings of ids, and what they stand for"),
    "/catalog/discrepancies.json": ("discrepancies", "Where two sources disagree on a price"),
    "/catalog/identity.json": ("identity", "Refused merges and listings without a model key"),
    "/catalog/search.json": ("search", "Every model in one small list, for the website"),
    "/catalog/search/{beginning}.json": (
        "search",
        "The part of a long search list for one beginning of a word",
    ),
    "/catalog/gateways.json": ("gateways", "State and coverage of the gateways"),
    "/catalog/changes.json": ("changes", "The newest changes"),
    "/catalog/changes/{day}.json": ("changes", "The changes of one day"),
    "/catalog/deprecations.json": ("deprecations", "Offers whose end is announced"),
    "/catalog/history/{path}.json": ("history", "Dated prices and limits of a model that changed"),
    "/catalog/history/gateways.json": ("gateway-history", "How fetching the gateways went, day by day"),
    f"/{interop.INDEX}": ("interop-index", "What the exports hold, and what was left out of them"),
    "/catalog/manifest.json": ("manifest", "Facts of the build and digests of the manifest's shards"),
    "/catalog/manifest/{shard}.json": ("manifest-shard", "Digest and size of every file of one shard"),
}
_EXPORTS = {f"/{path}": form for form in interop.FORMATS for path in form.files}
_SHARD = "The first two hex digits of the sha256 of the lower-cased id, or of the file's path"
_PARAMETERS = {
    "path": ({"type": "string"}, "The escaped model id, as `index.json` and the documentation tell"),
    "gateway": ({"type": "string", "pattern": GATEWAY_PATTERN}, "Short name of a gateway"),
    "provider": ({"type": "string"}, "Short name of an organisation"),
    "beginning": ({"type": "string"}, "The first letters of a word of an id or a name, escaped like an id"),
    "day": ({"type": "string", "pattern": DAY_PATTERN}, "A day in UTC with changes"),
    "shard": ({"type": "string", "pattern": "^[0-9a-f]{2}$"}, _SHARD),
}


class _Open(GenerateJsonSchema):
    """Schemas that let a later minor version add fields, as the contract promises."""

    def model_schema(self, schema: ModelSchema) -> dict[str, Any]:
        described = super().model_schema(schema)
        if described.get("additionalProperties") is False:
            del described["additionalProperties"]
        return described


def json_schema(name: str) -> dict[str, Any]:
    """Return one schema with a versioned `$id` that does not depend on a host."""
    adapter = FOREIGN.get(name) or TypeAdapter(DOCUMENTS[name])
    described = adapter.json_schema(mode="serialization", schema_generator=_Open)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gatelog:schema:{name}:{SCHEMA_VERSION}",
        **described,
    }


def schemas() -> Iterator[Artifact]:
    """Yield every schema, the types that follow from them, and the OpenAPI description."""
    for name in (*DOCUMENTS, *FOREIGN):
        yield Artifact(f"schema/{name}.json", document(json_schema(name)))
    own = {name: json_schema(name) for name in DOCUMENTS if name != "manifest-shard"}  # which is no object
    yield Artifact("schema/catalog.d.ts", declarations(own).encode())
    yield Artifact("openapi.json", document(openapi()))


def openapi() -> dict[str, Any]:
    """Return the OpenAPI 3.1 description of the tree."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Gatelog",
            "version": SCHEMA_VERSION,
            "summary": "Every model on every LLM gateway, as static files",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "paths": {
            **{path: {"get": _operation(path, *facts)} for path, facts in _PATHS.items()},
            **{path: {"get": _export(path, form)} for path, form in _EXPORTS.items()},
        },
    }


def _export(path: str, form: interop.Format) -> dict[str, Any]:
    schema = f"interop-{form.name}" if f"interop-{form.name}" in FOREIGN else None
    return _operation(path, schema, form.about, form.media)


def _operation(
    path: str, schema: str | None, summary: str, media: str = "application/json"
) -> dict[str, Any]:
    return {
        "operationId": path.strip("/").translate({ord(char): "_" for char in "/.{}-"}),
        "summary": summary,
        "parameters": [_parameter(name) for name in _PARAMETERS if f"{{{name}}}" in path],
        "responses": {
            "200": {
                "description": summary,
                "content": {media: {"schema": {"$ref": f"schema/{schema}.json"}} if schema else {}},
            },
            "404": {"description": "No such file"},
        },
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, description = _PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": description}
