"""Decisions without input and output: what a generator may ask of its driver."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

import httpx

from gatelog_client._errors import CatalogWarning

T = TypeVar("T")
Json = dict[str, Any]
Answer = httpx.Response | httpx.HTTPError | None
"""What came of a request; None after a warning."""


class Request(NamedTuple):
    """A GET for the driver to make."""

    url: str
    headers: dict[str, str]


Flow = Generator[Request | CatalogWarning, Answer, T]
"""Yields what to do, is sent what came of it, and returns the result."""
Read = Callable[[str], Flow[Json | None]]
"""Reads a document of the tree by its path; None is one that is not there."""


@dataclass(frozen=True)
class Result(Generic[T]):
    """The end of a flow."""

    value: T


def advance(flow: Flow[T], answer: Answer = None) -> Request | Result[T]:
    """Go on to the next request or to the end; a warning points to the line that asked the catalog."""
    try:
        step = flow.send(answer)
        while isinstance(step, CatalogWarning):
            warnings.warn(step, stacklevel=4)
            step = flow.send(None)
    except StopIteration as end:
        return Result(end.value)
    return step
