"""Every request of the list on every host that can be started here."""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance import table
from tests.conformance.cases import CASES, FORMS, Case
from tests.conformance.farm import Farm, farm
from tests.conformance.hosts import CADDY, HOSTS, NGINX, PAGES, S3, SERVE, Host
from tests.conformance.trees import TREES

FAST = (SERVE, PAGES, S3)
SMALL = [case for case in CASES if case.tree != "starter"]


@pytest.fixture(scope="module", name="hosts")
def _hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Farm]:
    """All hosts, none of them started yet."""
    log = logging.getLogger("gatelog.serve")
    before = log.level
    log.setLevel(logging.ERROR)  # a thousand requests are no news
    with farm(tmp_path_factory.mktemp("farm")) as found:
        yield found
    log.setLevel(before)


def speed(host: Host, case: Case | None = None) -> tuple[pytest.MarkDecorator, ...]:
    """Mark what needs a program that must be installed, or the whole shipped catalog."""
    quick = host in FAST and (case is None or case.tree != "starter")
    return () if quick else (pytest.mark.slow,)


def pairs() -> list[object]:
    """Pair every host with every case whose form it supports."""
    return [
        pytest.param(host, case, id=f"{host.name}-{case.name}", marks=speed(host, case))
        for host in HOSTS
        for case in CASES
        if case.form not in host.unsupported
    ]


def each_host() -> list[object]:
    """Return every host."""
    return [pytest.param(host, id=host.name, marks=speed(host)) for host in HOSTS]


def needed(host: Host) -> None:
    """Skip the test when a host cannot be started."""
    if reason := host.missing():
        pytest.skip(reason)


@pytest.mark.parametrize(("host", "case"), pairs())
def test_request(hosts: Farm, host: Host, case: Case) -> None:
    """The answer is the one that the list has."""
    needed(host)
    assert hosts.wrong(host, case) == []


@pytest.mark.parametrize(
    "host", [pytest.param(host, id=host.name, marks=speed(host)) for host in (SERVE, NGINX, CADDY)]
)
@pytest.mark.parametrize("path", ["/", "/about.html", "/catalog/gateways.json"])
def test_no_other_site_shows_a_page_in_a_frame(hosts: Farm, host: Host, path: str) -> None:
    """Pages have the header that forbids it, files for programs have none."""
    needed(host)
    found = hosts.reply(host, Case("framed", "page", path))
    policy = None if path.endswith(".json") else "frame-ancestors 'none'"
    assert (found.status, found.headers.get("content-security-policy")) == (200, policy)


@pytest.mark.parametrize("host", each_host())
def test_the_table_says_what_happens(hosts: Farm, host: Host) -> None:
    """What docs/hosts.md has in the column of a host is what a fresh run finds."""
    needed(host)
    assert table.column(hosts, host, SMALL) == table.committed()[host.name]


@pytest.mark.parametrize("host", each_host())
def test_what_is_said_not_to_work_does_not(hosts: Farm, host: Host) -> None:
    """A host that learned a form must not be excused from it any longer."""
    needed(host)
    found = table.column(hosts, host, SMALL)
    assert [form for form in host.unsupported if found[form] == "yes"] == []


@pytest.mark.parametrize(
    "host", [pytest.param(host, id=host.name, marks=speed(host)) for host in HOSTS if host.adapter]
)
def test_what_does_not_work_is_refused_in_json(hosts: Farm, host: Host) -> None:
    """Also a request of a form that a host does not support gets no HTML and no surprise."""
    needed(host)
    forms = host.unsupported.keys() - {"malformed"}
    for case in (case for case in SMALL if case.form in forms):
        reply = hosts.reply(host, case)
        assert reply.status in (*case.status, 404, 503), case.name
        assert not reply.body.startswith(b"<"), case.name


def test_the_list() -> None:
    """It is long enough, names nothing twice, and is data."""
    assert len(CASES) >= 60
    assert [name for name, count in Counter(case.name for case in CASES).items() if count > 1] == []
    assert {case.form for case in CASES} == FORMS.keys()
    assert {case.tree for case in CASES} == TREES.keys()
    again = [Case(**each) for each in json.loads(json.dumps([case.as_json() for case in CASES]))]
    assert [case.as_json() for case in again] == json.loads(json.dumps([case.as_json() for case in CASES]))


def test_nothing_of_the_table_is_lost() -> None:
    """What is written is what is read; the document is up to date with the list of forms and reasons."""
    text = table.DOCUMENT.read_text(encoding="utf-8")
    assert table.markdown(table.committed()) in text


def test_a_table_is_put_between_its_markers(tmp_path: Path) -> None:
    """A column of a host that was never asked is unknown."""
    page = tmp_path / "hosts.md"
    page.write_text(f"# Head\n{table.BEGIN}\n{table.END}\ntail\n")
    assert table.committed(page) == {}
    table.publish(table.markdown({"serve": dict.fromkeys(FORMS, "yes")}), page)
    found = table.committed(page)
    assert set(found["serve"].values()) == {"yes"}
    assert set(found["nginx"].values()) == {table.UNKNOWN}
    assert page.read_text().endswith("\ntail\n")
