"""Names that want to be markup, as a server of hostile answers tells them, where one is at hand."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Visitor, watched
from tests.browser.served import serving_tree
from tests.e2e.test_captured_site import KEY, PREFIXES
from tests.site import serving_site

pytestmark = [pytest.mark.captures, pytest.mark.slow]

VARIABLE = "GATELOG_UPSTREAM_HOSTILE"
"""The variable that names the address of the server."""
FEWEST = 3
"""Hostile rows that must have been published, or nothing is proved."""
MARKUP = re.compile(r"<(script|img|b|i)\b|javascript:|\{\{|\]\(", re.IGNORECASE)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build OpenRouter's list from a server whose names and descriptions are hostile."""
    address = os.environ.get(VARIABLE)
    if not address:
        pytest.skip(f"{VARIABLE} names no server of hostile answers")
    with pytest.MonkeyPatch.context() as patched, serving_site(tmp_path_factory.mktemp("hostile")) as site:
        patched.setattr(os, "sync", lambda: None)
        keys = {name: "" for name in site.environ if name.endswith(("_KEY", "_TOKEN"))}
        bases = {name: address.rstrip("/") + path for name, path in PREFIXES.items()}
        asked = replace(site, environ=site.environ | keys | bases | {"PORTKEY_API_KEY": KEY})
        asked.build("--gateway", "openrouter", "--no-huggingface")
        yield asked.output


@pytest.fixture(scope="module")
def rows(hostile: Path) -> list[dict[str, Any]]:
    """Return the hostile rows that have a page of their own, as they were published."""
    answer = httpx.get(f"{os.environ[VARIABLE].rstrip('/')}/openrouter/api/v1/models?output_modalities=all")
    names = {row["id"]: row["name"] for row in answer.json()["data"]}
    listed = json.loads((hostile / "catalog/gateway/openrouter.json").read_bytes())["models"]
    found = [row for row in listed if MARKUP.search(names.get(row["id"], ""))]
    return [row for row in found if (hostile / f"model/{row['id'].lower()}.html").is_file()]


def test_what_the_server_says_stays_text(browser: Browser, hostile: Path, rows: list[dict[str, Any]]) -> None:
    """On the page of each model and in the search: nothing runs or is loaded, the name is read as it is."""
    assert len(rows) >= FEWEST
    context = browser.new_context()
    with serving_tree(hostile) as address:
        visitor = watched(Visitor(context.new_page(), address))
        visitor.page.on("dialog", lambda dialog: visitor.complaints.append(dialog.message))
        for row in rows:
            page = visitor.go(f"model/{row['id'].lower()}.html")
            expect(page.locator("h1 bdi")).to_have_text(" ".join(row["name"].split()))
            assert page.locator("main script, main img:not(.logo), main iframe").count() == 0
            assert page.locator("a[href^='javascript:' i]").count() == 0
            visitor.home(f"?q={row['id']}")
            assert row["id"] in visitor.rows()
            assert page.locator("#rows script, #rows img").count() == 0
        assert visitor.complaints == []
    context.close()
