"""What a run did, as rows for a table, lines for a pipe and one JSON document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from catalog.checks import Finding
from catalog.hub import Night
from catalog.publish import Told
from catalog.refresh import Outcome
from catalog.schema.documents import Totals
from catalog.schema.state import Memory
from catalog.write import Report

COLUMNS = ("gateway", "state", "models", "added", "removed", "changed", "quarantined", "seconds")
_DEGRADED = ("stale", "held", "unconfigured", "unavailable")


def table(memories: Mapping[str, Memory], outcomes: Mapping[str, Outcome]) -> list[tuple[str, ...]]:
    """Return one row of text for each gateway, under `COLUMNS`."""
    return [_row(name, memory, outcomes.get(name)) for name, memory in memories.items()]


def _row(name: str, memory: Memory, outcome: Outcome | None) -> tuple[str, ...]:
    counts = outcome.counts if outcome else None
    moved = (counts.added, counts.removed, counts.changed) if counts else (0, 0, 0)
    seconds = f"{outcome.seconds:.1f}" if outcome else "-"
    shown = (memory.rows, *moved, memory.quarantined_total)
    return name, state_of(memory), *map(str, shown), seconds


def told(outcome: Outcome) -> str:
    """Return what became of one gateway in a few words."""
    memory, counts = outcome.memory, outcome.counts
    if counts is None:
        return f"{memory.state}, {memory.reason}" if memory.reason else f"{memory.state}, nothing new"
    moved = f"{counts.added} added, {counts.removed} removed, {counts.changed} changed"
    return f"{memory.state}, {memory.rows} models: {moved}"


def state_of(memory: Memory) -> str:
    """Return the state in words, with a mark on listings that only ship with the repository."""
    return f"{memory.state} (starter)" if memory.origin == "starter" else memory.state


def worth_a_look(memories: Mapping[str, Memory], unseen: Iterable[Finding] = ()) -> list[str]:
    """Return what guards said that keeps nothing back, one line each; drift stands in the lists alone."""
    told = [
        f"{name}: {finding.message}"
        for name, memory in memories.items()
        for finding in memory.findings
        if finding.level == "info" and finding.check != "drift" and memory.state == "fresh"
    ]
    return [*told, *(f"{each.gateway}: {each.message}" for each in unseen)]


def warnings(memories: Mapping[str, Memory], *, offline: bool) -> list[str]:
    """Return what a person should not overlook, one line each."""
    told = [
        f"{name}: {memory.state}, {_served(memory)}: {memory.reason}"
        for name, memory in memories.items()
        if memory.state in _DEGRADED and memory.reason and (memory.attempted_at or not memory.rows)
    ]
    starters = [name for name, memory in memories.items() if memory.origin == "starter"]
    if starters:
        told.append(
            f"starter listings, not today's, for {', '.join(starters)}: never fetched successfully here"
        )
    if offline:
        told.append("offline: no gateway was asked, everything comes from data/")
    return told


def _served(memory: Memory) -> str:
    if not memory.rows:
        return "nothing to serve"
    return f"{memory.rows} listings of {memory.fetched_at or 'a static list'} are served"


def hub(night: Night | None) -> list[str]:
    """Return what is to be said of the Hugging Face Hub; nothing when it was not asked."""
    if night is None:
        return []
    told = (
        f"huggingface: {night.known:,} of {night.wanted:,} repositories known, {night.missing:,} missing; "
        f"{night.requests:,} requests, {night.seconds:.1f} s"
    )
    return [told, *([f"! huggingface: given up: {night.reason}"] if night.reason else [])]


def degraded(memories: Mapping[str, Memory]) -> bool:
    """Tell whether any gateway is not served from a good answer of its last attempt."""
    return any(memory.state in _DEGRADED for memory in memories.values())


def sizes(totals: Totals, report: Report) -> str:
    """Return the closing line: entries and megabytes of the tree, and what was written."""
    entries = totals.files + totals.folders
    per_listing = f"{entries / totals.listings:.2f} per listing" if totals.listings else "no listings"
    return (
        f"{entries:,} entries ({per_listing}), {totals.bytes / 1e6:.1f} MB; "
        f"{report.created} files created, {report.updated} updated, {report.deleted} deleted, "
        f"{report.linked} further names, {report.unchanged} unchanged"
    )


def published(name: str, told: Told, requests: int, *, dry_run: bool) -> str:
    """Return the closing line of a publication."""
    would = "would be " if dry_run else ""
    size = "" if dry_run else f" ({told.bytes / 1e6:,.1f} MB)"
    return (
        f"{name}: {told.files:,} files{size} {would}uploaded, {told.deleted:,} {would}deleted, "
        f"{told.waiting:,} wait to be deleted; {requests:,} requests"
    )


def _told(memory: Memory) -> dict[str, Any]:
    return {"reason": memory.reason, "findings": [each.model_dump() for each in memory.findings]}


def as_json(
    memories: Mapping[str, Memory],
    outcomes: Mapping[str, Outcome],
    report: Report | None,
    night: Night | None = None,
) -> dict[str, Any]:
    """Return the report of a run for programs."""
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in table(memories, outcomes)]
    return {
        "gateways": [{**row, **_told(memories[str(row["gateway"])])} for row in rows],
        "huggingface": None if night is None else asdict(night),
        "totals": report.totals.model_dump() if report and report.totals else None,
        "files": None if report is None else {k: v for k, v in vars(report).items() if k != "totals"},
    }
