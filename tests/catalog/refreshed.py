"""Answers of a toy gateway, and what they leave in the data folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from catalog.schema.state import Memory
from tests.toys import LATER, Toy, run, world

TWENTY = [f"a/{number:02d}" for number in range(20)]
"""Ids of enough models that a few of them may go."""


def raising(problem: Exception) -> Callable[[], object]:
    """Return something that goes wrong."""

    def fail() -> None:
        raise problem

    return fail


def rows(*ids: str) -> list[dict[str, str]]:
    """Make upstream rows."""
    return [{"id": model_id} for model_id in ids]


def memory(folder: Path, *toys: Toy, **given: Any) -> Memory:  # noqa: ANN401 - passed on
    """Run once more, a day later, and return what is remembered of the toy gateway."""
    options = {name: given.pop(name) for name in ("accept", "offline", "gateways") if name in given}
    return run(folder, world(*toys, **({"now": LATER} | given)), **options).memories["toy"]


def kept(folder: Path) -> list[dict[str, Any]]:
    """Read the snapshot of the toy gateway."""
    path = folder / "data" / "snapshots" / "toy.jsonl"
    return [orjson.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def ids(folder: Path) -> list[str]:
    """Return the ids in the snapshot of the toy gateway that are no tombstones."""
    return [row["id"] for row in kept(folder) if "removed_at" not in row]
