"""Every conversion of numbers exists once: decimals, prices per unit, limits; and the order of modalities.

The rounding rules are those of the published contract: a gateway's noise is rounded away in the
gateway's own unit, before the conversion to US dollars per unit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import lru_cache

import msgspec

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough that a conversion never rounds; rounding is done on purpose only."""
TWELVE_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)
SIX_PLACES = Decimal("0.000001")
HIGHEST_PRICE = Decimal(1_000_000)
LOWEST_PRICE = Decimal("1e-18")
LONGEST_EXPONENT = 1000
"""Numbers beyond 1e±1000 are refused at once: arithmetic on them overflows or takes forever."""
MOST_TOKENS = 10**12
_METER = re.compile(r"[a-z][a-z0-9_]{0,63}")
_INPUT_ORDER = ("text", "image", "file", "audio", "video")
_STRICT_JSON = msgspec.json.Decoder(float_hook=Decimal)


def read_json(body: bytes) -> object:
    """Parse a JSON document with exact decimals; NaN and Infinity become decimals that no price accepts.

    A UTF-8 byte order mark is dropped on purpose. Raises ValueError for anything that is not JSON.
    """
    try:
        return _STRICT_JSON.decode(body)
    except (ValueError, RecursionError, InvalidOperation):
        return _read_tolerantly(body)


def _read_tolerantly(body: bytes) -> object:
    """Parse what the strict and fast parser refuses, or say what is the matter with it."""
    try:
        return json.loads(body.decode("utf-8-sig"), parse_float=Decimal, parse_constant=Decimal)
    except RecursionError as deep:
        raise ValueError("JSON nested too deeply") from deep
    except InvalidOperation as number:
        raise ValueError("a number with an impossible exponent") from number


def exact(value: object) -> Decimal | None:
    """Turn an upstream number or decimal text into a finite Decimal; None stays None.

    Raises ValueError for anything else, NaN and infinities included.
    """
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        # ValueError throughout: an upstream's wrong type is a bad value, no mistake of the caller.
        raise ValueError(f"not a number: {value!r:.60}")  # noqa: TRY004 - as said above
    # Python reads underscores and the digits of every script; no other reader of a price does.
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise ValueError(f"not a number: {value!r:.60}")
    try:
        number = Decimal(value)
    except InvalidOperation as problem:
        raise ValueError(f"not a number: {value!r:.60}") from problem
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r:.60}")
    if not -LONGEST_EXPONENT < number.adjusted() < LONGEST_EXPONENT:
        raise ValueError(f"number out of range: {value!r:.60}")
    return number


def price(value: Decimal) -> Decimal:
    """Return a price in US dollars per unit unchanged if it is one that can be published.

    Raises ValueError below zero, above a million dollars and for values too small to be a price.
    """
    if value < 0:
        raise ValueError(f"negative price: {value}")
    if value > HIGHEST_PRICE or (value and value < LOWEST_PRICE):
        raise ValueError(f"price out of range: {value}")
    return value


def usd(value: object) -> Decimal | None:
    """Return a price that is served in US dollars per unit, rounded to 12 significant digits."""
    if type(value) is str:
        return _usd_text(value)
    number = exact(value)
    return None if number is None else price(TWELVE_DIGITS.plus(number))


@lru_cache(maxsize=4096)
def _usd_text(text: str) -> Decimal | None:
    """Read a served price; thousands of models have the same few hundred."""
    number = exact(text)
    return None if number is None else price(TWELVE_DIGITS.plus(number))


def usd_per_million(value: object) -> Decimal | None:
    """Convert US dollars per million units to dollars per unit, rounded before to 6 decimals."""
    number = exact(value)
    if number is None:
        return None
    return price(EXACT.divide(_six_places(number), Decimal(1_000_000)))


def usd_from_cents(value: object) -> Decimal | None:
    """Convert US cents per unit to dollars per unit, rounded before to 12 significant digits."""
    number = exact(value)
    return None if number is None else price(EXACT.divide(TWELVE_DIGITS.plus(number), Decimal(100)))


