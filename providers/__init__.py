"""One adapter module per gateway; the tuple is the registry and the default order of detection."""

from __future__ import annotations

from catalog.ports import Adapter
from providers import deepinfra, openrouter

ADAPTERS: tuple[Adapter, ...] = (openrouter, deepinfra)
"""Every gateway, in the order in which a model id is looked up."""
