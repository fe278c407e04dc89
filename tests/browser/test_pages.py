"""Every page type opens without a complaint; what gateways say stays text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import HOSTILE, Visitor
from tests.browser.kinds import PAGES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_opens(visitor: Visitor, path: str) -> None:
    """With a heading, how fresh the lists are, and no complaint (see the fixture)."""
    page = visitor.go(path)
    expect(page.locator("h1")).to_have_count(1)
    expect(page.locator("[data-freshness]")).to_contain_text("gateways fresh")


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_fits(visitor: Visitor, path: str, width: int) -> None:
    """Nothing is wider than the screen; wide tables scroll by themselves."""
    visitor.page.set_viewport_size({"width": width, "height": 800})
    page = visitor.go(path)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_hostile_names_stay_text(visitor: Visitor) -> None:
    """In static pages, in tables made by scripts, in titles."""
    page = visitor.go("model/evil/markup.html")
    expect(page.locator("h1")).to_contain_text("<img src=x")
    assert "\u202e" not in page.locator("h1").inner_text()
    assert page.locator("img[src=x]").count() == 0
    page = visitor.home("?q=evil")
    assert visitor.rows() == ["evil/markup", "evil2/<b>bold</b>"]
    assert page.locator("#rows b, #rows img").count() == 0
    page = visitor.go("compare.html?models=evil/markup")
    expect(page.locator("#compare thead")).to_contain_text("<img src=x")
    assert HOSTILE.startswith("<img")


def test_the_long_tail_leads_to_the_page_that_a_model_has(visitor: Visitor) -> None:
    """Whatever id of it was asked for."""
    page = visitor.go("model.html?id=anthropic/claude-sonnet-4.5")
    page.wait_for_url(re.compile(r"/model/anthropic/claude-sonnet-4\.5\.html$"))


def test_a_model_that_is_not_there(visitor: Visitor) -> None:
    """Leads to the search for its id; the browser notes the file that is not there."""
    page = visitor.go("model.html?id=no/such")
    expect(page.locator("h1")).to_have_text("Not in the catalog")
    expect(page.locator("#copy")).to_be_hidden()
    assert any("404" in told for told in visitor.complaints)
    visitor.complaints.clear()
    page.get_by_role("link", name="search for it").click()
    expect(page.locator("#q")).to_have_value("no/such")
    page.wait_for_selector("html[data-list=ready]")


def test_a_price_chart(visitor: Visitor) -> None:
    """Says since which day what was asked, and what is asked now; it follows the theme and the unit."""
    usual = {"gateway": "openrouter", "id": "anthropic/claude-sonnet-4.5", "price_kind": "known"}
    points = [
        {**usual, "at": f"2026-{month}-01T00:00:00Z", "prompt": price, "completion": "0.000015"}
        for month, price in (("08", "0.000004"), ("10", "0.000003"))
    ]
    said = json.dumps({"points": points})
    page = visitor.page
    page.route("**/catalog/history/**", lambda route: route.fulfill(body=said))
    page.route("**/model/anthropic/claude-sonnet-4.5.html", with_chart)
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    page.locator(".chart").scroll_into_view_if_needed()
    legend = page.locator(".u-legend")
    expect(legend).to_contain_text("OpenRouter input$3.00")
    expect(legend.locator(".dashed")).to_have_text("OpenRouter output$15.00")
    page.locator(".u-over").hover(position={"x": 20, "y": 50})
    expect(legend).to_contain_text("2026-08-01")
    expect(legend).to_contain_text("OpenRouter input$4.00")
    page.locator("[data-theme-switch]").click()
    expect(page.locator(".uplot")).to_have_count(1)
    page.get_by_role("button", name="per token").click()
    expect(page.locator(".chart figcaption")).to_contain_text("per token")
    expect(legend).to_contain_text("OpenRouter input$0.000003")
    expect(legend.locator(".dashed")).to_have_text("OpenRouter output$0.000015")


def with_chart(route: Route) -> None:
    """Put the chart into a page whose model has no history."""
    answered = route.fetch()
    assets = "../../assets"
    style = f'<link rel="stylesheet" href="{assets}/uplot.css">'
    head = f'{style}<script type="module" src="{assets}/history.js"></script></head>'
    figure = (
        '<figure class="chart" data-history="../../catalog/history/a/b.json">'
        '<figcaption>Price <span class="unit">per 1M tokens</span></figcaption></figure></main>'
    )
    page = answered.text().replace("</head>", head).replace("</main>", figure)
    route.fulfill(body=page, content_type="text/html; charset=utf-8")


def test_paper_is_white(visitor: Visitor) -> None:
    """A page is printed in dark ink, also for a reader who chose dark."""
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    page.locator("[data-theme-switch]").click()
    page.emulate_media(media="print", color_scheme="dark")
    shown = "getComputedStyle(document.querySelector('.facts'))"
    assert page.evaluate(f"{shown}.color") == "rgb(0, 0, 0)"
    assert page.evaluate(f"{shown}.backgroundColor") == "rgb(255, 255, 255)"
    expect(page.locator(".actions")).to_be_hidden()


def test_a_model_of_the_long_tail(visitor: Visitor) -> None:
    """Is drawn from its record, with its name and the address of the record."""
    page = visitor.go("model.html?id=tail1/Model-001-8B")
    expect(page.locator("h1")).to_have_text("Model-001-8B")
    expect(page.locator("#url")).to_have_text(f"{visitor.address}catalog/model/tail1/model-001-8b.json")
    expect(page.locator(".facts")).to_contain_text("in plan")
    expect(page.locator("#body")).to_contain_text("Price froma flat plan")
    page.get_by_role("link", name="Compare", exact=True).last.click()
    expect(page.locator("#compare thead")).to_contain_text("Model-001-8B")


@pytest.mark.parametrize(
    ("hours", "told", "state"),
    [
        pytest.param(1, "All gateways fresh", "Fresh: ", id="fresh"),
        pytest.param(80, "4 of 5 gateways fresh", "Overdue: ", id="overdue"),
    ],
)
def test_what_nobody_tries_is_not_fresh(
    visitor: Visitor, tree: Path, hours: int, told: str, state: str
) -> None:
    """However the last attempt went: the age counts on the day on which a page is opened."""
    said = json.loads((tree / "catalog/gateways.json").read_bytes())
    for gateway in said["gateways"]:
        age = timedelta(hours=hours if gateway["id"] == "chutes" else 1)
        gateway["attempted_at"] = gateway["fetched_at"] = f"{datetime.now(UTC) - age:%Y-%m-%dT%H:%M:%SZ}"
    visitor.page.route("**/catalog/gateways.json", lambda route: route.fulfill(body=json.dumps(said)))
    page = visitor.go("gateway/chutes.html")
    expect(page.locator("[data-freshness]")).to_contain_text(told)
    expect(page.locator("#state")).to_contain_text(state)


def test_availability(visitor: Visitor) -> None:
    """Each day since the first attempt is a bar; a day without an attempt is one as well."""
    page = visitor.go("gateway/chutes.html")
    expect(page.locator("#state")).to_contain_text("no attempt has been logged here")
    days = {"2026-11-17": (3, 3), "2026-11-19": (2, 1), "2026-11-20": (1, 0)}
    told = [
        {"day": day, "attempts": tried, "answered": answered, "latency": 1.5 if answered else None}
        for day, (tried, answered) in days.items()
    ]
    said = json.dumps({"schema_version": "1.0", "gateways": {"chutes": told}})
    page.route("**/catalog/history/gateways.json", lambda route: route.fulfill(body=said))
    page = visitor.go("gateway/chutes.html")
    expect(page.get_by_role("img", name="4 of 6 attempts answered, 2026-11-17 to 2026-11-20")).to_be_visible()
    bars = page.locator(".strip i")
    assert [bar.get_attribute("class") for bar in bars.all()] == ["all", None, "some", "none"]
    expect(bars.first).to_have_attribute("title", "2026-11-17: 3 of 3 answered, 1.5 s")


def test_copy(visitor: Visitor) -> None:
    """The command that was copied names the record's full address."""
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    page.locator("[data-copy=curl]").click()
    expect(page.locator("[data-copy=curl]")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"curl -s {visitor.address}catalog/model/anthropic/claude-sonnet-4.5.json"


def test_what_is_copied_runs(visitor: Visitor) -> None:
    """The line of Python needs no library, that of JavaScript none either."""
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    python, javascript = (page.locator(f"#{name}").inner_text() for name in ("python", "javascript"))
    told = subprocess.run(
        [sys.executable, "-c", f"{python}; print(model['id'])"], check=True, capture_output=True, text=True
    )
    assert told.stdout.strip() == "anthropic/claude-sonnet-4.5"
    assert page.evaluate(f"async () => {{ {javascript} return model.id; }}") == "anthropic/claude-sonnet-4.5"


def test_dark_mode_is_remembered(visitor: Visitor) -> None:
    """From page to page."""
    page = visitor.go()
    light = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page.locator("[data-theme-switch]").click()
    dark = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    page = visitor.go("about.html")
    assert light != dark == page.evaluate("getComputedStyle(document.documentElement).backgroundColor")


def test_the_unit_is_remembered(visitor: Visitor) -> None:
    """Per million and per token show the same number, exactly."""
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    price = page.locator(".facts data").first
    expect(price).to_have_text("$3.00")
    page.get_by_role("button", name="per token").click()
    expect(price).to_have_text("$0.000003")
    expect(page.locator(".unit").first).to_have_text("per token")
    page = visitor.go("model/anthropic/claude-sonnet-4.5.html")
    expect(page.locator(".facts data").first).to_have_text("$0.000003")


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[tuple[Page, str]]:
    """Open an empty page of a browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page(), address
    context.close()


def test_without_javascript(plain: tuple[Page, str]) -> None:
    """Gateways, organisations and every model are plain links, down to the record."""
    page, address = plain
    page.goto(address)
    expect(page.locator(".browse a[href='gateway/chutes.html']")).to_be_visible()
    expect(page.locator(".browse a[href='organisation/openai.html']")).to_be_visible()
    expect(page.locator("[data-unit]").first).to_be_hidden()
    page.get_by_role("link", name="every model as a plain link").click()
    page.get_by_role("link", name="T", exact=True).click()
    assert page.locator(".plainlist li").count() >= 400
    page.locator(".plainlist .json").first.click()
    assert '"schema_version"' in page.locator("body").inner_text()


def test_a_model_page_without_javascript(plain: tuple[Page, str]) -> None:
    """Everything of the model is there, and in which unit its prices are."""
    page, address = plain
    page.goto(f"{address}model/anthropic/claude-sonnet-4.5.html")
    expect(page.locator(".offers")).to_contain_text("$15.00")
    expect(page.locator("main")).to_contain_text("US dollars per 1M tokens")
