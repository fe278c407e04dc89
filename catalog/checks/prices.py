"""Guards that look at how the prices of a gateway moved since its last good answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from statistics import median

from catalog.checks.finding import Finding, named, percent
from catalog.checks.moves import LEAP, OF_HOSTS, Moves
from catalog.units import plain

FEW = 5
"""So many listings may do anything: a small gateway is no reason for alarm."""
REPLACED_SHARE = 0.20
LOST_SHARE = 0.10
MOVED_SHARE = 0.30
LEAP_SHARE = 0.05

PriceGuard = Callable[[str, Moves, Mapping[str, int]], Finding | None]
"""Gateway, how its prices moved, meter → listings that had a price for it → a finding."""


def check_something_was_compared(gateway: str, moves: Moves, before: Mapping[str, int]) -> Finding | None:
    """A comparison that found nothing to compare proves nothing."""
    if moves.common or before.get("listings", 0) <= FEW:
        return None
    return Finding("hold", gateway, "compared nothing", "no id of the last list is in this one")


def check_most_ids_stay(gateway: str, moves: Moves, before: Mapping[str, int]) -> Finding | None:
    """A list as long as the last one, with other ids in a fifth of it, was renamed or is another list."""
    replaced = min(len(moves.gone), moves.new)
    if not moves.common or replaced <= FEW or replaced <= REPLACED_SHARE * before.get("listings", 0):
        return None
    message = f"{len(moves.gone)} ids gone and {moves.new} new ones in their place: {named(moves.gone)}"
    return Finding("hold", gateway, "replaced", message)


def check_prices_stay_known(gateway: str, moves: Moves, _: Mapping[str, int]) -> Finding | None:
    """More than 10 % of the priced listings without a price they had: prices moved elsewhere upstream."""
    lost = len(moves.lost)
    if lost <= FEW or lost <= LOST_SHARE * moves.priced:
        return None
    share = percent(lost, moves.priced)
    return Finding(
        "hold", gateway, "unpriced", f"{share} of the priced listings lost a price: {named(moves.lost)}"
    )


def check_most_prices_stay(gateway: str, moves: Moves, _: Mapping[str, int]) -> Finding | None:
    """More than 30 % of the prices do not change in one night, unless their unit does."""
    moved = len(moves.moved)
    if moved <= FEW or moved <= MOVED_SHARE * moves.priced:
        return None
    share = percent(moved, moves.priced)
    return Finding("hold", gateway, "repriced", f"{share} of the prices changed: {named(moves.moved)}")


def check_units_stay(gateway: str, moves: Moves, before: Mapping[str, int]) -> Finding | None:
    """A meter whose median moved more than ten times has another unit upstream."""
    found = {}
    for meter, ratios in sorted(moves.ratios.items()):
        priced = before.get("endpoints.priced" if meter.startswith(OF_HOSTS) else f"pricing.{meter}", 0)
        still = max(0, priced - len(ratios))
        middle = median([*ratios, *[Decimal(1)] * still])
        if len(ratios) > FEW and not 1 / LEAP <= middle <= LEAP:
            found[meter] = middle
    if not found:
        return None
    told = ", ".join(f"{meter} × {plain(Decimal(f'{middle:.3g}'))}" for meter, middle in found.items())
    return Finding("hold", gateway, "unit", f"the median price is another one: {told}")


def check_no_price_leaps(gateway: str, moves: Moves, _: Mapping[str, int]) -> Finding | None:
    """A price that moved more than ten times, or to or from 0, is told; those of more than 5 % are held."""
    leaps = moves.leaps
    if not leaps:
        return None
    many = len(moves.leapt) > FEW and len(moves.leapt) > LEAP_SHARE * moves.priced
    message = f"prices moved more than ten times or to or from 0: {named(leaps)}"
    return Finding("hold" if many else "info", gateway, "leap", message)


OF_PRICES: tuple[PriceGuard, ...] = (
    check_something_was_compared,
    check_most_ids_stay,
    check_prices_stay_known,
    check_most_prices_stay,
    check_units_stay,
    check_no_price_leaps,
)
"""Guards that compare listings one by one."""


def judge_prices(gateway: str, moves: Moves, before: Mapping[str, int]) -> list[Finding]:
    """Return every finding about prices; `before` are the fields of the last answer, and its `listings`."""
    found = (guard(gateway, moves, before) for guard in OF_PRICES)
    return [finding for finding in found if finding is not None]
