"""Lists that grow with the catalog: one file while they are small, beyond that parts of a bounded size.

Which part holds a row follows from its name alone: the first hex digits of the sha256 of the
lower-cased name. How many digits there are, the list itself says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from typing import TypeVar

from catalog import paths
from catalog.artifact import Artifact, Json, Limits, compact

FEWEST_DIGITS = 2
_BITS = 32
T = TypeVar("T")


def digits_for(rows: int, most: int) -> int:
    """Return how many digits name the parts of a list, so that a part has about `most` rows at the most."""
    digits = FEWEST_DIGITS
    while rows > most * 16**digits:
        digits += 1
    return digits


def part_of(name: str, digits: int) -> str:
    """Return the digits that name the part of a row."""
    return sha256(paths.lower(name).encode()).hexdigest()[:digits]


def parts(rows: Iterable[T], name: Callable[[T], str], digits: int) -> Iterator[tuple[str, list[T]]]:
    """Yield every part, by its digits, with its rows in the order given; a part may have none."""
    found: list[list[T]] = [[] for _ in range(16**digits)]
    shift = _BITS - 4 * digits
    for row in rows:
        digest = sha256(paths.lower(name(row)).encode()).digest()
        found[int.from_bytes(digest[:4], "big") >> shift].append(row)
    return ((f"{number:0{digits}x}", some) for number, some in enumerate(found))


def listed(
    path: str,
    rows: Sequence[T],
    name: Callable[[T], str],
    made: Callable[[Sequence[T]], Json],
    limits: Limits,
) -> Iterator[Artifact]:
    """Yield the file of a list, or its parts and then the file that says how many digits name them.

    `made` returns the document of some of the rows.
    """
    if len(rows) <= limits.whole_rows:
        yield Artifact(path, compact(made(rows)))
        return
    digits = digits_for(len(rows), limits.part_rows)
    folder = path.removesuffix(paths.SUFFIX)
    for part, some in parts(rows, name, digits):
        yield Artifact(f"{folder}/{part}.json", compact(made(some)))
    yield Artifact(path, compact({**made(()), "digits": digits}))
