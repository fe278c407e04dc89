"""Two catalogs and their changes, for tests of what is told about changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from catalog import changelog
from catalog.compare import Part
from catalog.comparison import Catalog, Keys, Origin, changes
from catalog.days import stamp
from catalog.diff import change
from catalog.kept import kept_fields
from catalog.schema.changes import LoggedChange, Offered
from catalog.schema.listing import KeptListing
from tests.factories import NOW, THEN, kept, line

AT = stamp(NOW)
"""The moment of every change that names no other."""
OFFER = Offered(prompt="0.000001", completion="0.000002", context_length=1000, price_kind="known")


def priced(prompt: str = "0.000001", completion: str = "0.000002", **more: str) -> dict[str, Decimal]:
    """Make prices by meter."""
    return {
        meter: Decimal(price) for meter, price in {"prompt": prompt, "completion": completion, **more}.items()
    }


def catalog(*found: KeptListing, **origins: Origin) -> Catalog:
    """Make a catalog of fetched listings."""
    lines: dict[str, list[bytes]] = {}
    for each in sorted(found, key=lambda each: each.id):
        lines.setdefault(each.gateway, []).append(line(each))
    counted = {name: Origin("fetch", None, len(each)) for name, each in lines.items()}
    return Catalog({**counted, **origins}, lambda gateway: lines.get(gateway, []))


def changed(
    old: Iterable[KeptListing], new: Iterable[KeptListing], keys: Keys | None = None, **origins: Origin
) -> list[LoggedChange]:
    """Compare two catalogs; `origins` are those of gateways without listings on a side."""
    return changes(catalog(*old, **origins), catalog(*new, **origins), AT, keys or {})


def told(found: Iterable[LoggedChange]) -> list[tuple[Any, ...]]:
    """Return what a reader looks at first: kind, gateway, model, meter, before, after."""
    return [(each.kind, each.gateway, each.model, each.meter, each.before, each.to) for each in found]


def one(**fields: Any) -> LoggedChange:  # noqa: ANN401 - the fields of a change
    """Make a change; without any fields it is a prompt price that doubled."""
    usual: dict[str, Any] = {"meter": "prompt", "before": "0.000001", "to": "0.000002", "percent": 100.0}
    if fields.get("kind", "price") != "price":
        usual = dict.fromkeys(usual)
    where: dict[str, Any] = {"at": AT, "gateway": "openrouter", "model": "acme/one"}
    rest: dict[str, Any] = {"kind": "price", "since": THEN, "offered": OFFER}
    values: dict[str, Any] = {**usual, **where, **rest, **fields}
    part = Part(values.pop("kind"), *(values.pop(name) for name in usual))
    return change(values.pop("at"), part, values.pop("gateway"), values.pop("model"), **values)


def logged(log: Sequence[LoggedChange], base_url: str = "", *ending: Any) -> dict[str, bytes]:  # noqa: ANN401 - listings
    """Render a log: every name and its bytes; a name that is made twice fails."""
    files: dict[str, bytes] = {}
    fields = [kept_fields(each) for each in ending]
    for artifact in changelog.artifacts(log, fields, ["openrouter", "chutes"], base_url, {}):
        for name in (artifact.path, *artifact.names):
            assert name not in files, f"{name} twice"
            files[name] = artifact.body
    return files


def later(days: int, **fields: Any) -> LoggedChange:  # noqa: ANN401 - the fields of a change
    """Make a change some days after the usual one."""
    at = stamp(datetime.fromisoformat(AT) + timedelta(days=days))
    return one(**{"at": at, **fields})


__all__ = ["AT", "OFFER", "catalog", "changed", "changes", "kept", "later", "logged", "one", "priced", "told"]
