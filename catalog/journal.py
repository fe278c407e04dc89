"""EDGE A folder changes all at once or not at all: staged files, a journal, a roll-forward.

New files are staged in `<root>/.next/`. Once the list of steps is on disk as `.next/journal` the
change is decided: applying it may be interrupted and repeated any number of times.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import orjson

STAGE = ".next"
_JOURNAL = "journal"
_REMEMBERED = 1 << 16
"""Folders of which is known that they are there."""
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
        _apply(root, _read(decided))
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
    decided, draft = folder / _JOURNAL, folder / f"{_JOURNAL}.draft"
    with draft.open("wb") as file:
        file.writelines(orjson.dumps(step, option=orjson.OPT_APPEND_NEWLINE) for step in steps)
    _sync(folder)
    draft.replace(decided)
    _sync_folder(folder)
    _apply(root, _read(decided))
    decided.unlink()
    shutil.rmtree(folder, ignore_errors=True)


def _read(decided: Path) -> Iterator[Step]:
    """Yield the steps of a journal, one in a line; an earlier version put all of them into one."""
    with decided.open("rb") as file:
        for line in file:
            found = orjson.loads(line)
            yield from [found] if found and isinstance(found[0], str) else found


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


def _apply(root: Path, steps: Iterable[Step]) -> None:
    base = f"{root}/"
    staged = f"{base}{STAGE}/"
    made: set[str] = set()
    for kind, source, target in steps:
        if kind == "delete":
            _delete(root, base + source)
            continue
        _enter(base, target, made)
        if kind == "move":
            _move(staged + source, base + target)
        else:
            link(base + source, base + target, staged)


def _enter(base: str, target: str, made: set[str]) -> None:
    """Make the folder of a file; those that were made before take no call, as long as they are few."""
    folder = target.rpartition("/")[0]
    if folder not in made:
        make_folder(base + folder)
        if len(made) == _REMEMBERED:
            made.clear()
        made.add(folder)


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
