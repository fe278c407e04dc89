"""EDGE Everything under `data/`: the whole state between two builds, and the facts people edit.

Nothing is changed in place: drafts are staged, and `commit` puts all of them in place at once.
"""

from __future__ import annotations

import hashlib
import os
import tomllib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, TypeVar

import orjson
from pydantic import AfterValidator, TypeAdapter, ValidationError

from catalog import journal
from catalog.errors import StopBuildError
from catalog.ports import Payload
from catalog.schema.base import Day, Noun
from catalog.schema.changes import Attempt, LoggedChange
from catalog.schema.facts import (
    Aliases,
    HubName,
    IdentityFacts,
    Organisation,
    Organisations,
    PortkeyNames,
    Releases,
    Reuploads,
    Spellings,
    Suffixes,
)
from catalog.schema.listing import KeptListing, Performance
from catalog.schema.metrics import Repository
from catalog.schema.state import Memories, Memory
from catalog.settings import duration

_STATE = "state.json"
_METRICS = "huggingface.jsonl"
_BLOCK = 1 << 16
_BLOCK_LINES = 64

T = TypeVar("T")


def _known_duration(text: str) -> str:
    duration(text)
    return text


class _GatewayFacts(Noun):
    """What `facts/gateways.toml` says of one gateway."""

    weight: int = 0
    max_age: Annotated[str, AfterValidator(_known_duration)] | None = None


_Facts = TypeVar("_Facts", bound=Noun)


class _PerformanceLine(Performance):
    """One line of `performance.jsonl`."""

    key: str
    as_of: Day


_GATEWAY_FACTS = TypeAdapter(dict[str, _GatewayFacts])
_HUB_HEADER = "id\thugging_face_id\tlast_seen"
_CHANGE = TypeAdapter(LoggedChange)
_ATTEMPT = TypeAdapter(Attempt)
_PERFORMANCE = TypeAdapter(_PerformanceLine)
_REPOSITORY = TypeAdapter(Repository)


