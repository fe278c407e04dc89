"""Model id to published file: the catalog's escape and its rule for ids that differ only in case."""

from __future__ import annotations

import hashlib
import re

SUFFIX = ".json"
LONGEST_ID = 512
LONGEST_SEGMENT = 180
KEPT_OF_LONG = 140
_UNSAFE = re.compile(rb"[^a-z0-9._-]")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)")
_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lower(text: str) -> str:
    """Lower-case ASCII letters only."""
    return text.translate(_TO_LOWER)


def escape(model_id: str) -> str:
    """Return the file of an id below `catalog/model/`; raises ValueError for what cannot be an id."""
    if len(model_id) > LONGEST_ID or "\0" in model_id:
        raise ValueError(f"an id has at most {LONGEST_ID} characters, none of them NUL")
    *folders, last = lower(model_id).split("/")
    return "/".join([*(_segment(name, folder=True) for name in folders), _segment(last)]) + SUFFIX


def twin(model_id: str) -> str:
    """Return the file of an id whose lower-case file belongs to another id of its gateway."""
    folder, slash, name = escape(model_id).removesuffix(SUFFIX).rpartition("/")
    return f"{folder}{slash}{_shortened(name)}~~{_digest(model_id)}{SUFFIX}"


def shard(model_id: str, digits: int = 2) -> str:
    """Return the file of the detection index that tells of an id, or how many digits it takes to find it."""
    return f"catalog/index/{hashlib.sha256(lower(model_id).encode()).hexdigest()[:digits]}{SUFFIX}"


def _segment(name: str, *, folder: bool = False) -> str:
    if not name:
        raise ValueError("an id has no empty part")
    text = _UNSAFE.sub(lambda found: b"~%02x" % found[0][0], name.encode()).decode()
    text = re.sub(r"^\.", "~2e", text)
    text = re.sub(r"\.\Z", "~2e", text)
    if folder and text.endswith(SUFFIX):
        text = text.removesuffix(SUFFIX) + "~2ejson"
    if _RESERVED.match(text):
        text = f"~{ord(text[0]):02x}{text[1:]}"
    return text if len(text) <= LONGEST_SEGMENT else f"{_shortened(text)}~~{_digest(name)}"


def _shortened(text: str) -> str:
    return text if len(text) <= KEPT_OF_LONG else text[:KEPT_OF_LONG].rstrip("~.")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
