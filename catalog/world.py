"""What a run needs from outside: adapters, network, moment, program, site, and who hears how it goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from catalog.artifact import Artifact, Limits
from catalog.gather import Answer
from catalog.hub import Hub
from catalog.ports import Adapter, Gateway, Get

Network = Callable[[Gateway], AbstractContextManager[Get]]
"""Opens the network of one gateway."""


class Watcher(Protocol):
    """Who is told how a run goes on."""

    def fetched(self, name: str, answer: Answer) -> None:
        """Hear that a gateway is done."""

    def writing(self, artifacts: Iterable[Artifact]) -> Iterable[Artifact]:
        """Pass artifacts through and see them go by."""


@dataclass(frozen=True)
class World:
    """What a run needs from outside."""

    adapters: tuple[Adapter, ...]
    network: Network
    patience: float
    """Seconds after which gateways that are still being fetched are given up."""
    accounts: Mapping[str, str]
    """Gateway → short digest of the key that its list belongs to."""
    now: datetime
    code: str
    """Digest of the program."""
    commit: str | None
    """Commit of code and data."""
    watcher: Watcher
    site: Mapping[str, bytes] = field(default_factory=dict)
    """Path below `site/` → content: what of the tree does not come from a gateway."""
    limits: Limits = field(default_factory=Limits)
    exports: bool = True
    """Whether the forms for other tools are published as well."""
    hub: Hub | None = None
    """The Hugging Face Hub; None when it is not to be asked."""

    def gateways(self) -> dict[str, Gateway]:
        """Return the facts of every gateway by its id."""
        return {adapter.GATEWAY.id: adapter.GATEWAY for adapter in self.adapters}
