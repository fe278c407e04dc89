"""`watch` of the Python client: what became of the models that a program names."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from gatelog_client import Catalog, CatalogUnreachable, CatalogWarning, escape
from gatelog_client._paths import shard
from tests.clients.pages import Pages

Json = dict[str, Any]


def change(day: str, kind: str, model: str | None = "acme/one", **more: Any) -> Json:  # noqa: ANN401 - any value
    """Make a change as it is published."""
    at = f"{day}T02:17:00Z"
    fields = {"gateway": "openrouter", "meter": None, "from": None, "to": None, "percent": None, **more}
    return {"id": f"{day}-{kind}-{model}-{fields['meter']}", "at": at, "kind": kind, "model": model, **fields}


def price(day: str, before: str | None, now: str | None, **more: Any) -> Json:  # noqa: ANN401 - any value
    """Make a change of a price."""
    return change(day, "price", **{"meter": "prompt", "from": before, "to": now, **more})


RENAMED = {"model": "acme/uno", "meter": "id", "from": "acme/one", "to": "acme/uno"}


INDEX = {
    "gateways": ["openrouter", "chutes"],
    "models": {"acme/one": ["openrouter"], "acme/one:free": ["openrouter"], "chutes/bare": ["chutes"]},
}


class Published:
    """A published tree of hand-made documents; every shard of the index tells of all models."""

    def __init__(self) -> None:
        """Begin with a catalog in which nothing happened."""
        shards = {f"catalog/index/{number:02x}.json": INDEX for number in range(256)}
        self.documents: dict[str, Json] = {"catalog/deprecations.json": {"deprecations": []}, **shards}
        self.newest()

    def newest(self, *changes: Json) -> None:
        """Publish the newest changes, given from old to new."""
        self.documents["catalog/changes.json"] = {"changes": changes[::-1]}

    def day(self, day: str, *changes: Json) -> None:
        """Publish the changes of a day, and a history of each model that tells of the day."""
        self.documents[f"catalog/changes/{day}.json"] = {"changes": changes}
        for each in changes:
            point = {"at": each["at"], "gateway": each["gateway"], "id": each["model"]}
            self.documents[f"catalog/history/{escape(each['model'])}"] = {"points": [point]}

    def answer(self, request: httpx.Request) -> httpx.Response:
        """Answer as a host does."""
        found = self.documents.get(request.url.path.lstrip("/"))
        if found is None:
            return httpx.Response(404)
        return httpx.Response(200, json={"schema_version": "1.0", **found})

    def watch(self, named: str | list[str], since: str | date = "") -> list[tuple[str, ...]]:
        """Ask, and return what was found without the gateway."""
        with httpx.Client(transport=httpx.MockTransport(self.answer)) as client:
            catalog = Catalog("https://example.test", cache=None, client=client)
            return [each[:1] + each[2:] for each in catalog.watch(named, since)]


@pytest.fixture
def published() -> Published:
    """Nothing happened yet."""
    return Published()


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        pytest.param([], [], id="nothing"),
        pytest.param(
            [change("2026-11-03", "removed")], [("gone", "2026-11-03", "no longer offered")], id="gone"
        ),
        pytest.param(
            [change("2026-11-03", "removed"), change("2026-11-04", "returned")], [], id="back again"
        ),
        pytest.param(
            [change("2026-11-03", "renamed", **RENAMED)],
            [("renamed", "2026-11-03", "now acme/uno")],
            id="renamed",
        ),
        pytest.param(
            [change("2026-11-03", "renamed", meter="name", **{"from": "One", "to": "Uno"})],
            [],
            id="a display name",
        ),
        pytest.param(
            [price("2026-11-03", "0.000001", "0.000002")],
            [("dearer", "2026-11-03", "prompt 0.000001 → 0.000002")],
            id="dearer",
        ),
        pytest.param(
            [price("2026-11-03", "0.000001", "0.000003"), price("2026-11-04", "0.000003", "0.0000015")],
            [("dearer", "2026-11-04", "prompt 0.000001 → 0.0000015")],
            id="dearer after all",
        ),
        pytest.param(
            [price("2026-11-03", "0", "0.000002")],
            [("dearer", "2026-11-03", "prompt 0 → 0.000002")],
            id="was free",
        ),
        pytest.param(
            [price("2026-11-03", "0.000001", "0.000002"), price("2026-11-04", "0.000002", "0.000001")],
            [],
            id="as before",
        ),
        pytest.param([price("2026-11-03", None, "0.000002")], [], id="a price that became known"),
        pytest.param([price("2026-11-03", "0.000002", None)], [], id="a price that is told no more"),
        pytest.param([price("2026-11-03", "0.000002", "0.000001")], [], id="cheaper"),
        pytest.param([change("2026-11-03", "removed", model="acme/two")], [], id="another model"),
        pytest.param([change("2026-11-03", "gateway_lost")], [], id="a model key, which is no offer"),
        pytest.param([change("2026-11-03", "first_fetch", model=None)], [], id="a whole list"),
    ],
)
def test_what_is_told(published: Published, log: list[Json], expected: list[tuple[str, str, str]]) -> None:
    """Gone, renamed, dearer: what counts is how it stands now."""
    published.newest(*log)
    assert published.watch(["acme/one"]) == [("acme/one", *each) for each in expected]


def test_an_end_that_is_announced(published: Published) -> None:
    """It is told whenever it was announced, with the successor if one is named."""
    row = {"gateway": "openrouter", "model": "acme/one", "expiration_date": "2026-12-01"}
    other = {**row, "gateway": "chutes", "replaced_by": None}
    rows = [{**row, "replaced_by": "acme/two"}, other]
    published.documents["catalog/deprecations.json"] = {"deprecations": rows}
    assert published.watch(["acme/one"], since="2027-01-01") == [
        ("acme/one", "ending", "2026-12-01", ""),
        ("acme/one", "ending", "2026-12-01", "use acme/two"),
    ]


@pytest.mark.parametrize("since", ["2026-11-04", date(2026, 11, 4)])
def test_since(published: Published, since: str | date) -> None:
    """What happened before the day does not count, and neither does what a price was then."""
    published.newest(price("2026-11-03", "0.000001", "0.000002"), price("2026-11-05", "0.000002", "0.000004"))
    assert published.watch(["acme/one"], since=since) == [
        ("acme/one", "dearer", "2026-11-05", "prompt 0.000002 → 0.000004")
    ]


def test_older_than_the_newest_changes(published: Published) -> None:
    """The history of a model names the days whose changes are read, as far back as is asked."""
    published.newest(change("2026-11-20", "added", model="acme/new"))
    published.day("2026-03-01", change("2026-03-01", "removed", model="acme/gone"))
    assert published.watch(["acme/gone"]) == [("acme/gone", "gone", "2026-03-01", "no longer offered")]
    assert published.watch("acme/gone") == [("acme/gone", "gone", "2026-03-01", "no longer offered")]
    assert published.watch(["acme/gone"], "2026-03-02") == []


def test_a_change_that_is_told_twice(published: Published) -> None:
    """The oldest day of the newest changes is there in part: it is read whole, and nothing counts twice."""
    first, second = (
        price("2026-11-03", "0.000001", "0.000002"),
        price("2026-11-03", "0.1", "0.2", meter="audio"),
    )
    published.newest(second)
    published.day("2026-11-03", first, second)
    assert [each[3] for each in published.watch(["acme/one"])] == [
        "audio 0.1 → 0.2",
        "prompt 0.000001 → 0.000002",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param('{"model": "openrouter\\/acme\\/one"}', "acme/one", id="behind a gateway, in JSON"),
        pytest.param("https://openrouter.ai/acme/one?x=1", "acme/one", id="an address"),
        pytest.param("ACME/One:", "acme/one", id="any case"),
        pytest.param("acme/one:nitro", "acme/one", id="a variant that is never listed"),
        pytest.param("acme/one:free", None, id="a variant of its own"),
        pytest.param("acme/one-mini xacme/one", None, id="other models"),
        pytest.param("bare", "bare", id="a bare id"),
        pytest.param("chutes/bare", "bare", id="a bare id behind its gateway"),
        pytest.param("openrouter/bare", None, id="a bare id behind another gateway"),
    ],
)
def test_a_text(published: Published, text: str, found: str | None) -> None:
    """Ids are found in code and prose, the longest reading of a word counts."""
    published.newest(
        change("2026-11-03", "removed"), change("2026-11-03", "removed", model="bare", gateway="chutes")
    )
    assert [each[0] for each in published.watch(text)] == ([found] if found else [])


def test_an_id_that_nobody_knows(published: Published) -> None:
    """In a list it is warned of, as silence would say that all is well; in a text it is just a word."""
    with pytest.warns(CatalogWarning, match=r"does not know 'acme/nine'") as warned:
        assert published.watch(["acme/nine", "acme/one"]) == []
    assert len(warned) == 1
    assert published.watch("acme/nine a//b /x " + "y" * 600) == []


def test_no_day(published: Published) -> None:
    """A day that is none is the caller's mistake."""
    with pytest.raises(ValueError, match="yesterday"):
        published.watch(["acme/one"], since="yesterday")


