"""A price that goes to and fro between two values is news once, not every night."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta

from catalog.compare import Part
from catalog.days import moment
from catalog.diff import change
from catalog.schema.changes import LoggedChange

WINDOW = timedelta(days=14)
"""Values that alternate within this time are a wobble; a price that was quiet for longer is news again."""
_Meter = tuple[str, str | None, str | None]


def settle(found: Sequence[LoggedChange], log: Iterable[LoggedChange]) -> list[LoggedChange]:
    """Return what is worth logging of some new changes, given all that was logged before.

    The third time that a price moves between the same two values within 14 days it is reported as
    unstable; from then on it is not reported until it was quiet for 14 days or takes a third value.
    """
    wanted = {_meter(each) for each in found if each.kind == "price"}
    past: dict[_Meter, list[LoggedChange]] = defaultdict(list)
    for each in log if wanted else ():
        if each.kind in ("price", "unstable") and _meter(each) in wanted:
            past[_meter(each)].append(each)
    settled = (_settled(each, past.get(_meter(each), [])) for each in found)
    return [each for each in settled if each is not None]


def _meter(each: LoggedChange) -> _Meter:
    return each.gateway, each.model, each.meter


def _values(each: LoggedChange) -> set[str]:
    return {str(each.before), str(each.to)}


def _settled(each: LoggedChange, past: list[LoggedChange]) -> LoggedChange | None:
    if each.kind != "price" or not past or _values(past[-1]) != _values(each):
        return each
    if past[-1].kind == "unstable":
        return None if _is_recent(each.since, each) else each
    wobbled = len(past) > 1 and past[-2].kind == "price" and _values(past[-2]) == _values(each)
    return _unstable(each) if wobbled and _is_recent(past[-2].at, each) else each


def _is_recent(at: str | None, each: LoggedChange) -> bool:
    return at is not None and moment(each.at) - moment(at) <= WINDOW


def _unstable(each: LoggedChange) -> LoggedChange:
    part = Part("unstable", each.meter, each.before, each.to, each.percent)
    return change(each.at, part, each.gateway, each.model, offered=each.offered, since=each.since)
