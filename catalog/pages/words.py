"""Values as a reader sees them: prices, tokens, yes and no; unknown is a dash with a reason."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from catalog.paths import printable
from catalog.units import plain

_PER_MILLION = 6
_PADDED = 4
"""Decimals to which prices per million are aligned."""
_KINDS = {
    "free": ("free", "every unit that this gateway charges is zero"),
    "included": ("in plan", "part of a flat plan: no price for each token"),
    "dynamic": ("varies", "decided for each request"),
    "unknown": ("", "the gateway publishes no price"),
    "known": ("", "the gateway publishes no price for this unit"),
}
_TOKEN_METERS = frozenset(
    {
        "prompt", "completion", "input_cache_read", "input_cache_write", "input_cache_write_1h",
        "internal_reasoning", "audio", "audio_output", "image_output", "image_token", "input_audio_cache",
    }
)  # fmt: skip
"""Meters that count tokens and are shown per million."""
METERS = {
    "prompt": "Input", "completion": "Output", "request": "Request", "image": "Image input",
    "input_cache_read": "Cache read", "input_cache_write": "Cache write",
    "input_cache_write_1h": "Cache write, 1 h", "internal_reasoning": "Reasoning",
    "web_search": "Web search", "audio": "Audio input", "audio_output": "Audio output",
    "image_output": "Image output", "image_token": "Image token", "input_audio_cache": "Audio cache read",
    "per_image": "Image", "per_second": "Second", "per_character": "Character", "per_hour": "Hour",
    "per_frame": "Frame", "per_audio_second": "Second of audio", "per_video_second": "Second of video",
    "per_step": "Step", "file_search": "File search",
}  # fmt: skip
_CONDITIONS = frozenset({"min_prompt_tokens", "utc_start", "utc_end", "service_tier"})
MATCHES = {
    "own": "its own price list",
    "exact": "the same id",
    "unwrapped": "the same id without the workspace's prefix",
    "spelling": "another spelling of the id",
    "canonical_slug": "the permanent name of the version",
    "hugging_face_id": "the same repository of weights",
    "alias": "a reviewed alias",
}


@lru_cache(maxsize=1 << 14)
def price(value: str | None, kind: str, meter: str = "prompt") -> Markup:
    """Show a price: a number with its exact value beside it, a word, or a dash with a reason."""
    if value is None or kind != "known":
        word, reason = _KINDS[kind]
        if word:
            return Markup('<span class="kind {}" title="{}">{}</span>').format(kind, reason, word)
        return dash(reason)
    if not Decimal(value):
        return Markup('<span class="kind free" title="this unit costs nothing">free</span>')
    if meter not in _TOKEN_METERS:
        return Markup('<data value="{}">${}</data>').format(value, _padded(value))
    shown = per_million(value)
    pad = max(0, _PADDED - len(shown.partition(".")[2]))
    return Markup('<data class="price p{}" value="{}">${}</data>').format(pad, value, shown)


@cache
def dash(reason: str) -> Markup:
    """Show that something is unknown, and why."""
    return Markup(
        '<span class="unknown" title="{}"><span aria-hidden="true">–</span>'
        '<span class="sr">unknown: {}</span></span>'
    ).format(reason, reason)


def per_million(value: str) -> str:
    """Return the price of a million, exact, with two decimals at least."""
    return _padded(plain(Decimal(value).scaleb(_PER_MILLION)))


def _padded(text: str) -> str:
    whole, _, decimals = text.partition(".")
    return f"{int(whole):,}.{decimals.ljust(2, '0')}"


@lru_cache(maxsize=1 << 12)
def tokens(value: int | None) -> Markup:
    """Show a number of tokens, short, with the exact number in the title."""
    if value is None:
        return dash("the gateway does not say")
    return Markup('<span class="num" title="{} tokens">{}</span>').format(f"{value:,}", short(value))


def short(value: int) -> str:
    """Return 131,072 as `131K`, 1,048,576 as `1.05M`."""
    for unit, size in (("M", 1_000_000), ("K", 1_000)):
        if value >= size:
            number = value / size
            return f"{number:.2f}".rstrip("0").rstrip(".") + unit if number < 10 else f"{number:.0f}{unit}"  # noqa: PLR2004 - three digits
    return str(value)


def answer(value: bool | None) -> Markup:  # noqa: FBT001 - a filter
    """Show yes, no or unknown."""
    if value is None:
        return dash("the gateway does not say")
    return Markup('<span class="{}">{}</span>').format("yes" if value else "no", "yes" if value else "no")


def link(address: str | None) -> str | None:
    """Return an address that may be linked to: http or https, with a host."""
    if not address:
        return None
    parts = urlsplit(address)
    return address if parts.scheme in ("http", "https") and parts.netloc else None


def source(data: dict[str, Any], gateways: dict[str, Any]) -> str | Markup:
    """Say where the price of a record comes from."""
    found = data["price_source"]
    if found is None:
        return "a flat plan" if data["price_kind"] == "included" else dash("there is no price")
    name = gateways[found["gateway"]].name if found["gateway"] in gateways else found["gateway"]
    return f"{name}: {MATCHES.get(found['match'], found['match'])}"


def condition(tier: dict[str, Any]) -> str:
    """Say when the prices of a tier hold."""
    told = []
    if tier.get("min_prompt_tokens") is not None:
        told.append(f"prompts over {tier['min_prompt_tokens']:,} tokens")
    if tier.get("utc_start") is not None:
        told.append(f"{tier['utc_start']} to {tier['utc_end']} UTC")
    if tier.get("service_tier") is not None:
        told.append(f"service tier {tier['service_tier']}")
    return ", ".join(told)


def tier_prices(tier: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the meters and prices of a tier, the usual ones first."""
    order = list(METERS)
    found = [(name, value) for name, value in tier.items() if name not in _CONDITIONS and value is not None]
    return sorted(found, key=lambda pair: (order.index(pair[0]) if pair[0] in order else len(order), pair[0]))


def meter(name: str) -> str:
    """Return the words for a meter."""
    return METERS.get(name, name.replace("_", " "))


def coded(text: str) -> Markup:
    """Set what stands between backticks as code."""
    parts = text.split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if at % 2 else part for at, part in enumerate(parts)
    )


FILTERS: dict[str, Callable[..., Any]] = {
    "price": price,
    "tokens": tokens,
    "short": short,
    "answer": answer,
    "dash": dash,
    "link": link,
    "source": source,
    "condition": condition,
    "tier_prices": tier_prices,
    "meter": meter,
    "coded": coded,
    "printable": printable,
}
"""What templates can do with a value."""
