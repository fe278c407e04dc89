"""One adapter module per gateway; the tuple is the registry and the default order of detection."""

from catalog.ports import Adapter
from providers import chutes, featherless, portkey

ADAPTERS: tuple[Adapter, ...] = (portkey, featherless, chutes)
"""The adapters, in the order of detection."""
