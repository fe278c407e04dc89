"""How a deployed tree is asked: any answer counts, passing troubles are tried again, the rest is told."""

from __future__ import annotations

import pytest

from catalog.fetch import visitor
from catalog.ports import Missing, Reply
from catalog.wire.limits import Limits
from tests.deployment import Deployment, deployed

FAST = Limits(tries=2, backoff=0.001, jitter=0.0, failures_in_a_row=3)
LONG = b"0123456789" * 100


def ask(host: Deployment, *paths: str) -> list[Reply | Missing]:
    """Ask a host for some files."""
    with visitor(host.address, "test", FAST, 2) as reader:
        return list(reader.visit(paths))


def test_an_answer_is_whole() -> None:
    """Status, headers by lower-case name, and the bytes, in the order asked."""
    with deployed({"a.json": b"{}\n", "b.html": LONG}) as host:
        first, second, third = ask(host, "a.json", "b.html", "c.json")
    assert isinstance(first, Reply)
    assert (first.path, first.status, first.body) == ("a.json", 200, b"{}\n")
    assert first.headers["access-control-allow-origin"] == "*"
    assert isinstance(second, Reply)
    assert (second.headers["content-type"], second.body) == ("text/html", LONG)
    assert isinstance(third, Reply)
    assert (third.status, third.body) == (404, b"")


@pytest.mark.parametrize(
    ("wrong", "words", "times"),
    [
        pytest.param({"length": 2_000}, "no complete answer from", 2, id="cut short"),
        pytest.param({"status": 503}, "status 503 from", 2, id="busy"),
        pytest.param({"status": 302, "location": "http://10.0.0.1/"}, "redirected away", 1, id="elsewhere"),
        pytest.param({"status": 302, "location": "/gatelog/a.json"}, "more than 3 redirects", 4, id="loop"),
        pytest.param({"body": b""}, "the answer is empty", 1, id="empty"),
    ],
)
def test_no_answer(wrong: dict[str, object], words: str, times: int) -> None:
    """Is told with its reason; what may pass is tried again."""
    with deployed({"a.json": LONG, "b.json": LONG}) as host:
        host.wrong["a.json"] = wrong
        first, second = ask(host, "a.json", "b.json")
        assert host.asked["a.json"] == times
    assert isinstance(first, Missing)
    assert words in first.reason
    assert isinstance(second, Reply)


def test_a_redirect_within_the_host_is_followed() -> None:
    """Some hosts move pages about."""
    with deployed({"new.html": LONG}) as host:
        host.files["old.html"] = b""
        host.wrong["old.html"] = {"status": 308, "location": "new.html"}
        (found,) = ask(host, "old.html")
    assert isinstance(found, Reply)
    assert found.body == LONG


def test_a_host_that_went_down_is_left_alone() -> None:
    """After three failures in a row nothing more is begun, and every path has its answer."""
    paths = [f"{number}.json" for number in range(50)]
    with deployed({}) as host:
        host.wrong |= {path: {"status": 503} for path in paths}
        found = ask(host, *paths)
        assert sum(host.asked.values()) <= 2 * 8
    assert [reply.path for reply in found] == paths
    assert isinstance(found[-1], Missing)
    assert found[-1].reason == "not asked after 3 failures in a row"


def test_a_path_cannot_leave_the_tree() -> None:
    """A hostile manifest names what it likes: it stays a path below the address."""
    with deployed({"a?b#c.json": b"{}"}) as host:
        host.files |= {"a%3Fb%23c.json": b"{}"}
        (found,) = ask(host, "a?b#c.json")
    assert isinstance(found, Reply)
    assert found.status == 200
