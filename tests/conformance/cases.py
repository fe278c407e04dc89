"""THE list: what is asked, and what must come back, on every host. Plain data, so that it can be written as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

FORMS = {
    "path": "a published path, `…/model/openai/gpt-4o.json`",
    "plain": "a published path without metrics, `catalog/plain/…json`",
    "path-error": "a published path that is not there: 404 in JSON",
    "id": "an id in lower case, `…/model/openai/gpt-4o`",
    "gateway": "`?gateway=deepinfra`, in any case",
    "parameters": "repeated, empty and unknown parameters, in any order",
    "value": "percent escapes in a parameter, `?gateway=deep%69nfra`",
    "metrics": "`?include_huggingface=false`, and its other words",
    "spelled": "an id as its gateway spells it, `Qwen/Qwen3-32B`",
    "case": "an id in any case, `OPENAI/GPT-4o`",
    "sign": "an id with `:` or `@`, also as `%3A` and `%40`",
    "sign-case": "an id with `:` or `@`, in any case",
    "tilde": "an id that begins with `~`, also as `%7E`",
    "odd": "an id with any other character, or a reserved word",
    "twin": "an id that differs from another one in case alone",
    "escape": "escapes that are not needed, `%6Fpenai%2Fgpt-4o`",
    "slashes": "runs of slashes",
    "unknown": "an unknown gateway: openrouter answers",
    "warning": "an unknown gateway: a `Warning` header",
    "missing": "a model that is not there: 404 in JSON",
    "names": "the 404 says `provider`, `model` and `gateway`",
    "bad": "NUL, no id, an id that is too long: 400 or 404 in JSON",
    "malformed": "malformed percent escapes: 400 or 404 in JSON",
    "outside": "ways out of the tree: 400 or 404",
    "unavailable": "a gateway without any list: 503",
    "unconfigured": "a gateway without its key: 503 that names the variable",
    "head": "HEAD",
    "options": "OPTIONS: 204 with the headers of a CORS preflight",
    "methods": "any other method: 405 in JSON with `Allow`",
    "type": "`Content-Type: application/json; charset=utf-8`",
    "cache": "`Cache-Control` as promised for records",
    "etag": "an ETag; `If-None-Match`: 304",
    "gzip": "`Accept-Encoding: gzip`",
    "openai": "`/v1/models` as JSON, for clients of OpenAI",
}
"""What a request can be like → its words in the table of docs/hosts.md."""

ETAG = "{etag}"
"""Stands in a header for the ETag of a first answer to the same request."""


@dataclass(frozen=True)
class Case:
    """One request and what must come back."""

    name: str
    form: str
    """A key of FORMS; a host that does not support it says so and why."""
    target: str
    """Path and query as they are sent."""
    status: tuple[int, ...] = (200,)
    """Any of these."""
    id: str | None = None
    """`data.id` of the record."""
    gateway: str | None = None
    """`gateway` of the record or of the error."""
    metrics: bool | None = True
    """`include_huggingface` of the record."""
    error: str | None = None
    """`error.type`."""
    names: tuple[str, str] | None = None
    """`provider` and `model` of the error."""
    says: str = ""
    """What the error's message holds."""
    warned: bool | None = False
    """Whether there is a `Warning` header; None where it makes no difference."""
    sent: Mapping[str, str] = field(default_factory=dict)
    """Headers of the request."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Patterns that headers of the answer match."""
    method: str = "GET"
    tree: str = "small"
    """A key of TREES."""
    bare: bool = False
    """Whether the status is all that counts: the host may have resolved `..` and left the catalog."""

    def as_json(self) -> dict[str, Any]:
        """Return the case as JSON has it."""
        return asdict(self)


MODEL = "/catalog/model/"
MISSING = (404,)
REFUSED = (400, 404)
MANY = "x" * 600
JSON = "application/json; charset=utf-8"
RECORD_CACHE = "public, max-age=300, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800"
GPT = "openai/gpt-4o"
GEMMA = "google/gemma-4-26b-a4b-it"
SPELLED = "google/gemma-4-26B-A4B-it"
ACCOUNT = "accounts/fireworks/models/gpt-oss-120b"
FREE = "deepseek/deepseek-chat-v3-0324:free"
AT = "@openai-prod/gpt-4o"
LATEST = "~anthropic/claude-sonnet-latest"
TWINS = ("DeepMount00/Llama-3.1-8b-ITA", "DeepMount00/Llama-3.1-8b-Ita")
TWIN_PATH = "deepmount00/llama-3.1-8b-ita~~baca550e35bbdf8b9fd98b47.json"


