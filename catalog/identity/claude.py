"""Anthropic's names: word order, dots and dates differ from place to place, the release does not."""

from __future__ import annotations

import re

from catalog.identity.rules import Rules
from catalog.identity.work import UnresolvedError, Work

_TAIL = (
    r"(?:-latest)?(?:[-@](?P<date>\d{8}))?"
    r"(?:-v(?P<revision>\d+)(?::\d+)?)?(?:[-@](?P<late>\d{8}))?"  # claude-3-5-sonnet-v2@20241022
    r"(?:-(?P<mode>fast|thinking))?"
)
_FORMS = tuple(
    re.compile(form + _TAIL)
    for form in (
        r"claude-(?P<major>\d)(?:[-.](?P<minor>\d))?-(?P<family>[a-z]+)",
        r"claude-(?P<family>[a-z]+)-v?(?P<major>\d)(?:[-.](?P<minor>\d))?",
        r"claude-v?(?P<major>\d)(?:[-.:](?P<minor>\d))?(?P<family>)",
    )
)


def read(work: Work, rules: Rules) -> bool:
    """Write a name of Claude in one way; False for a name that is none, or has more to say.

    Raises UnresolvedError for a date that this version never had, and for several releases of one name.
    """
    if not work.name.startswith("claude-") or work.organisation not in {"", "anthropic"}:
        return False
    found = next(filter(None, (form.fullmatch(work.name) for form in _FORMS)), None)
    if not found:
        return False
    work.organisation = "anthropic"
    model = _model(found)
    date = found["date"] or found["late"]
    released = _release(model, date, int(found["revision"] or 0), work.service, rules)
    work.name = f"{model}-{released}" if released else model
    if found["mode"]:
        work.variants += (found["mode"],)
    work.say("claude: family, version and release")
    return True


def _model(found: re.Match[str]) -> str:
    minor = found["minor"] if found["minor"] not in {None, "0"} else ""
    version = "-".join(filter(None, [found["major"], minor]))
    if not found["family"]:
        return f"claude-{version}"
    # As Anthropic writes it: the version comes first up to 3.7.
    parts = (version, found["family"]) if int(found["major"]) <= 3 else (found["family"], version)  # noqa: PLR2004 - said above
    return "-".join(("claude", *parts))


def _release(model: str, date: str | None, revision: int, service: str, rules: Rules) -> str | None:
    """Return the date that belongs to the key: none where a version had one release only."""
    releases = rules.releases.get(model)
    if releases is None:
        return date
    if date and date not in releases:
        raise UnresolvedError(f"{model} was not released on {date}")
    if len(releases) == 1:
        return None
    if date:
        return date
    if service == "vertex-ai" and not revision:  # Vertex means the first release, everyone else the last
        return min(releases)
    by_revision = {number: released for released, number in releases.items()}
    return by_revision.get(revision, max(releases)) if revision > 1 else max(releases)
