"""The summary of one kept listing: what lists, indexes and comparisons need of it."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from sys import intern
from typing import NamedTuple, get_args

from catalog import paths
from catalog.artifact import Json
from catalog.schema.listing import PriceKind, Status

_KINDS: dict[str, PriceKind] = {kind: kind for kind in get_args(PriceKind)}
_STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}


class Entry(NamedTuple):
    """The summary of one kept listing."""

    gateway: str
    id: str
    title: str | None
    """Its name where that is not the end of the id."""
    organisation: str
    """Who made the model, as far as the id tells."""
    path: str
    """Where it can be asked for by its own id."""
    context_length: int | None
    prompt: str | None
    completion: str | None
    price_kind: PriceKind
    status: Status
    changed_at: str
    live: bool
    """Whether it is no tombstone."""
    unwrapped: str | None = None
    """Its id without its gateway's own names, if it is wrapped in any."""

    @property
    def asked(self) -> tuple[str, ...]:
        """The ids under which it can be asked for, one for each path."""
        own = paths.qualified(self.gateway, self.id)
        return (own,) if self.unwrapped is None else (own, self.unwrapped)

    @property
    def name(self) -> str:
        """Display name."""
        return _end(self.id) if self.title is None else self.title

    @property
    def paths(self) -> tuple[str, ...]:
        """Where it can be asked for: its own path, then the unwrapped one if it has one."""
        return (self.path,) if self.unwrapped is None else (self.path, paths.escape(self.unwrapped))

    @property
    def main_path(self) -> str:
        """The path under which offers of other gateways are compared."""
        return self.path if self.unwrapped is None else paths.escape(self.unwrapped)

    @property
    def price(self) -> Decimal | None:
        """The sum of prompt and completion price, for comparing; None when one is unknown."""
        if self.prompt is None or self.completion is None:
            return None
        return Decimal(self.prompt) + Decimal(self.completion)


def asked_ids(fields: Json) -> tuple[str, ...]:
    """Return the ids under which a kept listing can be asked for: its own, then the unwrapped one."""
    own = paths.qualified(fields["gateway"], fields["id"])
    return (own, fields["unwrapped"]) if "unwrapped" in fields else (own,)


@lru_cache(maxsize=1 << 10)
def _organisation(first: str) -> str:
    """Return who made a model, by what stands first in its id: `qwen` of `Qwen/Qwen3-32B`."""
    low = paths.lower(first)
    return low.lstrip("~@") or low


def entry_of(fields: Json) -> Entry:
    """Take the summary of a kept listing; what many of them say is held once."""
    pricing = fields.get("pricing", {})
    status = fields.get("status", "active")
    asked = asked_ids(fields)
    model_id, name = fields["id"], fields["name"]
    return Entry(
        intern(fields["gateway"]),
        model_id,
        None if name == _end(model_id) else name,
        _organisation(asked[-1].partition("/")[0]),
        paths.escape(asked[0]),
        fields.get("context_length"),
        _once(pricing.get("prompt")),
        _once(pricing.get("completion")),
        _KINDS[fields.get("price_kind", "unknown")],
        _STATUSES[status],
        intern(fields["changed_at"]),
        status != "removed",
        fields.get("unwrapped"),
    )


def _end(model_id: str) -> str:
    return model_id.rpartition("/")[2]


def _once(text: str | None) -> str | None:
    return text if text is None else intern(text)
