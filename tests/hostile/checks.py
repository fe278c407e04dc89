"""What holds of every file of a tree that nasty strings went into, beside one made of plain words."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from html.parser import HTMLParser
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, fromstring

from catalog.kinds import kind_of
from tests.hostile.corpus import CONTROLS, FORMULAS
from tests.hostile.gateways import ADDRESS, SAID, Tree

_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)
_LEGAL = re.compile(r"[A-Za-z0-9_~-][A-Za-z0-9._~-]*")
LONGEST_NAME = 255
_SCHEMES = frozenset({"", "http", "https"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href"})
_SAME_PATH = "model/fields/"
"""Pages of models that have one id in both trees."""


Check = Callable[[str, bytes, Tree], Iterable[str]]
"""Yields a sentence for everything that is wrong with a file."""


def format_of(path: str) -> str:
    """Return the name of the format of a file: its kind, else how its name ends."""
    return kind_of(path) or path.rpartition("/")[2].rpartition(".")[2]


def paths(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield every path that some file system refuses, or takes for that of another content."""
    folded: dict[str, str] = {}
    for path in files:
        yield from (
            f"{path!a}: {name!a} is no name everywhere" for name in path.split("/") if not _legal(name)
        )
        other = folded.setdefault(path.lower(), path)
        if files[other] != files[path]:
            yield f"{path} and {other} are one file on some systems"


def _legal(name: str) -> bool:
    """Tell whether Linux, macOS and Windows all take a name as it stands."""
    if name.endswith(".") or len(name) > LONGEST_NAME or _RESERVED.match(name):
        return False
    return _LEGAL.fullmatch(name) is not None


def same(path: str, body: bytes, tree: Tree) -> Iterator[str]:
    """A file that holds no words of gateways is what it always is."""
    if tree.plain.get(path) != body:
        yield f"{path} depends on what gateways write"


def json_document(path: str, body: bytes, _: Tree) -> Iterator[str]:
    """JSON without control characters in anything but ids."""
    yield from (f"{path}: {text!a} holds a control character" for text in _dirty(json.loads(body)))


