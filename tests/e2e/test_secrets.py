"""Keys: sent to their own host, written nowhere, whatever a server does with what it was sent."""

from __future__ import annotations

import logging
import os
import re
import subprocess
import traceback
from base64 import b64encode
from contextlib import ExitStack
from itertools import product
from typing import NamedTuple
from urllib.parse import quote

import pytest

from catalog.errors import UseSnapshotError
from catalog.fetch import Fetcher
from tests import upstream
from tests.echo import BEHAVIOURS, Behaviour, answering, echoing
from tests.network import AGENT, KEY, Answer, Upstream, answer, fetcher, reason_of
from tests.site import ROOT, Site, base_variables, lasting
from tests.toys import contents
from tests.upstream import SOURCES, serving

pytestmark = pytest.mark.usefixtures("waits")

BASES = {base.variable: base for source in SOURCES for base in source.bases}
VARIABLES = sorted({base.key_variable for base in BASES.values() if base.key_variable})
CANARIES = {name: f"sk-canary-{name.lower()}/Zq7+x" for name in VARIABLES}
"""A key for every variable, with the characters that encodings write otherwise."""
MONTHS_LATER = "1800412800"
"""When everything that is known of the Hub is old, so that it is asked."""
PATTERN = re.compile(
    rb"\b(?:sk-[A-Za-z0-9_-]{16,}|hf_[A-Za-z0-9]{20,}|cpk_[A-Za-z0-9._-]{16,}|AKIA[A-Z0-9]{16})|"
    rb"Bearer [A-Za-z0-9._~+/-]{20,}"
)
"""A key of one of the usual shapes."""


def leaks(written: bytes) -> set[str]:
    """Return the variable of every key that stands somewhere in what was written, however it is spelled."""
    return {name for name, key in CANARIES.items() if any(text in written for text in _spellings(key))}


def _spellings(key: str) -> list[bytes]:
    """Return a key as it is, in JSON, in a URL, in base64, and a good part of it."""
    texts = (key, key.replace("/", "\\/"), quote(key, safe=""), quote(key), key[:15])
    return [*(text.encode() for text in texts), b64encode(key.encode())]


class Written(NamedTuple):
    """What a build left behind."""

    output: str
    everything: bytes
    """Screen, logs down to the finest, report, data/ and output/ with the names of all files."""


def built_against(site: Site, caplog: pytest.LogCaptureFixture, **environ: str) -> Written:
    """Build a site and collect whatever was written."""
    caplog.set_level(logging.DEBUG)
    report = site.folder / "report.json"
    options = (*site.folders(), "-v", "--log-attempt", "--report", str(report))
    done = site.call(*options, **{"SOURCE_DATE_EPOCH": MONTHS_LATER, **environ})
    trace = "".join(traceback.format_exception(done.exception)) if done.exception else ""
    assert (done.exit_code, trace) == (0, "")
    words = [done.output, done.stderr, caplog.text, *(str(vars(record)) for record in caplog.records)]
    files = contents(site.folder)
    return Written(done.output, b"".join([*files.values(), "".join([*words, *files]).encode()]))


def _everywhere(site: Site, url: str) -> dict[str, str]:
    return dict.fromkeys(base_variables(site.environ), url)


@pytest.mark.slow
@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_key_is_written_nowhere(built: Site, caplog: pytest.LogCaptureFixture, name: str) -> None:
    """Whatever comes back from all hosts at once."""
    with echoing(BEHAVIOURS[name]) as server:
        written = built_against(built, caplog, **_everywhere(built, server.url), **CANARIES)
    assert set(server.seen) >= set(CANARIES.values()), "the server never had a key to tell"
    assert leaks(written.everything) == set()


@pytest.mark.parametrize("turn", range(0, len(BEHAVIOURS), len(BASES)))
def test_a_key_is_written_nowhere_whoever_repeats_it(
    built: Site, caplog: pytest.LogCaptureFixture, turn: int
) -> None:
    """Every behaviour once, each host with another one."""
    chosen = list(BEHAVIOURS.values())[turn : turn + len(BASES)]
    with ExitStack() as stack:
        servers = [stack.enter_context(echoing(each)) for each in chosen]
        places = dict(zip(BASES, (server.url for server in servers), strict=False))
        written = built_against(built, caplog, **places, **CANARIES)
    assert any(key for server in servers for key in server.seen)
    assert leaks(written.everything) == set()


def test_a_refused_connection_tells_no_key(built: Site, caplog: pytest.LogCaptureFixture) -> None:
    """Neither does a server that is not there."""
    bases = {name: lasting(built.environ)[name] for name in base_variables(built.environ)}
    written = built_against(built, caplog, **bases, **CANARIES)
    assert leaks(written.everything) == set()
    assert set(built.states().values()) == {"stale"}


@pytest.mark.parametrize(
    "key",
    [
        pytest.param("sk-canary-one\nX-Other: sk-canary-two", id="a newline"),
        pytest.param("sk-canary-sch\u00fcssel", id="not ASCII"),
        pytest.param("sk-canary-\udcff", id="no text", marks=pytest.mark.slow),
        pytest.param("sk-canary\tone", id="a tab", marks=pytest.mark.slow),
        pytest.param("sk-canary-\x1b[31m", id="a control character", marks=pytest.mark.slow),
    ],
)
def test_a_key_that_no_header_can_carry(built: Site, caplog: pytest.LogCaptureFixture, key: str) -> None:
    """Its variable is named, its value is not; the last listings are served."""
    with echoing(BEHAVIOURS["200 and no JSON"]) as server:
        bases = _everywhere(built, server.url)
        written = built_against(built, caplog, **bases, **dict.fromkeys(VARIABLES, key))
    assert b"sk-canary" not in written.everything
    assert set(server.seen) <= {""}
    for name in VARIABLES:
        assert f"{name}: it holds a character that no header can carry" in written.output


