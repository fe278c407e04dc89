"""Which request works on which host, as the table of docs/hosts.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conformance.cases import CASES, FORMS, Case
from tests.conformance.farm import Farm
from tests.conformance.hosts import HOSTS, OWN, Host
from tests.site import ROOT

DOCUMENT = ROOT / "docs/hosts.md"
BEGIN, END = "<!-- made by `make hosts-table`: begin -->", "<!-- made by `make hosts-table`: end -->"
UNKNOWN = "?"
"""In the column of a host that could not be started when the table was made."""
REASONS = tuple(dict.fromkeys(reason for host in HOSTS for reason in host.unsupported.values()))

Column = Mapping[str, str]
"""Form → what the table says of it."""


def column(farm: Farm, host: Host, cases: Iterable[Case] = CASES) -> Column:
    """Ask a host everything and return its column."""
    failed = {case.form for case in cases if farm.wrong(host, case)}
    return {form: _cell(host, form) if form in failed else "yes" for form in FORMS}


def _cell(host: Host, form: str) -> str:
    reason = host.unsupported.get(form)
    if reason is None:
        return "**fails**"
    number = f"({REASONS.index(reason) + 1})"
    return number if reason in OWN else f"no {number}"


def committed(document: Path = DOCUMENT) -> dict[str, Column]:
    """Return the columns that stand in the document, by host."""
    text = document.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    head, _, *rows = [_cells(line) for line in text.splitlines() if line.startswith("|")] or [[], []]
    named = {words: form for form, words in FORMS.items()}
    forms = [(named[row[0]], row) for row in rows if row[0] in named]
    titles = {host.title: host.name for host in HOSTS}
    return {
        titles[title]: {form: row[at] for form, row in forms}
        for at, title in enumerate(head)
        if title in titles
    }


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]


def markdown(columns: Mapping[str, Column]) -> str:
    """Return the table and its reasons."""
    head = ["request", *(host.title for host in HOSTS)]
    rows = [
        [words, *(columns.get(host.name, {}).get(form, UNKNOWN) for host in HOSTS)]
        for form, words in FORMS.items()
    ]
    lines = [head, ["---", *("---" for _ in HOSTS)], *rows]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    return f"{table}\n" + "".join(f"{number}. {reason}\n" for number, reason in enumerate(REASONS, 1))


def publish(text: str, document: Path = DOCUMENT) -> None:
    """Put the table between the markers of the document."""
    head, rest = document.read_text(encoding="utf-8").split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    document.write_text(f"{head}{BEGIN}\n{text}{END}{tail}", encoding="utf-8")
