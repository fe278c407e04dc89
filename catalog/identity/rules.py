"""The facts, arranged for looking up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from catalog.schema.facts import Family, IdentityFacts


class Ending(NamedTuple):
    """An end of names that is cut, and the variant that it means."""

    suffix: str
    variant: str | None
    when: str
    """As in the facts, or `owner`: on names of the organisation's own families."""


class Endings(NamedTuple):
    """The ends that are cut from the ids of one service, longest first."""

    all: tuple[Ending, ...]
    suffixes: tuple[str, ...]
    """What `str.endswith` takes."""


@dataclass(frozen=True)
class Rules:
    """Facts by the name under which a step looks for them."""

    organisations: Mapping[str, str]
    """Spelling → organisation."""
    families: tuple[Family, ...]
    """Those that need a word inside first, then by length of the name."""
    family_start: re.Pattern[str]
    """Whether a name begins like any family at all."""
    joints: Mapping[str, tuple[tuple[re.Pattern[str], str], ...]]
    """Organisation → how its families are joined to a version number."""
    trims: Mapping[str, tuple[tuple[str, str], ...]]
    """Organisation → (prefix, suffix) that are left out."""
    particular: frozenset[str]
    """The organisations that have either of the two."""
    endings: Mapping[str, Endings]
    """Service → the ends of its ids; `*` for every other service."""
    copies: Mapping[str, re.Pattern[str]]
    """Organisation → which of its names are copies."""
    releases: Mapping[str, Mapping[str, int]]
    """Model of Claude → date → revision."""
    services: Mapping[str, str]
    """Service → the organisation whose models it sells; empty for a host of many."""
    grammars: Mapping[str, str]
    """Service → the service whose grammar it shares."""
    slugs: Mapping[str, str]
    """Slug of a Portkey integration → service."""

    def endings_of(self, service: str) -> Endings:
        """Return the ends that are cut from ids of a service."""
        return self.endings.get(service) or self.endings["*"]

    def family_of(self, name: str) -> Family | None:
        """Return the family that a name begins with; what stands inside decides first."""
        if not self.family_start.match(name):
            return None
        for family in self.families:
            if _is_of(name, family):
                return family
        return None


def _is_of(name: str, family: Family) -> bool:
    if not name.startswith(family.name) or (family.inside is not None and family.inside not in name):
        return False
    rest = name[len(family.name) :]
    if family.number:
        return rest.lstrip("-")[:1].isdigit()
    return not rest[:1].isalpha()


def arrange(facts: IdentityFacts, services: Mapping[str, str] | None = None) -> Rules:
    """Arrange facts; `services` (slug → service, as Portkey itself says) wins over the ones in the facts."""
    families = sorted(facts.spellings.families, key=lambda each: (each.inside is None, -len(each.name)))
    known = {each.service: each.organisation or "" for each in facts.portkey.services}
    slugs = {**{name: name for name in known}, **{each.slug: each.service for each in facts.portkey.slugs}}
    joints, trims = _joints(families), _trims(facts)
    return Rules(
        organisations={each.spelling: each.organisation for each in facts.spellings.organisations},
        families=tuple(families),
        family_start=re.compile("|".join(sorted({re.escape(each.name) for each in families})) or r"(?!)"),
        joints=joints,
        trims=trims,
        particular=frozenset(joints) | frozenset(trims),
        endings=_endings(facts),
        copies={each.organisation: re.compile(each.names) for each in facts.reuploads.reuploads},
        releases=_releases(facts),
        services=known,
        grammars={each.service: each.grammar for each in facts.portkey.services if each.grammar},
        slugs={**slugs, **(services or {})},
    )


def _joints(families: Iterable[Family]) -> dict[str, tuple[tuple[re.Pattern[str], str], ...]]:
    found: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for family in families:
        if family.joint is not None:
            pattern = re.compile(rf"{re.escape(family.name)}-?(?=\d)")
            found.setdefault(family.organisation, []).append((pattern, family.name + family.joint))
    return {organisation: tuple(pairs) for organisation, pairs in found.items()}


def _trims(facts: IdentityFacts) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for each in facts.spellings.trims:
        found.setdefault(each.organisation, []).append((each.prefix or "", each.suffix or ""))
    return {organisation: tuple(pairs) for organisation, pairs in found.items()}


def _endings(facts: IdentityFacts) -> dict[str, Endings]:
    everywhere = [
        Ending(each.suffix, each.variant, "owner" if each.owner else "always")
        for each in facts.suffixes.quantisation
    ]
    of_service: dict[str, list[Ending]] = {"*": []}
    for each in facts.suffixes.serving:
        ending = Ending(each.suffix, each.variant, each.when)
        of_service.setdefault(each.service, []).append(ending)
    return {name: _longest_first([*own, *everywhere]) for name, own in of_service.items()}


def _longest_first(found: list[Ending]) -> Endings:
    ordered = tuple(sorted(found, key=lambda each: (-len(each.suffix), each.suffix)))
    return Endings(ordered, tuple(each.suffix for each in ordered))


def _releases(facts: IdentityFacts) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for each in facts.claude.releases:
        found.setdefault(each.model, {})[each.released] = each.revision
    return found