def test_a_key_with_space_around_it_is_the_key() -> None:
    """A line end that an editor left is no part of it."""
    network = Upstream(answer())
    with fetcher(network, environ={"LIST_KEY": f" {KEY}\n"}) as get:
        get.one("/models")
    assert network.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_keys_go_to_their_own_host(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """With every base on a server of its own each key arrives at one, and no other base gets any."""
    seen: dict[str, set[str]] = {variable: set() for variable in BASES}
    usual = upstream._Handler.do_GET

    def noting(handler: upstream._Handler) -> None:
        variable, everything = handler.path.split("/")[1], f"{handler.path} {handler.headers}"
        assert isinstance(handler.server, upstream._Server)
        assert list(handler.server.catalog) == [variable]
        seen[variable].update(key for key in CANARIES.values() if key in everything)
        usual(handler)

    monkeypatch.setattr(upstream._Handler, "do_GET", noting)
    with ExitStack() as stack:
        for variable in BASES:
            alone = serving({variable: site.catalog.get(variable, {})})
            site.environ[variable] = stack.enter_context(alone)[variable]
        done = site.try_build(**CANARIES)
    assert done.exit_code == 0, done.output
    assert seen == {name: _key_of(name) for name in BASES}
    assert set() in seen.values()


def _key_of(variable: str) -> set[str]:
    key = BASES[variable].key_variable
    return {CANARIES[key]} if key else set()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_key_follows_a_redirect(status: int) -> None:
    """To another port, name or scheme of the same machine nothing is sent at all, by no gateway."""
    with echoing(answering(200, "{}")) as other:
        places = [other.url, other.url.replace("127.0.0.1", "localhost"), other.url.removeprefix("http:")]
        places += [other.url.replace("//", "//user@"), other.url.replace("http", "https")]
        keyed = [variable for variable, base in BASES.items() if base.key_variable]
        for variable, place in product(keyed, places):
            _refused(variable, answering(status, "", location=place))
    assert other.seen == []


def _refused(variable: str, behaviour: Behaviour) -> None:
    """Ask a base that redirects away, with its key."""
    source = next(source for source in SOURCES if BASES[variable] in source.bases)
    with (
        echoing(behaviour) as server,
        Fetcher(gateway=source, environ={**CANARIES, variable: server.url}, agent=AGENT) as get,
    ):
        with pytest.raises(UseSnapshotError, match="redirected away from"):
            get.one("/models", variable)
        assert set(server.seen) == _key_of(variable)


@pytest.mark.parametrize(
    "network",
    [
        pytest.param(answer(f'{{"data": [{{"id": "{KEY}"}}]}}'.encode()), id="in a row"),
        pytest.param(answer(link=f'</v1/models?key={KEY}>; rel="next"'), id="in a link"),
        pytest.param(answer(status=307, location=f"/v1/models?key={KEY}"), id="in a redirect"),
    ],
)
def test_an_answer_that_repeats_the_key_is_not_used(network: Answer) -> None:
    """It could end up as the name of a model, or in a log."""
    reason = reason_of(Upstream(network), environ={"LIST_KEY": KEY})
    assert reason == "the answer of api.example.test repeats the key that was sent"


@pytest.mark.parametrize("environ", [{}, {"LIST_KEY": "made"}], ids=["no key", "a key like a word"])
def test_what_is_no_key_may_be_repeated(environ: dict[str, str]) -> None:
    """The same answer is as good as any."""
    body = f'{{"data": [{{"id": "{KEY} made"}}]}}'.encode()
    with fetcher(Upstream(answer(body)), environ=environ) as get:
        assert get.one("/models").body == body


def test_nothing_in_the_repository_looks_like_a_key() -> None:
    """Of all files under version control."""
    named = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False).stdout
    files = [ROOT / os.fsdecode(name) for name in named.split(b"\0") if name]
    if not files:
        pytest.skip("this is no checkout")
    bodies = {str(path): path.read_bytes() for path in files if path.is_file()}
    assert {name: hit[0] for name, body in bodies.items() if (hit := PATTERN.search(body))} == {}


def test_nothing_in_a_built_tree_looks_like_a_key(built: Site) -> None:
    """Nor in the state that it was built from."""
    files = contents(built.folder)
    assert {name: hit[0] for name, body in files.items() if (hit := PATTERN.search(body))} == {}


@pytest.mark.parametrize(
    "planted", ["sk-" + "0" * 20, "hf_" + "a" * 30, "cpk_" + "1" * 20, "AKIA" + "Z" * 16]
)
def test_the_searches_find_a_planted_key(planted: str) -> None:
    """A search that can find nothing proves nothing."""
    assert PATTERN.search(f'"key": "{planted}"'.encode())
    for text in _spellings(CANARIES["HF_TOKEN"]):
        assert "HF_TOKEN" in leaks(b"x " + text + b" y")
