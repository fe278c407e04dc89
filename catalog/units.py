"""Every conversion exists once: decimals, prices per unit, dates, modality strings, text.

The rounding rules are those of the published contract: a gateway's noise is rounded away in the
gateway's own unit, before the conversion to US dollars per unit.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation
from functools import lru_cache

import msgspec

EXACT = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""Wide enough that a conversion never rounds; rounding is done on purpose only."""
TWELVE_DIGITS = Context(prec=12, rounding=ROUND_HALF_EVEN)
SIX_PLACES = Decimal("0.000001")
HIGHEST_PRICE = Decimal(1_000_000)
LOWEST_PRICE = Decimal("1e-18")
_DAY_SECONDS = 86_400
YEAR_10000 = 253_402_300_800
"""In unix seconds; no date is written beyond it."""
LONGEST_EXPONENT = 1000
"""Numbers beyond 1e±1000 are refused at once: arithmetic on them overflows or takes forever."""
NEVER_EXPIRES = 2090
"""Expiration years from here on mean that no end is planned (OpenRouter writes 2098-12-31)."""

# C0 and C1 controls except newline, the bidirectional formatting characters, and lone surrogates, which no
# file can hold.
_CONTROLS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
_CONTROL_BYTES = bytes({*range(0x20), 0x7F} - {0x0A})
_FORMATTING = (b"\xc2", b"\xd8\x9c", b"\xe2\x80", b"\xe2\x81")
"""How the controls beyond ASCII begin in UTF-8; a text without these bytes holds none of them."""
_FORMATTING_BYTES = re.compile(rb"\xc2[\x80-\x9f]|\xd8\x9c|\xe2(?:\x80[\x8e\x8f\xaa-\xae]|\x81[\xa6-\xa9])")
"""The controls beyond ASCII themselves, in UTF-8."""
_ESCAPED_CONTROL = re.compile(rb"\\(?:[bfrt]|u00)")
"""The controls of ASCII but the newline, as JSON writes them."""
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