def _found(name: str, form: str, asked: str, model_id: str, gateway: str, **more: Any) -> Case:  # noqa: ANN401 - passed on
    return Case(name, form, MODEL + asked, id=model_id, gateway=gateway, **more)


def _missing(name: str, form: str, asked: str, **more: Any) -> Case:  # noqa: ANN401 - passed on
    return Case(name, form, MODEL + asked, MISSING, error="model_not_found", **more)


PATHS = (
    Case("path of a record", "path", f"{MODEL}{GPT}.json", id="@openai/gpt-4o", gateway="portkey"),
    Case("path on one gateway", "path", f"/catalog/gateway/featherless/model/{GEMMA}.json", id=SPELLED, gateway="featherless"),
    Case("path as spelled", "path", f"{MODEL}{SPELLED}.json", id=GEMMA, gateway="openrouter"),
    Case("path with an escape", "path", f"{MODEL}deepseek/deepseek-chat-v3-0324~3afree.json", id=FREE, gateway="openrouter"),
    Case("path with %7E for the tilde", "path", f"{MODEL}deepseek/deepseek-chat-v3-0324%7E3afree.json", id=FREE, gateway="openrouter"),
    Case("path of a twin", "path", MODEL + TWIN_PATH, id=TWINS[1], gateway="featherless"),
    Case("path without metrics", "plain", f"/catalog/plain/model/{GPT}.json", id="@openai/gpt-4o", gateway="portkey", metrics=False),
    Case("path whatever the query", "path", f"{MODEL}{GPT}.json?gateway=nobody&include_huggingface=0", id="@openai/gpt-4o", gateway="portkey"),
    Case("path of a list", "path", "/catalog/gateways.json", metrics=None),
    Case("list for clients of OpenAI", "openai", "/v1/models", metrics=None, headers={"content-type": "application/json.*"}),
    Case("path of the manifest", "path", "/catalog/manifest.json", metrics=None),
    Case("no such path", "path-error", f"{MODEL}openai/gpt-9.json", MISSING, error=None),
    Case("no such list", "path-error", "/catalog/nothing.json", MISSING),
    Case("path with a raw colon", "path-error", f"{MODEL}{FREE}.json", MISSING),
    Case("path that is a folder", "path-error", "/catalog/gateway/", MISSING),
)  # fmt: skip

