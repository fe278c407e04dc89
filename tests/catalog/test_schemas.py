"""Published schemas: pinned, versioned, and true of what is really rendered."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import jsonschema_rs
import orjson
import pytest

from catalog import attempts, changelog, interop, lists, manifest
from catalog.artifact import document as written
from catalog.days import stamp
from catalog.kept import kept_fields
from catalog.render import Options
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.changes import Attempt
from catalog.schema.documents import Totals
from catalog.schema.state import Memory
from catalog.schemas import DOCUMENTS, FOREIGN, json_schema, openapi, schemas
from tests import golden
from tests.changed import one
from tests.factories import GATEWAY, NOW, digests_of, document, kept, shards_of, tree
from tests.full import VARIETY
from tests.website import website

TABLE = golden.FOLDER / "schemas.json"
FIGURES = {"acme/one host": {"uptime": 99.9, "latency": 10, "throughput": 5, "as_of": "2026-11-02"}}
METRICS = {
    "acme/one": {
        "downloads": 1, "likes": 2, "pipeline_tag": "text-generation", "library_name": None, "gated": True,
        "as_of": "2026-11-02",
    }
}  # fmt: skip
STATES = {"catalog/gateways.json": ("2" * 64, 17)}
TOTALS = Totals(listings=1, models=1, files=2, folders=1, bytes=10)


def kind_of(path: str) -> str | None:
    """Return the schema of a file of the tree, by its place."""
    if path in interop.FILES:
        name = "interop-" + interop.FILES[path].removeprefix("interop ").removesuffix(" export")
        return name if name in (*DOCUMENTS, *FOREIGN) else None
    if not path.startswith("catalog/"):
        return None
    if "/model/" in path:
        return "record"
    parts = path.removeprefix("catalog/").removesuffix(".json").split("/")
    names = {"gateway": "gateway-list", "provider": "provider", "index": "index", "providers": "providers"}
    names |= {name: name for name in ("compare", "aliases", "discrepancies", "identity", "search")}
    return names.get(parts[0])


def documents() -> list[tuple[str, Any]]:
    """Render at least one document of every kind: name of its schema, and itself."""
    files = tree(*VARIETY, options=Options(plain=True), performance=FIGURES, metrics=METRICS, site=website())
    found = [(kind, document(files, path)) for path in files if (kind := kind_of(path))]
    entries = {path: (sha256(body).hexdigest(), len(body)) for path, body in files.items()}
    shards = shards_of(entries)
    stamped = manifest.Stamped(NOW, 7, None, "0" * 64)
    tried = attempts.by_gateway([Attempt(at=stamp(NOW), gateway="toy", state="fresh", seconds=1.0)])
    log = [one(), one(kind="added"), one(kind="tiers", meter="x", before=[], to=[{"min_prompt_tokens": 9}])]
    ending = [kept_fields(kept(expiration_date="2026-12-01"))]
    told = {each.path: each.body for each in changelog.artifacts(log, ending, ["toy"], "", {})}
    state = lists.gateways({"toy": GATEWAY}, {"toy": Memory()}, {"toy": (0, 0)})
    return [
        *found,
        ("gateways", orjson.loads(state.body)),
        ("gateway-history", orjson.loads(attempts.history(tried).body)),
        ("changes", orjson.loads(told["catalog/changes.json"])),
        ("deprecations", orjson.loads(told["catalog/deprecations.json"])),
        ("history", orjson.loads(told["catalog/history/acme/one.json"])),
        ("manifest", orjson.loads(manifest.manifest_file(digests_of(shards), STATES, TOTALS, stamped).body)),
        *(("manifest-shard", orjson.loads(shard.body)) for shard in shards),
    ]


DOCUMENTS_SEEN = documents()
EXAMPLES = dict(DOCUMENTS_SEEN)


def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """Compile one schema with somebody else's implementation."""
    return jsonschema_rs.Draft202012Validator(json_schema(name))


@pytest.mark.parametrize("name", [*DOCUMENTS, *FOREIGN])
def test_what_is_rendered_obeys_its_schema(name: str) -> None:
    """Every kind of document was rendered, and each one is valid."""
    seen = [each for kind, each in DOCUMENTS_SEEN if kind == name]
    check = validator(name)
    assert seen
    assert [error.message for each in seen for error in check.iter_errors(each)] == []


def change(*place: str | int, to: object) -> Callable[[Any], None]:
    """Make a change of one value inside a document."""

    def apply(broken: Any) -> None:  # noqa: ANN401 - any document
        for key in place[:-1]:
            broken = broken[key]
        broken[place[-1]] = to

    return apply


def loss(*place: str | int) -> Callable[[Any], None]:
    """Make a change that takes one field out of a document."""

    def apply(broken: Any) -> None:  # noqa: ANN401 - any document
        for key in place[:-1]:
            broken = broken[key]
        del broken[place[-1]]

    return apply


