"""A client of a Gatelog catalog: one model by its id, from any static host, a folder or an archive."""

from __future__ import annotations

import atexit
import os
from functools import lru_cache

from gatelog_client._catalog import AsyncCatalog, Catalog, Gateways, Record
from gatelog_client._errors import (
    CatalogError,
    CatalogUnreachable,
    CatalogUntrusted,
    CatalogWarning,
    GatewayNotConfigured,
    GatewayUnavailable,
    ModelNotFound,
    UnsupportedSchema,
)
from gatelog_client._flow import Json
from gatelog_client._paths import escape, twin
from gatelog_client._watch import Finding

__all__ = [
    "AsyncCatalog", "Catalog", "CatalogError", "CatalogUnreachable", "CatalogUntrusted", "CatalogWarning",
    "Finding", "GatewayNotConfigured", "GatewayUnavailable", "ModelNotFound", "Record", "UnsupportedSchema",
    "default_catalog", "detect_model_gateway", "escape", "fetch_specific_model", "twin",
]  # fmt: skip


def default_catalog() -> Catalog:
    """Return the catalog that `GATELOG_URL` names: an address, a folder or an archive. It must be set."""
    place = os.environ.get("GATELOG_URL")
    if not place:
        raise CatalogUnreachable("set GATELOG_URL to the address, the folder or the archive of a catalog")
    return _opened(place)


def detect_model_gateway(provider_name: str, model_name: str) -> str:
    """Ask the default catalog which gateway answers for a model; `openrouter` when none has it."""
    return default_catalog().detect_model_gateway(provider_name, model_name)


def fetch_specific_model(provider_name: str, model_name: str, gateway: Gateways = None) -> Json | None:
    """Ask the default catalog for the `data` of a model; None when it is not found."""
    return default_catalog().fetch_specific_model(provider_name, model_name, gateway)


@lru_cache(maxsize=1)
def _opened(place: str) -> Catalog:
    catalog = Catalog(place)
    atexit.register(catalog.close)
    return catalog