def usd_from_cents_per_token(value: object) -> Decimal | None:
    """Convert US cents per token, a binary float, with the rule of dollars per million tokens."""
    number = exact(value)
    return None if number is None else usd_per_million(EXACT.multiply(number, Decimal(10_000)))


def scaled(base: Decimal | None, rate: object) -> Decimal | None:
    """Multiply a dollar price per token by an upstream rate, rounded to 6 decimals per million."""
    number = exact(rate)
    if base is None or number is None:
        return None
    return usd_per_million(EXACT.multiply(EXACT.multiply(base, number), Decimal(1_000_000)))


def _six_places(number: Decimal) -> Decimal:
    if abs(number) > HIGHEST_PRICE * 1_000_000:
        raise ValueError(f"price out of range: {number}")
    places = number.quantize(SIX_PLACES, context=EXACT)
    if number and not places:  # next to nothing is not nothing, and must not be published as free
        raise ValueError(f"price out of range: {number}")
    return places


@lru_cache(maxsize=4096)
def plain(number: Decimal) -> str:
    """Write a decimal without exponent, sign of zero or trailing zeros: `0.0000002`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text if text != "-0" else "0"


def modality(inputs: Iterable[str], outputs: Iterable[str]) -> str:
    """Derive the modality string, `text+image->text`, from the lists in their fixed order."""
    return "->".join("+".join(sorted(set(names), key=_modality_rank)) for names in (inputs, outputs))


def _modality_rank(name: str) -> tuple[int, str]:
    rank = _INPUT_ORDER.index(name) if name in _INPUT_ORDER else len(_INPUT_ORDER)
    return rank, name


def ordered_modalities(names: Iterable[str]) -> tuple[str, ...]:
    """Sort modality names text, image, file, audio, video, then the others by name; no repeats."""
    return tuple(sorted(set(names), key=_modality_rank))


def tokens(value: object) -> int | None:
    """Read a limit in tokens, where None and 0 mean unknown.

    Raises ValueError for anything but a whole number from 0 to a trillion.
    """
    if type(value) is int and 0 <= value <= MOST_TOKENS:
        return value or None
    number = exact(value)
    if number is None or number == 0:
        return None
    if not 0 < number <= MOST_TOKENS or number != int(number):
        raise ValueError(f"not a number of tokens: {value!r:.60}")
    return int(number)


def share(value: object) -> Decimal | None:
    """Read a discount as a share from 0 to 1, where None and 0 mean that there is none."""
    number = exact(value)
    if number is None or number == 0:
        return None
    if not 0 < number <= 1:
        raise ValueError(f"not a share: {value!r:.60}")
    return TWELVE_DIGITS.plus(number)


def distinct(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Sort names and drop repeats; None stays None."""
    return None if names is None else tuple(sorted(set(names)))


def extra_meters(
    extra: Mapping[str, object] | None, convert: Callable[[object], Decimal | None]
) -> dict[str, Decimal]:
    """Convert the unknown keys of a gateway's price object, which are kept under their own names.

    Raises ValueError for a number that is no price; what is no number, or under no sane name, is left to
    the drift report.
    """
    if not extra:
        return {}
    named = ((key, value) for key, value in extra.items() if _METER.fullmatch(key))
    return known({key: convert(value) for key, value in named if _looks_numeric(value)})


def known(prices: Mapping[str, Decimal | None]) -> dict[str, Decimal]:
    """Leave out the meters without a price."""
    return {meter: value for meter, value in prices.items() if value is not None}


def _looks_numeric(value: object) -> bool:
    if isinstance(value, str):
        try:
            Decimal(value)
        except InvalidOperation:
            return False
        return True
    return isinstance(value, Decimal | int) and not isinstance(value, bool)


def rounded(value: object, places: int) -> Decimal | None:
    """Round a measured number half-even, to tens with places = -1; a negative one is unknown."""
    number = exact(value)
    if number is None or not 0 <= number <= MOST_TOKENS:
        return None
    return number.quantize(Decimal(1).scaleb(-places), context=EXACT)
