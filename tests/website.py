"""The real templates and assets over a small catalog."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from catalog.pages import Site
from commands import program
from tests.factories import GATEWAY, ORDER

_TAG = re.compile(r"<[^>]+>")
_SPACE = re.compile(r"\s+")


def website(**given: Any) -> Site:  # noqa: ANN401 - the fields of a site
    """Return the site of five gateways that exist in tests only."""
    facts = {name: replace(GATEWAY, id=name, name=name.title()) for name in ORDER}
    return Site(files=program.site(), gateways=facts, **given)


def said(page: bytes) -> str:
    """Return what a page says, without its markup."""
    return _SPACE.sub(" ", _TAG.sub(" ", page.decode())).strip()
