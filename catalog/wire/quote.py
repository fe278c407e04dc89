"""Words of others that are fit for a report: short, printable, without anything like a key."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_QUOTE = 200
"""Characters of an upstream's words that a reason keeps."""
MASK = "***"

_KEY_LIKE = re.compile(
    r"bearer\s+[^\s\"',]+|\b(?:sk|pk|rk|hf|cpk|pat|ghp|gho)[-_][\w.-]{4,}|\bAKIA\w{8,}|[\w+=-]{32,}",
    re.IGNORECASE | re.ASCII,
)


def redacted(text: str, secrets: Iterable[str]) -> str:
    """Return at most 200 printable characters on one line, keys and what looks like one masked."""
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        line = line.replace(secret, MASK)
    return _KEY_LIKE.sub(MASK, line)[:LONGEST_QUOTE]
