"""Changes to JSON, Markdown, Atom and history: all made from the log alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from catalog.artifact import Json, document
from catalog.changelog.markdown import markdown
from catalog.changelog.words import summary
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.changes import LoggedChange

_OURS = {"offered", "since"}
"""What is in the log for the sake of histories."""


def published(changes: Iterable[LoggedChange]) -> Json:
    """Return a list of changes as it is published."""
    listed = [change.model_dump(mode="json", exclude=_OURS) for change in changes]
    return {"schema_version": SCHEMA_VERSION, "changes": listed}


FORMS: dict[str, Callable[[Sequence[LoggedChange]], str]] = {
    "markdown": markdown,
    "json": lambda changes: document(published(changes)).decode(),
    "line": lambda changes: f"{summary(changes)}\n",
}
"""The forms in which changes are told."""