def day(unix_seconds: object) -> str | None:
    """Turn unix seconds into a UTC day, `2025-03-24`; None and 0 mean unknown.

    Raises ValueError for anything that is no time between 1970 and 9999.
    """
    if unix_seconds is None or unix_seconds == 0:
        return None
    if isinstance(unix_seconds, bool) or not isinstance(unix_seconds, int | Decimal):
        raise ValueError(f"not a time: {unix_seconds!r:.60}")  # noqa: TRY004 - a bad value, as in `exact`
    # NaN cannot even be compared.
    if not math.isfinite(unix_seconds) or not 0 <= unix_seconds < YEAR_10000:
        raise ValueError(f"not a time: {unix_seconds!r:.60}")
    return _day(int(unix_seconds) // _DAY_SECONDS)


@lru_cache(maxsize=4096)
def _day(number: int) -> str:
    """Write the day that is so many days after 1970-01-01; few days have thousands of models."""
    return datetime.fromtimestamp(number * _DAY_SECONDS, UTC).date().isoformat()


def calendar_day(text: str | None) -> str | None:
    """Check a served `YYYY-MM-DD`, perhaps with a time behind it; None stays None."""
    return None if not text else date.fromisoformat(text[:10]).isoformat()


def planned_end(text: str | None) -> str | None:
    """Read an expiration date, where a far future date stands for no planned end."""
    end = calendar_day(text)
    return None if end is None or int(end[:4]) >= NEVER_EXPIRES else end


def stamp(moment: datetime) -> str:
    """Write a moment as `2026-11-20T02:17:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """Read what `stamp` wrote."""
    return datetime.fromisoformat(text)


def modality(inputs: Iterable[str], outputs: Iterable[str]) -> str:
    """Derive the modality string, `text+image->text`, from the lists in their fixed order."""
    return "->".join("+".join(sorted(set(names), key=_modality_rank)) for names in (inputs, outputs))


def _modality_rank(name: str) -> tuple[int, str]:
    rank = _INPUT_ORDER.index(name) if name in _INPUT_ORDER else len(_INPUT_ORDER)
    return rank, name


def ordered_modalities(names: Iterable[str]) -> tuple[str, ...]:
    """Sort modality names text, image, file, audio, video, then the others by name; no repeats."""
    return tuple(sorted(set(names), key=_modality_rank))


def clean_line(text: str) -> str:
    """Make upstream text one line: no control or bidirectional characters, single spaces."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def clean_text(text: str, limit: int) -> str:
    """Clean upstream prose: newlines stay, controls go, at most `limit` bytes of UTF-8, `…` when cut."""
    if not _is_clean(text):
        text = _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\t", " "))
    text = text.strip()
    if len(text) * 4 <= limit or (text.isascii() and len(text) <= limit):
        return text
    if len(data := text.encode()) <= limit:
        return text
    return data[: limit - 3].decode(errors="ignore").rstrip() + "…"


def _is_clean(text: str) -> bool:
    """Tell quickly whether a text holds nothing to be cleaned away."""
    try:
        data = text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    if len(data.translate(None, _CONTROL_BYTES)) != len(data):
        return False
    return len(data) == len(text) or not _holds_formatting(data)


def _holds_formatting(data: bytes) -> bool:
    if data.isascii():  # most texts: a tenth of what four searches take
        return False
    return any(start in data for start in _FORMATTING) and _FORMATTING_BYTES.search(data) is not None


def is_clean_json(data: bytes) -> bool:
    """Tell quickly that no text of a JSON document holds what is to be cleaned away; a no may be in vain."""
    return not (_ESCAPED_CONTROL.search(data) or b"\x7f" in data or _holds_formatting(data))


def inert(text: str) -> str:
    """Put U+FFFD in the place of every control and bidirectional character but line ends and tabs."""
    return text if _is_clean(text) else _CONTROLS.sub(_replaced, text)


def inert_json(text: str) -> str:
    """Write every control and bidirectional character of a JSON document as an escape: it says the same."""
    return text if _is_clean(text) else _CONTROLS.sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else f"\\u{ord(found[0]):04x}"


def _replaced(found: re.Match[str]) -> str:
    return "\t" if found[0] == "\t" else "\N{REPLACEMENT CHARACTER}"


DESCRIPTION_BYTES = 8000
"""Longest description that is kept, in bytes of UTF-8."""
MOST_TOKENS = 10**12


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


def description(text: str | None) -> str | None:
    """Clean an upstream description; an empty one is unknown."""
    return clean_text(text, DESCRIPTION_BYTES) or None if text else None


def distinct(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Sort names and drop repeats; None stays None."""
    return None if names is None else tuple(sorted(set(names)))


def display_name(served: str | None, model_id: str) -> str:
    """Return the served name as one line, else what stands behind the last `/` of the id."""
    return (served and clean_line(served)) or model_id.rpartition("/")[2] or model_id


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


_HHMM = re.compile("([01][0-9]|2[0-3])[0-5][0-9]|2400")
_DAY = 24 * 60


def clock(hhmm: object) -> str | None:
    """Turn an HHMM integer into a time of the day, 100 → `01:00`; 2400 is midnight, None stays None."""
    number = exact(hhmm)
    if number is None:
        return None
    text = f"{plain(number):0>4}"
    if not _HHMM.fullmatch(text):
        raise ValueError(f"not a time of the day: {hhmm!r:.60}")
    return "00:00" if text == "2400" else f"{text[:2]}:{text[2:]}"


def fill_day(windows: Iterable[tuple[str, str]]) -> bool:
    """Tell whether windows of `HH:MM` cover every minute; one that ends as it starts is a whole day."""
    covered: set[int] = set()
    for start, end in ((_minute(start), _minute(end)) for start, end in windows):
        covered.update(minute % _DAY for minute in range(start, end if start < end else end + _DAY))
    return len(covered) == _DAY


def _minute(clock: str) -> int:
    hours, _, minutes = clock.partition(":")
    return int(hours) * 60 + int(minutes)
