"""Which answers the fetcher follows, refuses and quotes."""

from __future__ import annotations

import gzip
import traceback
from collections.abc import Iterator

import httpx
import pytest

from catalog.errors import UseSnapshotError
from catalog.wire.limits import Limits
from tests.network import KEY, Stream, Upstream, answer, fetcher, reason_of

pytestmark = pytest.mark.usefixtures("waits")


def test_a_redirect_within_the_origin_is_followed_with_the_key() -> None:
    """An API may move below its own host."""
    upstream = Upstream(answer(b"", 307, location="/v2/models"), answer())
    with fetcher(upstream, environ={"LIST_KEY": KEY}) as get:
        assert get.one("/models").path == "/models"
    assert str(upstream.requests[1].url) == "https://api.example.test/v2/models"
    assert upstream.requests[1].headers["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    "location",
    [
        pytest.param("https://other.test/v1/models", id="other host"),
        pytest.param("//other.test/v1/models", id="other host, scheme kept"),
        pytest.param("http://api.example.test/v1/models", id="without TLS"),
        pytest.param("https://api.example.test:8443/v1/models", id="other port"),
        pytest.param("https://me@api.example.test/v1/models", id="user name"),
        pytest.param("https://127.0.0.1/v1/models", id="loopback"),
        pytest.param("http://169.254.169.254/latest", id="cloud metadata"),
        pytest.param("http://[::ffff:10.0.0.1]/", id="mapped private address"),
        pytest.param("http://2130706433/", id="address as a number"),
        pytest.param("file:///etc/hosts", id="file"),
        pytest.param("https://[/", id="broken"),
    ],
)
def test_a_redirect_to_elsewhere_is_not_followed(location: str) -> None:
    """Neither the request nor the key leaves the origin."""
    upstream = Upstream(answer(b"", 302, location=location), answer())
    assert "redirected away from api.example.test" in reason_of(upstream, environ={"LIST_KEY": KEY})
    assert len(upstream.requests) == 1


def test_a_redirect_loop_ends_after_three_hops() -> None:
    """A loop is an error, found by counting."""
    upstream = Upstream(answer(b"", 302, location="/v1/models"))
    assert reason_of(upstream) == "more than 3 redirects from api.example.test"
    assert len(upstream.requests) == 4


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        pytest.param(b"<h1>Log in</h1>", {"content_type": "text/html"}, "text/html (<h1>Log in", id="html"),
        pytest.param(b"", {}, "the answer is empty", id="empty"),
        pytest.param(b"[" * 101, {}, "larger than allowed", id="body cap"),
        pytest.param(b"[]", {"content_encoding": "br"}, "encoding", id="another encoding"),
    ],
)
def test_a_success_that_is_none_is_refused(body: bytes, headers: dict[str, str], words: str) -> None:
    """A 200 is not yet an answer."""
    limits = Limits(body_bytes=100)
    assert words in reason_of(answer(body, **headers), limits=limits)  # type: ignore[arg-type] # headers by name


def test_a_missing_content_type_is_accepted() -> None:
    """The parser decides then."""
    with fetcher(lambda _: httpx.Response(200, stream=Stream(b"[]"))) as get:
        assert get.one("/models").json() == []


def test_a_reason_quotes_the_upstream_briefly_and_without_keys() -> None:
    """Not the configured key, nor what looks like one, nor control characters, nor a whole page."""
    words = f"\x1b[2J{KEY} sk-or-v1-abcdef " + "very sorry " * 5000
    reason = reason_of(Upstream(answer(words.encode(), 403)), environ={"LIST_KEY": KEY})
    assert reason.startswith("status 403 from api.example.test: [2J*** *** very sorry")
    assert len(reason) < 250


def test_a_refusal_is_not_read_beyond_its_quote() -> None:
    """A quote needs a few words, not an endless page."""
    read: list[int] = []

    class Endless(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for number in range(1000):
                read.append(number)
                yield b"sorry " * 1000

    reason_of(lambda _: httpx.Response(403, stream=Endless()))
    assert len(read) < 5


def test_a_quote_of_a_compressed_refusal_is_readable() -> None:
    """Error pages come compressed as well; one in an unknown encoding is not quoted."""
    packed = answer(gzip.compress(b"so sorry"), 403, content_encoding="gzip")
    assert reason_of(packed) == "status 403 from api.example.test: so sorry"
    assert reason_of(answer(b"junk", 403, content_encoding="br")) == "status 403 from api.example.test"


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        pytest.param(
            httpx.ConnectTimeout("x"), "no connection within 10 s to api.example.test", id="connect"
        ),
        pytest.param(httpx.ReadTimeout("x"), "no answer within 30 s from api.example.test", id="read"),
        pytest.param(httpx.PoolTimeout("x"), "no answer within 30 s from api.example.test", id="pool"),
        pytest.param(httpx.ConnectError("refused"), "api.example.test (refused)", id="refused"),
        pytest.param(httpx.RemoteProtocolError("cut"), "api.example.test (cut)", id="protocol"),
        pytest.param(httpx.LocalProtocolError("x"), "not a request that can be sent", id="own protocol"),
        pytest.param(httpx.UnsupportedProtocol("x"), "not a request that can be sent", id="scheme"),
        pytest.param(httpx.InvalidURL("x"), "not a request that can be sent", id="URL"),
        pytest.param(httpx.TooManyRedirects("x"), "api.example.test (x)", id="any other"),
        pytest.param(httpx.StreamClosed(), "no complete answer from api.example.test", id="stream"),
        pytest.param(OSError(5, "disk"), "api.example.test ([Errno 5] disk)", id="operating system"),
    ],
)
def test_every_error_below_ends_as_a_short_reason(problem: Exception, words: str) -> None:
    """Nothing of httpx or the operating system escapes."""
    assert words in reason_of(Upstream(problem))


def test_no_error_shows_a_key() -> None:
    """Neither the reason nor the whole traceback, whatever the layers below say."""
    with fetcher(Upstream(httpx.RemoteProtocolError(f"bad line {KEY}")), environ={"LIST_KEY": KEY}) as get:
        with pytest.raises(UseSnapshotError) as failed:
            get.one("/models")
        assert KEY not in "".join(traceback.format_exception(failed.value))
        assert KEY not in repr(get)
