"""The JavaScript hosts over a small tree, each as its vendor runs it, asked over loopback."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest

from catalog import paths
from tests import hostfiles
from tests.site import serving_site

NODE = Path(__file__).parent / "node"
CLOUDFLARE = pytest.param("cloudflare", marks=pytest.mark.slow)  # installs workerd
ABLE = ("netlify", "vercel", CLOUDFLARE)
"""Hosts that can look whether a file is there and change a body."""
ALL = (*ABLE, "cloudfront")
TWINS = ("DeepMount00/Llama-3.1-8b-ITA", "DeepMount00/Llama-3.1-8b-Ita")
WARNING = '299 - "unknown gateway, openrouter answers"'
RECORD = "google/gemma-4-26b-a4b-it"
RECORD_CACHE = "public, max-age=300, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800"

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


class Reply(NamedTuple):
    """What a host answered."""

    status: int
    headers: HTTPMessage
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever it holds
        """Return the body as JSON."""
        return json.loads(self.body)


Ask = Callable[..., Reply]
"""Asks a host: (host, target, method, headers)."""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the small site once; DeepInfra cannot be reached and Portkey has no key."""
    with serving_site(tmp_path_factory.mktemp("hosts")) as site:
        site.without("deepinfra")
        site.build("--plain", PORTKEY_API_KEY="")
        hostfiles.place(site.output)
    return site.output


@pytest.fixture(scope="module")
def ask(tree: Path) -> Iterator[Ask]:
    """Return a function that asks a host, which starts with its first question."""
    ports: dict[str, int] = {}
    with ExitStack() as stack:

        def asked(host: str, target: str, method: str = "GET", **headers: str) -> Reply:
            if host not in ports:
                ports[host] = stack.enter_context(running(host, tree))
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection = HTTPConnection("127.0.0.1", ports[host], timeout=20)
            connection.request(method, target, headers=sent)
            reply = connection.getresponse()
            answered = Reply(reply.status, reply.headers, reply.read())
            connection.close()
            return answered

        yield asked


@contextmanager
def running(host: str, tree: Path) -> Iterator[int]:
    """Run a host until the end of the block; yields its port."""
    if host == "cloudflare":
        hostfiles.install()
    command = ["node", str(NODE / "host.mjs"), host, str(tree)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        yield int(process.stdout.readline())
        process.stdin.close()
        assert process.wait(20) == 0


def model(answer: str) -> str:
    """Return the target of a request for a model."""
    return f"/catalog/model/{answer}"


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    ("target", "file"),
    [
        pytest.param(RECORD, f"model/{RECORD}.json", id="detected"),
        pytest.param(f"{RECORD}.json", f"model/{RECORD}.json", id="path form"),
        pytest.param("GOOGLE/Gemma-4-26B-a4b-it", f"model/{RECORD}.json", id="any case"),
        pytest.param("google//gemma-4-26b-a4b-it", f"model/{RECORD}.json", id="two slashes"),
        pytest.param("google%2Fgemma%2d4-26b-a4b-it", f"model/{RECORD}.json", id="escaped"),
        pytest.param(
            f"{RECORD}?gateway=featherless", f"gateway/featherless/model/{RECORD}.json", id="one gateway"
        ),
        pytest.param(
            f"{RECORD}?gateway=FeatherLess&gateway=chutes",
            f"gateway/featherless/model/{RECORD}.json",
            id="a gateway in any case, the first counts",
        ),
        pytest.param(f"{RECORD}?gateway=%20+", f"model/{RECORD}.json", id="spaces are no gateway"),
        pytest.param(
            f"{RECORD}?gateway=../../etc/passwd",
            f"gateway/openrouter/model/{RECORD}.json",
            id="an unknown gateway",
        ),
        pytest.param(
            "deepseek/deepseek-chat-v3-0324:free",
            "model/deepseek/deepseek-chat-v3-0324~3afree.json",
            id="colon",
        ),
        pytest.param(
            "deepseek/deepseek-chat-v3-0324%3Afree",
            "model/deepseek/deepseek-chat-v3-0324~3afree.json",
            id="escaped colon",
        ),
        pytest.param(
            "~anthropic/claude-sonnet-latest", "model/~7eanthropic/claude-sonnet-latest.json", id="tilde"
        ),
        pytest.param(
            "%7Eanthropic/claude-sonnet-latest",
            "model/~7eanthropic/claude-sonnet-latest.json",
            id="escaped tilde",
        ),
        pytest.param(f"{RECORD}?include_huggingface=No", f"plain/model/{RECORD}.json", id="no metrics"),
        pytest.param(
            f"{RECORD}?include_huggingface=0&gateway=featherless&x=y",
            f"plain/gateway/featherless/model/{RECORD}.json",
            id="no metrics of one gateway",
        ),
        pytest.param(f"{RECORD}?include_huggingface=maybe", f"model/{RECORD}.json", id="metrics"),
    ],
)
def test_found(ask: Ask, tree: Path, host: str, target: str, file: str) -> None:
    """A request is answered with the bytes of one published file."""
    reply = ask(host, model(target))
    assert reply.status == 200
    assert reply.body == (tree / "catalog" / file).read_bytes()
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["ETag"]


@pytest.mark.parametrize("host", ABLE)
@pytest.mark.parametrize("model_id", [pytest.param(each, id=each) for each in TWINS])
def test_twins(ask: Ask, host: str, model_id: str) -> None:
    """Of two ids that differ in case only, each is answered by its own record."""
    assert ask(host, model(model_id)).json()["data"]["id"] == model_id


@pytest.mark.parametrize("host", ABLE)
def test_headers(ask: Ask, host: str) -> None:
    """A record is cacheable JSON that any origin may read."""
    headers = ask(host, model(RECORD)).headers
    assert headers["Content-Type"] == "application/json; charset=utf-8"
    assert headers["Cache-Control"] == RECORD_CACHE
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Warning"] is None


