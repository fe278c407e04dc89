"""OpenRouter: who hosts a model, at which price, and how it does."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from catalog.ports import Payload
from providers import openrouter
from tests.providers.openrouter import (
    HOST,
    LIST,
    hosts,
    listing,
    one_page,
    parsed,
    row,
    upstream,
)


def test_who_is_asked_for_hosts() -> None:
    """Aliases and routers have no hosts; an odd id is not asked for; no id is asked for twice."""
    ids = [
        "a/b:free",
        "a/b:free",
        "~a/b-latest",
        "openrouter/auto",
        "a/..",
        "../b",
        "a/b c?d#e",
        "evil/\ud800",
        "evil/new\nline",
        "no-slash",
        "a/b/c",
        7,
    ]
    network = upstream(one_page(*(row(id=id) for id in ids), None, "text"))
    list(openrouter.fetch(network))
    assert network.asked[1:] == ["/models/a/b:free/endpoints", "/models/a/b%20c%3Fd%23e/endpoints"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param({"$status": 404}, None, id="not found"),
        pytest.param({"data": {"id": "a/b", "endpoints": []}}, [], id="none"),
        pytest.param({"data": {"id": "a/b", "endpoints": [HOST]}}, [HOST], id="one, without the suffix"),
        pytest.param({"data": None}, None, id="null"),
        pytest.param(["?"], None, id="a list"),
    ],
)
def test_hosts_are_joined(answer: object, expected: object) -> None:
    """A row gets its hosts by the id that was asked for; unanswered is unknown, not none."""
    pages = one_page(row(id="a/b:free")) | {"/models/a/b:free/endpoints": answer}
    assert [found["endpoints"] for found in parsed(pages)] == [expected]


def test_hosts_that_are_no_json() -> None:
    """A page of HTML in place of one model's hosts leaves them unknown and the list in use."""
    payloads = [
        Payload(LIST, json.dumps({"data": [row(id="a/b")]}).encode()),
        Payload("/models/a/b/endpoints", b"<html>"),
    ]
    assert [found["endpoints"] for found in openrouter.parse(payloads)] == [None]  # type: ignore[index] # JSON


def test_endpoint() -> None:
    """A host becomes an endpoint with its own prices and limits, a number format only if known."""
    found = hosts(HOST, HOST | {"tag": "a", "quantization": "unknown", "max_completion_tokens": 0})
    assert found is not None
    assert [(one.tag, one.quantization, one.max_output_tokens) for one in found] == [
        ("a", None, None),
        ("deepinfra/fp4", "fp4", 16384),
    ]
    assert found[1].pricing == {"prompt": Decimal("0.0000002"), "completion": Decimal("0.00000077")}
    assert found[1].discount is None


def test_discount_of_a_host() -> None:
    """A host's discount is stated beside its prices, which are already lower by it."""
    pricing = {"prompt": "0.0000001495", "completion": "0.000000598", "discount": 0.35}
    found = hosts(HOST | {"pricing": pricing | {"discount": Decimal("0.35")}})
    assert found is not None
    assert found[0].discount == Decimal("0.35")
    assert found[0].pricing["prompt"] == Decimal("0.0000001495")


def test_a_free_model_has_no_paid_hosts() -> None:
    """Its answer can hold the hosts of the paid model, whose prices are not its own."""
    free = HOST | {"tag": "free", "pricing": {"prompt": "0", "completion": "0"}}
    found = listing(id="deepseek/deepseek-chat-v3-0324:free", endpoints=[HOST, free]).endpoints
    assert [one.tag for one in found or ()] == ["free"]


def test_repeated_tag() -> None:
    """Hosts that share a tag are both kept, in an order that does not depend on the answer's."""
    cheap = HOST | {"pricing": {"prompt": "0.00000022"}}
    dear = HOST | {"pricing": {"prompt": "0.00000025"}}
    assert hosts(cheap, dear) == hosts(dear, cheap)
    assert len(hosts(cheap, dear) or ()) == 2


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"uptime_last_1d": 100}, (100.0, None, None), id="integer"),
        pytest.param({"uptime_last_1d": Decimal("99.9794597925439")}, (100.0, None, None), id="to 0.1"),
        pytest.param({"latency_last_30m": {"p50": 1834, "p99": 9000}}, (None, 1830, None), id="to 10 ms"),
        pytest.param({"throughput_last_30m": {"p50": Decimal("61.4")}}, (None, None, 61), id="to 1 token/s"),
        pytest.param({"latency_last_30m": 1834}, (None, 1830, None), id="a bare number"),
        pytest.param({"uptime_last_1d": -1, "latency_last_30m": {}}, None, id="no measurement"),
    ],
)
def test_performance(served: dict[str, Any], expected: object) -> None:
    """Uptime, latency and throughput are rounded so that only real moves show."""
    (found,) = hosts(HOST | served) or ()
    shown = found.performance and (
        found.performance.uptime,
        found.performance.latency,
        found.performance.throughput,
    )
    assert shown == expected


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(None, id="null"),
        pytest.param({"tag": "x"}, id="without a name"),
        pytest.param(HOST | {"pricing": {"prompt": "-0.1"}}, id="negative"),
        pytest.param(HOST | {"pricing": {"prompt": "NaN"}}, id="not a number"),
        pytest.param(HOST | {"context_length": "much"}, id="limit"),
    ],
)
def test_unreadable_host(bad: object) -> None:
    """One unreadable host leaves the hosts unknown, never half of them, and costs no row."""
    assert hosts(HOST, bad) is None
