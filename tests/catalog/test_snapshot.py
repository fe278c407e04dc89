"""One snapshot to the next: what stays, what goes, and what was only not said this time."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import orjson
import pytest

from catalog.days import stamp
from catalog.schema.listing import Endpoint, KeptListing, PriceTier
from catalog.snapshot import KEPT_DAYS, Counts, merge, replace
from tests.factories import NOW, THEN, kept, line, tombstone

Rows = Iterable[KeptListing]
NEW = stamp(NOW)
NIGHT = PriceTier(utc_start="10:00", utc_end="01:00", pricing={"prompt": Decimal("0.1")})
DAY = PriceTier(utc_start="01:00", utc_end="10:00", pricing={"prompt": Decimal("0.1")})


def named(rows: Rows) -> list[tuple[str, bytes]]:
    """Make a sorted side of a comparison."""
    return [(row.id, line(row)) for row in sorted(rows, key=lambda row: row.id)]


def fresh(**fields: Any) -> KeptListing:  # noqa: ANN401 - the fields of a listing
    """Make a listing as a new answer has it."""
    return kept(**{"changed_at": stamp(NOW), **fields})


def merged(
    old: Rows, new: Rows, unread: tuple[str, ...] = (), now: datetime = NOW
) -> tuple[list[KeptListing], Counts]:
    """Merge two sides."""
    counts = Counts()
    lines = list(merge(named(old), named(new), unread, now, counts))
    return [KeptListing.model_validate_json(each) for each in lines], counts


def replaced(old: Rows, new: Rows) -> tuple[list[KeptListing], Counts]:
    """Replace one side by another."""
    counts = Counts()
    lines = list(replace(named(old), named(new), counts))
    return [KeptListing.model_validate_json(each) for each in lines], counts


def test_an_unchanged_listing_keeps_its_line() -> None:
    """What did not change keeps the moment when it last did."""
    assert merged([kept()], [fresh()]) == ([kept()], Counts(live=1))


def test_a_changed_listing_changes_now() -> None:
    """Any other field moves the moment."""
    assert merged([kept()], [fresh(name="Two")]) == ([fresh(name="Two")], Counts(live=1, changed=1))


def test_a_description_cannot_pass_for_a_moment() -> None:
    """Text of an upstream that looks like a field of ours changes nothing in the comparison."""
    trap = '"changed_at":"2020-01-01T00:00:00Z","removed_at":"x","endpoints":'
    found, counts = merged([kept(description=trap)], [fresh(description=trap + "!")])
    assert (found, counts) == ([fresh(description=trap + "!")], Counts(live=1, changed=1))


def test_a_new_listing_is_added() -> None:
    """What was not there before is counted."""
    new = [fresh(id="a/a"), fresh(id="a/b"), fresh(id="a/c")]
    assert merged([kept(id="a/b")], new) == ([new[0], kept(id="a/b"), new[2]], Counts(live=3, added=2))


def test_a_listing_that_is_gone_becomes_a_tombstone() -> None:
    """It keeps everything that was known, and says since when it is gone."""
    found, counts = merged([kept(id="a/b", name="B")], [])
    at = stamp(NOW)
    assert found == [tombstone(id="a/b", name="B", removed_at=at, changed_at=at)]
    assert counts == Counts(removed=1)


@pytest.mark.parametrize(
    ("later", "left"),
    [
        pytest.param(timedelta(0), 1, id="to the second"),
        pytest.param(timedelta(seconds=1), 0, id="a second over"),
    ],
)
def test_a_tombstone_stays_for_90_days(later: timedelta, left: int) -> None:
    """It keeps its bytes, is in no count, and then it goes."""
    now = datetime(2026, 10, 1, tzinfo=UTC) + timedelta(days=KEPT_DAYS) + later
    found, counts = merged([tombstone()], [], now=now)
    assert found == [tombstone()][:left]
    assert counts == Counts()


def test_a_tombstone_whose_model_returns_is_added_again() -> None:
    """The model is alive and new."""
    assert merged([tombstone()], [fresh()]) == ([fresh()], Counts(live=1, added=1))


def test_a_row_that_could_not_be_read_keeps_its_last_good_line() -> None:
    """Unreadable is not gone."""
    found, counts = merged([kept(id="a/b"), kept(id="a/c")], [], unread=("a/b",))
    assert (found[0], found[1].status) == (kept(id="a/b"), "removed")
    assert counts == Counts(live=1, removed=1)


def test_a_tombstone_whose_row_cannot_be_read_still_goes() -> None:
    """A row that is unreadable for ever does not keep a tombstone for ever."""
    assert merged([tombstone()], [], ("acme/one",), NOW + timedelta(days=99)) == ([], Counts())


HOST = Endpoint(name="Host", tag="host", pricing={"prompt": Decimal("0.2")}, context_length=1000)
BARE = HOST.model_copy(update={"pricing": {}})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param((HOST,), None, (HOST,), id="not answered"),
        pytest.param((HOST,), (), (), id="answered: none"),
        pytest.param((HOST,), (BARE,), (BARE,), id="answered: others"),
        pytest.param(None, None, None, id="never known"),
    ],
)
def test_endpoints_are_carried_over_when_they_were_not_answered(
    before: tuple[Endpoint, ...] | None,
    after: tuple[Endpoint, ...] | None,
    expected: tuple[Endpoint, ...] | None,
) -> None:
    """One request that failed does not empty a record."""
    [found], _ = merged([kept(endpoints=before)], [fresh(endpoints=after)])
    assert found.endpoints == expected


def test_carried_over_endpoints_are_no_change() -> None:
    """A listing that only lost its endpoints keeps its bytes."""
    assert merged([kept(endpoints=(HOST,))], [fresh()]) == ([kept(endpoints=(HOST,))], Counts(live=1))


def by_day(**fields: Any) -> KeptListing:  # noqa: ANN401 - the fields of a listing
    """Make a listing whose base price shows."""
    return kept(**{"pricing": {"prompt": Decimal("0.2")}, "price_tiers": (NIGHT,), **fields})


def by_night(**fields: Any) -> KeptListing:  # noqa: ANN401 - the fields of a listing
    """Make the same listing at a time when a window hides its base price."""
    return fresh(**{"price_kind": "dynamic", "price_tiers": (NIGHT,), **fields})


def test_a_price_that_the_clock_hides_is_carried_over() -> None:
    """Two builds on one upstream are equal, whatever the time of the day."""
    assert merged([by_day()], [by_night()]) == ([by_day()], Counts(live=1))


def test_a_hidden_price_of_a_host_is_carried_over() -> None:
    """The hosts of such a model follow the same clock."""
    before = by_day(endpoints=(HOST,))
    assert merged([before], [by_night(endpoints=(BARE,))]) == ([before], Counts(live=1))


def test_hosts_that_are_known_for_the_first_time_have_no_hidden_price() -> None:
    """The base price of the model is carried over, and its hosts stay as served."""
    [found], _ = merged([by_day()], [by_night(endpoints=(BARE,))])
    assert (found.pricing, found.endpoints) == ({"prompt": Decimal("0.2")}, (BARE,))


def test_of_a_host_only_the_hidden_price_is_carried_over() -> None:
    """Everything else of a host is news, and a new host has no past."""
    grown = BARE.model_copy(update={"context_length": 2000})
    other = BARE.model_copy(update={"tag": "other"})
    [found], _ = merged([by_day(endpoints=(HOST,))], [by_night(endpoints=(grown, other))])
    assert found.endpoints == (HOST.model_copy(update={"context_length": 2000}), other)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(by_day(), by_night(price_tiers=(DAY,)), id="other windows"),
        pytest.param(by_day(), fresh(price_kind="dynamic"), id="no windows any more"),
        pytest.param(
            kept(pricing={"prompt": Decimal("0.2")}),
            fresh(price_kind="dynamic"),
            id="decided per request now",
        ),
        pytest.param(
            by_day(), by_day(pricing={"prompt": Decimal("0.3")}, changed_at=NEW), id="new at any time"
        ),
        pytest.param(by_night(changed_at=THEN), by_night(name="Two"), id="never known"),
        pytest.param(by_day(), fresh(pricing={"prompt": Decimal("0.3")}), id="a new price"),
    ],
)
def test_other_prices_are_not_carried_over(before: KeptListing, after: KeptListing) -> None:
    """A price that the gateway took back is not published on."""
    assert merged([before], [after])[0] == [after]


def test_a_starter_is_replaced_without_tombstones() -> None:
    """What only shipped with the repository leaves nothing behind."""
    old = [kept(id="a/a"), kept(id="a/b"), kept(id="a/c")]
    new = [fresh(id="a/b"), fresh(id="a/c", name="C"), fresh(id="a/d")]
    found, counts = replaced(old, new)
    assert found == [kept(id="a/b"), *new[1:]]
    assert counts == Counts(live=3, added=1, removed=1, changed=1)


def test_tombstones_of_a_replaced_snapshot_count_as_gone() -> None:
    """Neither is a removed model removed twice, nor one that returns merely changed."""
    found, counts = replaced([tombstone(id="a/a"), tombstone(id="a/b")], [fresh(id="a/b")])
    assert (found, counts) == ([fresh(id="a/b")], Counts(live=1, added=1))


def test_lines_are_canonical() -> None:
    """Keys are sorted, also in a line that was completed."""
    counts = Counts()
    side = named([kept(endpoints=(HOST,))]), named([fresh(name="Two")])
    [completed] = merge(*side, (), NOW, counts)
    option = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE
    assert completed == orjson.dumps(orjson.loads(completed), option=option)


@pytest.mark.parametrize(("nameless", "left"), [(0, 0), (1, 1), (2, 2), (3, 2)])
def test_rows_without_an_id_may_be_what_is_missing(nameless: int, left: int) -> None:
    """As many listings stay as rows could not even be named."""
    counts = Counts(nameless=nameless)
    old = [("a/a", line(kept(id="a/a"))), ("a/b", line(kept(id="a/b")))]
    lines = list(merge(old, [], frozenset(), NOW, counts))
    assert sum(b'"removed_at"' not in found for found in lines) == left
    assert counts.removed == 2 - left