@pytest.mark.parametrize("host", ABLE)
def test_warning(ask: Ask, host: str) -> None:
    """An unknown gateway is warned of in a header, whether the model is found or not."""
    for model_id in (RECORD, "acme/nowhere"):
        assert ask(host, model(f"{model_id}?gateway=nobody")).headers["Warning"] == WARNING


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    "query", [pytest.param("", id="as published"), pytest.param("?include_huggingface=f", id="plain")]
)
def test_not_modified(ask: Ask, host: str, query: str) -> None:
    """A client that has the bytes gets 304; the ETag of the plain record is another one."""
    tag = ask(host, model(RECORD + query)).headers["ETag"]
    assert ask(host, model(RECORD + query), If_None_Match=tag).status == 304
    other = "" if query else "?include_huggingface=f"
    assert ask(host, model(RECORD + other), If_None_Match=tag).status == 200


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    "target", [pytest.param(RECORD, id="found"), pytest.param("acme/nowhere", id="not found")]
)
def test_head(ask: Ask, host: str, target: str) -> None:
    """HEAD has the status and the type of GET, and no body."""
    reply, whole = ask(host, model(target), "HEAD"), ask(host, model(target))
    assert reply.body == b""
    assert (reply.status, reply.headers["Content-Type"]) == (whole.status, whole.headers["Content-Type"])


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    ("method", "status"), [pytest.param("OPTIONS", 204, id="OPTIONS"), pytest.param("POST", 405, id="POST")]
)
def test_methods(ask: Ask, host: str, method: str, status: int) -> None:
    """A preflight is answered, any other method is refused; both name what can be asked."""
    reply = ask(host, model(RECORD), method)
    assert reply.status == status
    assert reply.headers["Allow"] == "GET, HEAD, OPTIONS"
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param("acme/nowhere", 404, id="unknown model"),
        pytest.param("acme/nowhere.json", 404, id="unknown file"),
        pytest.param("lonely", 404, id="no organisation"),
        pytest.param(f"{RECORD}/", 404, id="trailing slash"),
        pytest.param("..%2f..%2fetc%2fpasswd", 404, id="out of the tree"),
        pytest.param("..%2f..%2fgateways.json", 404, id="out of the folder"),
        pytest.param("a%5c..%5cb.json", 404, id="backslashes"),
        pytest.param("a/b%00c", 400, id="NUL"),
        pytest.param("a/%zz", 400, id="malformed escape"),
        pytest.param("a/%ff", 400, id="no UTF-8"),
        pytest.param("", 400, id="no id"),
        pytest.param("a/" + "b" * 511, 400, id="too long"),
    ],
)
def test_refused(ask: Ask, host: str, target: str, status: int) -> None:
    """What cannot be found or cannot be an id is refused in JSON that any origin may read."""
    reply = ask(host, model(target), Origin="https://example.org")
    assert reply.status == status
    assert reply.json()["error"]["code"] == status
    assert reply.headers["Content-Type"].startswith("application/json")
    assert reply.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("host", ABLE)
def test_names(ask: Ask, host: str) -> None:
    """A 404 says what was asked for."""
    told = ask(host, model("acme/no/where?gateway=Chutes")).json()
    assert told["error"]["type"] == "model_not_found"
    assert (told["provider"], told["model"], told["gateway"]) == ("acme", "no/where", "chutes")


@pytest.mark.parametrize("host", ABLE)
@pytest.mark.parametrize(
    ("gateway", "kind", "word"),
    [
        pytest.param("deepinfra", "gateway_unavailable", "deepinfra", id="unavailable"),
        pytest.param("portkey", "gateway_not_configured", "PORTKEY_API_KEY", id="not configured"),
    ],
)
def test_unavailable(ask: Ask, host: str, gateway: str, kind: str, word: str) -> None:
    """A gateway without a list is 503, not 404."""
    reply = ask(host, model(f"acme/nowhere?gateway={gateway}"))
    error = reply.json()["error"]
    assert (reply.status, error["code"], error["type"]) == (503, 503, kind)
    assert word in error["message"]


@pytest.mark.parametrize("host", ALL)
@pytest.mark.parametrize("path", ["gateways.json", "index.json", "provider/openai.json"])
def test_other_files(ask: Ask, tree: Path, host: str, path: str) -> None:
    """Every other published file is served as it is."""
    assert ask(host, f"/catalog/{path}?gateway=x").body == (tree / "catalog" / path).read_bytes()


def test_cloudfront_limit(tree: Path) -> None:
    """The function for CloudFront stays under its limit of 10 KB."""
    assert len((tree / "hosts/cloudfront/function.js").read_bytes()) < 10_000


@pytest.mark.skipif(shutil.which("njs") is None, reason="njs is not installed")
def test_cloudfront_language(tree: Path, tmp_path: Path) -> None:
    """The function keeps to the small language of CloudFront: njs, which has the same limits, runs it."""
    ids = [
        "Qwen/Qwen3-32B",
        "openai/gpt-4o:free",
        "a/" + "B" * 200,
        "é/İ",
        "con/nul.x",
        "a/😀",
        "a/b..",
        "~a/b",
    ]
    events = [
        {"request": {"method": "GET", "uri": model(quote(each)), "querystring": {}, "headers": {}}}
        for each in ids
    ]
    program = tmp_path / "program.js"
    asking = f"{json.dumps(events)}.forEach((event) => console.log(handler(event).uri));"
    program.write_text((tree / "hosts/cloudfront/function.js").read_text() + asking)
    done = subprocess.run(["njs", str(program)], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.splitlines() == [model(paths.escape(each)) for each in ids]
