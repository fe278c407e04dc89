"""Packages of npm that tests need, pinned in a folder; `tests/node/` has Cloudflare's runtime, TypeScript."""

from __future__ import annotations

import fcntl
import shutil
import subprocess
from pathlib import Path

NODE = Path(__file__).parent / "node"


def missing(folder: Path = NODE) -> str | None:
    """Install what a folder asks for, once for all processes; returns the reason where it cannot be had."""
    if not (shutil.which("node") and shutil.which("npm")):
        return "node or npm is not installed"
    made = folder / "node_modules/.package-lock.json"
    lock = folder / "package-lock.json"
    with lock.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if made.is_file() and made.stat().st_mtime >= lock.stat().st_mtime:
            return None
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    return f"npm ci failed: {done.stderr.strip()[-200:]}" if done.returncode else None
