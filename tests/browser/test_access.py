"""Accessibility, by axe-core, and a picture of each page type."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests import nodepackages
from tests.browser.conftest import Visitor
from tests.browser.kinds import PAGES
from tests.browser.served import serving_tree

pytestmark = pytest.mark.slow

HERE = Path(__file__).parent
AXE = HERE / "node_modules/axe-core/axe.min.js"
PICTURES = HERE.parents[1] / "build/screenshots"


@pytest.fixture(scope="session")
def axe() -> str:
    """Return the checker; skips the test where it cannot be installed."""
    if reason := nodepackages.missing(HERE):
        pytest.skip(reason)
    return AXE.read_text()


def violations(found: dict[str, Any]) -> list[str]:
    """Return what axe found, in one line each."""
    return [
        f"{each['id']}: {node['html'][:160]}" for each in found["violations"] for node in each["nodes"][:3]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_no_violation(visitor: Visitor, axe: str, path: str, scheme: str) -> None:
    """On each page type, in both colour schemes."""
    visitor.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page = visitor.go(path)
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    assert len(found["passes"]) > 15
    assert violations(found) == []


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pictures(browser: Browser, tree: Path, scheme: str, width: int) -> None:
    """Each page type is painted, for people to look at: `build/screenshots/`."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme="dark" if dark else "light"
    )
    with serving_tree(tree) as address:
        page = context.new_page()
        for name, path in PAGES.items():
            page.goto(address + path)
            page.wait_for_load_state("networkidle")
            picture = PICTURES / f"{name}-{width}-{scheme}.png"
            page.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 5_000
    context.close()
