"""EDGE Memory that was needed for a moment goes back to the system before the next large thing comes."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Let the C library return what it keeps for later; a system without the call does without."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
