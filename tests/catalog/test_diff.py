"""One gateway on two days: what came, what went, what only has another name."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from catalog.diff import identity_of
from catalog.schema.changes import LoggedChange
from catalog.schema.listing import KeptListing
from tests.changed import AT, changed, priced, told
from tests.factories import THEN, kept, line, tombstone

ONE = kept(id="acme/one", pricing=priced(), context_length=1000)


def names(found: list[LoggedChange]) -> list[tuple[str, str | None]]:
    """Return kind and model."""
    return [(each.kind, each.model) for each in found]


def test_nothing_changed() -> None:
    """Not even when every line says that it last changed at another time."""
    again = ONE.model_copy(update={"changed_at": AT})
    assert (changed([ONE], [ONE]), changed([ONE], [again])) == ([], [])


def test_added_and_removed() -> None:
    """Each is one change; a removed one tells what it last offered, and since when."""
    two = kept(id="acme/two")
    found = changed([ONE, two], [two, kept(id="b/new", pricing=priced("0.000003"))])
    assert told(found) == [
        ("removed", "openrouter", "acme/one", None, None, None),
        ("added", "openrouter", "b/new", None, None, None),
    ]
    gone, new = found
    assert gone.offered is not None
    assert new.offered is not None
    assert (gone.since, gone.offered.prompt, gone.offered.context_length) == (THEN, "0.000001", 1000)
    assert (new.since, new.offered.prompt) == (None, "0.000003")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param([ONE], [tombstone(id="acme/one")], [("removed", "acme/one")], id="a new tombstone"),
        pytest.param([tombstone(id="acme/one")], [ONE], [("returned", "acme/one")], id="back again"),
        pytest.param([tombstone(id="acme/one")], [], [], id="a tombstone that is over"),
        pytest.param(
            [tombstone(id="acme/one")], [tombstone(id="acme/one", name="x")], [], id="only tombstones"
        ),
    ],
)
def test_tombstones(old: list[KeptListing], new: list[KeptListing], expected: list[tuple[str, str]]) -> None:
    """A tombstone is no listing, but it is remembered."""
    rest = [kept(id="z/z")]
    assert names(changed([*old, *rest], [*new, *rest])) == expected


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            {"id": "a/x", "replaced_by": "b/y"}, {"id": "b/y"}, id="the gateway names the successor"
        ),
        pytest.param(
            {"id": "a/x", "canonical_slug": "a/x-0324"},
            {"id": "b/y", "canonical_slug": "a/x-0324"},
            id="version",
        ),
        pytest.param(
            {"id": "a/x", "hugging_face_id": "A/X"}, {"id": "b/y", "hugging_face_id": "a/x"}, id="repository"
        ),
        pytest.param({"id": "Acme/X-1.5"}, {"id": "acme/x_1-5"}, id="spelling"),
    ],
)
def test_renamed(old: dict[str, Any], new: dict[str, Any]) -> None:
    """What left under one id and came under another is renamed, and its prices are compared."""
    found = changed([kept(**old, pricing=priced())], [kept(**new, pricing=priced("0.000002"))])
    assert told(found) == [
        ("price", "openrouter", new["id"], "prompt", "0.000001", "0.000002"),
        ("renamed", "openrouter", new["id"], "id", old["id"], new["id"]),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(
            [{"id": "a/x:free", "canonical_slug": "a/x-1"}],
            [{"id": "a/x", "canonical_slug": "a/x-1"}],
            id="a variant is another offer",
        ),
        pytest.param(
            [{"id": "a/x", "hugging_face_id": "a/x"}],
            [{"id": "a/y", "hugging_face_id": "a/x"}, {"id": "a/z", "hugging_face_id": "a/x"}],
            id="two candidates",
        ),
        pytest.param([{"id": "a/x"}], [{"id": "b/x"}], id="another organisation"),
        pytest.param([{"id": "a/x-1.1"}], [{"id": "a/x-11"}], id="another number"),
    ],
)
def test_not_renamed(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> None:
    """Where anything is in doubt one model went and another one came."""
    found = changed([kept(**each) for each in old], [kept(**each) for each in new])
    assert {each.kind for each in found} == {"removed", "added"}


def integration(name: str, model: str = "gpt-4o", **fields: Any) -> KeptListing:  # noqa: ANN401 - of a listing
    """Make a listing behind a workspace's own name of an integration."""
    return kept(gateway="portkey", id=f"@{name}/{model}", unwrapped=f"openai/{model}", **fields)


def test_a_workspace_that_renames_an_integration() -> None:
    """Its names are nobody else's business; what is behind them is compared."""
    assert changed([integration("prod")], [integration("main")]) == []
    found = changed(
        [integration("prod", pricing=priced())], [integration("main", pricing=priced("0.000009"))]
    )
    assert told(found) == [("price", "portkey", "openai/gpt-4o", "prompt", "0.000001", "0.000009")]


def test_one_of_two_integrations_goes() -> None:
    """The model is still there; when the last one goes, it is gone under the name that people use."""
    a, b = integration("a"), integration("b")
    rest = integration("a", "gpt-5")
    assert changed([a, b, rest], [b, rest]) == []
    assert changed([b, rest], [a, b, rest]) == []
    assert names(changed([a, rest], [rest])) == [("removed", "openai/gpt-4o")]


def test_a_change_has_a_stable_id() -> None:
    """It follows from what changed where and when alone, and no two of one night share it."""
    found = changed([ONE], [kept(id="acme/one", pricing=priced("0.1", "0.2"), context_length=2000)])
    again = changed([ONE], [kept(id="acme/one", pricing=priced("0.3", "0.4"), context_length=3000)])
    assert [each.id for each in found] == [each.id for each in again]
    assert len({each.id for each in found}) == 3
    assert all(each.id.startswith("2026-11-20-") and len(each.id) == 27 for each in found)


@pytest.mark.parametrize(
    ("listing", "expected"),
    [
        pytest.param(kept(id="acme/one"), "acme/one", id="plain"),
        pytest.param(kept(id='a/"id":"b'), 'a/"id":"b', id="quotation marks"),
        pytest.param(kept(id="a/ü"), "a/ü", id="beyond ASCII"),
        pytest.param(
            kept(id="a/b", hugging_face_id='x/"id":"y', description='"gateway":"g","id":"trap"'),
            "a/b",
            id="traps",
        ),
        pytest.param(integration("x"), "openai/gpt-4o", id="wrapped"),
        pytest.param(kept(id="@deepinfra/zai-org/GLM"), "zai-org/GLM", id="wrapped, as in a record"),
    ],
)
def test_identity_of_a_line(listing: KeptListing, expected: str) -> None:
    """The id is read without parsing the line, whatever else stands in it."""
    assert identity_of(line(listing)) == expected
    assert orjson.loads(line(listing))["id"] == listing.id
