"""Raw rows to listings: what is counted, and what becomes of a row that cannot be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

import pytest

from catalog.errors import SkipRowError, UseSnapshotError
from catalog.filled import fill_counts
from catalog.normalize import SHOWN_DRIFT, SHOWN_QUARANTINED, Tally
from catalog.ports import Payload
from catalog.schema.documents import QuarantinedRow
from catalog.schema.listing import Endpoint, Listing, Performance
from tests.factories import Toy, listing, parsed, read


@pytest.mark.parametrize(
    ("row", "stage", "reason"),
    [
        pytest.param({"id": None}, "parse", "id: Input should be a valid string", id="id is null"),
        pytest.param({}, "parse", "id: Field required", id="no id"),
        pytest.param("7", "parse", "row: Input should be", id="a number for a row"),
        pytest.param({"id": "a/b", "pricing": []}, "parse", "pricing: Input should be", id="list for prices"),
        pytest.param({"id": ""}, "normalize", "id: String should have", id="empty id"),
        pytest.param({"id": "a//b"}, "normalize", "id holds an empty segment", id="no path"),
        pytest.param({"id": "b" * 510}, "normalize", "id longer than", id="no path below its gateway"),
        pytest.param(
            {"id": "a/b", "pricing": {"prompt": "-2"}}, "normalize", "negative price", id="negative"
        ),
        pytest.param({"id": "a/b", "pricing": {"prompt": "1e-30"}}, "normalize", "out of range", id="tiny"),
        pytest.param({"id": "a/b", "pricing": {"prompt": "2000000"}}, "normalize", "out of range", id="huge"),
        pytest.param({"id": "a/b", "pricing": {"prompt": "x"}}, "normalize", "not a number", id="words"),
        pytest.param('{"id":"a/b","pricing":{"prompt":NaN}}', "normalize", "not a finite", id="NaN"),
        pytest.param(
            '{"id":"a/b","pricing":{"prompt":Infinity}}', "normalize", "not a finite", id="Infinity"
        ),
        pytest.param(
            '{"id":"a/b","pricing":{"prompt":1e999}}', "normalize", "out of range|large", id="1e999"
        ),
        pytest.param('{"id":"a/b","pricing":{"prompt":1e9999}}', "normalize", "out of range", id="1e9999"),
        pytest.param({"id": "a/b", "pricing": {"song": "-1"}}, "normalize", "negative", id="unknown meter"),
        pytest.param('{"id":"a/b","description":"\\ud800"}', "normalize", "surrogate|UTF-8", id="surrogate"),
        pytest.param({"id": "a/b", "description": "x" * 14_000}, "normalize", "larger than", id="too large"),
    ],
)
def test_quarantine(row: object, stage: str, reason: str) -> None:
    """A row that cannot be read is set aside with its stage and reason; its neighbours are read."""
    lines, tally = read({"id": "a/first"}, row, {"id": "a/last"})
    assert [line.id for line in lines] == ["a/first", "a/last"]
    assert (tally.rows, tally.listings, tally.quarantined_total) == (3, 2, 1)
    [quarantined] = tally.quarantined
    assert quarantined.stage == stage
    assert any(part in quarantined.reason for part in reason.split("|")), quarantined.reason


def test_a_quarantined_row_is_named() -> None:
    """The report shows the id as far as it can be shown; what is kept knows it exactly."""
    _, tally = read({"id": "a/\x1b//"}, {"model_name": "a/named"}, {"id": ""}, "[]")
    assert [row.id for row in tally.quarantined] == ["a/?//", "a/named", None, None]
    assert {"a/\x1b//", "a/named"} <= tally.quarantined_ids


def test_many_quarantined_rows_are_counted_and_some_are_shown() -> None:
    """The state does not grow with the rubbish that an upstream serves."""
    _, tally = read(*[{}] * (SHOWN_QUARANTINED + 1))
    assert (len(tally.quarantined), tally.quarantined_total) == (SHOWN_QUARANTINED, SHOWN_QUARANTINED + 1)


def test_a_reason_is_printable() -> None:
    """No upstream text reaches a terminal raw."""
    _, tally = read({"id": "a/b", "pricing": {"prompt": "\x1b[31m" * 9}})
    assert tally.quarantined[0].reason.isprintable()


def broken(_: object) -> Listing:
    """Fail as only a bug does."""
    raise KeyError("forgotten")


def skipping(_: object) -> Listing:
    """Skip on purpose."""
    raise SkipRowError("no model")


@pytest.mark.parametrize(
    ("normalize", "reason"),
    [
        pytest.param(broken, "the adapter failed: KeyError: 'forgotten'", id="a bug"),
        pytest.param(skipping, "no model", id="on purpose"),
    ],
)
def test_an_adapter_that_fails_costs_a_row(normalize: Any, reason: str) -> None:  # noqa: ANN401 - a fake
    """Neither a bug nor a decision of an adapter costs more than the row."""
    lines, tally = read({"id": "a/b"}, adapter=Toy(normalize=normalize))
    assert lines == []
    assert tally.quarantined == [QuarantinedRow(id="a/b", stage="normalize", reason=reason)]


def torn(_: Iterable[Payload]) -> Iterator[object]:
    """Fail after the first row."""
    yield {"id": "a/b"}
    raise TypeError("slip")


def lost(_: Iterable[Payload]) -> Iterator[object]:
    """Fail as a disk does."""
    yield from ()
    raise OSError("gone")


def test_an_adapter_that_cannot_parse_costs_its_gateway() -> None:
    """A bug in joining payloads is a reason to serve the snapshot."""
    with pytest.raises(UseSnapshotError, match="the adapter failed: TypeError: slip"):
        read(adapter=Toy(parse=torn))


def test_trouble_with_the_disk_is_no_trouble_with_a_gateway() -> None:
    """What no snapshot can cure is not taken for a bad answer."""
    with pytest.raises(OSError, match="gone"):
        read(adapter=Toy(parse=lost))


def test_unknown_meters_are_kept_and_reported() -> None:
    """A price under a new name is published under that name, and is drift."""
    lines, tally = read({"id": "a/b", "pricing": {"prompt": "0.1", "per_song": "0.25"}})
    assert parsed(lines[0])["pricing"] == {"prompt": "0.1", "per_song": "0.25"}
    assert {drift.field: drift.count for drift in tally.drifted()} == {
        "meter per_song": 1,
        "pricing.per_song": 1,
    }


def test_unknown_fields_are_counted() -> None:
    """Fields of a row and of the rows inside it are drift when we do not know them."""
    rows = [{"id": "a/b", "new": 1}, {"id": "a/c", "new": 1, "pricing": {"note": "x"}}, {"id": "", "odd": 1}]
    _, tally = read(*rows)
    assert tally.drift == Counter({"new": 2, "pricing.note": 1})


def test_drift_can_be_shown() -> None:
    """A field with an unprintable or endless name is reported all the same."""
    _, tally = read('{"id":"a/b","\\u0007":1,"' + "x" * 99 + '":1}')
    assert [drift.field for drift in tally.drifted()] == ["?", "x" * 60]


def test_very_much_drift_is_cut_to_the_most_frequent() -> None:
    """The state does not grow with the number of new names."""
    tally = Tally(drift=Counter({f"x{number}": 1 for number in range(SHOWN_DRIFT)} | {"zz": 2}))
    shown = [drift.field for drift in tally.drifted()]
    assert (len(shown), shown[-1]) == (SHOWN_DRIFT, "zz")
    assert shown == sorted(shown)


def test_performance_is_kept_apart() -> None:
    """What moves all the time stands in no line; two hosts of one tag are told apart."""
    swift = Performance(uptime=99.9)
    slow = Performance(latency=900)
    hosts = tuple(
        Endpoint(name="Host", tag="host", pricing={}, performance=each) for each in (swift, slow, None)
    )
    adapter = Toy(normalize=lambda _: listing(id="a/b", endpoints=hosts))
    [line], tally = read({"id": "a/b"}, adapter=adapter)
    assert tally.performance == {"a/b host": swift, "a/b host 2": slow}
    assert b"uptime" not in line.data


def test_filled_fields_are_counted() -> None:
    """A guard can tell in how many listings each field is known."""
    one = {"id": "a/b", "pricing": {"prompt": "1", "request": "1"}, "endpoints": []}
    assert fill_counts([one, {"id": "a/c", "pricing": {"prompt": "1"}}]) == {
        "id": 2,
        "pricing": 2,
        "pricing.prompt": 2,
        "pricing.request": 1,
        "endpoints": 1,
    }


def test_hosts_and_their_prices_are_counted() -> None:
    """A guard can tell models without hosts from those whose hosts name no price that we know."""
    unpriced = {"id": "a/b", "endpoints": [{"pricing": {"prompt_v2": "1"}}, {}]}
    priced = {"id": "a/c", "endpoints": [{}, {"pricing": {"prompt": "1"}}]}
    found = fill_counts([{"id": "a/a", "endpoints": []}, unpriced, priced])
    assert found == {"id": 3, "endpoints": 3, "endpoints.some": 2, "endpoints.priced": 1}