IDS = (
    _found("id", "id", GPT, "@openai/gpt-4o", "portkey"),
    _found("id that two gateways have", "id", GEMMA, GEMMA, "openrouter"),
    _found("id of three segments", "id", "@deepinfra/zai-org/glm-4.5-air".removeprefix("@deepinfra/"), "@deepinfra/zai-org/GLM-4.5-Air", "portkey"),
    _found("id of four segments", "id", ACCOUNT, f"@fireworks-ai/{ACCOUNT}", "portkey"),
    _found("id without an organisation, under its gateway", "id", "chutes/nemotron-3-nano-omni-30b-tee", "Nemotron-3-Nano-Omni-30B-TEE", "chutes"),
    _found("id with points and lines", "id", "gradientrouting-spar/base_2d_random_green_normal_first_quadrant_red_no_preamble_v2_20250602_152147_20250602_165416", "gradientrouting-spar/base_2d_random_green_normal_first_quadrant_red_no_preamble_v2_20250602_152147_20250602_165416", "featherless"),
    _found("gateway openrouter", "gateway", f"{GEMMA}?gateway=openrouter", GEMMA, "openrouter"),
    _found("gateway portkey", "gateway", "anthropic/claude-3-opus?gateway=portkey", "@anthropic/claude-3-opus", "portkey"),
    _found("gateway featherless", "gateway", f"{GEMMA}?gateway=featherless", SPELLED, "featherless"),
    _found("gateway deepinfra", "gateway", "moonshotai/kimi-k2.5?gateway=deepinfra", "moonshotai/Kimi-K2.5", "deepinfra"),
    _found("gateway chutes", "gateway", "qwen/qwen3-32b-tee?gateway=chutes", "Qwen/Qwen3-32B-TEE", "chutes"),
    _found("gateway with a capital", "gateway", f"{GEMMA}?gateway=Featherless", SPELLED, "featherless"),
    _found("gateway in capitals", "gateway", f"{GEMMA}?gateway=FEATHERLESS", SPELLED, "featherless"),
    _found("first of two gateways", "parameters", f"{GEMMA}?gateway=featherless&gateway=openrouter", SPELLED, "featherless"),
    _found("empty gateway", "parameters", f"{GPT}?gateway=", "@openai/gpt-4o", "portkey"),
    _found("empty gateway before another one", "parameters", f"{GEMMA}?gateway=&gateway=featherless", GEMMA, "openrouter"),
    _found("gateway of spaces", "parameters", f"{GPT}?gateway=%20%20", "@openai/gpt-4o", "portkey"),
    _found("gateway of plus signs", "parameters", f"{GPT}?gateway=++", "@openai/gpt-4o", "portkey"),
    _found("empty query", "parameters", f"{GPT}?", "@openai/gpt-4o", "portkey"),
    _found("unknown parameter", "parameters", f"{GEMMA}?x=gateway&mygateway=chutes&gateway=featherless&y", SPELLED, "featherless"),
    _found("gateway last", "parameters", f"{GEMMA}?include_huggingface=false&gateway=featherless", SPELLED, "featherless", metrics=False),
    _found("gateway first", "parameters", f"{GEMMA}?gateway=featherless&include_huggingface=false", SPELLED, "featherless", metrics=False),
    _found("first of two flags", "parameters", f"{GPT}?include_huggingface=true&include_huggingface=false", "@openai/gpt-4o", "portkey"),
    _found("escaped gateway", "value", f"{GEMMA}?gateway=feather%6Cess", SPELLED, "featherless", warned=None),
    _found("escaped flag", "value", f"{GPT}?include_huggingface=fals%65", "@openai/gpt-4o", "portkey", metrics=False),
    *(
        _found(f"metrics {word}", "metrics", f"{GPT}?include_huggingface={word}", "@openai/gpt-4o", "portkey", metrics=False)
        for word in ("false", "False", "0", "no", "off", "f", "N")
    ),
    *(
        _found(f"metrics {word or 'empty'}", "metrics", f"{GPT}?include_huggingface={word}", "@openai/gpt-4o", "portkey")
        for word in ("true", "1", "", "maybe")
    ),
    _found("metrics of a gateway", "metrics", f"{GEMMA}?gateway=featherless&include_huggingface=FALSE", SPELLED, "featherless", metrics=False),
    _found("as spelled", "spelled", SPELLED, GEMMA, "openrouter"),
    _found("as spelled, with a gateway", "spelled", f"{SPELLED}?gateway=featherless", SPELLED, "featherless"),
    _found("as spelled, unwrapped", "spelled", "zai-org/GLM-4.5-Air", "@deepinfra/zai-org/GLM-4.5-Air", "portkey"),
    _found("as spelled, without metrics", "spelled", "Qwen/Qwen3-32B-TEE?gateway=chutes&include_huggingface=false", "Qwen/Qwen3-32B-TEE", "chutes", metrics=False),
    _found("capitals", "case", "OPENAI/GPT-4O", "@openai/gpt-4o", "portkey"),
    _found("mixed case, with a gateway", "case", "Google/Gemma-4-26b-A4b-IT?gateway=featherless", SPELLED, "featherless"),
    _found("colon", "sign", FREE, FREE, "openrouter"),
    _found("colon as %3A", "sign", FREE.replace(":", "%3A"), FREE, "openrouter"),
    _found("colon as %3a", "sign", FREE.replace(":", "%3a"), FREE, "openrouter"),
    _found("colon, with a gateway", "sign", f"{FREE}?gateway=openrouter&include_huggingface=0", FREE, "openrouter", metrics=False),
    _found("two colons", "sign", "acme/two:parts:free", "acme/two:parts:free", "openrouter"),
    _found("at sign and colon", "sign", "acme/latest@2:free", "acme/latest@2:free", "openrouter"),
    _found("at sign and colon, escaped", "sign", "acme/latest%402%3Afree", "acme/latest@2:free", "openrouter"),
    _found("at sign", "sign", AT, AT, "portkey"),
    _found("at sign as %40", "sign", AT.replace("@", "%40"), AT, "portkey"),
    _found("at sign, with a gateway", "sign", f"{AT}?gateway=portkey", AT, "portkey"),
    _found("at sign and three segments", "sign", "@deepinfra/zai-org/glm-4.5-air", "@deepinfra/zai-org/GLM-4.5-Air", "portkey"),
    _found("colon below a service", "sign", "@bedrock/stability.sd3-large-v1:0", "@bedrock/stability.sd3-large-v1:0", "portkey"),
    _missing("twelve colons", "sign", f"acme/{'a:' * 12}b"),
    _found("capitals and a colon", "sign-case", "Acme/Mixed:V2", "Acme/Mixed:V2", "featherless"),
    _found("capitals and an at sign", "sign-case", "@deepinfra/zai-org/GLM-4.5-Air", "@deepinfra/zai-org/GLM-4.5-Air", "portkey"),
    _found("tilde", "tilde", LATEST, LATEST, "openrouter"),
    _found("tilde as %7E", "tilde", LATEST.replace("~", "%7E"), LATEST, "openrouter"),
    _found("tilde, with a gateway", "tilde", f"{LATEST}?gateway=openrouter&include_huggingface=no", LATEST, "openrouter", metrics=False),
    _missing("tilde as in a file name", "tilde", "deepseek/deepseek-chat-v3-0324~3afree"),
    _found("space and plus", "odd", "acme/x+y%20z", "acme/x+y z", "openrouter"),
    _found("letters of other scripts", "odd", "acme/caf%C3%A9", "Acme/Café", "openrouter"),
    _found("a word that Windows reserves", "odd", "con/nul", "con/nul", "openrouter"),
    _found("first twin", "twin", TWINS[0], TWINS[0], "featherless"),
    _found("second twin", "twin", TWINS[1], TWINS[1], "featherless"),
    _found("second twin, with a gateway", "twin", f"{TWINS[1]}?gateway=featherless", TWINS[1], "featherless"),
    _found("second twin, without metrics", "twin", f"{TWINS[1]}?include_huggingface=false", TWINS[1], "featherless", metrics=False),
    _found("either twin, in lower case", "id", TWINS[0].lower(), TWINS[0], "featherless"),
    _found("escaped letter", "escape", "%6Fpenai/gpt-4o", "@openai/gpt-4o", "portkey"),
    _found("escaped slash", "escape", "openai%2Fgpt-4o", "@openai/gpt-4o", "portkey"),
    _found("escaped point", "escape", "anthropic/claude-sonnet-4%2E5", "anthropic/claude-sonnet-4.5", "openrouter"),
    _missing("escaped twice", "escape", FREE.replace(":", "%253A")),
    _found("two slashes in front", "slashes", f"/{GPT}", "@openai/gpt-4o", "portkey"),
    _found("three slashes between", "slashes", "openai///gpt-4o", "@openai/gpt-4o", "portkey"),
    Case("two slashes before the model", "slashes", f"/catalog//model/{GPT}", id="@openai/gpt-4o", gateway="portkey"),
)  # fmt: skip

