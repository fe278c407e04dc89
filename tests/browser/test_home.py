"""The search of the home page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from catalog import paths
from catalog.artifact import Limits
from catalog.render import Options
from tests import factories
from tests.browser.conftest import TAIL, Visitor
from tests.browser.keystrokes import slowest_twentieth, spent
from tests.factories import kept
from tests.website import website

pytestmark = pytest.mark.slow

MANY = 25_000
Record = dict[str, Any]
FRAME = 16
"""Milliseconds in which typing must be answered."""


def test_search_as_you_type(visitor: Visitor) -> None:
    """Every word must be in the id or the name; the address keeps what was typed."""
    page = visitor.home()
    page.keyboard.type("SONNET claude")
    assert "anthropic/claude-sonnet-4.5" in visitor.rows()
    assert all("claude" in each for each in visitor.rows())
    expect(page.locator("#count")).to_contain_text(" of ")
    page.wait_for_url("**/?q=SONNET+claude")


def test_filters_narrow(visitor: Visitor) -> None:
    """By gateway, price and ability, together."""
    page = visitor.home()
    page.locator(".filters summary").click()
    page.select_option("[name=gateway]", "openrouter")
    page.check("[name=tools]")
    with_tools = visitor.rows()
    page.fill("[name=max]", "1")
    assert set(visitor.rows()) < set(with_tools)
    assert "gateway=openrouter" in page.url
    page.keyboard.press("Tab")
    assert "max=1" in page.url
    page.locator("#reset").click()
    assert page.url == visitor.address


def test_every_modality_can_be_chosen(visitor: Visitor) -> None:
    """What no model takes or gives is not offered; each choice finds a model."""
    page = visitor.home()
    page.locator(".filters summary").click()
    for name in ("input", "output"):
        words = page.locator(f"[name={name}] option").all_inner_texts()[1:]
        assert "text" in words
        for word in words:
            page.select_option(f"[name={name}]", word)
            assert visitor.rows() != []
        page.select_option(f"[name={name}]", "")


def offers(record: Record, name: str) -> list[Any]:
    """Return what the gateways of a model say of one thing, if they say it."""
    return [offer[name] for offer in record["gateways"] if offer[name] is not None]


FILTERS: dict[str, Callable[[Record], bool]] = {
    "gateway=deepinfra": lambda record: "deepinfra" in offers(record, "gateway"),
    "organisation=openai": lambda record: record["data"]["provider_slug"].startswith("openai"),
    "min=1&max=3": lambda record: any(1 <= float(price) * 1e6 <= 3 for price in offers(record, "prompt")),
    "free=1": lambda record: "free" in offers(record, "price_kind"),
    "context=200000": lambda record: max(offers(record, "context_length")) >= 200_000,
    "input=image": lambda record: "image" in record["data"]["architecture"]["input_modalities"],
    "output=text": lambda record: "text" in record["data"]["architecture"]["output_modalities"],
    "tools=1": lambda record: record["data"]["capabilities"]["tools"],
    "reasoning=1": lambda record: record["data"]["capabilities"]["reasoning"],
    "several=1": lambda record: len(set(offers(record, "gateway"))) > 1,
}


@pytest.mark.parametrize("query", FILTERS, ids=FILTERS)
def test_what_a_filter_lets_through(visitor: Visitor, tree: Path, query: str) -> None:
    """Some models but not all, and the record of each is like that."""
    page = visitor.home(f"?{query}")
    expect(page.locator("#count")).to_contain_text(" of ")
    found = visitor.rows()
    assert found
    for each in found:
        record = json.loads((tree / "catalog/model" / paths.escape(each)).read_bytes())
        assert FILTERS[query](record), each


def test_the_address_restores_everything(visitor: Visitor) -> None:
    """A link that was sent shows the same rows."""
    page = visitor.home("?gateway=openrouter&several=1&sort=-context&unit=token")
    expect(page.locator(".status")).to_contain_text("US dollars per token")
    expect(page.get_by_role("button", name="per token")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="per 1M").click()
    page.wait_for_url("**/?gateway=openrouter&several=1&sort=-context")
    expect(page.locator(".status")).to_contain_text("US dollars per 1M tokens")
    expect(page.locator("[name=gateway]")).to_have_value("openrouter")
    expect(page.locator("[name=several]")).to_be_checked()
    expect(page.locator("th:has([data-sort=context])")).to_have_attribute("aria-sort", "descending")


def test_sorting(visitor: Visitor) -> None:
    """A column sorts up, then down, then not; what is unknown stands at the end."""
    page = visitor.home()
    head = page.locator("th:has([data-sort=prompt])")
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("#rows tr:not(.space) td").nth(2)).to_have_text("free")
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    prices = page.locator("#rows tr:not(.space) td:nth-of-type(3) data").all_inner_texts()
    numbers = [float(price.replace("$", "").replace(",", "")) for price in prices]
    assert len(numbers) > 5
    assert numbers == sorted(numbers, reverse=True)
    head.locator("button").click()
    expect(head).to_have_attribute("aria-sort", "none")


def test_the_back_button(visitor: Visitor) -> None:
    """Goes back to the filters that were before, and from a model to the search."""
    page = visitor.home("?q=claude")
    before = visitor.rows()
    page.locator("#rows a").first.click()
    page.wait_for_url(re.compile("/model/"))
    page.go_back()
    page.wait_for_selector("html[data-list=ready]")
    assert visitor.rows() == before
    expect(page.locator("#q")).to_have_value("claude")
    page.locator(".filters summary").click()
    page.check("[name=tools]")
    page.go_back()
    expect(page.locator("[name=tools]")).not_to_be_checked()


def test_the_keyboard(visitor: Visitor) -> None:
    """Slash focuses, arrows walk, Enter opens."""
    page = visitor.home()
    page.locator("h1").click()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("tail")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#rows a[data-at='1']")).to_be_focused()
    for _ in range(30):
        page.keyboard.press("ArrowDown")
    expect(page.locator("#rows a[data-at='31']")).to_be_focused()
    expect(page.locator("#rows a[data-at='31']")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"model\.html\?id=tail"))


def test_only_rows_in_sight_are_drawn(visitor: Visitor) -> None:
    """And scrolling to the end shows the last one."""
    page = visitor.home("?q=model-")
    expect(page.locator("#count")).to_contain_text(f"{TAIL} of")
    assert page.locator("#rows tr").count() < 60
    page.evaluate("document.getElementById('scroller').scrollTop = 1e9")
    expect(page.locator("#rows [data-at]").last).to_have_attribute("data-at", str(TAIL - 1))


def test_nothing_fits(visitor: Visitor) -> None:
    """The table says what to do."""
    page = visitor.home("?q=nosuchmodelanywhere")
    expect(page.locator("#rows")).to_contain_text("No model fits")


def many() -> str:
    """Make a list of 25,000 models."""
    shapes = [[1 << (at % 5), 4096 << (at % 6), "included", "text->text", at % 4, None] for at in range(40)]
    ids = [
        "//".join([f"author{at}", *(f"Qwen3-{at}-{number}-Instruct-GGUF" for number in range(5))])
        for at in range(MANY // 5)
    ]
    said = {
        "schema_version": "1.0",
        "gateways": ["openrouter", "portkey", "featherless", "deepinfra", "chutes"],
    }
    return json.dumps(
        {
            **said,
            "ids": ids,
            "names": {},
            "paths": {},
            "shapes": shapes,
            "shape": [at % 40 for at in range(MANY)],
            "prices": [[None, None]],
            "price": [0] * MANY,
        }
    )


def test_a_long_list_is_searched_in_parts(visitor: Visitor) -> None:
    """The page says that it shows the first models of many, and fetches what a search needs."""
    limits = Limits(whole_rows=10, search_rows=4)
    families = ("alpha", "alpine", "beta")
    found = [kept(gateway="featherless", id=f"a{at % 2}/{families[at % 3]}-{at}b") for at in range(12)]
    files = factories.tree(*found, site=website(), options=Options(limits=limits))
    asked: list[str] = []

    def answer(route: Route) -> None:
        path = route.request.url.removeprefix(visitor.address)
        asked.append(path)
        route.fulfill(body=files[path], content_type="application/json")

    visitor.page.route("**/catalog/search**", answer)
    page = visitor.home()
    assert len(visitor.rows()) == 4
    expect(page.locator("#count")).to_have_text(re.compile("The first 4 of 12 models"))
    page.keyboard.type("alpine 10")
    expect(page.locator("#count")).to_have_text("1 of 12 models")
    assert visitor.rows() == ["a0/alpine-10b"]
    assert len(asked) == len(set(asked)) < 12, "a part is fetched once"
    page.fill("#q", "")
    expect(page.locator("#count")).to_have_text(re.compile("The first 4 of 12 models"))


def test_typing_never_lags(visitor: Visitor) -> None:
    """With 25,000 models, 95 of 100 keys are answered by no more script than a frame has time for."""
    body = many()

    def answer(route: Route) -> None:
        route.fulfill(body=body, content_type="application/json")

    visitor.page.route("**/catalog/search.json", answer)
    page = visitor.home()
    expect(page.locator("#count")).to_contain_text(f"{MANY:,} models")
    assert slowest_twentieth(spent(page)) <= FRAME
