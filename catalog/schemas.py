"""JSON Schemas of the published documents and the OpenAPI description of the tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core.core_schema import ModelSchema

from catalog.artifact import Artifact, document
from catalog.schema import documents, prices
from catalog.schema.base import GATEWAY_PATTERN, SCHEMA_VERSION
from catalog.schema.identity import IdentityReport
from catalog.schema.record import Record
from catalog.schema.search import SearchList

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
    "search": SearchList,
    "manifest": documents.Manifest,
    "manifest-shard": documents.ManifestShard,
}
"""Name of a schema → the type that it describes."""

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
    "/catalog/gateways.json": ("gateways", "State and coverage of the gateways"),
    "/catalog/manifest.json": ("manifest", "Facts of the build and digests of the manifest's shards"),
    "/catalog/manifest/{shard}.json": ("manifest-shard", "Digest and size of every file of one shard"),
}
_SHARD = "The first two hex digits of the sha256 of the lower-cased id, or of the file's path"
_PARAMETERS = {
    "path": ({"type": "string"}, "The escaped model id, as `index.json` and the documentation tell"),
    "gateway": ({"type": "string", "pattern": GATEWAY_PATTERN}, "Short name of a gateway"),
    "provider": ({"type": "string"}, "Short name of an organisation"),
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
    described = TypeAdapter(DOCUMENTS[name]).json_schema(mode="serialization", schema_generator=_Open)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:gatelog:schema:{name}:{SCHEMA_VERSION}",
        **described,
    }


def schemas() -> Iterator[Artifact]:
    """Yield every schema and the OpenAPI description."""
    for name in DOCUMENTS:
        yield Artifact(f"schema/{name}.json", document(json_schema(name)))
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
        "paths": {path: {"get": _operation(path, *facts)} for path, facts in _PATHS.items()},
    }


def _operation(path: str, schema: str, summary: str) -> dict[str, Any]:
    return {
        "operationId": path.strip("/").translate({ord(char): "_" for char in "/.{}-"}),
        "summary": summary,
        "parameters": [_parameter(name) for name in _PARAMETERS if f"{{{name}}}" in path],
        "responses": {
            "200": {
                "description": summary,
                "content": {"application/json": {"schema": {"$ref": f"schema/{schema}.json"}}},
            },
            "404": {"description": "No such file"},
        },
    }


def _parameter(name: str) -> dict[str, Any]:
    schema, description = _PARAMETERS[name]
    return {"name": name, "in": "path", "required": True, "schema": schema, "description": description}