ERRORS = (
    _found("unknown gateway", "unknown", f"{GEMMA}?gateway=nobody", GEMMA, "openrouter", warned=None),
    _found("gateway that is a way out", "unknown", f"{GEMMA}?gateway=../../etc/passwd", GEMMA, "openrouter", warned=None),
    _found("gateway that is a way out, escaped", "unknown", f"{GEMMA}?gateway=..%2F..%2Fetc%2Fpasswd", GEMMA, "openrouter", warned=None),
    _found("gateway with a line break", "unknown", f"{GEMMA}?gateway=x%0D%0ASet-Cookie:1", GEMMA, "openrouter", warned=None),
    _found("gateway that begins like one", "unknown", f"{GEMMA}?gateway=openrouter2", GEMMA, "openrouter", warned=None),
    _found("very long gateway", "unknown", f"{GEMMA}?gateway={MANY}", GEMMA, "openrouter", warned=None),
    _missing("unknown gateway, unknown model", "unknown", "openai/gpt-9?gateway=nobody", warned=None),
    _missing("unknown gateway, model of another one", "unknown", f"{GPT}?gateway=nobody", warned=None),
    _found("unknown gateway warns", "warning", f"{GEMMA}?gateway=nobody", GEMMA, "openrouter", warned=True),
    _missing("unknown gateway warns of a 404", "warning", "openai/gpt-9?gateway=nobody", warned=True),
    _missing("unknown model", "missing", "openai/gpt-9"),
    _missing("unknown organisation", "missing", "nobody/nothing"),
    _missing("model of another gateway", "missing", f"{GPT}?gateway=chutes"),
    _missing("beginning of an id", "missing", "anthropic/claude-3?gateway=portkey"),
    Case("slash at the end", "missing", f"{MODEL}{GPT}/", MISSING),
    _missing("no organisation", "missing", "nemotron-3-nano-omni-30b-tee"),
    _missing("an organisation alone", "missing", "openai"),
    _missing("query in the path", "missing", f"{GPT}%3Fgateway=chutes"),
    _missing("names without a gateway", "names", "openai/gpt-9", gateway="openrouter", names=("openai", "gpt-9")),
    _missing("names with a gateway", "names", "a/b/c?gateway=Chutes", gateway="chutes", names=("a", "b/c")),
    _missing("names with an unknown gateway", "names", "a/b?gateway=nobody", gateway="openrouter", names=("a", "b"), warned=None),
    Case("NUL", "bad", f"{MODEL}openai/gpt%00-4o", REFUSED),
    Case("NUL at the end", "bad", f"{MODEL}{GPT}.json%00", REFUSED),
    Case("no id", "bad", MODEL, REFUSED),
    Case("no id and no slash", "bad", MODEL[:-1], REFUSED),
    Case("long id", "bad", f"{MODEL}openai/{MANY}", REFUSED),
    Case("very long id", "bad", f"{MODEL}openai/{MANY * 5}", REFUSED),
    Case("very long segments", "bad", f"{MODEL}{'y' * 250}/{'z' * 250}", REFUSED),
    Case("half an escape", "malformed", f"{MODEL}openai/gpt-4o%4", REFUSED),
    Case("no hex digits", "malformed", f"{MODEL}openai/%zz", REFUSED),
    Case("no UTF-8", "bad", f"{MODEL}openai/%FF%FE", REFUSED),
    Case("half a character", "bad", f"{MODEL}openai/gpt%C3", REFUSED),
    Case("way out", "outside", f"{MODEL}../../../etc/passwd", REFUSED, bare=True),
    Case("way out, escaped", "outside", f"{MODEL}%2e%2e/%2e%2e/%2e%2e/etc/passwd", REFUSED, bare=True),
    Case("way out, slashes escaped", "outside", f"{MODEL}..%2f..%2f..%2fetc%2fpasswd", REFUSED),
    Case("way out, escaped twice", "outside", f"{MODEL}%252e%252e/%252e%252e/index", REFUSED),
    Case("way out to a JSON file", "outside", f"{MODEL}..%2f..%2f..%2f..%2fetc%2fhosts.json", REFUSED),
    Case("way out with backslashes", "outside", f"{MODEL}..%5c..%5cindex.json", REFUSED),
    Case("hidden name", "outside", f"{MODEL}.git/config", REFUSED),
)  # fmt: skip

