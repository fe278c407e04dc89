"""Unpack a published tree with this machine's own tools and compare every file with the manifest.

Usage: rehash.py ARCHIVE.tar FOLDER

Proves that every path is legal on this system and that no two of them are one file here.
"""

from __future__ import annotations

import hashlib
import json
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

UNLISTED = ("catalog/manifest.json", "catalog/gateways.json", "catalog/history/gateways.json")
"""What changes with every fetch and is in no part of the manifest."""


def problems(root: Path) -> Iterator[str]:
    """Yield what of a tree is not as its manifest says; a part of it names no part."""
    named = {"README.md", *UNLISTED}
    for shard in sorted((root / "catalog/manifest").rglob("*.json")):
        named.add(shard.relative_to(root).as_posix())
        for path, (digest, _) in json.loads(shard.read_bytes()).items():
            named.add(path)
            body = root / path
            if not body.is_file() or hashlib.sha256(body.read_bytes()).hexdigest() != digest:
                yield f"{path} is not as the manifest says"
    found = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    yield from (f"{path} is not in the manifest" for path in sorted(found - named))


def main(archive: str, folder: str) -> None:
    """Unpack, compare, and exit 1 when anything differs."""
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    found = list(problems(Path(folder)))
    sys.stdout.writelines(f"{each}\n" for each in found[:20])
    sys.stdout.write(f"{len(found)} problems\n")
    sys.exit(bool(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
