"""Text of others: cleaned before it is kept, made inert before it is printed."""

from __future__ import annotations

import re

DESCRIPTION_BYTES = 8000
"""Longest description that is kept, in bytes of UTF-8."""
# C0 and C1 controls except newline, the bidirectional formatting characters, and lone surrogates, which no
# file can hold.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {0x0A})
_FORMATTING = (b"\xc2", b"\xd8\x9c", b"\xe2\x80", b"\xe2\x81")
"""How the controls beyond ASCII begin in UTF-8; a text without these bytes holds none of them."""
_FORMATTING_BYTES = re.compile(rb"\xc2[\x80-\x9f]|\xd8\x9c|\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])")
"""The controls beyond ASCII themselves, in UTF-8."""
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfrt]|u00)")
"""The controls of ASCII but the newline, as JSON writes them."""


def clean_line(text: str) -> str:
    """Make upstream text one line: no control or bidirectional characters, single spaces."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def clean_text(text: str, limit: int) -> str:
    """Clean upstream prose: newlines stay, controls go, at most `limit` bytes of UTF-8, `…` when cut."""
    if not _is_clean(text):
        text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    text = text.strip()
    if len(text) * 4 <= limit or (text.isascii() and len(text) <= limit):
        return text
    if len(data := text.encode()) <= limit:
        return text
    return data[: limit - 3].decode(errors="ignore").rstrip() + "…"


def _is_clean(text: str) -> bool:
    """Tell quickly whether a text holds nothing to be cleaned away."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):
        return False
    return len(data) == len(text) or not _holds_formatting(data)


def _holds_formatting(data: bytes) -> bool:
    if data.isascii():  # most texts: a tenth of what four searches take
        return False
    return any(start in data for start in _FORMATTING) and _FORMATTING_BYTES.search(data) is not None


def is_clean_json(data: bytes) -> bool:
    """Tell quickly that no text of a JSON document holds what is to be cleaned away; a no may be in vain."""
    return not (_ESCAPED_CONTROL.search(data) or b"\x7f" in data or _holds_formatting(data))


def inert(text: str) -> str:
    """Put U+FFFD in the place of every control and bidirectional character but line ends and tabs."""
    return text if _is_clean(text) else _CONTROLS.sub(_replaced, text)


def inert_json(text: str) -> str:
    """Write every control and bidirectional character of a JSON document as an escape: it says the same."""
    return text if _is_clean(text) else _CONTROLS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else f"\\u{ord(found[0]):04x}"


def _replaced(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else "\N{REPLACEMENT CHARACTER}"


def description(text: str | None) -> str | None:
    """Clean an upstream description; an empty one is unknown."""
    return clean_text(text, DESCRIPTION_BYTES) or None if text else None


def display_name(served: str | None, model_id: str) -> str:
    """Return the served name as one line, else what stands behind the last `/` of the id."""
    return (served and clean_line(served)) or model_id.rpartition("/")[2] or model_id
