"""EDGE A folder changes all at once or not at all: staged files, a journal, a roll-forward.

New files are staged in `<root>/.next/`. Once the list of steps is on disk as `.next/journal` the
change is decided: applying it may be interrupted and repeated any number of times.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

import orjson

STAGE = ".next"
_JOURNAL = "journal"
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}

Step = tuple[Literal["move", "link", "delete"], str, str]
"""`("move", staged, path)`, `("link", path, further path)` or `("delete", path, "")`."""


def recover(root: Path) -> bool:
    """Bring a folder to its old or its new state; True when a decided change was completed."""
    stage = root / STAGE
    if not stage.is_dir():
        return False
    decided = stage / _JOURNAL
    if done := decided.is_file():
        _apply(root, [(kind, source, target) for kind, source, target in orjson.loads(decided.read_bytes())])
        decided.unlink()
    shutil.rmtree(stage, ignore_errors=True)
    return done


def stage(root: Path) -> Path:
    """Return an empty stage below `root`, made anew."""
    folder = root / STAGE
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def commit(root: Path, steps: Iterable[Step]) -> None:
    """Decide and apply staged steps, in their order; the stage is gone afterwards."""
    folder = root / STAGE
    listed = list(steps)
    draft = folder / f"{_JOURNAL}.draft"
    draft.write_bytes(orjson.dumps(listed))
    _sync(folder)
    draft.replace(folder / _JOURNAL)
    _sync_folder(folder)
    _apply(root, listed)
    (folder / _JOURNAL).unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _sync(folder: Path) -> None:
    """Bring all that is staged to the disk: of this file system alone where the system can tell."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(handle):
            raise OSError(ctypes.get_errno(), "cannot be brought to the disk", str(folder))
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _apply(root: Path, steps: Sequence[Step]) -> None:
    base = f"{root}/"
    staged = f"{base}{STAGE}/"
    _make_folders(base, (target for _, _, target in steps if target))
    for kind, source, target in steps:
        if kind == "move":
            _move(staged + source, base + target)
        elif kind == "link":
            link(base + source, base + target, staged)
        else:
            _delete(root, base + source)


def _make_folders(base: str, targets: Iterable[str]) -> None:
    """Make every folder that is needed; told apart beforehand, that is a call for each folder."""
    for folder in sorted({target.rpartition("/")[0] for target in targets}):
        make_folder(base + folder)


def make_folder(folder: str) -> None:
    """Make a folder that may be there, with those above it."""
    try:
        os.mkdir(folder)  # noqa: PTH102 - Path objects cost more than the call
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 - as above


def _move(staged: str, target: str) -> None:
    with suppress(FileNotFoundError):  # moved before an interruption
        os.replace(staged, target)  # noqa: PTH105 - as above


def link(source: str, target: str, staged: str) -> None:
    """Give a file a further name, or a copy where the file system has no links; `staged` is for scratch."""
    try:
        os.link(source, target)
    except OSError:
        _link_over(source, target, staged)


def _link_over(source: str, target: str, staged: str) -> None:
    """Put a further name of `source` over whatever has the name `target` now."""
    if os.path.exists(target) and os.path.samefile(source, target):  # noqa: PTH110, PTH121 - as above
        return
    spare = staged + "link"
    with suppress(FileNotFoundError):
        os.unlink(spare)  # noqa: PTH108 - as above
    try:
        os.link(source, spare)
    except OSError as problem:
        if problem.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, spare)
    os.replace(spare, target)  # noqa: PTH105 - as above


def _delete(root: Path, target: str) -> None:
    path = Path(target)
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except FileNotFoundError:  # removed before an interruption
            continue
        except OSError:
            return
