"""What a user of a host copies: `site/hosts/` as artifacts `hosts/<host>/…` of the tree.

A name that ends in `.j2` is a jinja2 template, which may include other files, and loses that suffix;
any other file is taken as it is. A file that lies in `site/hosts/` itself is shared: it gets a place in
the folder of every host of which a file names it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import DictLoader, Environment, StrictUndefined

from catalog import headers
from catalog.artifact import Artifact, Json
from catalog.book import Book
from catalog.detect import FALLBACK, WARNING

FOLDER = "hosts/"
TEMPLATE = ".j2"

Site = Mapping[str, bytes]
"""Path below `site/` → content."""


def hosts(site: Site, book: Book) -> Iterator[Artifact]:
    """Yield the files of every host, with the gateways of this tree in them."""
    files = {path.removeprefix(FOLDER): body for path, body in site.items() if path.startswith(FOLDER)}
    templates, facts = _environment(files), _facts(book)
    for path, body in sorted(_placed(files).items()):
        if path.endswith(TEMPLATE):
            rendered = templates.get_template(path).render(facts)
            yield Artifact(FOLDER + path.removesuffix(TEMPLATE), rendered.encode())
        else:
            yield Artifact(FOLDER + path, body)


def _placed(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Put each shared file into the folders of the hosts that need it."""
    shared = {path: body for path, body in files.items() if "/" not in path}
    placed = {path: body for path, body in files.items() if "/" in path}
    for host in {path.partition("/")[0] for path in placed}:
        own = [
            body
            for path, body in placed.items()
            if path.startswith(f"{host}/") and not path.endswith(TEMPLATE)
        ]
        placed |= {f"{host}/{name}": shared[name] for name in _named(own, shared)}
    return placed


def _named(bodies: list[bytes], shared: Mapping[str, bytes]) -> set[str]:
    """Return the shared files that some files name, and those that these name in turn."""
    found = {name for name in shared if any(name.encode() in body for body in bodies)}
    rest = {name: body for name, body in shared.items() if name not in found}
    return found | _named([shared[name] for name in found], rest) if found else found


def _facts(book: Book) -> Json:
    """Return what templates may speak of; `empty` are gateways that the tree has nothing of."""
    return {
        "gateways": book.order,
        "empty": [gateway for gateway in book.order if not book.entries[gateway]],
        "fallback": FALLBACK,
        "warning": WARNING,
        "methods": headers.METHODS,
        "common": headers.COMMON,
        "page": headers.PAGE,
        "preflight": headers.PREFLIGHT,
        "record_cache": headers.RECORD_CACHE,
        "list_cache": headers.LIST_CACHE,
    }


def _environment(files: Mapping[str, bytes]) -> Environment:
    return Environment(
        loader=DictLoader({path: body.decode(errors="replace") for path, body in files.items()}),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - configuration and code, no HTML
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
