"""Lines and files of a data folder."""

from __future__ import annotations

from pathlib import Path


def line(model_id: str, gateway: str = "toy") -> bytes:
    """Make a snapshot line."""
    moment = "2026-11-20T02:17:00Z"
    return f'{{"changed_at":"{moment}","gateway":"{gateway}","id":"{model_id}","name":"x"}}\n'.encode()


def put(root: Path, name: str, text: str | bytes) -> Path:
    """Write a file of the data folder by hand."""
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
