"""EDGE Where a tree is published: a folder, or a prefix of an object store; the only import of obstore.

Retries, signing and the differences between the services are obstore's affair.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import Any, NamedTuple

from catalog.errors import StopBuildError
from catalog.headers import cache_control, content_type
from catalog.wire.quote import redacted

PAUSES = (0.2, 1, 5)
"""Seconds before a request is repeated that obstore does not repeat."""
SCHEMES = ("s3", "gs", "az")
_URL = re.compile(r"([a-z][a-z0-9+.-]*)://([^/?#@]*)([^?#@]*)")
_SECRET = re.compile(r"^(?:AWS|AZURE|GOOGLE)_.*(?:KEY|SECRET|TOKEN|PASSWORD|CREDENTIAL|SAS)")
_LOCAL = re.compile(r"http://(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?(?:/|$)")
_UNABLE = (NotImplementedError,)
"""What obstore raises for a request that a kind of store has no answer to, such as writing on a condition."""
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")
_STATUS = re.compile(r"status code: (\d{3} [A-Za-z ]+)")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")


class Held(NamedTuple):
    """What a destination holds under one name."""

    body: bytes
    tag: str | None
    """Its version, for a replacement on condition."""


class Destination:
    """One place that trees are published to; whatever fails raises StopBuildError with one line."""

    def __init__(self, store: Any, name: str, folder: Path | None = None) -> None:  # noqa: ANN401 - of obstore
        """Take a store of obstore; `folder` is where it is, if it is a folder."""
        self.name = name
        self.folder = folder
        self._store = store
        self._obstore = _obstore()
        self._counting = Lock()
        self.requests = 0
        """Made up to now; repetitions and further pages of a list are not counted."""

    def get(self, path: str) -> Held | None:
        """Return what is there, None when nothing is."""
        with self._asking(f"read {path}"):
            try:
                found = self._obstore.get(self._store, path)
                return Held(bytes(found.bytes()), found.meta["e_tag"])
            except FileNotFoundError as problem:
                if "NoSuchBucket" in str(problem):
                    raise StopBuildError(f"{self.name}: there is no such bucket") from problem
                return None

    def put(self, path: str, body: bytes | Path) -> None:
        """Put a file there, whatever was there before."""
        with self._asking(f"write {path}"):
            self._obstore.put(self._store, path, body, attributes=self._attributes(path))

    def put_if(self, path: str, body: bytes, tag: str | None) -> str | None:
        """Put a file where nothing is, or in the place of one version of it.

        Returns the new version; None where something else is there. A repetition may find the success of a
        first try that was not heard of.
        """
        mode = "create" if tag is None else {"e_tag": tag}
        errors = self._obstore.exceptions
        with self._asking(f"write {path}"):
            try:
                options: dict[str, Any] = {"mode": mode, "attributes": self._attributes(path)}
                put = partial(self._obstore.put, self._store, path, body, **options)
                made: str | None = self._repeated(put)["e_tag"]
            except (errors.AlreadyExistsError, errors.PreconditionError, FileNotFoundError):
                found = self.get(path)
                return found.tag if found and found.body == body else None
        return made

    def delete(self, paths: Sequence[str]) -> None:
        """Delete files, whether they are there or not."""
        if self.folder is None:
            with self._asking(f"delete {len(paths)} files"):
                self._repeated(partial(self._obstore.delete, self._store, list(paths)))
            return
        for path in paths:
            (self.folder / path).unlink(missing_ok=True)
            _tidy(self.folder, (self.folder / path).parent)

    def paths(self, below: str = "") -> Iterator[str]:
        """Yield the names of all files below a prefix."""
        with self._asking(f"list {below or 'files'}"):
            for chunk in self._obstore.list(self._store, below or None):
                yield from (each["path"] for each in chunk)

    def sweep(self, path: str) -> None:
        """Remove what a writer of this file left behind when it was killed; only a folder shows it."""
        if self.folder is not None:
            target = self.folder / path
            for left in target.parent.glob(f"{_literal(target.name)}#*"):
                left.unlink(missing_ok=True)

    def _repeated(self, ask: Callable[[], Any]) -> Any:  # noqa: ANN401 - of obstore
        """Ask again when a connection broke: obstore itself does so for some kinds only."""
        for pause in PAUSES:
            try:
                return ask()
            except self._obstore.exceptions.GenericError:
                time.sleep(pause)
        return ask()

    def _attributes(self, path: str) -> dict[str, str] | None:
        if self.folder is not None:
            return None
        cache = "no-store" if path.startswith(".") else cache_control(path)
        return {"Content-Type": content_type(path), "Cache-Control": cache}

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        with self._counting:
            self.requests += 1
        try:
            yield
        except (self._obstore.exceptions.BaseError, OSError, ValueError, *_UNABLE) as problem:
            raise StopBuildError(f"{self.name}: cannot {what}: {_reason(problem)}") from problem


def opened(where: str, make_folder: bool = True) -> Destination:  # noqa: FBT001, FBT002 - said by name
    """Open a folder, or a bucket with a prefix; raises StopBuildError for anything else."""
    if "://" not in where:
        return _folder(Path(where), make=make_folder)
    address = _URL.fullmatch(where)
    if not address or address[1] not in SCHEMES or not address[2]:
        known = ", ".join(f"{scheme}://" for scheme in SCHEMES)
        raise StopBuildError(
            f"{where.partition('://')[0]}://…: name a folder, or a bucket and a prefix after one of {known}; "
            "keys belong in the environment"
        )
    _obstore()
    from obstore.store import from_url  # noqa: PLC0415 - an optional extra

    options: Any = {"allow_http": True} if _is_local(os.environ) else None
    try:
        return Destination(from_url(where.rstrip("/"), client_options=options), where.rstrip("/"))
    except Exception as problem:
        raise StopBuildError(f"{where}: {_reason(problem)}") from problem


def _folder(folder: Path, *, make: bool) -> Destination:
    _obstore()
    from obstore.store import LocalStore, MemoryStore  # noqa: PLC0415 - an optional extra

    if not make and not folder.is_dir():
        return Destination(MemoryStore(), str(folder))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return Destination(LocalStore(prefix=folder), str(folder), folder)
    except OSError as problem:
        raise StopBuildError(f"{folder} cannot be used: {problem.strerror}") from problem


def _is_local(environ: Mapping[str, str]) -> bool:
    """Tell whether the endpoint is on this machine, where a request need not be encrypted."""
    return any(_LOCAL.match(environ.get(name, "")) for name in _ENDPOINTS)


def _obstore() -> ModuleType:
    try:
        import obstore  # noqa: PLC0415 - an optional extra
    except ImportError as problem:
        raise StopBuildError(
            'obstore is missing: .venv/bin/python -m pip install "obstore>=0.8"'
        ) from problem
    return obstore


def _reason(problem: Exception) -> str:
    """Return one line without secrets: a service repeats in its answer what it was sent."""
    if isinstance(problem, OSError) and problem.strerror:
        return problem.strerror
    text = str(problem)
    status, code = _STATUS.search(text), _CODE.search(text)
    if status:
        return f"{status[1].strip()}{f', {code[1]}' if code else ''}"
    if "169.254.169.254" in text:
        return "no keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    # What a service said may stand there quoted, with every slash of its JSON escaped twice.
    return redacted(text.partition("\n")[0].replace("\\", ""), _secrets(os.environ))


def _secrets(environ: Mapping[str, str]) -> list[str]:
    return [value for name, value in environ.items() if _SECRET.match(name) and value]


def _literal(name: str) -> str:
    return re.sub(r"([*?[])", r"[\1]", name)


def _tidy(root: Path, folder: Path) -> None:
    """Remove folders that a deletion left empty."""
    while folder != root:
        try:
            folder.rmdir()
        except OSError:
            return
        folder = folder.parent
