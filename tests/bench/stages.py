"""Where the time of a build goes: functions wrapped so that each stage counts its own CPU time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import wraps
from time import process_time
from typing import Any
from unittest.mock import patch

from catalog import book, interop, journal, lists, pipeline, render, run, schemas, store, write
from providers import ADAPTERS

REST = "other"
EXPORTS = "exports"
_FUNCTIONS: tuple[tuple[Any, str, str], ...] = (
    (run, "gather", "read, hash and spool bodies"),
    (store.Store, "draft_snapshot", "snapshot: merge, write, hash"),
    (store.Store, "digest", "snapshot: merge, write, hash"),
    (pipeline, "last_answer", "snapshot: merge, write, hash"),
    (pipeline, "read_answer", "listings to lines"),
    (book, "bind", "book"),
    (render, "record", "render records: fields"),
    (render, "document", "render records: JSON"),
    (lists, "document", "lists and indexes"),
    (write.Writer, "stage", "hash and stage files"),
    (write.Writer, "finish", "manifest"),
    (journal, "_apply", "moves and links"),
    (journal, "commit", "journal"),
)
_ITERATORS: tuple[tuple[Any, str, str], ...] = (
    (store.Store, "kept", "read snapshot lines"),
    (render, "records", "render records: names"),
    (lists, "lists", "lists and indexes"),
    (interop, "exports", EXPORTS),
    (schemas, "schemas", "schemas"),
)


class Clock:
    """Charges CPU time to the innermost stage that is going on."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)
        self._going = [REST]
        self._since = process_time()

    def begin(self, stage: str) -> None:
        """Enter a stage."""
        self._charge()
        self._going.append(stage)

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
        for owner, name, stage in (*_FUNCTIONS, *_of_adapters("normalize", "normalize rows")):
            patches.enter_context(patch.object(owner, name, clock.function(stage, getattr(owner, name))))
        for owner, name, stage in (*_ITERATORS, *_of_adapters("parse", "parse bodies")):
            patches.enter_context(patch.object(owner, name, clock.iterator(stage, getattr(owner, name))))
        for row in (adapter.Row for adapter in ADAPTERS):
            validate = clock.function("validate rows", row.model_validate)
            patches.enter_context(patch.object(row, "model_validate", validate))
        yield clock
        clock.end()


def _of_adapters(name: str, stage: str) -> list[tuple[Any, str, str]]:
    return [(adapter, name, stage) for adapter in ADAPTERS]