STATES = (
    Case("gateway without a list", "unavailable", f"{MODEL}{GEMMA}?gateway=deepinfra", (503,), error="gateway_unavailable", tree="keyless"),
    Case("gateway without a list, in capitals", "unavailable", f"{MODEL}{GPT}?gateway=DEEPINFRA", (503,), error="gateway_unavailable", tree="keyless"),
    Case("gateway without its key", "unconfigured", f"{MODEL}{GPT}?gateway=portkey", (503,), error="gateway_not_configured", says="PORTKEY_API_KEY", tree="keyless"),
    Case("other gateways answer", "id", MODEL + GEMMA, id=GEMMA, gateway="openrouter", tree="keyless"),
    Case("missing without a gateway", "missing", MODEL + GPT, MISSING, error="model_not_found", tree="keyless"),
)  # fmt: skip

PROTOCOL = (
    _found("HEAD of an id", "head", GPT, "@openai/gpt-4o", "portkey", method="HEAD"),
    Case("HEAD of a path", "head", f"{MODEL}{GPT}.json", method="HEAD"),
    Case("HEAD of nothing", "head", f"{MODEL}openai/gpt-9", MISSING, method="HEAD"),
    Case("OPTIONS of an id", "options", MODEL + GPT, (204,), method="OPTIONS", sent={"Access-Control-Request-Method": "GET"}, headers={"access-control-allow-methods": ".*GET.*", "access-control-allow-headers": r"\*"}),
    Case("OPTIONS of a path", "options", f"{MODEL}{GPT}.json", (204,), method="OPTIONS", sent={"Access-Control-Request-Method": "GET"}, headers={"access-control-allow-methods": ".*GET.*"}),
    *(
        Case(f"{method} of {what}", "methods", target, (405,), method=method, error="method_not_allowed", headers={"allow": "GET, HEAD, OPTIONS"})
        for method in ("POST", "PUT", "DELETE")
        for what, target in (("an id", MODEL + GPT), ("a path", f"{MODEL}{GPT}.json"), ("nothing", f"{MODEL}openai/gpt-9"))
    ),
    _found("type of an id", "type", GPT, "@openai/gpt-4o", "portkey", headers={"content-type": JSON}),
    Case("type of a path", "type", f"{MODEL}{GPT}.json", headers={"content-type": JSON}),
    Case("type of an error", "type", f"{MODEL}openai/gpt-9", MISSING, headers={"content-type": JSON}),
    _found("cache of an id", "cache", GPT, "@openai/gpt-4o", "portkey", headers={"cache-control": RECORD_CACHE}),
    Case("cache of a path", "cache", f"{MODEL}{GPT}.json", headers={"cache-control": RECORD_CACHE}),
    _found("ETag of an id", "etag", GPT, "@openai/gpt-4o", "portkey", headers={"etag": '(W/)?".+"'}),
    Case("same content of an id", "etag", MODEL + GPT, (304,), sent={"If-None-Match": ETAG}, metrics=None),
    Case("same content of a path", "etag", f"{MODEL}{GPT}.json", (304,), sent={"If-None-Match": ETAG}, metrics=None),
    Case("same content without metrics", "etag", f"{MODEL}{GPT}?include_huggingface=0", (304,), sent={"If-None-Match": ETAG}, metrics=None),
    _found("other content", "etag", GPT, "@openai/gpt-4o", "portkey", sent={"If-None-Match": '"x"'}),
    _found("gzip of an id", "gzip", GPT, "@openai/gpt-4o", "portkey", sent={"Accept-Encoding": "gzip"}, headers={"content-encoding": "gzip", "vary": "Accept-Encoding"}),
    _found("gzip without metrics", "gzip", f"{GPT}?include_huggingface=false", "@openai/gpt-4o", "portkey", metrics=False, sent={"Accept-Encoding": "gzip, deflate"}, headers={"content-encoding": "gzip"}),
    _found("no gzip for who wants none", "id", GPT, "@openai/gpt-4o", "portkey", sent={"Accept-Encoding": "identity"}),
)  # fmt: skip

