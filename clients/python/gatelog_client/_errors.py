"""What can go wrong, named by what the caller should make of it."""

from __future__ import annotations

from collections.abc import Sequence


class CatalogError(Exception):
    """A question that was not answered."""


class ModelNotFound(CatalogError):
    """No gateway that was asked has the model: the endpoint's 404."""


class GatewayUnavailable(CatalogError):
    """The catalog has no list of the gateway now: the endpoint's 503."""


class GatewayNotConfigured(GatewayUnavailable):
    """Whoever builds the catalog has to set one of `variables` first: the endpoint's other 503."""

    def __init__(self, message: str, variables: Sequence[str]) -> None:
        super().__init__(message)
        self.variables = tuple(variables)


class CatalogUnreachable(CatalogError):
    """No catalog answers at the address, and the cache does not know the answer."""


class CatalogUntrusted(CatalogError):
    """What is served is not what the manifest names, or the manifest is older than one seen, or expired."""


class UnsupportedSchema(CatalogError):
    """The catalog follows a newer contract: a newer client is needed."""


class CatalogWarning(UserWarning):
    """An answer that is not quite what was asked for."""
