"""What is found by the first letters of a word: for a list too long to be searched in a browser at once."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

WORD = re.compile("[a-z0-9\x80-\U0010ffff]+")
"""A word of an id or a name in lower case; ASCII signs part words."""
_Pair = tuple[str, int]
"""A word and the number of an item that has it."""


class Part(NamedTuple):
    """The items of which a word begins in one way."""

    beginning: str
    items: list[int]
    """The numbers of the first ones, in order."""
    more: int
    """How many there are beyond these; where there are some, a longer beginning leads to them."""


def parts(texts: Iterable[str], most: int) -> Iterator[Part]:
    """Yield a part of at most so many items for every beginning, longer ones where that is not all of them.

    `texts` are those of the items, in lower case, the best item first.
    """
    pairs = [(word, number) for number, text in enumerate(texts) for word in set(WORD.findall(text))]
    return _below("", pairs, most)


def _below(beginning: str, pairs: list[_Pair], most: int) -> Iterator[Part]:
    length = len(beginning) + 1
    groups: dict[str, list[_Pair]] = defaultdict(list)
    for pair in pairs:
        if len(pair[0]) >= length:
            groups[pair[0][:length]].append(pair)
    for longer, some in sorted(groups.items()):
        items = list(dict.fromkeys(number for _, number in some))
        yield Part(longer, items[:most], max(0, len(items) - most))
        if len(items) > most:
            yield from _below(longer, some, most)
