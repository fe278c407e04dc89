"""The composition: what happens to one gateway's answer, and what a whole catalog consists of.

The edges are arguments: a spool for what is too large to hold, the lines of the last snapshot,
the moment of the build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

import orjson

from catalog import hosts, interop, lists, render, schemas, snapshot
from catalog.artifact import Artifact, Json
from catalog.assemble import Catalog
from catalog.book import Book
from catalog.checks import OF_ONE_ANSWER, Answer, Finding, judge, judge_prices, moves
from catalog.crosswise import crosswise
from catalog.days import stamp
from catalog.entry import Entry
from catalog.filled import fill_counts, filled_fields
from catalog.normalize import Tally, read_rows
from catalog.pages import Site, pages
from catalog.performance import performance_keys
from catalog.ports import Adapter, Payload, Spool
from catalog.schema.documents import GuardFinding
from catalog.schema.state import Memory


@dataclass
class Reading:
    """What became of one gateway's answer."""

    gateway: str
    tally: Tally = field(default_factory=Tally)
    findings: list[Finding] = field(default_factory=list)
    answer: Answer | None = None

    @property
    def held(self) -> Finding | None:
        """The first finding that keeps the answer back."""
        return next((finding for finding in self.findings if finding.level == "hold"), None)


def read_answer(
    adapter: Adapter, payloads: Iterable[Payload], lines: Spool, last: Answer | None, now: datetime
) -> Reading:
    """Read one gateway's payloads into `lines` and let the guards look at the result.

    Raises UseSnapshotError when the answer as a whole is not readable.
    """
    reading = Reading(adapter.GATEWAY.id)
    for line in read_rows(adapter, payloads, reading.tally, stamp(now)):
        if not lines.add(line.id, line.data):
            reading.tally.drift["repeated id"] += 1
    reading.answer = Answer(
        gateway=reading.gateway,
        rows=reading.tally.rows,
        listings=len(lines),
        unreadable=reading.tally.quarantined_total,
        filled=filled_fields(reading.tally.shapes),
        drift=tuple(each.field for each in reading.tally.drifted()),
        odd_limits=tuple(reading.tally.odd_limits),
    )
    reading.findings = judge(reading.answer, last)
    return reading


def look_at_prices(reading: Reading, old: Iterable[bytes], lines: Spool, last: Answer) -> None:
    """Let the guards see how prices moved since the last good answer, line by line."""
    named = ((snapshot.id_of(line), line) for line in old)
    before = {**last.filled, "listings": last.listings}
    reading.findings += judge_prices(reading.gateway, moves(named, lines.items()), before)


def last_answer(gateway: str, lines: Iterable[bytes]) -> Answer:
    """Return the figures of a snapshot, for comparing; tombstones do not count."""
    live = [0]

    def fields() -> Iterator[dict[str, object]]:
        for line in lines:
            kept = orjson.loads(line)
            if "removed_at" not in kept:
                live[0] += 1
                del kept["changed_at"]  # ours, no answer has it
                yield kept

    filled: Counter[str] = fill_counts(fields())
    return Answer(gateway, rows=live[0], listings=live[0], unreadable=0, filled=filled)


def next_lines(
    old: Iterable[bytes], lines: Spool, reading: Reading, now: datetime, *, baseline: bool
) -> tuple[Iterator[bytes], snapshot.Counts]:
    """Return the lines of the next snapshot and the counts that fill up while they are read.

    Without a baseline (a starter, another account) what is not in the answer leaves no tombstone.
    """
    counts = snapshot.Counts(nameless=reading.tally.nameless)
    named = ((snapshot.id_of(line), line) for line in old)
    if not baseline:
        return snapshot.replace(named, lines.items(), counts), counts
    return snapshot.merge(named, lines.items(), reading.tally.quarantined_ids, now, counts), counts


def ending(lines: Iterable[bytes]) -> Iterator[Json]:
    """Yield the live listings of a snapshot whose end is announced."""
    for line in lines:
        if b'"expiration_date":"' in line and not snapshot.is_tombstone(line):
            yield orjson.loads(line)


