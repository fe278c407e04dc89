"""Answers that are well-formed and wrong: what is changed in the rows of a document."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

Json = Any
"""What a JSON document, or a part of one, can be."""
Rows = list[Json]
Change = Callable[[Json], Json]
"""Takes a document, returns another one."""

IDS = frozenset({"id", "model_name"})
PRICES = frozenset(
    {
        "prompt", "completion", "input", "output", "input_tokens", "output_tokens",
        "cents_per_input_token", "cents_per_output_token", "request_token", "response_token",
    }
)  # fmt: skip
"""Every name under which a gateway has a price per token."""
EVERY_TENTH = 10
ALONE = 1000
"""A step that meets the first row of any list only."""
_INFINITE = "@1e999@"
_NUMBER = re.compile(r"-?\d+(\.\d+)?")

HOSTILE_IDS = (
    "../../etc/passwd", "C:\\windows\\x", "con/nul", "evil/%2e%2e%2fpasswd", "__proto__/constructor",
    "evil/<script>alert(1)</script>",
)  # fmt: skip
"""Ids that can have a path, few enough that the night after may be without them."""
NO_IDS = ("", "/etc/passwd", "a//b", "evil/\x00byte", "evil/\ud800")
"""Ids that can have none."""
HOSTILE_TEXTS = (
    "<script>alert(1)</script>", "</script><img src=x onerror=alert(2)>", "<!-- --> ]]> <![CDATA[",
    "{{7*7}} {% include '/etc/passwd' %}", "[click](javascript:alert(1)) ![x](https://example.invalid/x.png)",
    "line\r\n| a | b |\n---\ntitle: x", "\u202eevil\u202c \x00 \x1b[31mred", "=cmd|' /C calc'!A0",
)  # fmt: skip


def rendered(document: object) -> bytes:
    """Write a document as JSON; the one number that Python cannot write is put in by hand."""
    return json.dumps(document).replace(f'"{_INFINITE}"', "1e999").encode()


def listed(document: Json) -> Rows | None:
    """Return the list that a document consists of, as it is in there; None where it has none."""
    if isinstance(document, list):
        return document
    data = document.get("data") if isinstance(document, dict) else None
    if isinstance(data, dict):
        data = data.get("endpoints")
    return data if isinstance(data, list) else None


def in_rows(change: Callable[[Rows], Rows], *, entries: bool = False) -> Change:
    """Change the rows of a document, with `entries` also what stands below the keys of a price file."""

    def changed(document: Json) -> Json:
        document = copy.deepcopy(document)
        rows = listed(document)
        if rows is not None:
            rows[:] = change(rows)
        elif entries and isinstance(document, dict):
            document = dict(zip(document, change(list(document.values())), strict=True))
        return document

    return changed


def emptied(document: Json) -> Json:
    """Leave out every row."""
    found = in_rows(lambda _: [])(document)
    return found if listed(document) is not None else {}


def halved(document: Json) -> Json:
    """Leave out every other row."""
    if listed(document) is None and isinstance(document, dict):
        return dict(list(document.items())[::2])
    return in_rows(lambda rows: rows[::2])(document)


def renamed(names: frozenset[str]) -> Change:
    """Give some fields another name, however deep they are."""
    return _keys(names, lambda name, value: (f"{name}_v2", value))


def nulled(names: frozenset[str]) -> Change:
    """Leave the value of some fields out, however deep they are."""
    return _keys(names, lambda name, _: (name, None))


def _keys(names: frozenset[str], change: Callable[[str, Json], tuple[str, Json]]) -> Change:
    def changed(value: Json) -> Json:
        if isinstance(value, list):
            return [changed(each) for each in value]
        if isinstance(value, dict):
            pairs = ((name, changed(each)) for name, each in value.items())
            return dict(change(name, each) if name in names else (name, each) for name, each in pairs)
        return value

    return changed


def retyped(every: int) -> Change:
    """Give rows a number where their id was, and those of a price file text in place of an entry."""

    def change(row: Json) -> Json:
        return {**row, **dict.fromkeys(IDS & row.keys(), 7)} if IDS & row.keys() else "none"

    return in_rows(_every(every, change), entries=True)


def repriced(change: Change, every: int = 1) -> Change:
    """Change the prices of rows."""
    return in_rows(_every(every, lambda row: _prices(row, change)), entries=True)


def _every(step: int, change: Change) -> Callable[[Rows], Rows]:
    return lambda rows: [row if number % step else change(row) for number, row in enumerate(rows)]


def _prices(value: Json, change: Change) -> Json:
    if not isinstance(value, dict):
        return value
    return {
        name: _numbers(each, change) if name in PRICES else _prices(each, change)
        for name, each in value.items()
    }


def _numbers(value: Json, change: Change) -> Json:
    if isinstance(value, dict):
        return {name: _numbers(each, change) for name, each in value.items()}
    is_number = isinstance(value, int | float) or (isinstance(value, str) and _NUMBER.fullmatch(value))
    return change(value) if is_number else value


def not_a_number(value: Json) -> Json:
    """Return NaN as the gateway would write it."""
    return "NaN" if isinstance(value, str) else float("nan")


def infinite(value: Json) -> Json:
    """Return a number that no float can hold."""
    return "1e999" if isinstance(value, str) else _INFINITE


def negative(value: Json) -> Json:
    """Return a price below zero."""
    return f"-{value}" if isinstance(value, str) else -value


def thousandfold(value: Json) -> Json:
    """Return a price in another unit."""
    return format(float(value) * 1000, ".12f") if isinstance(value, str) else value * 1000


def repeated(document: Json) -> Json:
    """Say every tenth row twice, with another date, and the first one once more in capitals."""
    return in_rows(_with_twins)(document)


def _with_twins(rows: Rows) -> Rows:
    twins = [{**row, "created": number} for number, row in enumerate(rows) if number % EVERY_TENTH == 0]
    capitals = [{**row, **{name: row[name].upper() for name in IDS & row.keys()}} for row in rows[:1]]
    return [*rows, *twins, *(each for each in capitals if IDS & each.keys())]


def with_ids(names: Sequence[str]) -> Change:
    """Add a row for each of some ids, else like the first one."""
    return in_rows(
        lambda rows: (
            [*rows, *({**rows[0], **dict.fromkeys(IDS & rows[0].keys(), name)} for name in names)]
            if rows and IDS & rows[0].keys()
            else rows
        )
    )


def with_texts(texts: Sequence[str]) -> Change:
    """Name and describe the first rows in odd words."""

    def change(rows: Rows) -> Rows:
        said = ({**row, "name": text, "description": text} for row, text in zip(rows, texts, strict=False))
        return [*said, *rows[len(texts) :]]

    return in_rows(change)
