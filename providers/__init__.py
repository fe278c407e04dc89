"""One adapter module per gateway; the tuple is the registry and the default order of detection."""

from __future__ import annotations

from catalog.ports import Adapter
from providers import chutes, deepinfra, featherless, openrouter, portkey

ADAPTERS: tuple[Adapter, ...] = (openrouter, portkey, featherless, deepinfra, chutes)
"""Every gateway, in the order in which a model id is looked up."""
