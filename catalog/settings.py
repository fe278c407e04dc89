"""What a run was asked for, and the few conversions of its options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from catalog.days import moment
from catalog.schema.state import Memory

_DURATION = re.compile(r"([0-9]{1,6})([smhd])")
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass(frozen=True)
class Settings:
    """The options of a run."""

    output: Path
    data: Path
    gateways: tuple[str, ...] = ()
    """Only these are fetched; none named means all."""
    offline: bool = False
    no_huggingface: bool = False
    max_age: str | None = None
    accept: tuple[str, ...] = ()
    plain: bool = False
    base_url: str = ""
    concurrency: int | None = None
    max_entries: int | None = None
    log_attempt: bool = False
    """Whether `data/attempts/` gets a line for each gateway that was tried."""


def duration(text: str) -> timedelta:
    """Read `90s`, `30m`, `6h` or `2d`, at most six digits; raises ValueError for anything else."""
    found = _DURATION.fullmatch(text)
    if not found:
        raise ValueError(f"{text!r} is not a duration such as 30m, 6h or 2d")
    return timedelta(seconds=int(found[1]) * _SECONDS[found[2]])


def is_due(memory: Memory, max_age: str | None, now: datetime) -> bool:
    """Tell whether a gateway has to be fetched; a starter always has to."""
    if max_age is None or memory.origin != "fetch" or memory.fetched_at is None:
        return True
    return now - moment(memory.fetched_at) > duration(max_age)


def due(
    settings: Settings, memories: Mapping[str, Memory], ages: Mapping[str, str], now: datetime
) -> set[str]:
    """Return the gateways that this run has to fetch."""
    if settings.offline:
        return set()
    return {
        name
        for name, memory in memories.items()
        if (not settings.gateways or name in settings.gateways)
        and is_due(memory, settings.max_age or ages.get(name), now)
    }
