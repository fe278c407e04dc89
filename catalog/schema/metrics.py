"""What is kept of each repository of the Hugging Face Hub between two builds, and for how long it holds."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from hashlib import sha256

from catalog.schema.base import Day, Noun

YOUNGEST = 20
"""Days for which a number holds at least."""
SPREAD = 21
"""Different ages at which numbers are renewed, so that those of one night are not renewed in one night."""


class Repository(Noun):
    """One line of `data/huggingface.jsonl`; what the Hub did not say is left out."""

    id: str
    """The repository as the Hub spells it, or as a listing does that names it otherwise."""
    moved_to: str | None = None
    """Its name on the Hub, where that is another one."""
    downloads: int | None = None
    """Downloads of the 30 days before `as_of`."""
    likes: int | None = None
    """Likes."""
    pipeline_tag: str | None = None
    """The Hub's task name."""
    library_name: str | None = None
    """The library that loads it."""
    gated: bool | None = None
    """Whether access must be asked for."""
    as_of: Day | None = None
    """Day of the numbers; nothing is known without it."""
    missing: Day | None = None
    """Day on which the Hub last said that it has no such repository."""
    unlisted: Day | None = None
    """Day on which the list of its organisation did not show it; it has to be asked for by itself."""

    @property
    def key(self) -> str:
        """The name by which it is found: the Hub tells no names apart by their case."""
        return self.id.lower()

    @property
    def asked(self) -> str | None:
        """The day on which the Hub last spoke of it."""
        return max(filter(None, (self.as_of, self.missing)), default=None)


def is_old(name: str, day: str, today: date) -> bool:
    """Tell whether what was said of a repository on a day has to be asked again: after 20 to 40 days.

    A day in the future is no answer.
    """
    return not 0 <= (today - date.fromisoformat(day)).days <= lasting(name.lower(), day)


@lru_cache(maxsize=1 << 17)
def lasting(key: str, day: str) -> int:
    """Return for how many days the numbers that a repository has of a day hold: 30 ± 10.

    The day is part of the hash: terms that never changed would meet in one night again and again.
    """
    return YOUNGEST + int.from_bytes(sha256(f"{key} {day}".encode()).digest()[:8]) % SPREAD
