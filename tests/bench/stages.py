"""Where the time of a build goes: functions wrapped so that each stage counts its own CPU time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from time import process_time
from typing import Any
from unittest.mock import patch

from catalog import (
    assemble,
    book,
    interop,
    journal,
    lists,
    normalize,
    offers,
    pipeline,
    render,
    rows,
    run,
    schemas,
    store,
    write,
)
from providers import ADAPTERS

REST = "other"
EXPORTS, WEBSITE = "exports", "website"
WHOLE = frozenset({EXPORTS, WEBSITE})
"""What is measured with everything that is done for it, but for hashing and writing its files."""
STAGES = ("parse", "normalize", "resolve", "render", "hash", "write", EXPORTS, WEBSITE, REST)
"""What the name of every step begins with, in the order of a build."""
_FUNCTIONS: tuple[tuple[Any, str, str], ...] = (
    (run, "gather", "parse: read, hash and spool bodies"),
    (pipeline, "read_answer", "normalize: listings to lines"),
    (store.Store, "draft_snapshot", "normalize: snapshots"),
    (store.Store, "digest", "normalize: snapshots"),
    (pipeline, "last_answer", "normalize: snapshots"),
    (book, "bind", "resolve: book"),
    (assemble, "Resolver", "resolve: identity"),
    (assemble, "merge", "resolve: identity"),
    (offers, "group", "resolve: offers"),
    (render, "record", "render: fields of records"),
    (render, "document", "render: JSON of records"),
    (write, "sha256", "hash"),
    (write.Writer, "stage", "write: files, folders, links"),
    (write.Writer, "finish", "write: manifest"),
    (journal, "commit", "write: journal and moves"),
)
_ITERATORS: tuple[tuple[Any, str, str], ...] = (
    (store.Store, "kept", "resolve: read lines"),
    (render, "records", "render: names of records, read lines"),
    (lists, "lists", "render: lists and indexes"),
    (pipeline, "crosswise", "render: lists and indexes"),
    (schemas, "schemas", "render: schemas"),
    (interop, "exports", EXPORTS),
    (pipeline, "pages", WEBSITE),
)


class Clock:
    """Charges CPU time to the innermost stage that is going on."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._going = [REST]
        self._since = process_time()

    def begin(self, stage: str) -> None:
        """Enter a stage, or go on with one that is measured as a whole."""
        self._charge()
        self._going.append(self._going[-1] if self._going[-1] in WHOLE else stage)

    def end(self) -> None:
        """Leave it again."""
        self._charge()
        self._going.pop()

    def _charge(self) -> None:
        now = process_time()
        self.spent[self._going[-1]] += now - self._since
        self._since = now

    def function(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return a function that is charged to a stage."""

        @wraps(function)
        def timed(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - any function
            self.begin(stage)
            try:
                return function(*given, **named)
            finally:
                self.end()

        return timed

    def iterator(self, stage: str, function: Callable[..., Iterable[Any]]) -> Callable[..., Iterator[Any]]:
        """Return a generator function whose every step is charged to a stage."""

        @wraps(function)
        def timed(*given: Any, **named: Any) -> Iterator[Any]:  # noqa: ANN401 - any function
            step = self.function(stage, iter(function(*given, **named)).__next__)
            while True:
                try:
                    found = step()
                except StopIteration:
                    return
                yield found

        return timed


@contextmanager
def watched() -> Iterator[Clock]:
    """Wrap every function that a stage is made of, for as long as the context lasts."""
    clock = Clock()
    with ExitStack() as patches:
        for owner, name, stage in (*_FUNCTIONS, *_of_adapters("normalize", "normalize: rows")):
            patches.enter_context(patch.object(owner, name, clock.function(stage, getattr(owner, name))))
        for owner, name, stage in (*_ITERATORS, *_of_adapters("parse", "parse: bodies to rows")):
            patches.enter_context(patch.object(owner, name, clock.iterator(stage, getattr(owner, name))))
        patches.enter_context(patch.object(normalize, "reader", _timed_reader(clock, rows.reader)))
        yield clock
        clock.end()


def _timed_reader(clock: Clock, reader: Callable[[Any], Callable[..., Any]]) -> Callable[[Any], Any]:
    return lambda model: clock.function("parse: check rows", reader(model))


def _of_adapters(name: str, stage: str) -> list[tuple[Any, str, str]]:
    return [(adapter, name, stage) for adapter in ADAPTERS]
