"""What is measured: a build, and the loops that it is compared with."""

from __future__ import annotations

import gc
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from catalog import render
from catalog.artifact import Artifact, Limits
from catalog.assemble import assemble
from catalog.comparison import changes
from catalog.days import stamp
from catalog.identity.known import row
from catalog.identity.merge import merge
from catalog.identity.resolve import Resolver
from catalog.kept import encode
from catalog.ports import Adapter, Payload
from catalog.run import Run
from catalog.screen import Screen
from catalog.settings import Settings
from catalog.sides import sides
from catalog.store import Store
from catalog.tree import Present, locked
from catalog.verify import verify
from catalog.world import World
from catalog.write import Report
from commands import program
from commands.options import NAMES
from providers import ADAPTERS
from tests.bench.network import Bodies

Figures = dict[str, float]
Work = Callable[[], Figures]
_RECORD = orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
_LARGE = Limits(entries=10**7, megabytes=10**5)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


@dataclass(frozen=True)
class Place:
    """The folders of one measurement."""

    bodies: Path
    root: Path

    @property
    def data(self) -> Path:
        """The state between builds."""
        return self.root / "data"

    @property
    def output(self) -> Path:
        """The built tree."""
        return self.root / "output"


def build(place: Place, facts: Path, *, exports: bool = False, site: bool = False, night: int = 0) -> Work:
    """Return a build from a data folder without snapshots, or again when it has been built before.

    So many nights have gone by since the first day.
    """
    _begin(place, facts)
    bodies = Bodies(place.bodies)

    def work() -> Figures:
        with _Counting(NAMES, verbose=False) as screen, ExitStack() as locks:
            world = _world(bodies, screen, exports=exports, site=site)
            run = Run(
                Settings(output=place.output, data=place.data),
                replace(world, now=NOW + timedelta(days=night)),
            )
            for folder in (place.data, place.output):
                locks.enter_context(locked(folder))
            run.refresh()
            report = run.publish()
            run.store.commit()
        return {**_figures(run, report.totals), **_changed(run, report), "records": screen.records}

    return work


class _Counting(Screen):
    """A screen that counts the records that go by."""

    records = 0

    def writing(self, artifacts: Iterable[Artifact]) -> Iterator[Artifact]:
        """Pass artifacts through."""
        for artifact in super().writing(artifacts):
            self.records += "/model/" in artifact.path
            yield artifact


def _changed(run: Run, report: Report) -> Figures:
    counts = [outcome.counts for outcome in run.outcomes.values() if outcome.counts]
    return {
        "changed": sum(each.changed for each in counts),
        "written": report.created + report.updated,
        "written_bytes": report.bytes,
        "linked": report.linked,
    }


def records(place: Place, facts: Path) -> Work:
    """Return the part of a cold build that turns bodies into the JSON records: all but writing the tree."""
    _begin(place, facts)
    bodies = Bodies(place.bodies)

    def work() -> Figures:
        with Screen(NAMES, verbose=False) as screen:
            run = Run(
                Settings(output=place.output, data=place.data),
                _world(bodies, screen, exports=False, site=False),
            )
            run.refresh()
            store = run.store
            catalog = assemble(tuple(run.memories), store.kept, store.facts.identity(), store.performance())
            size = sum(len(each.body) for each in render.records(catalog, store.lines, render.Options()))
            store.discard()
        return {"listings": sum(map(len, catalog.book.entries.values())), "bytes": size}

    return work


def _begin(place: Place, facts: Path) -> None:
    if not place.data.exists():
        shutil.copytree(
            facts, place.data, ignore=shutil.ignore_patterns("snapshots", "state.json", "*.jsonl")
        )


def _world(bodies: Bodies, screen: Screen, *, exports: bool, site: bool) -> World:
    return World(
        adapters=ADAPTERS,
        network=bodies.open,
        patience=3600,
        accounts={},
        now=NOW,
        code="bench",
        commit=None,
        watcher=screen,
        site=program.site() if site else {},
        limits=_LARGE,
        exports=exports,
    )


def _figures(run: Run, totals: Any) -> Figures:  # noqa: ANN401 - Totals, or None before a tree is finished
    for name, memory in run.memories.items():
        if memory.state != "fresh" or memory.quarantined_total:
            raise SystemExit(f"{name}: {memory.state}, {memory.reason}, {memory.quarantined[:3]}")
    entries = totals.files + totals.folders
    return {"listings": totals.listings, "entries": entries, "bytes": totals.bytes}


