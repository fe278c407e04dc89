"""What a guard says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Level = Literal["info", "hold", "stop"]
MANY_NAMED = 5
"""So many examples are named; the rest is counted."""


@dataclass(frozen=True)
class Finding:
    """What a guard saw."""

    level: Level
    """info is reported, hold keeps one gateway back, stop keeps the release back."""
    gateway: str
    """The gateway concerned; empty for the catalog as a whole."""
    check: str
    """Name of the guard."""
    message: str
    """What is the matter, in words that help."""


def named(examples: list[str]) -> str:
    """Write the first few of many examples."""
    more = len(examples) - MANY_NAMED
    return ", ".join(examples[:MANY_NAMED]) + (f" and {more} more" if more > 0 else "")


def percent(part: int, whole: int) -> str:
    """Write a share in whole percent."""
    return f"{100 * part // whole if whole else 0} %"