@pytest.mark.parametrize(
    ("name", "breakage"),
    [
        pytest.param("record", loss("data", "pricing"), id="record without prices"),
        pytest.param("record", loss("data", "pricing", "image"), id="a price left out instead of null"),
        pytest.param("record", loss("timestamp"), id="record without time"),
        pytest.param("record", change("data", "context_length", to="9"), id="text for a number"),
        pytest.param("record", change("data", "pricing", "prompt", to=0), id="a number for a price"),
        pytest.param("record", change("data", "pricing", "prompt", to="1e-7"), id="an exponent"),
        pytest.param("record", change("data", "pricing", "per_song", to="0.10"), id="a trailing zero"),
        pytest.param("record", change("data", "price_kind", to="cheap"), id="another price kind"),
        pytest.param("record", change("data", "status", to="gone"), id="another status"),
        pytest.param("record", change("data", "huggingface_metrics", to={}), id="metrics without a day"),
        pytest.param("record", change("timestamp", to="2026-11-20"), id="a day for a time"),
        pytest.param("record", change("gateway", to="Open Router"), id="no name of a gateway"),
        pytest.param("record", change("gateways", 0, "match", to="fuzzy"), id="another match"),
        pytest.param("record", change("schema_version", to="one"), id="no version"),
        pytest.param("gateway-list", change("models", to={}), id="list that is none"),
        pytest.param("gateways", change("gateways", 0, "state", to="fine"), id="another state"),
        pytest.param("index", change("models", "x", to="openrouter"), id="text for a list"),
        pytest.param("provider", loss("models"), id="provider without models"),
        pytest.param("providers", change("providers", 0, "models", to=None), id="nothing counted"),
        pytest.param("changes", loss("changes", 0, "from"), id="a change without what was before"),
        pytest.param("changes", change("changes", 0, "kind", to="better"), id="another kind of change"),
        pytest.param("history", change("points", 0, "prompt", to=0.1), id="a number for a price, once"),
        pytest.param("deprecations", change("deprecations", 0, "expiration_date", to=None), id="no end"),
        pytest.param("gateway-history", change("gateways", "toy", 0, "day", to="today"), id="no day"),
        pytest.param("manifest", change("inputs", to="00"), id="no digest"),
        pytest.param("manifest-shard", change("x", to=["0" * 64]), id="no size"),
        pytest.param("manifest-shard", change("x", to=["0" * 64, 1, 2]), id="more than a size"),
        pytest.param("interop-index", change("exports", 0, "left_out", to=None), id="nothing left out"),
        pytest.param(
            "interop-litellm", change("openrouter/acme/one", to={"mode": "chat"}), id="a cost as text"
        ),
        pytest.param("interop-openai", loss("data", 0, "created"), id="a model without its creation"),
    ],
)
def test_what_is_broken_does_not(name: str, breakage: Callable[[Any], None]) -> None:
    """A schema that accepts everything checks nothing."""
    broken = copy.deepcopy(EXAMPLES[name])
    breakage(broken)
    assert not validator(name).is_valid(broken)


@pytest.mark.parametrize("name", ["record", "gateways", "index"])
def test_a_later_version_may_add_fields(name: str) -> None:
    """A client that validates is not broken by a minor version."""
    grown = {**EXAMPLES[name], "new": 1, "schema_version": "1.7"}
    assert validator(name).is_valid(grown)


@pytest.mark.parametrize("name", [*DOCUMENTS, *FOREIGN])
def test_a_schema_is_versioned(name: str) -> None:
    """The dialect is named, and an `$id` that no host changes."""
    schema = json_schema(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"urn:gatelog:schema:{name}:{SCHEMA_VERSION}"
    assert jsonschema_rs.meta.is_valid(schema)


def test_schemas_are_pinned() -> None:
    """A change of the contract is a line in a diff that somebody meant."""
    pinned = {artifact.path: sha256(artifact.body).hexdigest() for artifact in schemas()}
    golden.check(TABLE, json.dumps(pinned, indent=2, sort_keys=True) + "\n")


def test_schemas_are_written_like_every_document() -> None:
    """One file for each, and the OpenAPI description last."""
    files = {artifact.path: artifact.body for artifact in schemas()}
    types = "schema/catalog.d.ts"
    assert list(files) == [*(f"schema/{name}.json" for name in (*DOCUMENTS, *FOREIGN)), types, "openapi.json"]
    assert all(body == written(orjson.loads(body)) for path, body in files.items() if path != types)


def refs(node: object) -> list[str]:
    """Collect every `$ref` of a document."""
    if isinstance(node, list):
        return [ref for each in node for ref in refs(each)]
    if not isinstance(node, dict):
        return []
    own = [node["$ref"]] if "$ref" in node else []
    return own + [ref for each in node.values() for ref in refs(each)]


def test_every_reference_of_the_api_description_exists() -> None:
    """It leads to schemas that are published beside it, and uses all of them."""
    published = {artifact.path for artifact in schemas()} - {"openapi.json", "schema/catalog.d.ts"}
    assert set(refs(openapi())) == published


def test_every_reference_inside_a_schema_exists() -> None:
    """Definitions are where references look for them."""
    seen = 0
    for name in (*DOCUMENTS, *FOREIGN):
        schema = json_schema(name)
        for ref in refs(schema):
            assert ref.removeprefix("#/$defs/") in schema["$defs"]
            seen += 1
    assert seen > 10


def test_the_api_description() -> None:
    """Every operation has a name of its own, its parameters, and an answer for what is not there."""
    described = openapi()
    operations = {path: facts["get"] for path, facts in described["paths"].items()}
    assert (described["openapi"], described["info"]["version"]) == ("3.1.0", SCHEMA_VERSION)
    assert len({facts["operationId"] for facts in operations.values()}) == len(operations)
    for path, facts in operations.items():
        assert facts["operationId"].isidentifier()
        assert {f"{{{each['name']}}}" for each in facts["parameters"]} == set(_placeholders(path))
        assert set(facts["responses"]) == {"200", "404"}


def _placeholders(path: str) -> list[str]:
    return [f"{{{part.partition('}')[0]}}}" for part in path.split("{")[1:]]
