"""One night with the Hub: what is wanted of it, what is drafted, and that it never stops a build."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from catalog.errors import StopBuildError, UseSnapshotError
from catalog.hub import Hub, Night, ask_hub
from catalog.metrics import Known
from catalog.ports import Facts, MeteredGet
from catalog.schema.listing import KeptListing
from catalog.schema.metrics import Repository
from catalog.store import Store
from providers import huggingface
from tests.factories import kept, line, tombstone
from tests.hub import DOWN, ToyHub

TODAY = date(2026, 11, 20)
DAY = TODAY.isoformat()
METRICS = "huggingface.jsonl"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Open a data folder of two gateways that is being changed."""
    monkeypatch.setattr(os, "sync", lambda: None)
    store = Store(tmp_path)
    store.stage()
    put(store, "long", *(kept(gateway="long", id=f"l/{n}", hugging_face_id=f"A/{n}") for n in range(3)))
    put(
        store,
        "short",
        kept(gateway="short", id="s/1", hugging_face_id="a/2"),
        kept(gateway="short", id="s/2"),
    )
    yield store
    store.discard()


def put(store: Store, gateway: str, *listings: KeptListing) -> None:
    """Draft the snapshot of one gateway."""
    store.draft_snapshot(gateway, [line(each) for each in listings])


def hub(get: ToyHub) -> Hub:
    """Return the Hub with the real questions and a network in memory."""
    return Hub(lambda: nullcontext(get), partial(huggingface.ask, budget=500))


def night(get: ToyHub, store: Store, asking: Sequence[str] = ("long", "short")) -> Night:
    """Ask for what both gateways name, or one of them."""
    return ask_hub(hub(get), store, ("long", "short"), asking, TODAY, swept=False)


def test_a_night(store: Store) -> None:
    """What live listings name is asked, and what the Hub says is drafted, sorted by name."""
    found = night(ToyHub({"A/0": 10, "a/2": 30}), store)
    assert (found.wanted, found.known, found.missing, found.requests, found.swept) == (3, 2, 1, 3, True)
    assert found.reason is None
    assert list(store.repositories()) == [
        Repository(id="A/0", downloads=10, likes=1, gated=False, as_of=DAY),
        Repository(id="A/1", missing=DAY),
        Repository(id="a/2", downloads=30, likes=3, gated=False, as_of=DAY),
    ]


def test_one_gateway_alone(store: Store) -> None:
    """Only what it names is asked; what others name stays known."""
    store.draft_repositories([Repository(id="A/0", as_of="2020-01-01"), Repository(id="b/gone", as_of=DAY)])
    found = night(ToyHub({"A/0": 10, "a/2": 30}), store, ["short"])
    assert (found.wanted, found.known) == (1, 1)
    assert [each.id for each in store.repositories()] == ["A/0", "a/2"]


def test_a_tombstone_is_not_asked_for_and_keeps_its_metrics(store: Store) -> None:
    """Its record still shows them."""
    put(store, "long", tombstone(gateway="long", id="l/0", hugging_face_id="A/0"))
    store.draft_repositories([Repository(id="A/0", as_of="2020-01-01", downloads=5)])
    get = ToyHub({"A/0": 10, "a/2": 30})
    assert night(get, store).wanted == 1
    assert not [path for path in get.asked if "A/0" in path]
    assert next(store.repositories()).downloads == 5


def test_nothing_new_changes_no_byte(store: Store, tmp_path: Path) -> None:
    """A second night of the same day asks nothing and drafts nothing."""
    get = ToyHub({"A/0": 10, "A/1": 20, "a/2": 30})
    night(get, store)
    store.commit()
    before = (tmp_path / METRICS).read_bytes()
    store.stage()
    get.asked.clear()
    assert night(get, store).requests == 0
    store.commit()
    assert (get.asked, (tmp_path / METRICS).read_bytes()) == ([], before)


def test_what_was_known_outlives_a_hub_that_is_down(store: Store) -> None:
    """And the night says why it was given up."""
    store.draft_repositories([Repository(id="A/0", as_of="2026-01-01", downloads=5)])
    found = night(ToyHub({}, down=frozenset(range(1, 9))), store)
    assert (found.reason, found.known) == (DOWN, 1)
    assert list(store.repositories()) == [Repository(id="A/0", as_of="2026-01-01", downloads=5)]


@pytest.mark.parametrize(
    ("problem", "reason"),
    [
        pytest.param(UseSnapshotError("HF_ENDPOINT: not a URL"), "HF_ENDPOINT: not a URL", id="set-up"),
        pytest.param(KeyError("x"), "the adapter failed: KeyError: 'x'", id="a bug"),
    ],
)
def test_trouble_with_the_hub_is_told_and_costs_nothing(
    store: Store, problem: Exception, reason: str
) -> None:
    """Neither a wrong variable nor a bug in our questions."""
    store.draft_repositories([Repository(id="A/0", as_of=DAY)])

    def ask(get: MeteredGet, wanted: Sequence[str], known: Known, today: date, *, swept: bool) -> Facts:
        raise problem

    found = ask_hub(Hub(lambda: nullcontext(ToyHub({})), ask), store, ("long",), ("long",), TODAY, swept=True)
    assert (found.reason, found.requests, found.swept) == (reason, 0, True)
    assert [each.id for each in store.repositories()] == ["A/0"]


def test_a_full_disk_is_no_trouble_of_the_hub(store: Store) -> None:
    """It concerns everything, and stops the build."""

    def network() -> AbstractContextManager[MeteredGet]:
        raise OSError(28, "No space left on device")

    full = Hub(network, partial(huggingface.ask, budget=1))
    with pytest.raises(OSError, match="No space"):
        ask_hub(full, store, ("long",), ("long",), TODAY, swept=False)


def test_a_broken_line_of_ours_stops_the_build(store: Store, tmp_path: Path) -> None:
    """Overwriting it would lose what a person may want to restore."""
    (tmp_path / METRICS).write_text('{"id": "a/b", "as_of": "yesterday"}\n')
    with pytest.raises(StopBuildError, match="line 1 cannot be read: as_of"):
        night(ToyHub({}), store)
