"""The program itself: where it lies, the files that it publishes as they are, its digest and its commit."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
SITE = ROOT / "site"
AGENT = "Gatelog/1.0 (+https://github.com/gatelog/gatelog)"


def site() -> dict[str, bytes]:
    """Read what of the tree does not come from a gateway."""
    return {name: path.read_bytes() for name, path in sorted(_site_files().items())}


def _site_files() -> dict[str, Path]:
    """Return what of the tree does not come from a gateway, and the client that its pages use."""
    named = {path.relative_to(SITE).as_posix(): path for path in SITE.rglob("*") if path.is_file()}
    return {**named, "assets/gatelog.js": ROOT / "clients/js/gatelog.js"}


def code_digest() -> str:
    """Return the digest of the program, of `site/` and of the versions that it runs with."""
    files = [
        ROOT / "build.py",
        ROOT / "requirements.lock",
        *ROOT.glob("commands/*.py"),
        *ROOT.glob("catalog/**/*.py"),
        *ROOT.glob("providers/*.py"),
        *_site_files().values(),
    ]
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()


def commit(environ: Mapping[str, str]) -> str | None:
    """Return the commit of the checkout, or the one that the runner names."""
    named = environ.get("GITHUB_SHA")
    if named or not shutil.which("git"):
        return named or None
    command = ["git", "rev-parse", "HEAD"]
    asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - constant
    return asked.stdout.strip() or None