class Store:
    """The data folder of one build."""

    def __init__(self, root: Path) -> None:
        """Open a data folder, which may be empty or not there yet."""
        self._root = root
        self._steps: list[journal.Step] = []
        self._drafted: dict[str, str] = {}
        self._spools: list[DiskSpool] = []

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
            raise _broken(path, problem) from problem

    def weights(self) -> dict[str, int]:
        """Return the detection weight of each gateway in `facts/gateways.toml`."""
        return {name: facts.weight for name, facts in self._gateway_facts().items()}

    def max_ages(self) -> dict[str, str]:
        """Return the `max_age` of each gateway that has one in `facts/gateways.toml`."""
        return {name: facts.max_age for name, facts in self._gateway_facts().items() if facts.max_age}

    def _gateway_facts(self) -> dict[str, _GatewayFacts]:
        path = self._root / "facts" / "gateways.toml"
        if not path.exists():
            return {}
        try:
            return _GATEWAY_FACTS.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
        except ValueError as problem:
            raise _broken(path, problem) from problem

    def identity_facts(self) -> IdentityFacts:
        """Return what people know about names of models; a file that is not there says nothing."""
        return IdentityFacts(
            spellings=self._facts("spellings", Spellings),
            suffixes=self._facts("suffixes", Suffixes),
            reuploads=self._facts("reuploads", Reuploads),
            claude=self._facts("claude", Releases),
            aliases=self._facts("aliases", Aliases),
            portkey=self._facts("portkey", PortkeyNames),
            openrouter=tuple(self._hub_names()),
        )

    def organisations(self) -> dict[str, Organisation]:
        """Return what is known of organisations, by their short names."""
        return self._facts("organisations", Organisations).organisations

    def _facts(self, name: str, noun: type[_Facts]) -> _Facts:
        path = self._root / "facts" / f"{name}.toml"
        if not path.exists():
            return noun()
        try:
            # Through JSON, where an array is a tuple and nothing else is converted.
            return noun.model_validate_json(orjson.dumps(tomllib.loads(path.read_text(encoding="utf-8"))))
        except ValueError as problem:
            raise _broken(path, problem) from problem

    def _hub_names(self) -> Iterator[HubName]:
        path = self._root / "facts" / "openrouter_hf.tsv"
        if not path.exists():
            return
        header, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        if header != _HUB_HEADER:
            raise StopBuildError(f"{path} cannot be read: its first line names other columns")
        for number, line in enumerate(lines, 2):
            fields = line.split("\t")
            if len(fields) != len(HubName._fields):
                raise StopBuildError(f"{path} line {number} cannot be read: {len(fields)} columns")
            yield HubName(*fields)

    def static(self, names: Iterable[str]) -> Iterator[Payload]:
        """Yield the static catalogs behind a gateway's answer; raises StopBuildError for a broken one."""
        for name in names:
            path = self._root / name
            if path.exists():
                body = path.read_bytes()
                try:
                    orjson.loads(body)
                except orjson.JSONDecodeError as problem:
                    raise _broken(path, problem) from problem
                yield Payload(path=name, body=body)

    def has_snapshot(self, gateway: str) -> bool:
        """Tell whether a gateway has listings, drafted or kept."""
        return self._snapshot(gateway).exists()

    def live(self, gateway: str) -> int:
        """Return how many lines of a gateway's snapshot are no tombstones."""
        return sum(b'"removed_at":"' not in line for line in self.lines(gateway))

    def lines(self, gateway: str) -> Iterator[bytes]:
        """Yield the lines of a gateway's snapshot with their ends, the drafted one if there is a draft."""
        return _lines(self._snapshot(gateway))

    def last_lines(self, gateway: str) -> Iterator[bytes]:
        """Yield the lines of a gateway's snapshot as it was before this build."""
        return _lines(self._root / "snapshots" / f"{gateway}.jsonl")

    def kept(self, gateway: str) -> Iterator[dict[str, Any]]:
        """Yield a gateway's kept listings by id, as their lines hold them.

        Raises StopBuildError for a line that does not belong. Lines that this build drafted itself are
        taken as they are: each was a listing a moment ago.
        """
        if self._snapshot(gateway).parent != self._stage:
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
                raise _broken(where, problem) from problem
            if listing.gateway != gateway or listing.id <= last:
                raise StopBuildError(f"{where} is of another gateway, out of order or repeated: {listing.id}")
            last = listing.id

    def performance(self) -> dict[str, dict[str, object]]:
        """Return how each endpoint did lately, by `id tag`."""
        path = self._current("performance.jsonl")
        if not path.exists():
            return {}
        rows: dict[str, dict[str, object]] = {}
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                row = _PERFORMANCE.validate_json(line)
            except ValidationError as problem:
                raise _broken(f"{path} line {number}", problem) from problem
            rows[row.key] = row.model_dump(exclude={"key"}, exclude_none=True)
        return rows

    def repositories(self) -> Iterator[Repository]:
        """Yield what is kept of each repository of the Hub; raises StopBuildError for a line that is none."""
        path = self._current(_METRICS)
        if not path.exists():
            return
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            try:
                yield _REPOSITORY.validate_json(line)
            except ValidationError as problem:
                raise _broken(f"{path} line {number}", problem) from problem

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
        drafted = (draft.rpartition("/")[2] for draft in self._drafted if draft.startswith(f"{name}/"))
        for month in sorted({*kept, *drafted}):
            path = self._current(f"{name}/{month}")
            for number, line in enumerate(_lines(path), 1):
                try:
                    yield kind.validate_json(line)
                except ValidationError as problem:
                    raise _broken(f"{self._root / name / month} line {number}", problem) from problem

    def draft_log(self, name: str, month: str, lines: Iterable[bytes]) -> None:
        """Stage one month of a log, `2026-11`, with further lines at its end."""
        file = f"{name}/{month}.jsonl"
        text = b"".join([*_lines(self._current(file)), *lines])
        self._write_draft(self._stage / f"{name}-{month}.jsonl.draft", file, text)

    def digest(self) -> str:
        """Return the digest of everything under `data/` that a tree is made from."""
        total = hashlib.sha256()
        kept = {str(path.relative_to(self._root)): path for path in self._inputs()}
        for name in sorted(kept.keys() | self._drafted.keys()):
            if name != _STATE:
                digest = self._drafted.get(name) or _digest_of(kept[name])
                total.update(f"{name}\0{digest}\0".encode())
        return total.hexdigest()

    def _inputs(self) -> Iterator[Path]:
        for pattern in ("*.json", "*.jsonl", "facts/*", "snapshots/*.jsonl", "changes/*.jsonl"):
            yield from filter(Path.is_file, self._root.glob(pattern))

    @property
    def _stage(self) -> Path:
        return self._root / journal.STAGE

    def _snapshot(self, gateway: str) -> Path:
        return self._current(f"snapshots/{gateway}.jsonl")

    def _current(self, name: str) -> Path:
        drafted = self._stage / name.replace("/", "-")
        return drafted if drafted.exists() else self._root / name

    def stage(self) -> None:
        """Begin a change."""
        journal.stage(self._root)
        self._steps = []
        self._drafted = {}

    def spool(self, name: str) -> DiskSpool:
        """Return a spool in the stage, for what is too large to be held; closed when the change is over."""
        spool = DiskSpool(self._stage / f"{name}.spool")
        self._spools.append(spool)
        return spool

    def draft_snapshot(self, gateway: str, lines: Iterable[bytes]) -> None:
        """Stage the next snapshot of a gateway; it is dropped again if it equals the present one."""
        name = f"snapshots/{gateway}.jsonl"
        draft = self._stage / f"{name.replace('/', '-')}.draft"
        total, rest = hashlib.sha256(), iter(lines)
        with draft.open("wb") as file:
            while block := b"".join(islice(rest, _BLOCK_LINES)):
                total.update(block)
                file.write(block)
        self._keep_draft(draft, name, total.hexdigest())

    def draft_performance(self, rows: dict[str, dict[str, object]]) -> None:
        """Stage the next `performance.jsonl`, sorted by key."""
        lines = (orjson.dumps({"key": k, **r}, option=orjson.OPT_SORT_KEYS) for k, r in sorted(rows.items()))
        draft = self._stage / "performance.jsonl.draft"
        self._write_draft(draft, "performance.jsonl", b"".join(line + b"\n" for line in lines))

    def draft_repositories(self, repositories: Iterable[Repository]) -> None:
        """Stage the next `huggingface.jsonl`, in the order given."""
        rows = (repository.model_dump(exclude_none=True) for repository in repositories)
        text = b"".join(orjson.dumps(row, option=orjson.OPT_SORT_KEYS) + b"\n" for row in rows)
        self._write_draft(self._stage / f"{_METRICS}.draft", _METRICS, text)

    def draft_memories(self, memories: dict[str, Memory], swept: str | None = None) -> None:
        """Stage the next `state.json`."""
        state = Memories(gateways=memories, huggingface_swept=swept)
        fields = state.model_dump(mode="json", exclude_defaults=True)
        text = orjson.dumps(
            fields, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        )
        draft = self._stage / f"{_STATE}.draft"
        self._write_draft(draft, _STATE, text)

    def _write_draft(self, draft: Path, name: str, text: bytes) -> None:
        draft.write_bytes(text)
        self._keep_draft(draft, name, hashlib.sha256(text).hexdigest())

    def _keep_draft(self, draft: Path, name: str, digest: str) -> None:
        current = self._root / name
        if current.exists() and _digest_of(current) == digest:
            draft.unlink()
            return
        staged = name.replace("/", "-")
        draft.replace(self._stage / staged)
        self._steps.append(("move", staged, name))
        self._drafted[name] = digest

    def commit(self) -> None:
        """Put every draft in its place at once."""
        if self._steps:
            journal.commit(self._root, self._steps)
        self.discard()

    def discard(self) -> None:
        """Forget every draft that is not decided."""
        for spool in self._spools:
            spool.close()
        self._spools = []
        self._steps = []
        self._drafted = {}
        journal.recover(self._root)