def reference(place: Place, *, named: bool = False) -> Work:
    """Return the loop that any such program has: parse, validate, dump, hash and write.

    It writes each record once, under its first name; with `named` also its further names, as links.
    """
    bodies = Bodies(place.bodies)
    records = [
        (path, orjson.loads(body), names if named else [])
        for path, body, names in _files(place.output)
        if "/model/" in path
    ]
    target = place.root / ("named" if named else "reference")
    gc.collect()
    gc.freeze()  # what a loop holds that was not made in it costs it nothing

    def work() -> Figures:
        rows = 0
        for adapter in ADAPTERS:
            payloads = _parsed(adapter, bodies, place.data)
            for raw in adapter.parse(payloads):
                adapter.Row.model_validate(raw)
                rows += 1
        for path, record, names in records:
            body = orjson.dumps(record, option=_RECORD)
            sha256(body).hexdigest()
            _write(f"{target}/{path}", body)
            for name in names:
                _link(f"{target}/{path}", f"{target}/{name}")
        return {"rows": rows, "listings": len(records)}

    return work


def _parsed(adapter: Adapter, bodies: Bodies, data: Path) -> Iterator[Payload]:
    for payload in bodies.payloads(adapter.GATEWAY):
        yield _Parsed(payload.path, payload.base, json.loads(payload.body, parse_float=Decimal))
    for name in adapter.GATEWAY.static:
        yield _Parsed(name, "", json.loads((data / name).read_bytes(), parse_float=Decimal))


class _Parsed(Payload):
    """A body that is parsed once, when it is read."""

    def __init__(self, path: str, base: str, document: object) -> None:
        super().__init__(path, b"", base)
        self.__dict__["document"] = document

    def json(self) -> Any:  # noqa: ANN401 - an upstream document can be anything
        """Return the document."""
        return self.__dict__["document"]


def check(place: Place) -> Work:
    """Return the verification of a built tree, every file read."""

    def work() -> Figures:
        problems = list(verify(Present(place.output), lambda path: (place.output / path).read_bytes()))
        allowed = [each for each in problems if not each.startswith("nothing was checked")]
        if allowed:
            raise SystemExit(f"{len(allowed)} problems: {allowed[:3]}")
        return {}

    return work


def resolve(place: Place, facts: Path) -> Work:
    """Return the step that gives every listing of a built catalog its model key."""
    known = Store(facts).facts.identity()
    store = Store(place.data)
    rows = [row(fields) for name in NAMES for fields in map(orjson.loads, store.lines(name))]

    def work() -> Figures:
        found = merge(Resolver(known, rows), rows)
        return {"listings": sum(map(len, found.found.values())), "refused": len(found.refused)}

    return work


def diff(place: Place) -> Work:
    """Return the comparison of two data folders: 3 % of the listings of the second one have another price."""
    other = place.root / "other"
    shutil.copytree(place.data, other, dirs_exist_ok=True)
    for path in (other / "snapshots").glob("*.jsonl"):
        lines = enumerate(path.read_bytes().splitlines(keepends=True))
        path.write_bytes(b"".join(line if number % 33 else _repriced(line) for number, line in lines))

    def work() -> Figures:
        return {"changes": len(changes(*sides(str(place.data), str(other), place.data), stamp(NOW), {}))}

    return work


def _repriced(line: bytes) -> bytes:
    fields = orjson.loads(line)
    priced = {"pricing": {"prompt": "0.000000001", "completion": "0.000000002"}, "price_kind": "known"}
    return encode({**fields, **priced, "changed_at": stamp(NOW)})


def bare(place: Place, target: Path) -> Work:
    """Return the loop that makes the folders, files and links of a finished tree, and no more."""
    files = list(_files(place.output))
    folders = [str(path.relative_to(place.output)) for path in place.output.rglob("*") if path.is_dir()]

    def work() -> Figures:
        for folder in folders:
            os.makedirs(f"{target}/{folder}", exist_ok=True)  # noqa: PTH103 - the cheapest way there is
        for path, body, names in files:
            _write(f"{target}/{path}", body)
            for name in names:
                os.link(f"{target}/{path}", f"{target}/{name}")
        os.sync()
        return {"files": len(files), "folders": len(folders)}

    return work


def _files(root: Path) -> Iterator[tuple[str, bytes, list[str]]]:
    """Yield each content of a tree with its first name and its further ones."""
    names: dict[int, list[str]] = {}
    for path in sorted(root.rglob("*")):
        if path.is_file():
            names.setdefault(path.stat().st_ino, []).append(str(path.relative_to(root)))
    for first, *further in names.values():
        yield first, (root / first).read_bytes(), further


def _write(path: str, body: bytes) -> None:
    try:
        file = open(path, "wb")  # noqa: PTH123, SIM115 - as above
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path))  # noqa: PTH103, PTH120 - as above
        file = open(path, "wb")  # noqa: PTH123, SIM115 - as above
    with file:
        file.write(body)


def _link(path: str, name: str) -> None:
    try:
        os.link(path, name)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(name))  # noqa: PTH103, PTH120 - as above
        os.link(path, name)
