"""Names in one spelling: separators, families, ends that are no part of a name, re-uploads."""

from __future__ import annotations

import re

from catalog.identity.rules import Ending, Rules
from catalog.identity.work import UnresolvedError, Work

# Both begin with a plain character, so that a name without it is passed over quickly.
_LETTER_POINT = re.compile(r"\.(?<=[a-z]\.)(?=\d)")
_VERSION = re.compile(r"-(?<=\d-)(?<![\d.]\d-)(?=\d(?![\da-z.]))")
_SIZE = re.compile(r"(?<![a-z0-9.])(?:\d+x)?\d+(?:\.\d+)?[bmt](?![a-z0-9])")

_CHAT = re.compile(r"-(?:instruct|chat|it)(?:-|$)")
_CHAT_END = re.compile(r"-(?:instruct|chat|it)(?:-(?:turbo|fp8))?$")
_MEDIA = re.compile(
    r"(?:^|[-.])(?:image|video|t2v|i2v|t2i|ti2v|tts|asr|speech|audio|diffusion|whisper)(?:[-.]|$)"
)
_DATE = re.compile(r"(?<![\w.])(?:\d{4}-\d\d-\d\d|\d{8}|\d\d-\d{4}|\d{4})(?![\w.])")
_FINAL_DATE = re.compile(r"(?<=-)(?:\d{4}-\d\d-\d\d|\d{8})$")


def sizes(name: str) -> frozenset[str]:
    """Return the parameter sizes in a name, `70b`, `8x7b`, `1.5b`; active sizes such as `a3b` are none."""
    return frozenset(_SIZE.findall(name))


def dates(name: str) -> frozenset[str]:
    """Return the dates in a name, `2507`, `20250805`, whatever stands between their parts."""
    return frozenset(found.replace("-", "") for found in _DATE.findall(name))


def final_date(name: str) -> str | None:
    """Return the full date at the end of a name, `2025-08-07` or `20250807`."""
    found = _FINAL_DATE.search(name)
    return found[0] if found else None


def alike(text: str) -> str:
    """Return what two ids have in common that differ in case and separators only."""
    return text.replace("_", "-").replace(".", "-")


def spell(name: str) -> str:
    """Write separators in one way: `3_3`, `3-3` → `3.3`, `flux.1` → `flux-1`."""
    if "_" in name:
        name = name.replace("_", ".")
    if "." in name:
        name = _LETTER_POINT.sub("-", name)
    return _VERSION.sub(".", name)


def owner(work: Work, rules: Rules) -> None:
    """Name the organisation in the spelling of model keys; raises UnresolvedError when nobody is named."""
    if work.organisation:
        known = rules.organisations.get(work.organisation)
        if known:
            work.organisation = known
            work.say("the organisation's name in model keys")
        return
    selling = rules.services.get(work.service)
    family = None if selling else rules.family_of(work.name)
    if not selling and not family:
        raise UnresolvedError("no organisation is named, and no family that tells it")
    work.organisation = selling or (family.organisation if family else "")
    work.say("the service's own model" if selling else "the family tells the organisation")


def cut(work: Work, rules: Rules, products: frozenset[str]) -> None:
    """Cut the ends that say how a model is served or quantised."""
    endings = rules.endings_of(work.service)
    while work.name.endswith(endings.suffixes):
        ending = next(each for each in endings.all if work.name.endswith(each.suffix))
        rest = work.name[: -len(ending.suffix)]
        if not rest or not _is_ending(ending, rest, work, rules, products):
            return
        work.name = rest
        work.variants += (ending.variant,) if ending.variant else ()
        work.say(f"{ending.suffix} is how it is served, not what it is")


def _is_ending(ending: Ending, rest: str, work: Work, rules: Rules, products: frozenset[str]) -> bool:
    """Tell whether an end is none of the name; raises UnresolvedError when it could be either."""
    if ending.when == "always":
        return True
    if ending.when == "owner":
        family = rules.family_of(rest)
        return family is not None and family.organisation == work.organisation
    if f"{work.organisation}/{work.name}" in products:
        raise UnresolvedError(f"{ending.suffix} is a way of serving here, and another model elsewhere")
    return _is_language_model(rest, rules) if ending.when == "language" else bool(_CHAT_END.search(rest))


def _is_language_model(name: str, rules: Rules) -> bool:
    """Tell whether hosts add ends to a name; sdxl-turbo and whisper-large-v3-turbo are models."""
    if _MEDIA.search(name):
        return False
    family = rules.family_of(name)
    if family is not None and family.served is not None:
        return family.served
    return bool(_SIZE.search(name) or _CHAT.search(name))


def copy(work: Work, rules: Rules) -> bool:
    """Put the owner of the family in the place of an organisation that publishes copies; tell whether."""
    pattern = rules.copies.get(work.organisation)
    if pattern is None or not pattern.fullmatch(work.name):
        return False
    family = rules.family_of(work.name)
    if family is None or family.organisation == work.organisation:
        return False
    work.organisation = family.organisation
    work.variants += ("reupload",)
    work.say("a copy: the owner of the family")
    return True


def separate(work: Work) -> None:
    """Write the separators of a name in one way."""
    name = spell(work.name)
    if name != work.name:
        work.name = name
        work.say("separators")


def settle(work: Work, rules: Rules) -> bool:
    """Write the name as its maker does: trims, then the joint of the family; tell whether it changed."""
    if work.organisation not in rules.particular:
        return False
    before = work.name
    for prefix, suffix in rules.trims.get(work.organisation, ()):
        work.name = work.name.removeprefix(prefix).removesuffix(suffix) or work.name
    for pattern, replacement in rules.joints.get(work.organisation, ()):
        work.name = pattern.sub(replacement, work.name, count=1) if pattern.match(work.name) else work.name
    if work.name == before:
        return False
    work.say("the maker's spelling")
    return True
