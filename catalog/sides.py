"""EDGE The two sides of `build.py diff`: data folders, built trees, or revisions of a repository."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from catalog import paths
from catalog.artifact import Json
from catalog.comparison import Catalog, Origin, origins
from catalog.errors import StopBuildError
from catalog.kept import encode
from catalog.ledger import Ledger
from catalog.manifest import GATEWAYS
from catalog.schema.state import Memories
from catalog.tree import read_entries

_BLOCK = 1 << 16
_CONDITIONS = frozenset({"min_prompt_tokens", "utc_start", "utc_end", "service_tier"})


def sides(old: str, new: str, data: Path) -> tuple[Catalog, Catalog]:
    """Open both sides; raises StopBuildError for a name that is no catalog.

    `data` is the data folder whose revisions are meant when the names are revisions.
    """
    one, other = Path(old), Path(new)
    if _is_tree(one) and _is_tree(other):
        return _trees(one, other)
    return _side(old, data), _side(new, data)


def _is_tree(folder: Path) -> bool:
    return (folder / GATEWAYS).is_file()


def _side(name: str, data: Path) -> Catalog:
    folder = Path(name)
    if (folder / "state.json").is_file():
        return _folder(folder)
    if folder.is_dir():
        raise StopBuildError(f"{name} is neither a data folder nor, like the other side, a built tree")
    return _revision(name, data)


def _folder(root: Path) -> Catalog:
    def lines(gateway: str) -> Iterator[bytes]:
        path = root / "snapshots" / f"{gateway}.jsonl"
        if path.exists():
            with path.open("rb", buffering=_BLOCK) as file:
                yield from file

    return Catalog(_origins((root / "state.json").read_bytes(), str(root)), lines)


def _origins(state: bytes, where: str) -> Mapping[str, Origin]:
    try:
        memories = Memories.model_validate_json(state).gateways
    except ValidationError as problem:
        raise StopBuildError(f"{where}: state.json cannot be read") from problem
    return origins(memories)


def _revision(name: str, data: Path) -> Catalog:
    if name.startswith("-"):
        raise StopBuildError(f"{name} is no folder and no revision")
    state = _git_show(name, "state.json", data)
    if state is None:
        raise StopBuildError(
            f"{name} is neither a folder with a catalog nor a revision with {data}/state.json"
        )

    def lines(gateway: str) -> Iterable[bytes]:
        return (_git_show(name, f"snapshots/{gateway}.jsonl", data) or b"").splitlines(keepends=True)

    return Catalog(_origins(state, name), lines)


def _git_show(revision: str, path: str, data: Path) -> bytes | None:
    command = ["git", "show", f"{revision}:./{path}"]
    try:
        asked = subprocess.run(command, cwd=data, capture_output=True, check=False)  # noqa: S603 - no shell, no option
    except OSError:
        return None
    return asked.stdout if asked.returncode == 0 else None


def _trees(one: Path, other: Path) -> tuple[Catalog, Catalog]:
    """Open two built trees: a record with one digest in both is never read."""
    known, fresh = read_entries(one), read_entries(other)

    def reader(root: Path, mine: Ledger, its: Ledger) -> Callable[[str], list[bytes]]:
        return lambda gateway: [
            line_of(root / path)
            for path in _records(root, gateway)
            if mine.get(path) is None or mine.get(path) != its.get(path)
        ]

    return (
        Catalog(_tree_origins(one), reader(one, known, fresh)),
        Catalog(_tree_origins(other), reader(other, fresh, known)),
    )


def _tree_origins(root: Path) -> dict[str, Origin]:
    rows = _document(root / GATEWAYS, "gateways")
    return {row["id"]: Origin(row.get("origin"), None, row["models"]) for row in rows if row["models"]}


def _document(path: Path, name: str) -> Any:  # noqa: ANN401 - whatever stands there
    """Return one part of a document, which may be of an older version than ours."""
    try:
        return orjson.loads(path.read_bytes())[name]
    except (orjson.JSONDecodeError, KeyError, TypeError) as problem:
        raise StopBuildError(f"{path} cannot be read") from problem


def _records(root: Path, gateway: str) -> list[str]:
    """Return the path of every record of a gateway, in the order of their ids."""
    listed = root / "catalog" / "gateway" / f"{gateway}.json"
    if not listed.is_file():
        return []
    odd = {name: path for part in _parts(root / "catalog/index.json", "paths") for name, path in part.items()}
    ids = sorted(model["id"] for part in _parts(listed, "models") for model in part)
    return [f"catalog/gateway/{gateway}/model/{_path(gateway, model_id, odd)}" for model_id in ids]


def _parts(path: Path, name: str) -> Iterator[Any]:
    """Yield one field of a list, or of every one of its parts."""
    yield _document(path, name)
    digits = orjson.loads(path.read_bytes()).get("digits", 0)
    found = (part for part in path.with_suffix("").glob("*.json") if digits and len(part.stem) >= digits)
    yield from (_document(part, name) for part in sorted(found))


def _path(gateway: str, model_id: str, odd: Mapping[str, str]) -> str:
    name = paths.qualified(gateway, model_id)
    return odd.get(name) or paths.escape(name)


def line_of(path: Path) -> bytes:
    """Turn a record into the snapshot line that it was made from, as far as it tells."""
    record = orjson.loads(path.read_bytes())
    data = record["data"]
    fields = {name: value for name, value in data.items() if value not in (None, [], {})}
    for name in ("architecture", "capabilities", "pricing"):
        fields[name] = {part: value for part, value in data[name].items() if value is not None}
    fields["price_tiers"] = [_tier(tier) for tier in data["price_tiers"]]
    return encode({**fields, "gateway": record["gateway"], "changed_at": record["timestamp"]})


def _tier(flat: Json) -> Json:
    conditions = {name: value for name, value in flat.items() if name in _CONDITIONS and value is not None}
    pricing = {name: value for name, value in flat.items() if name not in _CONDITIONS and value is not None}
    return {**conditions, "pricing": pricing}