SHIPPED = (
    _found("gpt-4", "id", "openai/gpt-4", "openai/gpt-4", "openrouter", tree="starter"),
    _found("gpt-4 of openrouter", "gateway", "openai/gpt-4?gateway=openrouter", "openai/gpt-4", "openrouter", tree="starter"),
    _found("an alias of chutes", "gateway", "stability-ai/sdxl?gateway=chutes", "stabilityai/stable-diffusion-xl-base-1.0", "chutes", tree="starter"),
    _missing("opus of an account without it", "missing", "anthropic/claude-3-opus?gateway=portkey", tree="starter"),
    _found("llama of featherless", "gateway", "meta-llama/llama-3.1-8b?gateway=featherless", "meta-llama/Llama-3.1-8B", "featherless", tree="starter"),
    _found("llama of deepinfra", "spelled", "meta-llama/Meta-Llama-3.1-8B-Instruct?gateway=deepinfra", "meta-llama/Meta-Llama-3.1-8B-Instruct", "deepinfra", tree="starter"),
    _found("gpt-4 without metrics", "metrics", "openai/gpt-4?include_huggingface=false", "openai/gpt-4", "openrouter", metrics=False, tree="starter"),
    _missing("no claude-3", "missing", "anthropic/claude-3?gateway=portkey", tree="starter"),
    _missing("no llama-3", "missing", "meta-llama/llama-3?gateway=featherless", tree="starter"),
)  # fmt: skip

CASES: tuple[Case, ...] = (*PATHS, *IDS, *ERRORS, *STATES, *PROTOCOL, *SHIPPED)
