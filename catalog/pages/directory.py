"""Every model as a plain link, by the first letter: for readers without JavaScript, and for crawlers."""

from __future__ import annotations

import string
from collections import defaultdict
from collections.abc import Iterator

from catalog.artifact import Artifact
from catalog.pages.shelf import Model, Shelf
from catalog.pages.theme import Theme

_OTHER = "other"
_LETTERS = frozenset(string.ascii_lowercase)


def directory(shelf: Shelf, theme: Theme) -> Iterator[Artifact]:
    """Yield one page for each first letter, then the list of letters."""
    found: dict[str, list[Model]] = defaultdict(list)
    for model in sorted(shelf.models, key=lambda each: each.path):
        found[_letter(model)].append(model)
    letters = sorted(found, key=lambda letter: (letter != _OTHER, letter))
    for letter in letters:
        yield theme.page(
            f"models/{letter}.html",
            "letter.html",
            f"Models: {letter} – Gatelog",
            f"{len(found[letter]):,} models whose id begins with {letter}.",
            letter=letter,
            letters=letters,
            models=found[letter],
        )
    yield theme.page(
        "models.html",
        "letters.html",
        "All models – Gatelog",
        f"All {len(shelf.models):,} models of the catalog as plain links.",
        letters=[(letter, len(found[letter])) for letter in letters],
    )


def _letter(model: Model) -> str:
    first = model.path[0]
    return first if first in _LETTERS else _OTHER
