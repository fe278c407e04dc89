"""Model id to path and back: the escape, its inverse, the as-spelled form, case twins.

The escape keeps `[a-z0-9._-]` of a lower-cased id and writes every other byte as `~` and two hex
digits, so that a path is legal and case-safe on every file system, artifact store and URL.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

SUFFIX = ".json"
LONGEST_SEGMENT = 180
KEPT_OF_LONG = 140
LONGEST_ID = 512
_HASH_DIGITS = 24
_RESERVED = r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])"
_NAME = rf"(?!{_RESERVED}(?:[./]|$))[a-z0-9_-](?:[a-z0-9._-]*[a-z0-9_-])?"
_PLAIN_ID = re.compile(f"{_NAME}(?:/{_NAME})*")
_UNSAFE_BYTE = re.compile(rb"[^a-z0-9._-]")
_ESCAPED_BYTE = re.compile(rb"~([0-9a-f]{2})")
_RESERVED_STEM = re.compile(rf"{_RESERVED}(?:\.|$)")
_SPELLED = re.compile(r"~?[A-Za-z0-9._/-]+")
_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lower(model_id: str) -> str:
    """Lower-case the ASCII letters only; other scripts have no stable case."""
    return model_id.translate(_TO_LOWER) if not model_id.isascii() else model_id.lower()


def printable(text: str) -> str:
    """Return at most 200 characters of a text, its control and odd characters as `?`."""
    return "".join(char if char.isprintable() else "?" for char in text[:200])


def qualified(gateway: str, model_id: str) -> str:
    """Put the gateway before an id that names no organisation."""
    return model_id if "/" in model_id else f"{gateway}/{model_id}"


@lru_cache(maxsize=1 << 16)
def escape(model_id: str) -> str:
    """Return the relative path of an id, `openai/gpt-4o:free` → `openai/gpt-4o~3afree.json`.

    Raises ValueError for an id with an empty segment, NUL, a lone surrogate or over 512 characters.
    """
    if len(model_id) > LONGEST_ID:
        raise ValueError(f"id longer than {LONGEST_ID} characters")
    if "\0" in model_id:
        raise ValueError("id holds a NUL character")
    low = lower(model_id)
    if _is_plain(low):
        return low + SUFFIX
    *folders, last = low.split("/")
    return "/".join([*(_segment(name, folder=True) for name in folders), _segment(last)]) + SUFFIX


def unescape(path: str) -> str:
    """Return the lower-cased id of a path; the inverse of `escape`.

    Raises ValueError for hashed names (`~~`), which are one-way, and for what no escape wrote.
    """
    if "~~" in path or not path.endswith(SUFFIX):
        raise ValueError(f"not a reversible path: {path!r:.200}")
    raw = path[: -len(SUFFIX)].encode()
    model_id = _ESCAPED_BYTE.sub(lambda found: bytes([int(found[1], 16)]), raw).decode()
    if escape(model_id) != path:
        raise ValueError(f"no escape writes this path: {path!r:.200}")
    return model_id


def spelled(model_id: str) -> str | None:
    """Return the second path that keeps an id as its gateway spells it, or None.

    Only an id that the escape would change in nothing but case, or in a leading `~`, has one.
    """
    low = lower(model_id)
    if (model_id == low and low[:1] != "~") or not _SPELLED.fullmatch(model_id):
        return None
    path, escaped = model_id + SUFFIX, escape(model_id)
    if model_id == low:
        return path if f"~7e{path[1:]}" == escaped and not _decodes(path) else None
    return path if low + SUFFIX == escaped else None


def twin(model_id: str) -> str:
    """Return the path of an id whose lower-case path belongs to another id of the same gateway."""
    stem = escape(model_id)[: -len(SUFFIX)]
    folder, slash, name = stem.rpartition("/")
    return f"{folder}{slash}{_shortened(name)}~~{_digest(model_id)}{SUFFIX}"


def _is_plain(low: str) -> bool:
    """Tell quickly that the escape would change nothing; it may say no too often, never yes."""
    return len(low) <= LONGEST_SEGMENT and _PLAIN_ID.fullmatch(low) is not None and ".json/" not in low


def _segment(segment: str, *, folder: bool = False) -> str:
    if not segment:
        raise ValueError("id holds an empty segment")
    data = segment.encode()  # a lone surrogate raises UnicodeEncodeError, a ValueError
    escaped = _UNSAFE_BYTE.sub(lambda found: b"~%02x" % found[0][0], data).decode()
    if escaped.startswith("."):
        escaped = "~2e" + escaped[1:]
    if escaped.endswith("."):
        escaped = escaped[:-1] + "~2e"
    if folder and escaped.endswith(SUFFIX):
        escaped = escaped.removesuffix(SUFFIX) + "~2ejson"
    if _RESERVED_STEM.match(escaped):
        escaped = f"~{ord(escaped[0]):02x}{escaped[1:]}"
    if len(escaped) > LONGEST_SEGMENT:
        escaped = f"{_shortened(escaped)}~~{_digest(segment)}"
    return escaped


def _shortened(escaped: str) -> str:
    return escaped if len(escaped) <= KEPT_OF_LONG else escaped[:KEPT_OF_LONG].rstrip("~.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_HASH_DIGITS]


def _decodes(path: str) -> bool:
    """Tell whether a raw `~` name could be taken for the escape of another id."""
    try:
        return unescape(path) != path[: -len(SUFFIX)]
    except ValueError:
        return False
