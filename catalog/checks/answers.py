"""Guards that look at the figures of one answer, alone or beside those of the last good one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from catalog.checks.finding import Finding, named, percent
from catalog.schema.listing import METERS

SHRINK_SHARE = 0.10
SHRINK_ROWS = 5
UNREADABLE_SHARE = 0.02
NEARLY_ALWAYS = 0.95
NOW_EMPTY = 0.80
VANISHING_LISTINGS = 10
VANISHING_SHARE = 0.05
VANISHED = 0.20
HOSTS_LEFT = 0.50
ODD_LIMITS = 5
ODD_SHARE = 0.02
COME_AND_GO = frozenset(
    {"endpoints", "discount", "list_pricing", "price_tiers", "expiration_date", "replaced_by", "alias_target"}
)
"""Fields that many listings can lose on one day, as when a sale ends."""
CARRIED_OVER = frozenset({"endpoints", "endpoints.some", "endpoints.priced"})
"""Fields that keep their last value when their own requests fail; that says nothing about the list."""


@dataclass(frozen=True)
class Answer:
    """The figures of one answer, or of the snapshot that it is compared with."""

    gateway: str
    """The gateway."""
    rows: int
    """Raw rows of an answer."""
    listings: int
    """Different listings, without tombstones."""
    unreadable: int
    """Rows that could not be read."""
    filled: Counter[str]
    """Field of ours → listings in which it is known."""
    drift: tuple[str, ...] = ()
    """What it brought that is new to us: unknown fields, meters and values."""
    odd_limits: tuple[str, ...] = ()
    """Each context or output limit that no model can have, in words."""


Guard = Callable[[Answer, Answer], Finding | None]


def check_not_empty(fresh: Answer, _: Answer) -> Finding | None:
    """An answer without any listing is never believed."""
    if fresh.listings:
        return None
    return _hold(fresh, "empty", f"the answer holds no listing ({fresh.rows} rows)")


def check_rows_are_readable(fresh: Answer, _: Answer) -> Finding | None:
    """More than 2 % unreadable rows mean that the upstream changed, not that rows are bad."""
    if fresh.unreadable <= UNREADABLE_SHARE * fresh.rows:
        return None
    return _hold(fresh, "unreadable", f"{fresh.unreadable} of {fresh.rows} rows cannot be read")


def check_not_shrunk(fresh: Answer, last: Answer) -> Finding | None:
    """A list that lost more than 10 % and more than 5 rows is held."""
    lost = last.listings - fresh.listings
    if lost <= SHRINK_ROWS or lost <= SHRINK_SHARE * last.listings:
        return None
    return _hold(fresh, "shrunk", f"{fresh.listings} listings, {last.listings} before: {lost} fewer")


def check_fields_stay_filled(fresh: Answer, last: Answer) -> Finding | None:
    """A field of ours that was nearly always there and now is not means a renamed field upstream."""
    gone = [
        f"{name} ({percent(fresh.filled[name], fresh.listings)}, {percent(count, last.listings)} before)"
        for name, count in sorted(last.filled.items())
        if count >= NEARLY_ALWAYS * last.listings and fresh.filled[name] < NOW_EMPTY * fresh.listings
        if name not in CARRIED_OVER and not _is_new_meter(name)
    ]
    return _hold(fresh, "emptied", f"hardly filled any more: {', '.join(gone)}") if gone else None


def check_fields_do_not_vanish(fresh: Answer, last: Answer) -> Finding | None:
    """A field of ours that many had and hardly any has now means a renamed field upstream as well."""
    many = max(VANISHING_LISTINGS, VANISHING_SHARE * last.listings)
    scale = fresh.listings / last.listings
    gone = [
        f"{name} ({fresh.filled[name]} listings, {count} before)"
        for name, count in sorted(last.filled.items())
        if name not in COME_AND_GO | CARRIED_OVER and not _is_new_meter(name)
        if count >= many and fresh.filled[name] < VANISHED * count * scale
    ]
    return _hold(fresh, "vanished", f"hardly there any more: {', '.join(gone)}") if gone else None


def check_hosts_stay(fresh: Answer, last: Answer) -> Finding | None:
    """Of the models whose hosts were answered hardly any has some, or a price of one, where many had."""
    answered, before = fresh.filled["endpoints"], last.filled["endpoints"]
    if answered < VANISHING_LISTINGS or not before:
        return None
    gone = [
        f"{words} ({percent(fresh.filled[name], answered)} of the models, "
        f"{percent(last.filled[name], before)} before)"
        for name, words in (("endpoints.some", "hosts"), ("endpoints.priced", "prices of hosts"))
        if fresh.filled[name] * before < HOSTS_LEFT * last.filled[name] * answered
    ]
    return _hold(fresh, "hosts", f"hardly there any more: {', '.join(gone)}") if gone else None


def check_limits_are_plausible(fresh: Answer, _: Answer) -> Finding | None:
    """A limit that no model can have is told; very many of them mean another unit upstream."""
    odd = fresh.odd_limits
    if not odd:
        return None
    many = len(odd) > ODD_LIMITS and len(odd) > ODD_SHARE * fresh.listings
    message = f"limits out of range: {named(list(odd))}"
    return Finding("hold" if many else "info", fresh.gateway, "limits", message)


def check_nothing_new(fresh: Answer, _: Answer) -> Finding | None:
    """Fields, meters and values that we do not know are kept and told."""
    if not fresh.drift:
        return None
    return Finding("info", fresh.gateway, "drift", f"new to us: {named(list(fresh.drift))}")


ALWAYS: tuple[Guard, ...] = (
    check_not_empty,
    check_rows_are_readable,
    check_limits_are_plausible,
    check_nothing_new,
)
"""Guards that look at the answer alone."""
AGAINST_LAST: tuple[Guard, ...] = (
    check_not_shrunk,
    check_fields_stay_filled,
    check_fields_do_not_vanish,
    check_hosts_stay,
)
"""Guards that compare with the last good answer."""


def judge(fresh: Answer, last: Answer | None) -> list[Finding]:
    """Return every finding about an answer; `last` is None where nothing is comparable."""
    guards = [(guard, fresh) for guard in ALWAYS]
    if last is not None and last.listings:
        guards += [(guard, last) for guard in AGAINST_LAST]
    found = (guard(fresh, other) for guard, other in guards)
    return [finding for finding in found if finding is not None]


def _is_new_meter(name: str) -> bool:
    """Tell a meter that is not ours: it came with an upstream's whim and may go with it."""
    table, _, meter = name.partition(".")
    return table == "pricing" and meter != "" and meter not in METERS


def _hold(fresh: Answer, check: str, message: str) -> Finding:
    return Finding("hold", fresh.gateway, check, message)