def endpoint_keys(kept: Iterable[Json]) -> set[str]:
    """Return the performance key of every endpoint of some kept listings."""
    hosts = ((fields["id"], fields["endpoints"]) for fields in kept if "endpoints" in fields)
    return {key for name, found in hosts for key in performance_keys(name, (host["tag"] for host in found))}


def seen_again(memory: Memory, now: datetime) -> Memory:
    """Return what is remembered of a gateway that answered as it did the last time."""
    told = {"state": "fresh", "reason": None, "fetched_at": stamp(now), "attempted_at": stamp(now)}
    lasting = tuple(each for each in memory.findings if each.check in OF_ONE_ANSWER and each.level == "info")
    return memory.model_copy(update={**told, "findings": lasting})


def fresh_memory(reading: Reading, memory: Memory, live: int, now: datetime) -> Memory:
    """Return what is remembered of a gateway after a good answer."""
    return memory.model_copy(
        update={
            **_reported(reading),
            "state": "fresh",
            "reason": f"accepted by hand: {reading.held.message}" if reading.held else None,
            "origin": "fetch",
            "fetched_at": stamp(now),
            "attempted_at": stamp(now),
            "rows": live,
        }
    )


def held_memory(reading: Reading, memory: Memory, now: datetime) -> Memory:
    """Return what is remembered of a gateway whose answer a guard distrusts."""
    reason = "; ".join(finding.message for finding in reading.findings if finding.level == "hold")
    told = {
        **_reported(reading),
        "state": "held",
        "reason": reason,
        "attempted_at": stamp(now),
        "digest": None,
    }
    return memory.model_copy(update=told)


def _reported(reading: Reading) -> dict[str, object]:
    return {
        "quarantined": tuple(reading.tally.quarantined),
        "quarantined_total": reading.tally.quarantined_total,
        "drift": reading.tally.drifted(),
        "findings": tuple(
            GuardFinding(check=each.check, level=each.level, message=each.message)
            for each in reading.findings
            if each.level != "stop"  # of the whole catalog, never of one answer
        ),
    }


def artifacts(
    catalog: Catalog,
    kept: Callable[[str], Iterable[bytes]],
    site: Site,
    options: render.Options,
    changes: Iterable[Json] = (),
) -> Iterator[Artifact]:
    """Yield everything that a tree consists of, except what changes with every build.

    `kept` yields the lines of a gateway, the same ones that the catalog was made from; `site` is what does
    not come from a gateway, `changes` the rows of the published list of changes.
    """
    return chain(
        render.records(catalog, kept, options),
        lists.lists(catalog, options.limits),
        crosswise(catalog, options.limits),
        interop.exports(catalog, kept, site.gateways, changes) if options.exports else (),
        schemas.schemas(),
        hosts.hosts(site.files, catalog.book),
        _website(catalog, kept, site, options),
    )


def _website(
    catalog: Catalog, kept: Callable[[str], Iterable[bytes]], site: Site, options: render.Options
) -> Iterator[Artifact]:
    """Yield the pages with what they need; without templates only what is published as it is."""

    def answer(fields: Json, entry: Entry) -> Json:
        return render.record(fields, entry, catalog, options)

    if any(path.startswith("templates/") for path in site.files):
        return pages(catalog, kept, answer, site, options.limits)
    return (Artifact(path, body) for path, body in sorted(site.files.items()) if path.startswith("assets/"))


def coverage(book: Book) -> dict[str, lists.Coverage]:
    """Return how many live listings, and priced ones, each gateway has."""
    live = {name: [entry for entry in entries if entry.live] for name, entries in book.entries.items()}
    return {
        name: (len(entries), sum(entry.price_kind in ("known", "free") for entry in entries))
        for name, entries in live.items()
    }


def totals(book: Book) -> tuple[int, int]:
    """Return how many live listings and how many different live ids there are."""
    live = sum(entry.live for entries in book.entries.values() for entry in entries)
    ids = sum(any(entry.live for entry in group) for group in book.groups.values())
    return live, ids