class DiskSpool:
    """Byte strings by name, kept in one file and read back in the order of their names."""

    def __init__(self, path: Path) -> None:
        """Make an empty spool."""
        self._file = path.open("w+b", buffering=0)
        self._pending: list[bytes] = []
        self._end = self._written = 0
        self._places: dict[str, tuple[int, int]] = {}

    def __len__(self) -> int:
        """Return the number of different names."""
        return len(self._places)

    def add(self, name: str, data: bytes) -> bool:
        """Keep data under a name; of two with one name the smaller one stays, False then."""
        known = self._places.get(name)
        if known is not None and self._read(known) <= data:
            return False
        self._places[name] = (self._end, len(data))
        self._pending.append(data)
        self._end += len(data)
        if self._end - self._written > _BLOCK:
            self._flush()
        return known is None

    def _flush(self) -> None:
        block = b"".join(self._pending)
        while block:
            block = block[self._file.write(block) :]
        self._pending = []
        self._written = self._end

    def items(self) -> Iterator[tuple[str, bytes]]:
        """Yield names and data, sorted by name."""
        for name in sorted(self._places):
            yield name, self._read(self._places[name])

    def _read(self, place: tuple[int, int]) -> bytes:
        start, size = place
        if self._written < start + size:
            self._flush()
        return os.pread(self._file.fileno(), size, start)

    def close(self) -> None:
        """Let go of the file."""
        self._pending = []
        self._file.close()


def _lines(path: Path) -> Iterator[bytes]:
    if path.exists():
        with path.open("rb", buffering=_BLOCK) as file:
            yield from map(_whole, file)


def _whole(line: bytes) -> bytes:
    """Give a line its end back; an editor may have cut the last one."""
    return line if line.endswith(b"\n") else line + b"\n"


def _broken(where: str | Path, problem: ValueError) -> StopBuildError:
    """Say in one line which file that people edit cannot be read, and what is the matter with it."""
    words = str(problem)
    if isinstance(problem, ValidationError):
        error = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        words = ": ".join([*filter(None, [".".join(map(str, error["loc"]))]), error["msg"]])
    return StopBuildError(f"{where} cannot be read: {words}")


def _digest_of(path: Path) -> str:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            total.update(block)
    return total.hexdigest()
