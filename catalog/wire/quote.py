"""Words of others that are fit for a report: short, printable, without anything like a key."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote

LONGEST_QUOTE = 200
"""Characters of an upstream's words that a reason keeps."""
MASK = "***"
SHORTEST_KEY = 8
"""Characters; anything shorter cannot be told from a word."""
_LEAST_PART = 6
"""Characters at the beginning of a key that are not shown, either, where a quote was cut."""

_KEY_LIKE = re.compile(
    r"bearer\s+[^\s\"',]+|\b(?:sk|pk|rk|hf|cpk|pat|ghp|gho)[-_][\w.-]{4,}|\bAKIA\w{8,}|[\w+=-]{32,}",
    re.IGNORECASE | re.ASCII,
)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return at most 200 printable characters on one line, keys and what looks like one masked."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        for spelling in spellings(secret):
            line = line.replace(spelling, MASK)
        line = _without_beginning(line, secret)
    return _KEY_LIKE.sub(MASK, line)[:LONGEST_QUOTE]


def spellings(secret: str) -> list[str]:
    """Return a key as it is, in a URL, and in the JSON of those who escape slashes."""
    return [secret, quote(secret, safe=""), quote(secret), secret.replace("/", "\\/")]


def repeats(text: bytes, secrets: Iterable[str]) -> bool:
    """Tell whether a text holds a key that is long enough to be told from a word."""
    long = (secret for secret in secrets if len(secret) >= SHORTEST_KEY)
    return any(spelling.encode() in text for secret in long for spelling in spellings(secret))


def _without_beginning(line: str, secret: str) -> str:
    """Mask the beginning of a key at the end of a text that was cut there."""
    for length in range(len(secret) - 1, _LEAST_PART - 1, -1):
        if line.endswith(secret[:length]):
            return line[:-length] + MASK
    return line
