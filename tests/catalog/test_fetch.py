"""What the fetcher asks, with which key, in which order, and how often."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import httpx
import pytest

from catalog.errors import SetVariableError, UseSnapshotError
from catalog.ports import Get, Missing, Payload
from catalog.wire.limits import Limits
from tests.network import AGENT, CLOSED, GATEWAY, KEY, LIST, Answer, Upstream, answer, fetcher, reason_of

pytestmark = pytest.mark.usefixtures("waits")


def test_a_fetcher_is_the_network_of_an_adapter() -> None:
    """Mypy and this line hold it to the protocol."""
    get: Get = fetcher(Upstream(answer()))
    assert get.one("/models") == Payload("/models", b'{"data": []}', "LIST_URL")


def test_requests_say_who_asks_and_for_what() -> None:
    """A User-Agent of our own with a URL, JSON, and the one encoding whose decoding is bounded."""
    upstream = Upstream(answer())
    with fetcher(upstream) as get:
        get.one("/models?limit=5")
        get.one("/all.json", base="PRICES_URL")
    first, second = upstream.requests
    assert str(first.url) == "https://api.example.test/v1/models?limit=5"
    assert first.headers["user-agent"] == AGENT
    assert (first.headers["accept"], first.headers["accept-encoding"]) == ("application/json", "gzip")
    assert (str(second.url), second.headers["x-mode"]) == ("https://prices.example.test/all.json", "all")


def test_a_link_of_an_answer_can_be_asked_for() -> None:
    """`links.next` begins with the path of the base, and the payload names what is below it."""
    upstream = Upstream(answer())
    with fetcher(upstream, environ={"LIST_URL": "http://127.0.0.1:8123/here/v1"}) as get:
        assert get.one("/v1/models?offset=500").path == "/models?offset=500"
    assert str(upstream.requests[0].url) == "http://127.0.0.1:8123/here/v1/models?offset=500"


def test_a_key_is_sent_to_its_own_base_only() -> None:
    """A key that is set goes to the host that it belongs to and to no other."""
    upstream = Upstream(answer())
    with fetcher(upstream, environ={"LIST_KEY": KEY}) as get:
        get.one("/models")
        get.one("/all.json", base="PRICES_URL")
    assert [request.headers.get("authorization") for request in upstream.requests] == [f"Bearer {KEY}", None]


def test_a_needed_key_that_is_missing_is_asked_for_and_nothing_is_sent() -> None:
    """Both ways of asking name the variable."""
    upstream = Upstream(answer())
    with fetcher(upstream, CLOSED) as get:
        with pytest.raises(SetVariableError, match="LIST_KEY"):
            get.one("/models")
        with pytest.raises(SetVariableError, match="LIST_KEY"):
            next(get.many(["/models"]))
    assert not upstream.requests


def test_a_base_url_that_cannot_be_used_costs_this_gateway_only() -> None:
    """A wrong variable is no reason to ask the real host, nor to stop the build."""
    upstream = Upstream(answer())
    with fetcher(upstream, environ={"LIST_URL": "http://api.example.test"}) as get:
        with pytest.raises(UseSnapshotError, match="LIST_URL: https"):
            get.one("/models")
        with pytest.raises(UseSnapshotError, match="LIST_URL: https"):
            next(get.many(["/models"]))
    assert not upstream.requests


def test_cookies_are_not_kept() -> None:
    """A second request carries nothing that the first answer left behind."""
    upstream = Upstream(answer(set_cookie="who=me; Path=/"))
    with fetcher(upstream) as get:
        get.one("/models")
        get.one("/models")
    assert "cookie" not in upstream.requests[1].headers


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 520, 529])
def test_a_passing_trouble_is_tried_four_times(status: int, waits: list[float]) -> None:
    """With growing pauses that chance makes uneven."""
    upstream = Upstream(answer(b"busy", status))
    reason = reason_of(upstream)
    assert reason == f"status {status} from api.example.test: busy"
    assert len(upstream.requests) == 4
    assert [0.5 < pause < 1.5 for pause in waits[:1]] == [True]
    assert [1 < pause < 2 for pause in waits[1:2]] == [True]
    assert [2 < pause < 3 for pause in waits[2:]] == [True]


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(httpx.ConnectError("refused"), id="refused"),
        pytest.param(httpx.ConnectTimeout("slow"), id="connect timeout"),
        pytest.param(httpx.ReadTimeout("slow"), id="read timeout"),
        pytest.param(httpx.ReadError("reset"), id="reset"),
        pytest.param(httpx.RemoteProtocolError("cut"), id="broken off"),
        pytest.param(OSError("odd"), id="operating system"),
        pytest.param(answer(b"\x1f\x8b", content_encoding="gzip"), id="truncated gzip"),
        pytest.param(answer(b"no gzip", content_encoding="gzip"), id="damaged gzip"),
    ],
)
def test_another_try_may_succeed(trouble: Answer | Exception) -> None:
    """One broken connection does not cost the night."""
    with fetcher(Upstream(trouble, answer())) as get:
        assert get.one("/models").body == b'{"data": []}'


@pytest.mark.parametrize("status", [201, 204, 206, 300, 304, 400, 401, 402, 403, 404, 410, 413, 422])
def test_what_another_try_cannot_overcome_is_asked_once(status: int) -> None:
    """A refusal is an answer, and so is a success without a whole body."""
    upstream = Upstream(answer(b"", status))
    assert reason_of(upstream) == f"status {status} from api.example.test"
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("text", "pause"),
    [
        pytest.param("7", 7.0, id="seconds"),
        pytest.param("Thu, 01 Jan 1970 00:00:30 GMT", 20.0, id="date"),
        pytest.param("100", 60.0, id="one pause is capped"),
    ],
)
def test_the_pause_that_the_server_asks_for_is_kept(text: str, pause: float, waits: list[float]) -> None:
    """Retry-After comes in two forms."""
    upstream = Upstream(answer(b"", 429, retry_after=text), answer())
    with fetcher(upstream, now=lambda: 10.0) as get:
        get.one("/models")
    assert waits == [pause]


@pytest.mark.parametrize("text", ["junk", "-1", "Thu, 01 Jan 1970 00:00:00 GMT"])
def test_a_retry_after_without_meaning_is_as_none(text: str, waits: list[float]) -> None:
    """Junk and times gone by lead to a pause of our own."""
    with fetcher(Upstream(answer(b"", 503, retry_after=text), answer()), now=lambda: 10.0) as get:
        get.one("/models")
    assert 0.5 < waits[0] < 1.5


def test_a_server_that_asks_for_too_much_patience_is_given_up_at_once(waits: list[float]) -> None:
    """The reason says what it asked for."""
    upstream = Upstream(answer(b"", 429, retry_after="99999"))
    assert reason_of(upstream) == "status 429 from api.example.test (asks to wait 99999 s)"
    assert (len(upstream.requests), waits) == (1, [])


def test_many_answers_come_in_the_order_asked() -> None:
    """However the threads finish; a failure is a value in its place."""

    def handler(request: httpx.Request) -> httpx.Response:
        number = int(request.url.path.rpartition("/")[2])
        time.sleep(0.01 if number % 2 else 0)
        return answer(b"", 403)(request) if number == 3 else answer(str(number).encode())(request)

    with fetcher(handler) as get:
        answers = list(get.many(f"/{number}" for number in range(9)))
    reason = "status 403 from api.example.test"
    expected = [Payload(f"/{number}", str(number).encode(), "LIST_URL") for number in range(9)]
    assert answers == [*expected[:3], Missing("/3", reason), *expected[4:]]


def test_many_answers_share_the_memory_of_one() -> None:
    """Four at once are a quarter each; alone one may have all of it."""
    body = b"[" + b"1," * 45 + b"1]"
    with fetcher(answer(body), limits=Limits(body_bytes=100), concurrency=4) as get:
        assert get.one("/alone").body == body
        [found] = get.many(["/together"])
    assert found == Missing("/together", "the answer is larger than allowed")


@pytest.mark.parametrize("concurrency", [1, 4, 8])
def test_no_more_requests_than_agreed_are_under_way(concurrency: int) -> None:
    """A gateway is asked politely, and as fast as that allows."""
    lock, under_way, peaks = threading.Lock(), [0], []
    together = threading.Barrier(concurrency, timeout=10)

    def handler(request: httpx.Request) -> httpx.Response:
        with lock:
            under_way[0] += 1
            peaks.append(under_way[0])
        together.wait()
        with lock:
            under_way[0] -= 1
        return answer()(request)

    with fetcher(handler, concurrency=concurrency) as get:
        assert [type(found) for found in get.many(["/x"] * 24)] == [Payload] * 24
    assert max(peaks) == concurrency


def test_after_three_failures_in_a_row_the_rest_is_not_asked() -> None:
    """A gateway that has gone away is left alone, and every path still gets its answer."""
    upstream = Upstream(answer(), answer(b"", 403))
    with fetcher(upstream, concurrency=1) as get:
        answers = list(get.many([f"/{number}" for number in range(50)]))
    assert [type(found) for found in answers] == [Payload] + [Missing] * 49
    assert answers[-1] == Missing("/49", "not asked after 3 failures in a row")
    assert len(upstream.requests) <= 6


@pytest.mark.parametrize("status", [404, 410])
def test_what_a_healthy_server_does_not_have_stops_nothing(status: int) -> None:
    """Several models without a page say nothing about the next one."""
    upstream = Upstream(*[answer(b"", status)] * 5, answer())
    with fetcher(upstream, concurrency=1) as get:
        answers = list(get.many([f"/{number}" for number in range(8)]))
    assert [type(found) for found in answers] == [Missing] * 5 + [Payload] * 3


def test_each_path_is_told_once_it_is_settled() -> None:
    """Progress can be shown from the thread that asks."""
    told: list[str] = []
    with fetcher(Upstream(answer(), answer(b"", 403)), on_request=told.append) as get:
        get.one("/one")
        list(get.many(["/two", "/three"]))
    assert told == ["/one", "/two", "/three"]


def test_the_link_to_the_next_page_comes_with_the_answer() -> None:
    """As it stands in the header; whoever follows it is held to the same origin."""
    link = '<https://api.example.test/v1/models?cursor=x%3D>; rel="next", </v1/models>; rel="first"'
    with fetcher(Upstream(answer(link=link), answer())) as get:
        first = get.one("/models")
        assert first.link == "https://api.example.test/v1/models?cursor=x%3D"
        assert get.one(first.link) == Payload("/models?cursor=x%3D", b'{"data": []}', "LIST_URL")
    with fetcher(Upstream(answer(link='<https://elsewhere.test/v1/models>; rel="next"'))) as get:
        first = get.one("/models")
        with pytest.raises(UseSnapshotError, match="leads away"):
            get.one(first.link)


def test_what_a_host_allows_is_obeyed() -> None:
    """When nothing is left, nothing is sent; every answer tells, redirects and refusals included."""
    said = '"api";r={};t=60'
    upstream = Upstream(
        answer(ratelimit=said.format(3)),
        answer(status=404, ratelimit=said.format(2)),
        answer(status=307, location="/v1/other", ratelimit=said.format(1)),
        answer(ratelimit=said.format(0)),
    )
    with fetcher(upstream, concurrency=1) as get:
        assert get.left() is None
        answers = list(get.many(["/a", "/b", "/c", "/d"]))
        assert get.left() == 0
        assert get.left("PRICES_URL") is None
    assert [isinstance(each, Payload) for each in answers] == [True, False, True, False]
    assert isinstance(answers[3], Missing)
    assert answers[3].reason == "api.example.test allows no more requests for 61 s"
    assert len(upstream.requests) == 4


def test_a_host_that_allows_nothing_more_is_waited_for_as_long_as_it_says(waits: list[float]) -> None:
    """The longer of both headers counts."""
    busy = answer(status=429, retry_after="2", ratelimit='"api";r=0;t=4')
    upstream = Upstream(busy)
    with fetcher(upstream, clock=lambda: 100.0) as get, pytest.raises(UseSnapshotError, match="for 5 s"):
        get.one("/models")
    assert (waits, len(upstream.requests)) == ([5], 1)  # in a test no time went by, so it is still closed


@pytest.mark.parametrize(("key", "gone"), [("", True), (KEY, False)])
def test_a_host_may_hide_what_it_does_not_have(key: str, gone: bool) -> None:  # noqa: FBT001 - a parameter of a test
    """To a caller without a key 401 is "not there"; to one with a key it is trouble with the key."""
    hiding = replace(GATEWAY, bases=(replace(LIST, hides=frozenset({401})),))
    with fetcher(Upstream(answer(status=401)), hiding, environ={"LIST_KEY": key}) as get:
        [missing] = get.many(["/models/x"])
    assert isinstance(missing, Missing)
    assert missing.gone is gone
