"""How long, how much and how often: every number that bounds the fetching of one gateway."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The bounds of one gateway; times in seconds, sizes in bytes."""

    connect: float = 10.0
    """For one connection."""
    read: float = 30.0
    """Between two pieces of an answer."""
    request: float = 60.0
    """For one try with everything in it: looking up the host, connecting, the last byte."""
    first_answer: float = 45.0
    """From the first request to a base until it has answered anything; then it is given up."""
    gateway: float = 300.0
    """From the first request to a gateway until its last one is over."""
    tries: int = 4
    """The first one included."""
    backoff: float = 0.5
    """Before the second try; doubled before each further one."""
    longest_backoff: float = 5.0
    """Between two tries when the server asks for no pause."""
    jitter: float = 1.0
    """At most added to a pause by chance, so that several clients do not come back together."""
    longest_pause: float = 60.0
    """Between two tries when the server asks for a pause."""
    patience: float = 180.0
    """All pauses of a gateway together; those of several threads at once count once."""
    wire_bytes: int = 64_000_000
    """Of one body as it was sent."""
    body_bytes: int = 128_000_000
    """Of one body when it is decoded."""
    quoted_bytes: int = 8_192
    """Read of a refusing answer, to quote its beginning."""
    redirects: int = 3
    """Followed one after another, within one origin."""
    failures_in_a_row: int = 3
    """After this many of a series, the rest of the series is not asked."""
