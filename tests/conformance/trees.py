"""The trees that the requests are asked of, built by `build.py`."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.site import ROOT, Site, serving_site

Answers = dict[str, Any]
"""Path and query → what an upstream answers."""
OPENROUTER = (
    "openai/gpt-4",
    "acme/two:parts:free",
    "acme/latest@2:free",
    "con/nul",
    "acme/x+y z",
    "Acme/Café",
)
PORTKEY = ("@anthropic/claude-3-opus",)
FEATHERLESS = ("meta-llama/Llama-3.1-8B", "Acme/Mixed:V2")
DEEPINFRA = ("meta-llama/Meta-Llama-3.1-8B-Instruct", "Acme/Everywhere")


def small(folder: Path) -> Path:
    """Build the small site with rows of its own: every kind of id on some gateway."""
    with serving_site(folder) as site:
        _add(site)
        site.build("--plain")
    return site.output


def keyless(folder: Path) -> Path:
    """Build the small site where two gateways have never answered: one lacks its key, one is down."""
    with serving_site(folder) as site:
        _add(site)
        site.without("deepinfra")
        site.build("--plain", PORTKEY_API_KEY="")
    return site.output


def starter(folder: Path) -> Path:
    """Build the catalog that ships with the repository."""
    site = Site(folder, {})
    shutil.copytree(ROOT / "data", site.data)  # a build locks its data, and another test may be at work
    site.build("--offline", "--plain")
    return site.output


TREES: dict[str, Callable[[Path], Path]] = {"small": small, "keyless": keyless, "starter": starter}
"""Name → what builds it and returns the output folder."""


def _add(site: Site) -> None:
    """Give the upstreams some more rows, each a copy of one of theirs under another id."""
    catalog = site.catalog
    models = catalog["OPENROUTER_BASE_URL"]["/models?output_modalities=all"]
    models["data"] += _named(models["data"], "openai/gpt-5.2-chat", OPENROUTER)
    models["total_count"] = len(models["data"])
    _add_to_portkey(catalog["PORTKEY_BASE_URL"])
    pages = catalog["FEATHERLESS_BASE_URL"]
    last = pages["/models?page=2&per_page=250"]["data"]
    last += _named(last, "yil384/Qwen3-0.6B-lora", FEATHERLESS)
    for page in pages.values():
        page["total"] += len(FEATHERLESS)
        page["pagination"]["total_items"] += len(FEATHERLESS)
    listed = catalog["DEEPINFRA_BASE_URL"]["/v1/openai/models"]["data"]
    listed += _named(listed, "openai/gpt-oss-20b", DEEPINFRA)


def _add_to_portkey(pages: Answers) -> None:
    first = pages["/models?limit=500&offset=0"]
    first["data"] += [
        {"id": name, "slug": slug, "canonical_slug": slug, "object": "model"}
        for name in PORTKEY
        for slug in [name.partition("/")[2]]
    ]
    total = len(first["data"])
    pages[f"/models?limit=500&offset={total}"] = pages.pop("/models?limit=500&offset=14")
    for page in pages.values():
        page["total"] = total


def _named(rows: list[Any], like: str, ids: tuple[str, ...]) -> list[Any]:
    model = next(row for row in rows if row["id"] == like)
    return [
        {
            **copy.deepcopy(model),
            "id": name,
            **({"canonical_slug": name} if "canonical_slug" in model else {}),
        }
        for name in ids
    ]