def _dirty(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if SAID in value and CONTROLS.search(value):
            yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from _dirty(name)
            yield from _dirty(each)
    elif isinstance(value, list):
        for each in value:
            yield from _dirty(each)


class _Structure(HTMLParser):
    """The elements and attributes of a page, as a browser understands it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.others: list[str] = []
        """Comments, declarations and the content of scripts."""
        self._inside = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, tuple(sorted(name for name, _ in attrs))))
        self.addresses += [value or "" for name, value in attrs if name in _ADDRESSES]
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        """Note the end of an element."""
        self.elements.append((f"/{tag}", ()))
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Note what a script says."""
        if self._inside in ("script", "style"):
            self.others.append(data)

    def handle_comment(self, data: str) -> None:
        """Note a comment."""
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        """Note a declaration."""
        self.others.append(decl)

    def unknown_decl(self, data: str) -> None:
        """Note what is no declaration."""
        self.others.append(data)

    def handle_pi(self, data: str) -> None:
        """Note a processing instruction."""
        self.others.append(data)


def page(path: str, body: bytes, tree: Tree) -> Iterator[str]:
    """HTML of the elements and attributes that plain words make, and of addresses that lead to our pages."""
    found, known = _Structure(body.decode()), _known(tree)
    if CONTROLS.search(body.decode()):
        yield f"{path} holds a control character"
    strange = set(found.elements) - known.elements
    if strange:
        yield f"{path} has the elements {sorted(strange)[:3]}"
    plain = tree.plain.get(path) if path.startswith(_SAME_PATH) else None
    if plain and found.elements != _Structure(plain.decode()).elements:
        yield f"{path} is built otherwise than from plain words"
    for address in found.addresses:
        parts = urlsplit(address)
        if parts.scheme not in _SCHEMES or parts.netloc not in known.hosts:
            yield f"{path} leads to {address!a}"
    if said := [text for text in found.others if text not in known.others]:
        yield f"{path} has the comment or script {said[0]!a}"


class _Known(NamedTuple):
    elements: set[tuple[str, tuple[str, ...]]]
    hosts: set[str]
    others: set[str]


_of_pages: dict[int, _Known] = {}


def _known(tree: Tree) -> _Known:
    """Return what stands in all pages of the plain tree."""
    if id(tree.plain) not in _of_pages:
        pages = [_Structure(body.decode()) for path, body in tree.plain.items() if path.endswith(".html")]
        _of_pages[id(tree.plain)] = _Known(
            {element for each in pages for element in each.elements},
            {urlsplit(address).netloc for each in pages for address in each.addresses},
            {text for each in pages for text in each.others},
        )
    return _of_pages[id(tree.plain)]


def feed(path: str, body: bytes, tree: Tree) -> Iterator[str]:
    """Atom, or another XML, of the elements that plain words make, without a definition of entities."""
    text = body.decode()
    if CONTROLS.search(text) or "<!" in text:
        yield f"{path} holds a control character or a declaration"
    found, known = _elements(body), _elements(tree.plain[path])
    if strange := _shapes(found) - _shapes(known):
        yield f"{path} has the elements {sorted(strange)}"
    links = [each.attrib["href"] for each in found if "href" in each.attrib]
    yield from (f"{path} leads to {link!a}" for link in links if not link.startswith(f"{ADDRESS}/"))


def _elements(body: bytes) -> list[Element]:
    return list(fromstring(body).iter())  # noqa: S314 - our own, and without a definition of entities


def _shapes(elements: Iterable[Element]) -> set[tuple[str, ...]]:
    return {(each.tag, *sorted(each.attrib)) for each in elements}


def table(path: str, body: bytes, _: Tree) -> Iterator[str]:
    """CSV of whole rows, no cell of which is calculated."""
    head, *rows = csv.reader(io.StringIO(body.decode(), newline=""), strict=True)
    for row in rows:
        if len(row) != len(head):
            yield f"{path}: a row of {len(row)} cells"
        for cell in row:
            if cell.startswith(FORMULAS):
                yield f"{path}: the cell {cell!a} is a formula"
            if SAID in cell and CONTROLS.search(cell):
                yield f"{path}: the cell {cell!a} holds a control character"


def database(path: str, body: bytes, tree: Tree) -> Iterator[str]:
    """SQLite of the tables that plain words make."""
    found, known = _tables(body), _tables(tree.plain[path])
    if found.keys() != known.keys():
        yield f"{path} has the tables {sorted(found)}"
    for rows in found.values():
        yield from (f"{path}: {text!a}" for row in rows for text in _dirty(list(row)))


def _tables(body: bytes) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(":memory:")) as base:
        base.deserialize(body)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        defined = base.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'table'").fetchall()
        return {sql: base.execute(f'SELECT * FROM "{name}"').fetchall() for name, sql in defined}  # noqa: S608 - our own names


def lines(path: str, body: bytes, tree: Tree) -> Iterator[str]:
    """NDJSON: a document a line."""
    for line in gzip.decompress(body).decode().split("\n")[:-1]:
        yield from json_document(path, line.encode(), tree)


def plain_text(path: str, body: bytes, _: Tree) -> Iterator[str]:
    """Text of visible ASCII and line ends, such as a list of addresses."""
    if not re.fullmatch(r"[!-~ \n]*", body.decode()):
        yield f"{path} holds more than visible ASCII"


BY_SUFFIX: dict[str, Check] = {
    "json": json_document, "html": page, "atom": feed, "xml": feed, "csv": table, "sqlite": database,
    "gz": lines, "txt": plain_text, "models": json_document,
    **dict.fromkeys(("svg", "js", "css", "ts"), same),
}  # fmt: skip
"""How a name ends → what holds of such a file."""
BY_FOLDER: dict[str, Check] = {"hosts/": same, "schema/": same, "openapi.json": same, "assets/": same}
"""How a path begins → what holds there whatever the name."""


def check_of(path: str) -> Check | None:
    """Return what holds of a file; None for a format that nobody thought of."""
    folder = next((check for start, check in BY_FOLDER.items() if path.startswith(start)), None)
    return folder or BY_SUFFIX.get(path.rpartition("/")[2].rpartition(".")[2])
