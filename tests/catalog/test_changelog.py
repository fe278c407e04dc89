"""The log as documents and feeds: complete, stable, and harmless whatever the names are."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import orjson
import pytest

from catalog.changelog.documents import NEWEST
from catalog.schema.changes import Changes, Deprecations, LoggedChange
from tests.changed import AT, later, logged, one
from tests.factories import kept

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "a/<b>&\"'@user](javascript:x)![i](http:x)|`\n\x1b[31m\u202e\ufffe"
ENDING = kept(id="acme/two", expiration_date="2026-12-24", replaced_by="acme/three")


def parsed(body: bytes) -> ET.Element:
    """Parse a feed of ours."""
    return ET.fromstring(body)  # noqa: S314 - nothing untrusted


def test_the_files_of_an_empty_log() -> None:
    """There are lists without changes and feeds without entries, and no history."""
    files = logged([])
    assert set(files) == {
        "catalog/changes.json",
        "catalog/deprecations.json",
        *(
            f"catalog/feeds/{name}.atom"
            for name in ("all", "prices", "shutdowns", "gateway/openrouter", "gateway/chutes")
        ),
    }
    assert Changes.model_validate_json(files["catalog/changes.json"]).changes == []


def test_changes_come_newest_first() -> None:
    """In one list and in one file for each day, without what only histories need."""
    log = [later(0), later(1, model="b/b"), later(1, model="a/a"), later(1, gateway="chutes")]
    files = logged(log)
    found = Changes.model_validate_json(files["catalog/changes.json"]).changes
    assert [(each.at[:10], each.gateway, each.model) for each in found] == [
        ("2026-11-21", "chutes", "acme/one"),
        ("2026-11-21", "openrouter", "a/a"),
        ("2026-11-21", "openrouter", "b/b"),
        ("2026-11-20", "openrouter", "acme/one"),
    ]
    for day, expected in (("2026-11-20", found[3:]), ("2026-11-21", found[:3])):
        assert Changes.model_validate_json(files[f"catalog/changes/{day}.json"]).changes == expected
    assert orjson.loads(files["catalog/changes/2026-11-20.json"])["changes"] == [
        {
            "id": log[0].id,
            "at": AT,
            "kind": "price",
            "gateway": "openrouter",
            "model": "acme/one",
            "meter": "prompt",
            "from": "0.000001",
            "to": "0.000002",
            "percent": 100.0,
        }
    ]


def test_the_list_of_the_newest_has_an_end() -> None:
    """The 500 newest; the days have them all."""
    log = [one(model=f"acme/{number:03}") for number in range(NEWEST + 1)]
    files = logged(log)
    assert len(Changes.model_validate_json(files["catalog/changes.json"]).changes) == 500
    assert len(Changes.model_validate_json(files["catalog/changes/2026-11-20.json"]).changes) == 501
    assert len(parsed(files["catalog/feeds/all.atom"]).findall(f"{ATOM}entry")) == 500


def test_the_order_of_the_log_does_not_matter() -> None:
    """Two logs with the same changes are published as the same bytes."""
    log = [later(day, model=f"acme/{name}") for day in range(3) for name in "abc"]
    assert logged(log) == logged(log[::-1])


def test_two_runs_that_were_told_the_same_time() -> None:
    """Of two changes with one id the one that was logged last counts: no feed has an id twice."""
    files = logged([one(to="0.000005"), one(to="0.000006")])
    [found] = Changes.model_validate_json(files["catalog/changes.json"]).changes
    assert found.to == "0.000006"


def test_deprecations() -> None:
    """What ends is told with the day on which that was announced; an end that was called off is over."""
    announced = {"kind": "deprecation", "meter": "expiration_date", "model": "acme/two"}
    log = [
        later(0, **announced, to="2026-12-01"),
        later(1, **announced, before="2026-12-01"),
        later(2, **announced, to="2026-12-12"),
        later(3, **announced, before="2026-12-12", to="2026-12-24"),
    ]
    files = logged(log, "", ENDING, kept(id="acme/soon", expiration_date="2026-12-01"))
    found = Deprecations.model_validate_json(files["catalog/deprecations.json"]).deprecations
    assert [each.model_dump() for each in found] == [
        {
            "gateway": "openrouter", "model": "acme/soon", "model_key": "acme/soon", "name": "One",
            "expiration_date": "2026-12-01", "replaced_by": None, "announced_at": None,
        },
        {
            "gateway": "openrouter", "model": "acme/two", "model_key": "acme/two", "name": "One",
            "expiration_date": "2026-12-24", "replaced_by": "acme/three", "announced_at": log[2].at,
        },
    ]  # fmt: skip


def entries(files: dict[str, bytes], name: str) -> list[str]:
    """Return the ids of a feed's entries."""
    return [
        each.findtext(f"{ATOM}id", "")
        for each in parsed(files[f"catalog/feeds/{name}.atom"]).iter(f"{ATOM}entry")
    ]


