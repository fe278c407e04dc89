"""What the facts know beyond the gateways: organisations with name, site and logo."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from catalog import paths
from catalog.schema.facts import Organisation

LOGOS = "assets/logos/"
"""Folder of the logos in the tree."""
_HUB = "https://huggingface.co/"
_HUB_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_MONOGRAM = re.compile(r"[a-z0-9]")


class Shown(NamedTuple):
    """What is published of one organisation."""

    name: str
    """Display name; the short name where no other is known."""
    site: str | None
    """Its own site, else its page on the Hugging Face Hub."""
    logo: str | None
    """Address of its logo, else of the monogram of its name."""


LookUp = Callable[[str], Shown]
"""Returns what is published of an organisation by its short name."""


def look_up(
    facts: Mapping[str, Organisation], hubs: Iterable[str], assets: Collection[str], base_url: str
) -> LookUp:
    """Return the look-up of organisations, which works out each one once.

    `hubs` are the organisations that have repositories on the Hugging Face Hub, as spelled there;
    `assets` the paths of the files that are published as they are: nothing else can be a logo.
    """
    keys = {slug: key for key, fact in facts.items() for slug in (key, *fact.aliases)}
    spelled = {paths.lower(name): name for name in sorted(hubs, reverse=True) if _HUB_NAME.fullmatch(name)}

    @lru_cache(maxsize=1 << 12)
    def shown(slug: str) -> Shown:
        key = keys.get(slug, slug)
        fact = facts.get(key)
        spellings = (slug, key, *(fact.aliases if fact else ()))
        hub = next((spelled[each] for each in spellings if each in spelled), None)
        name = fact.name if fact else hub or slug
        site = (fact and fact.site) or (_HUB + hub if hub else None)
        logo = next((path for path in _logos(fact, name, slug) if path in assets), None)
        return Shown(name, site, f"{base_url}/{logo}" if logo else None)

    return shown


def _logos(fact: Organisation | None, name: str, slug: str) -> Iterable[str]:
    """Yield the paths of an organisation's logo and of its monogram."""
    if fact and fact.logo:
        yield f"{LOGOS}{fact.logo}.svg"
    if letter := _MONOGRAM.search(paths.lower(name + slug)):
        yield f"{LOGOS}monogram-{letter[0]}.svg"


NOBODY = look_up({}, (), (), "")
"""The look-up that knows no organisation."""
