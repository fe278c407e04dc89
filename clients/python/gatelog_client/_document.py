"""A published document and the version of the contract that it follows."""

from __future__ import annotations

import json

from gatelog_client._errors import CatalogUnreachable, UnsupportedSchema
from gatelog_client._flow import Json

MAJOR = 1
"""The newest major version of the contract that this client understands."""


def document(body: bytes, where: str) -> Json:
    """Read a document, which says what version of the contract it follows."""
    try:
        found: Json = json.loads(body)
        major = int(found["schema_version"].partition(".")[0])
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise CatalogUnreachable(f"{where} is no document of a catalog") from problem
    if major > MAJOR:
        raise UnsupportedSchema(f"{where} follows version {major} of the contract, this client {MAJOR}")
    return found
