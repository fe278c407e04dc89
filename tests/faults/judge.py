"""What must hold after every night with a fault, in words where it does not."""

from __future__ import annotations

from tests.faults.kinds import Kind
from tests.faults.night import Place
from tests.faults.rig import Seen

DEADLINE = 20.0
"""Seconds for fetching one gateway under the bounds of `rig.SHORT`, on a busy machine."""
MEMORY = 320
"""Megabytes: twice what the largest body may be, which is while it grows, and some more."""


def troubles(place: Place, kind: Kind, seen: Seen) -> list[str]:
    """Return everything that is not as promised."""
    state, words = kind.due(place.name)
    found = [
        (seen.state != state, f"{seen.state} in place of {state}: {seen.said}"),
        (words not in seen.said, f"the report does not say {words!r} but {seen.said!r}"),
        (seen.seconds > DEADLINE, f"fetching took {seen.seconds:.0f} s"),
        (seen.megabytes > MEMORY, f"took {seen.megabytes} MB"),
        (not seen.recovered, "the night after, without a fault, is not as it was"),
        *((bool(names), f"{len(names)} {what}: {names[:3]}") for what, names in _listed(kind, seen)),
    ]
    return [f"{place.name}, {kind.name}: {words}" for wrong, words in found if wrong]


def _listed(kind: Kind, seen: Seen) -> list[tuple[str, list[str]]]:
    return [
        ("models lost", seen.lost),
        ("models invented", [] if kind.adds else seen.invented),
        ("wrong prices", seen.wrong),
        ("prices lost", seen.unpriced),
        ("files of others touched", seen.touched),
        ("problems of the tree", seen.problems),
    ]
