"""Every kind of fault, in the order of the table, and what a build is to make of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.faults import rows, wire

OPENROUTER, HOSTS = "OpenRouter", "its hosts"
PORTKEY, PRICES = "Portkey", "its prices"
FEATHERLESS = "Featherless"
DEEPINFRA, SECOND = "DeepInfra", "its second list"
CHUTES = "Chutes"
_UNANSWERED = "endpoints that were not answered"
_UNREAD = "endpoints that cannot be read"
_FINE = ("fresh", "")


class Kind(NamedTuple):
    """One way to misbehave."""

    name: str
    state: str
    """What the gateway becomes."""
    words: str
    """What the report says of it, in part."""
    behave: wire.Behave | None = None
    """How it answers, if that is what is wrong."""
    change: rows.Change | None = None
    """What it says, if that is what is wrong."""
    once: bool = False
    """Whether a second try gets the right answer."""
    adds: bool = False
    """Whether there are more models than usual."""
    elsewhere: Mapping[str, tuple[str, str]] = {}
    """Place → another state and other words."""

    def due(self, place: str) -> tuple[str, str]:
        """Return state and words for one place; hosts that fail cost nothing but news of hosts."""
        if place in self.elsewhere:
            return self.elsewhere[place]
        if place == HOSTS and self.behave and self.state == "stale":
            return "fresh", _UNANSWERED
        return self.state, self.words


def _stale(name: str, words: str, behave: wire.Behave) -> Kind:
    return Kind(name, "stale", words, behave)


def _once(name: str, behave: wire.Behave) -> Kind:
    return Kind(f"{name}, once", "fresh", "", behave, once=True)


_PAUSE = wire.saying(b"{}", 429, Retry_After="1")
ANSWERS = (
    _once("429, Retry-After in seconds", _PAUSE),
    _stale("429, Retry-After in seconds", "status 429", _PAUSE),
    _once("429, Retry-After as a date", wire.at_a_date),
    _stale("429, Retry-After as a date", "status 429", wire.at_a_date),
    _stale("429, Retry-After of a day", "asks to wait 86400 s", wire.saying(b"{}", 429, Retry_After="86400")),
    _once("500", wire.saying(b"oh", 500)),
    _stale("500", "status 500", wire.saying(b"oh", 500)),
    _stale("HTML with 503", "Maintenance", wire.saying(wire.MAINTENANCE, 503, Content_Type="text/html")),
    _stale("401", "who are you?", wire.saying(b'{"error": "who are you?"}', 401)),
    _stale("hang", "no answer within", wire.silent),
    _stale("drip", "no complete answer within", wire.dripping),
    _once("reset", wire.reset),
    _stale("reset", "no complete answer from", wire.reset),
    _stale("cut short", "no complete answer from", wire.cut),
    _stale("cut short, no length", "not JSON", wire.cut_without_length),
    _stale("gzip cut short", "the answer was cut short", wire.cut_gzip),
    _stale("gzip bomb", "larger than allowed", wire.bomb),
    _stale("HTML with 200", "Sign in", wire.saying(wire.LOGIN, Content_Type="text/html")),
    _stale("wrong content type", "not JSON from", wire.with_headers(Content_Type="text/html")),
    _stale("huge header", "no complete answer", wire.with_headers(X_Padding="x" * wire.LONG_HEADER)),
    _stale(
        "redirect to a private address",
        "redirected away from",
        wire.saying(b"", 302, Location="http://169.254.169.254/latest"),
    ),
    _stale("redirect loop", "more than 3 redirects", wire.looping),
    _stale("nothing at all", "the answer is empty", wire.saying(b"")),
    _stale("null", "in the answer", wire.saying(b"null")),
    _stale("not JSON", "not JSON", wire.saying(b"upstream connect error")),
    Kind("byte order mark", "fresh", "", wire.with_mark),
)
"""What is wrong with the answer as such."""
_VANISHED = ("held", "price_source (")
CONTENTS = (
    Kind(
        "empty list", "held", "the answer holds no listing", change=rows.emptied,
        elsewhere={
            HOSTS: ("held", "hosts (0 % of the models"), PRICES: _VANISHED, DEEPINFRA: _FINE,
            SECOND: ("held", "capabilities.tools (0 %"), FEATHERLESS: ("stale", "0 rows of 60 announced"),
        },
    ),
    Kind(
        "half of the rows", "held", "30 fewer", change=rows.halved,
        elsewhere={
            HOSTS: _FINE, PRICES: _VANISHED, DEEPINFRA: _FINE, SECOND: ("held", "capabilities.tools (50 %"),
            FEATHERLESS: ("stale", "30 rows of 60 announced"),
        },
    ),
    Kind("ids renamed", "held", "cannot be read", change=rows.renamed(rows.IDS), elsewhere={HOSTS: _FINE}),
    Kind("ids null", "held", "cannot be read", change=rows.nulled(rows.IDS), elsewhere={HOSTS: _FINE}),
    Kind(
        "prices renamed", "held", "pricing.completion (0 %", change=rows.renamed(rows.PRICES),
        elsewhere={
            HOSTS: ("held", "prices of hosts (0 %"), DEEPINFRA: ("fresh", "meter input_tokens_v2"),
            SECOND: ("fresh", "meter per_input_token_v2"),
        },
    ),
    Kind(
        "prices null", "held", "price_source (0 %", change=rows.nulled(rows.PRICES),
        elsewhere={HOSTS: ("held", "prices of hosts (0 %"), DEEPINFRA: _FINE, SECOND: _FINE},
    ),
    Kind(
        "wrong types in one row", "fresh", "id: ", change=rows.retyped(rows.ALONE),
        elsewhere={HOSTS: ("fresh", _UNREAD), PRICES: ("fresh", "pricing_config: ")},
    ),
    Kind(
        "wrong types in a tenth of the rows", "held", "6 of 6", change=rows.retyped(rows.EVERY_TENTH),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "ids twice", "fresh", "repeated id (6)", change=rows.repeated, adds=True,
        elsewhere={HOSTS: _FINE, SECOND: _FINE},
    ),
    Kind(
        "NaN in one row", "fresh", "not a finite number", change=rows.repriced(rows.not_a_number, rows.ALONE),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "NaN", "held", "60 of 60 rows cannot be read", change=rows.repriced(rows.not_a_number),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "1e999 in one row", "fresh", "out of range", change=rows.repriced(rows.infinite, rows.ALONE),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "1e999", "held", "60 of 60 rows cannot be read", change=rows.repriced(rows.infinite),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "negative price in one row", "fresh", "negative price",
        change=rows.repriced(rows.negative, rows.ALONE),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "negative prices", "held", "60 of 60 rows cannot be read", change=rows.repriced(rows.negative),
        elsewhere={HOSTS: ("fresh", _UNREAD)},
    ),
    Kind(
        "prices in another unit", "held", "the median price is another one",
        change=rows.repriced(rows.thousandfold),
        elsewhere={HOSTS: ("held", "endpoints.prompt × "), PRICES: _VANISHED, SECOND: _FINE},
    ),
    Kind("hostile ids", "fresh", "", change=rows.with_ids(rows.HOSTILE_IDS), adds=True),
    Kind("ids that none can be", "held", "5 of 65 rows cannot be read", change=rows.with_ids(rows.NO_IDS)),
    Kind("hostile texts", "fresh", "", change=rows.with_texts(rows.HOSTILE_TEXTS)),
)  # fmt: skip
"""What is wrong with what an answer says."""
KINDS = ANSWERS + CONTENTS
