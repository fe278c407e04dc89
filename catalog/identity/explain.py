"""How an id got its key, in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from catalog.identity.merge import Identities
from catalog.identity.resolve import Resolver
from catalog.identity.work import Resolution

_COLUMN = 56


def explain(resolver: Resolver, identities: Identities, gateway: str, model_id: str) -> Resolution:
    """Resolve an id with its steps; where it is listed, a guard that refused its merge has the last word."""
    found = resolver.resolve(gateway, model_id, explain=True)
    listed = identities.found.get(gateway, {}).get(model_id, found)
    return found._replace(key=listed.key, reason=listed.reason)


def lines(found: Resolution) -> Iterator[str]:
    """Yield a line for each step and one for the end."""
    yield from (f"  {step.result:<{_COLUMN}} {step.rule}" for step in found.steps)
    if found.key is None:
        yield f"= unresolved: {found.reason}"
    else:
        yield f"= {found.key}  ({', '.join(filter(None, [found.kind, found.variant]))})"
