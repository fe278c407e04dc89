"""EDGE Everything under `data/` that a build keeps: the whole state between two builds.

Nothing is changed in place: drafts are staged, and `commit` puts all of them in place at once.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from heapq import merge
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import orjson
from pydantic import TypeAdapter, ValidationError

from catalog import journal
from catalog.drafts import Drafts, digest_of
from catalog.errors import StopBuildError
from catalog.facts import Facts, broken
from catalog.ports import Payload
from catalog.schema.base import Day
from catalog.schema.changes import Attempt, LoggedChange
from catalog.schema.listing import KeptListing, Performance
from catalog.schema.metrics import Repository
from catalog.schema.state import Memories, Memory
from catalog.spool import DiskSpool

_STATE = "state.json"
_METRICS = "huggingface.jsonl"
_BLOCK = 1 << 16
_LINE = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE

T = TypeVar("T")


class _PerformanceLine(Performance):
    """One line of `performance.jsonl`."""

    key: str
    as_of: Day


_CHANGE = TypeAdapter(LoggedChange)
_ATTEMPT = TypeAdapter(Attempt)
_PERFORMANCE = TypeAdapter(_PerformanceLine)
_REPOSITORY = TypeAdapter(Repository)


class Store:
    """The data folder of one build."""

    def __init__(self, root: Path) -> None:
        """Open a data folder, which may be empty or not there yet."""
        self.facts = Facts(root / "facts")
        self._root = root
        self._drafts = Drafts(root)

    def recover(self) -> None:
        """Complete or forget a change that an earlier build left behind."""
        journal.recover(self._root)

    def memories(self) -> dict[str, Memory]:
        """Return what is remembered of each gateway."""
        return self._state().gateways

    def swept(self) -> str | None:
        """Return the day on which the Hub's most downloaded models were last asked for."""
        return self._state().huggingface_swept

    def _state(self) -> Memories:
        path = self._root / _STATE
        if not path.exists():
            return Memories()
        try:
            return Memories.model_validate_json(path.read_bytes())
        except ValidationError as problem:
            raise broken(path, problem) from problem

    def static(self, names: Iterable[str]) -> Iterator[Payload]:
        """Yield the static catalogs behind a gateway's answer; raises StopBuildError for a broken one."""
        for name in names:
            path = self._root / name
            if path.exists():
                body = path.read_bytes()
                try:
                    orjson.loads(body)
                except orjson.JSONDecodeError as problem:
                    raise broken(path, problem) from problem
                yield Payload(path=name, body=body)

    def has_snapshot(self, gateway: str) -> bool:
        """Tell whether a gateway has listings, drafted or kept."""
        return self._drafts.current(_snapshot(gateway)).exists()

    def live(self, gateway: str) -> int:
        """Return how many lines of a gateway's snapshot are no tombstones."""
        return sum(b'"removed_at":"' not in line for line in self.lines(gateway))

    def lines(self, gateway: str) -> Iterator[bytes]:
        """Yield the lines of a gateway's snapshot with their ends, the drafted one if there is a draft."""
        return _lines(self._drafts.current(_snapshot(gateway)))

    def last_lines(self, gateway: str) -> Iterator[bytes]:
        """Yield the lines of a gateway's snapshot as it was before this build."""
        return _lines(self._root / _snapshot(gateway))

    def kept(self, gateway: str) -> Iterator[dict[str, Any]]:
        """Yield a gateway's kept listings by id, as their lines hold them.

        Raises StopBuildError for a line that does not belong. Lines that this build drafted itself are
        taken as they are: each was a listing a moment ago.
        """
        if not self._drafts.has(_snapshot(gateway)):
            self.check_snapshot(gateway)
        return map(orjson.loads, self.lines(gateway))

    def check_snapshot(self, gateway: str) -> None:
        """Read a whole snapshot; raises StopBuildError for a line that is no listing of the gateway."""
        last = ""
        for number, line in enumerate(self.lines(gateway), 1):
            where = f"{self._root / 'snapshots' / gateway}.jsonl line {number}"
            try:
                listing = KeptListing.model_validate_json(line)
            except ValidationError as problem:
                raise broken(where, problem) from problem
            if listing.gateway != gateway or listing.id <= last:
                raise StopBuildError(f"{where} is of another gateway, out of order or repeated: {listing.id}")
            last = listing.id

    def performance(self) -> dict[str, dict[str, object]]:
        """Return how each endpoint did lately, by `id tag`."""
        path = self._drafts.current("performance.jsonl")
        if not path.exists():
            return {}
        rows: dict[str, dict[str, object]] = {}
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                row = _PERFORMANCE.validate_json(line)
            except ValidationError as problem:
                raise broken(f"{path} line {number}", problem) from problem
            rows[row.key] = row.model_dump(exclude={"key"}, exclude_none=True)
        return rows

    def repositories(self) -> Iterator[Repository]:
        """Yield what is kept of each repository of the Hub; raises StopBuildError for a line that is none."""
        path = self._drafts.current(_METRICS)
        if not path.exists():
            return
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                yield _REPOSITORY.validate_json(line)
            except ValidationError as problem:
                raise broken(f"{path} line {number}", problem) from problem

    def changes(self) -> Iterator[LoggedChange]:
        """Yield the log of changes, oldest first."""
        return self._log("changes", _CHANGE)

    def attempts(self) -> Iterator[Attempt]:
        """Yield the log of attempts to fetch, oldest first."""
        return self._log("attempts", _ATTEMPT)

    def _log(self, name: str, kind: TypeAdapter[T]) -> Iterator[T]:
        """Yield the entries of an append-only log, oldest first, with what this build drafted.

        Raises StopBuildError for a line that does not belong.
        """
        kept = (path.name for path in (self._root / name).glob("*.jsonl"))
        drafted = (draft.rpartition("/")[2] for draft in self._drafts.digests if draft.startswith(f"{name}/"))
        for month in sorted({*kept, *drafted}):
            path = self._drafts.current(f"{name}/{month}")
            for number, line in enumerate(_lines(path), 1):
                try:
                    yield kind.validate_json(line)
                except ValidationError as problem:
                    raise broken(f"{self._root / name / month} line {number}", problem) from problem

    def draft_log(self, name: str, month: str, lines: Iterable[bytes]) -> None:
        """Stage one month of a log, `2026-11`, with further lines: at its end, unless the clock went back."""
        file = f"{name}/{month}.jsonl"
        self._drafts.write(file, merge(_lines(self._drafts.current(file)), lines, key=_moment))

    def digest(self) -> str:
        """Return the digest of everything under `data/` that a tree is made from."""
        total = hashlib.sha256()
        kept = {str(path.relative_to(self._root)): path for path in self._inputs()}
        for name in sorted(kept.keys() | self._drafts.digests.keys()):
            if name != _STATE:
                digest = self._drafts.digests.get(name) or digest_of(kept[name])
                total.update(f"{name}\0{digest}\0".encode())
        return total.hexdigest()

    def _inputs(self) -> Iterator[Path]:
        for pattern in ("*.json", "*.jsonl", "facts/*", "snapshots/*.jsonl", "changes/*.jsonl"):
            yield from filter(Path.is_file, self._root.glob(pattern))

    def stage(self) -> None:
        """Begin a change."""
        self._drafts.begin()

    def spool(self, name: str) -> DiskSpool:
        """Return a spool for what is too large to be held; closed when the change is over."""
        return self._drafts.spool(name)

    def close_spools(self, gateway: str) -> None:
        """Let go of what was spooled for a gateway."""
        self._drafts.close_spools(gateway)

    def draft_snapshot(self, gateway: str, lines: Iterable[bytes]) -> None:
        """Stage the next snapshot of a gateway; it is dropped again if it equals the present one."""
        self._drafts.write(_snapshot(gateway), lines)

    def draft_performance(self, rows: dict[str, dict[str, object]]) -> None:
        """Stage the next `performance.jsonl`, sorted by key."""
        lines = (orjson.dumps({"key": key, **row}, option=_LINE) for key, row in sorted(rows.items()))
        self._drafts.write("performance.jsonl", lines)

    def draft_repositories(self, repositories: Iterable[Repository]) -> None:
        """Stage the next `huggingface.jsonl`, in the order given."""
        rows = (repository.model_dump(exclude_none=True) for repository in repositories)
        self._drafts.write(_METRICS, (orjson.dumps(row, option=_LINE) for row in rows))

    def draft_memories(self, memories: dict[str, Memory], swept: str | None = None) -> None:
        """Stage the next `state.json`."""
        state = Memories(gateways=memories, huggingface_swept=swept)
        fields = state.model_dump(mode="json", exclude_defaults=True)
        text = orjson.dumps(
            fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        self._drafts.write(_STATE, [text])

    def commit(self) -> None:
        """Put every draft in its place at once."""
        self._drafts.commit()

    def discard(self) -> None:
        """Forget every draft that is not decided."""
        self._drafts.discard()


def _snapshot(gateway: str) -> str:
    return f"snapshots/{gateway}.jsonl"


def _moment(line: bytes) -> bytes:
    """Return the beginning of a log's line, which is its moment."""
    return line[: len('{"at":"2026-11-20T02:17:00Z"')]


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb", buffering=_BLOCK) as file:
            yield from file if _is_whole(file) else map(_completed, file)


def _is_whole(file: BinaryIO) -> bool:
    """Tell whether the last line has its end; an editor may have cut it."""
    whole = not file.seek(0, os.SEEK_END) or (file.seek(-1, os.SEEK_END), file.read())[1] == b"\n"
    file.seek(0)
    return whole


def _completed(line: bytes) -> bytes:
    return line if line.endswith(b"\n") else line + b"\n"
