"""One browser, one small site with a long tail and hostile names, a page that tells every complaint."""

from __future__ import annotations

import copy
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.served import serving_tree
from tests.site import serving_site

HOSTILE = '<img src=x onerror="document.title=1">\u202egnp.exe'
TAIL = 400
"""Models of the long tail, enough for a table that draws only what is in sight."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start the browser once; skips the tests where there is none."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("no Chromium is installed (on Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Build the small site, with a long tail and names that want to be markup."""
    folder = tmp_path_factory.mktemp("browsed")
    with pytest.MonkeyPatch.context() as patched, serving_site(folder) as site:
        patched.setattr(os, "sync", lambda: None)
        rows = site.catalog["OPENROUTER_BASE_URL"]["/models?output_modalities=all"]["data"]
        odd = copy.deepcopy(rows[0])
        odd |= {"id": "evil/markup", "canonical_slug": "evil/markup", "name": HOSTILE, "description": HOSTILE}
        rows.append(odd)
        tail = site.catalog["FEATHERLESS_BASE_URL"]["/models?page=1&per_page=250"]["data"]
        tail += [{**tail[0], "id": f"tail{number % 7}/Model-{number:03}-8B"} for number in range(TAIL)]
        tail.append({**tail[0], "id": "evil2/<b>bold</b>"})
        site.build()
        yield site.output


@pytest.fixture(scope="session", params=["", "/gatelog"], ids=["root", "prefix"])
def address(request: pytest.FixtureRequest, tree: Path) -> Iterator[str]:
    """Serve the site, once at the root and once below a prefix."""
    with serving_tree(tree, request.param) as served:
        yield served


@dataclass
class Visitor:
    """A reader with a page, and what the browser complained about."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str = "") -> Page:
        """Open a page of the site and wait until it is quiet."""
        self.page.goto(self.address + path)
        self.page.wait_for_load_state("networkidle")
        return self.page

    def home(self, path: str = "") -> Page:
        """Open the home page and wait for the list of models."""
        self.page.goto(self.address + path)
        self.page.focus("#q")
        self.page.wait_for_selector("html[data-list=ready]")
        return self.page

    def rows(self) -> list[str]:
        """Return the ids in the table of the home page."""
        return self.page.locator("#rows .id").all_inner_texts()


def watched(visitor: Visitor) -> Visitor:
    """Note console errors, exceptions and requests to other hosts."""
    page, told = visitor.page, visitor.complaints
    page.on(
        "console", lambda message: told.append(message.text) if message.type in ("error", "warning") else None
    )
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on(
        "request", lambda asked: None if asked.url.startswith(visitor.address) else told.append(asked.url)
    )
    return visitor


@pytest.fixture
def visitor(browser: Browser, address: str) -> Iterator[Visitor]:
    """Open an empty page; after the test nothing may have been complained about."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    context.set_default_timeout(10_000)
    visitor = watched(Visitor(context.new_page(), address))
    yield visitor
    context.close()
    assert visitor.complaints == []