def test_feeds() -> None:
    """Each feed has what its name says, newest first, and an entry has one id in all of them."""
    price, end = later(2), later(1, kind="deprecation", meter="expiration_date", to="2026-12-01")
    gone = later(0, kind="removed", gateway="chutes")
    files = logged([gone, end, price])
    tags = {
        name: f"tag:gatelog.github.io,2026:change/{each.id}"
        for name, each in [("p", price), ("e", end), ("g", gone)]
    }
    assert entries(files, "all") == [tags["p"], tags["e"], tags["g"]]
    assert entries(files, "prices") == [tags["p"]]
    assert entries(files, "shutdowns") == [tags["e"]]
    assert entries(files, "gateway/openrouter") == [tags["p"], tags["e"]]
    assert entries(files, "gateway/chutes") == [tags["g"]]


LOGS = {
    "empty": [],
    "ordinary": [
        one(),
        later(1, kind="added"),
        later(1, kind="first_fetch", model=None, offered=None, before=1, to=2),
    ],
    "hostile": [
        one(model=HOSTILE, kind="renamed", meter="name", before=HOSTILE, to=HOSTILE),
        one(model=f"{HOSTILE}x", kind="removed"),
        one(kind="modality", meter="input_modalities", before=["text", HOSTILE], to=[]),
    ],
}


@pytest.mark.parametrize("log", LOGS.values(), ids=LOGS)
@pytest.mark.parametrize("base_url", ["", "https://host.example/gatelog"])
def test_a_feed_keeps_the_rules_of_atom(log: list[LoggedChange], base_url: str) -> None:
    """RFC 4287, sections 4.1.1 and 4.1.2: what a feed and an entry must have, once, and in which form."""
    for name, body in logged(log, base_url).items():
        if not name.endswith(".atom"):
            continue
        feed = parsed(body)
        assert feed.tag == f"{ATOM}feed"
        check_construct(feed, ("id", "title", "updated", "author"))
        [link] = feed.findall(f"{ATOM}link")
        assert (link.get("rel"), link.get("href")) == ("self", f"{base_url}/{name}")
        found = feed.findall(f"{ATOM}entry")
        ids = [each.findtext(f"{ATOM}id") for each in found]
        assert len(set(ids)) == len(ids)
        for entry in found:
            check_construct(entry, ("id", "title", "updated", "summary"))
            [link] = entry.findall(f"{ATOM}link")
            assert link.get("rel") == "alternate"
            assert not re.search(r"[\s<>\"`]", urljoin("https://host.example", link.get("href", " ")))


def check_construct(node: ET.Element, once: tuple[str, ...]) -> None:
    """Check the parts that a feed or an entry has exactly once, and its date and its id."""
    assert [len(node.findall(f"{ATOM}{name}")) for name in once] == [1] * len(once)
    assert all(child.tag.startswith(ATOM) for child in node.iter())
    assert datetime.fromisoformat(node.findtext(f"{ATOM}updated", "")).tzinfo == UTC
    assert re.fullmatch(r"tag:[a-z.]+,\d{4}:[a-z]+/[\w/-]+", node.findtext(f"{ATOM}id", ""))
    assert node.findtext(f"{ATOM}title")


def test_links_lead_somewhere() -> None:
    """To the history of the model, or to the changes of the day, which are both published."""
    files = logged(
        [*LOGS["ordinary"], later(0, kind="gateway_lost", meter="gateways", offered=None, before=[], to=[])]
    )
    links = re.findall(
        rb'rel="alternate" type="application/json" href="/([^"]+)"', files["catalog/feeds/all.atom"]
    )
    assert len(links) == 4
    assert {link.decode() for link in links} <= set(files)
