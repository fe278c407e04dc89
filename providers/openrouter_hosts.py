"""The hosts behind OpenRouter's models: where to ask for them, and what an answer says.

A model has all of its hosts in a fixed order, or None. Part of the hosts would look like all of them, and a
model is not worth losing for one host.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from pydantic import TypeAdapter

from catalog import units
from catalog.errors import UseSnapshotError
from catalog.ports import Payload, UpstreamRow
from catalog.schema.listing import Endpoint, Performance
from catalog.text import clean_line
from providers import openrouter_prices

# `author/slug`; `~author/…-latest` aliases and `openrouter/…` routers have no hosts of their own.
_WITH_HOSTS = re.compile(r"(?!~|openrouter/|\.\.?/)[^/]+/(?!\.\.?$)[^/]+")


class _Host(UpstreamRow):
    """One entry of `/models/{id}/endpoints`."""

    provider_name: str
    tag: str
    pricing: openrouter_prices.Pricing
    context_length: object = None
    max_completion_tokens: object = None
    quantization: str | None = None
    uptime_last_1d: object = None
    latency_last_30m: object = None
    throughput_last_30m: object = None


_HOSTS = TypeAdapter(list[_Host])


def path(row: object) -> str:
    """Return where a row's hosts are; an alias, a router and an odd id are not asked for."""
    model = row.get("id") if isinstance(row, dict) else None
    if not isinstance(model, str) or not model.isprintable() or not _WITH_HOSTS.fullmatch(model):
        return ""
    return f"/models/{quote(model, safe='/:@')}/endpoints"


def hosts(answer: Payload) -> object:
    """Return the hosts as served; None for an answer without any, which costs one model's hosts only."""
    try:
        document = answer.json()
    except UseSnapshotError:
        return None
    data = document.get("data") if isinstance(document, dict) else None
    return data.get("endpoints") if isinstance(data, dict) else None


def endpoints(served: object, model_id: str) -> tuple[Endpoint, ...] | None:
    """Turn hosts as served into endpoints; one that cannot be read makes them all unknown.

    Of a free model only hosts that charge nothing: its answer was seen with the hosts of the paid one.
    """
    if served is None:
        return None
    try:
        found = sorted(map(_endpoint, _HOSTS.validate_python(served)), key=_place)
    except ValueError:
        return None
    if model_id.endswith(":free"):
        found = [endpoint for endpoint in found if not any(endpoint.pricing.values())]
    if len(set(map(_place, found))) < len(found):
        # One tag can stand twice, two accounts in one region: all the rest decides.
        found.sort(key=lambda endpoint: (_place(endpoint), repr(endpoint)))
    return tuple(found)


def _place(endpoint: Endpoint) -> tuple[str, str]:
    return endpoint.tag, endpoint.name


def _endpoint(host: _Host) -> Endpoint:
    return Endpoint(
        name=clean_line(host.provider_name),
        tag=host.tag,
        pricing=openrouter_prices.read(host.pricing).base,
        discount=units.share(host.pricing.discount),
        context_length=units.tokens(host.context_length),
        max_output_tokens=units.tokens(host.max_completion_tokens),
        quantization=host.quantization if host.quantization != "unknown" else None,
        performance=_performance(host),
    )


def _performance(host: _Host) -> Performance | None:
    uptime = units.rounded(host.uptime_last_1d, 1)
    latency = units.rounded(_median(host.latency_last_30m), -1)
    throughput = units.rounded(_median(host.throughput_last_30m), 0)
    if uptime is latency is throughput is None:
        return None
    return Performance(
        uptime=None if uptime is None else float(uptime),
        latency=None if latency is None else int(latency),
        throughput=None if throughput is None else int(throughput),
    )


def _median(served: object) -> object:
    return served.get("p50") if isinstance(served, dict) else served
