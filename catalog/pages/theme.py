"""The look of the site: templates and assets, and how one page is made from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from catalog.artifact import Artifact, Json
from catalog.pages import words
from catalog.ports import Gateway
from catalog.text import inert

_TEMPLATES, _ASSETS = "templates/", "assets/"
_ROOT_FILES = ("favicon.svg",)
"""Assets that browsers look for at the root."""


@dataclass(frozen=True)
class Site:
    """What the pages are made from besides the catalog."""

    files: Mapping[str, bytes]
    """`templates/…` and `assets/…`."""
    gateways: Mapping[str, Gateway]
    """Their facts, in the order of detection."""
    base_url: str = ""
    """Where the tree is published, without a slash at the end; empty when nobody said."""
    histories: Mapping[str, Json] = field(default_factory=dict)
    """Path below `catalog/history/` → the dated prices of a model that changed."""
    endings: Sequence[Json] = ()
    """The offers whose end is announced, the next one first."""
    feeds: bool = False
    """Whether the tree has Atom feeds and `catalog/changes.json`."""


class Theme:
    """Makes pages: one template, one path, everything relative to the root of the site."""

    def __init__(self, site: Site, count: int) -> None:
        """Load the templates; an undefined name in one stops the build."""
        self.site = site
        named = {name: body for name, body in site.files.items() if name.startswith(_TEMPLATES)}
        self._environment = Environment(
            loader=DictLoader({name[len(_TEMPLATES) :]: body.decode() for name, body in named.items()}),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters |= words.FILTERS
        self._environment.globals |= {
            "gateways": site.gateways,
            "feeds": site.feeds,
            "base_url": site.base_url,
            "count": count,
        }

    def page(self, path: str, template: str, title: str, summary: str, /, **given: Any) -> Artifact:  # noqa: ANN401 - a template takes anything
        """Render one page; `root` leads from it to the root of the site."""
        root = given.pop("root", "../" * path.count("/"))
        text = self._environment.get_template(template).render(
            root=root, path=path, title=title, summary=summary, **given
        )
        return Artifact(path, inert(text).encode())

    def assets(self) -> Iterator[Artifact]:
        """Yield the files that are published as they are."""
        for name, body in sorted(self.site.files.items()):
            if name.startswith(_ASSETS):
                short = name[len(_ASSETS) :]
                yield Artifact(short if short in _ROOT_FILES else name, body)
