"""The log as documents and feeds: complete, stable, and harmless whatever the names are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

import orjson
import pytest

from catalog import changelog
from catalog.changelog.documents import NEWEST
from catalog.changelog.history import histories
from catalog.days import stamp
from catalog.kept import kept_fields
from catalog.schema.changes import Changes, Deprecations, History, LoggedChange
from tests.changed import AT, OFFER, one
from tests.factories import THEN, kept

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "a/<b>&\"'@user](javascript:x)![i](http:x)|`\n\x1b[31m\u202e\ufffe"
ENDING = kept(id="acme/two", expiration_date="2026-12-24", replaced_by="acme/three")


def parsed(body: bytes) -> ET.Element:
    """Parse a feed of ours."""
    return ET.fromstring(body)  # noqa: S314 - nothing untrusted


def tree(log: Sequence[LoggedChange], base_url: str = "", *ending: Any) -> dict[str, bytes]:  # noqa: ANN401 - listings
    """Render a log: every name and its bytes; a name that is made twice fails."""
    files: dict[str, bytes] = {}
    fields = [kept_fields(each) for each in ending]
    for artifact in changelog.artifacts(log, fields, ["openrouter", "chutes"], base_url, {}):
        for name in (artifact.path, *artifact.names):
            assert name not in files, f"{name} twice"
            files[name] = artifact.body
    return files


def later(days: int, **fields: Any) -> LoggedChange:  # noqa: ANN401 - the fields of a change
    """Make a change some days after the usual one."""
    at = stamp(datetime.fromisoformat(AT) + timedelta(days=days))
    return one(**{"at": at, **fields})


def test_the_files_of_an_empty_log() -> None:
    """There are lists without changes and feeds without entries, and no history."""
    files = tree([])
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
    files = tree(log)
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
    files = tree(log)
    assert len(Changes.model_validate_json(files["catalog/changes.json"]).changes) == 500
    assert len(Changes.model_validate_json(files["catalog/changes/2026-11-20.json"]).changes) == 501
    assert len(parsed(files["catalog/feeds/all.atom"]).findall(f"{ATOM}entry")) == 500


def test_the_order_of_the_log_does_not_matter() -> None:
    """Two logs with the same changes are published as the same bytes."""
    log = [later(day, model=f"acme/{name}") for day in range(3) for name in "abc"]
    assert tree(log) == tree(log[::-1])


def test_two_runs_that_were_told_the_same_time() -> None:
    """Of two changes with one id the one that was logged last counts: no feed has an id twice."""
    files = tree([one(to="0.000005"), one(to="0.000006")])
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
    files = tree(log, "", ENDING, kept(id="acme/soon", expiration_date="2026-12-01"))
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
    files = tree([gone, end, price])
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
    for name, body in tree(log, base_url).items():
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
    files = tree(
        [*LOGS["ordinary"], later(0, kind="gateway_lost", meter="gateways", offered=None, before=[], to=[])]
    )
    links = re.findall(
        rb'rel="alternate" type="application/json" href="/([^"]+)"', files["catalog/feeds/all.atom"]
    )
    assert len(links) == 4
    assert {link.decode() for link in links} <= set(files)


OFFERS = [OFFER.model_copy(update={"prompt": price}) for price in ("0.000002", "0.000003")]
"""What was offered after a first and a second rise."""


def history(files: dict[str, bytes], name: str = "acme/one") -> History:
    """Read one history."""
    return History.model_validate_json(files[f"catalog/history/{name}.json"])


def points(found: History) -> list[tuple[str, str | None, str | None]]:
    """Return moment, prompt price and kind of every point."""
    return [(each.at, each.prompt, each.price_kind) for each in found.points]


def test_a_history_begins_before_its_first_change() -> None:
    """What was offered until then is known as well, and since when."""
    found = history(tree([one(offered=OFFERS[0])]))
    assert points(found) == [(THEN, "0.000001", "known"), (AT, "0.000002", "known")]
    assert (found.model_key, found.first_seen, found.last_seen) == ("acme/one", THEN, None)


def test_a_history_from_beginning_to_end() -> None:
    """Added, dearer, gone, back again, gone: the last end is when it was seen last."""
    log = [
        later(0, kind="added", since=None),
        later(1, offered=OFFERS[0]),
        later(1, kind="capability", meter="tools", before=True, to=False, offered=OFFERS[0]),
        later(2, kind="capability", meter="tools", before=False, to=True, offered=OFFERS[0]),
        later(3, kind="removed", offered=OFFERS[0]),
        later(4, kind="returned", since=None, offered=OFFERS[0]),
        later(5, kind="removed", offered=OFFERS[0]),
    ]
    found = history(tree(log))
    assert points(found) == [
        (log[0].at, "0.000001", "known"),
        (log[1].at, "0.000002", "known"),
        (log[4].at, None, None),
        (log[5].at, "0.000002", "known"),
        (log[6].at, None, None),
    ]
    assert (found.first_seen, found.last_seen) == (log[0].at, log[6].at)


def test_a_history_joins_gateways() -> None:
    """It is seen last when the last gateway lost it, and has every name that changed."""
    log = [
        later(0, kind="removed"),
        later(1, kind="removed", gateway="deepinfra", model="Acme/One"),
        later(1, kind="added", gateway="chutes", model="bare", since=None),
    ]
    files = tree(log)
    found = history(files)
    assert [(each.gateway, each.id) for each in found.points] == [
        ("deepinfra", "Acme/One"), ("openrouter", "acme/one"),
        ("openrouter", "acme/one"), ("deepinfra", "Acme/One"),
    ]  # fmt: skip
    assert found.last_seen == log[1].at
    assert history(files, "chutes/bare").last_seen is None
    assert all(before.at <= after.at for before, after in pairwise(found.points))


def test_a_renamed_model_has_a_history_under_both_names() -> None:
    """Under the old one it ended, under the new one it goes on."""
    renamed = later(1, kind="renamed", meter="id", before="acme/old", to="acme/one", offered=OFFERS[0])
    files = tree([later(0, model="acme/old", offered=OFFERS[0]), renamed])
    assert points(history(files, "acme/old"))[-1] == (renamed.at, None, None)
    assert points(history(files))[-1] == (renamed.at, "0.000002", "known")


def test_names_of_one_history_do_not_take_those_of_another() -> None:
    """With model keys two models could want one path: the key has it."""
    keys = {("openrouter", "acme/one"): "acme/key", ("deepinfra", "acme/key"): "b/b"}
    log = [one(), one(gateway="deepinfra", model="acme/key")]
    found = [
        (each.path, each.names)
        for each in changelog.artifacts(log, [], [], "", keys)
        if "history" in each.path
    ]
    assert found == [
        ("catalog/history/acme/key.json", ("catalog/history/acme/one.json",)),
        ("catalog/history/b/b.json", ()),
    ]


def test_only_so_many_models_have_a_history() -> None:
    """The ones that changed last, so that one night cannot exceed the budget of a tree."""
    log = [
        later(day, model=f"acme/{name}") for day, name in ((0, "a"), (3, "a"), (1, "b"), (2, "c"), (2, "d"))
    ]
    assert [each.path for each in histories(log, {}, most=2)] == [
        "catalog/history/acme/a.json", "catalog/history/acme/c.json",
    ]  # fmt: skip


@pytest.mark.parametrize("asked", ["ACME/one", "acme/one"])
def test_the_history_of_an_id_in_words(asked: str) -> None:
    """A table, and a line of bars for each listing whose price moved."""
    log = [
        one(offered=OFFERS[0]),
        later(1, before="0.000002", to="0.000003", offered=OFFERS[1]),
        later(2, kind="removed"),
    ]
    found = changelog.history_of(asked, [*log, one(gateway="chutes", model="bare")])
    assert found
    assert changelog.history_text(found).splitlines() == [
        "since       gateway     id        prompt  completion  context  price",
        "2026-10-01  openrouter  acme/one  $1/M    $2/M        1,000    known",
        "2026-11-20  openrouter  acme/one  $2/M    $2/M        1,000    known",
        "2026-11-21  openrouter  acme/one  $3/M    $2/M        1,000    known",
        "2026-11-22  openrouter  acme/one  –       –           –        gone",
        "openrouter acme/one prompt ▁▄█ $1/M → $3/M",
    ]


def test_the_history_of_what_is_not_in_the_log() -> None:
    """There is none; an id without organisation is found with its gateway before it too."""
    log = [one(gateway="chutes", model="bare")]
    bare = changelog.history_of("bare", log)
    assert changelog.history_of("acme/one", log) is None
    assert bare
    assert changelog.history_of("chutes/bare", log) == {**bare, "model_key": "chutes/bare"}