@pytest.mark.parametrize("path", ["catalog/changes.json", "catalog/deprecations.json", shard("acme/one")])
def test_without_the_lists(published: Published, path: str) -> None:
    """Without them nobody knows: an error, never an empty answer."""
    del published.documents[path]
    with pytest.raises(CatalogUnreachable, match=path):
        published.watch(["acme/one"])


def test_a_host_that_is_down(host: Pages, tmp_path: Path) -> None:
    """What the cache holds is not all that happened, so it does not answer."""
    with Catalog(host.url, cache=tmp_path) as up:
        assert up.watch(["openai/gpt-5.2-chat"])[0].what == "ending"

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with httpx.Client(transport=httpx.MockTransport(refuse)) as down, pytest.raises(CatalogUnreachable):
        Catalog(host.url, cache=tmp_path, max_age=0, client=down).watch(["openai/gpt-5.2-chat"])


def test_requests(catalog: Catalog, host: Pages) -> None:
    """Two lists, a shard and a history for an id."""
    catalog.watch(["openai/gpt-5.2-chat"])
    assert host.news() == [
        ("catalog/changes.json", 200),
        ("catalog/deprecations.json", 200),
        (shard("openai/gpt-5.2-chat"), 200),
        ("catalog/history/openai/gpt-5.2-chat.json", 404),
    ]
