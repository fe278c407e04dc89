"""Compare, calculator, changes and the box to try."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Visitor

pytestmark = pytest.mark.slow

SONNET = "anthropic/claude-sonnet-4.5"
CHANGES = "catalog/changes.json"


def test_compare(visitor: Visitor) -> None:
    """Models are found by a few letters, stand in the address, and go with a click; back brings them back."""
    page = visitor.go("compare.html")
    page.fill("#pick", "sonnet 4.5")
    page.locator("#found li").first.wait_for()
    page.keyboard.press("Enter")
    expect(page.locator("#compare thead")).to_contain_text("Claude Sonnet 4.5")
    assert page.url.endswith(f"?models={SONNET}")
    page.fill("#pick", "deepseek-chat-v3-0324")
    page.locator("#found li").first.click()
    expect(page.locator("#compare thead th")).to_have_count(2)
    page.locator("#compare button").first.click()
    expect(page.locator("#compare thead th")).to_have_count(1)
    page.go_back()
    expect(page.locator("#compare thead th")).to_have_count(2)


def test_the_cheapest_are_all_named(visitor: Visitor) -> None:
    """Two gateways that ask the same; a reduced price of one of them does not count."""
    usual = {"variant": None, "price_kind": "known", "context_length": None, "prompt": "0.000001"}
    offers = [
        {**usual, "gateway": "openrouter", "id": "a/b", "completion": "0.0000010"},
        {**usual, "gateway": "portkey", "id": "@x/a/b", "completion": "0.000002"},
        {**usual, "gateway": "portkey", "id": "@y/a/b", "completion": "0.000001"},
        {**usual, "gateway": "chutes", "id": "a/b", "completion": "0.0000011"},
        {**usual, "gateway": "chutes", "id": "a/b:batch", "completion": "0", "variant": "batch"},
    ]
    for each in offers:
        each["href"] = f"/catalog/gateway/{each['gateway']}/model/a/b.json"
    visitor.page.route("**/catalog/model/a/b.json", partial(with_offers, offers=offers))
    page = visitor.go("compare.html?models=a/b")
    rows = page.locator("#compare tbody tr")
    expect(rows.filter(has_text="Cheapest").locator(".chip")).to_have_text(["OpenRouter", "Portkey"])
    expect(rows.filter(has_text="Portkey").first).to_contain_text("$1.00 / $1.00")


def with_offers(route: Route, offers: list[dict[str, Any]]) -> None:
    """Answer with the record of another model, which these gateways have."""
    path = route.request.url.replace("/a/b.json", f"/{SONNET}.json")
    record = route.fetch(url=path).json()
    route.fulfill(body=json.dumps({**record, "gateways": offers}))


def test_what_is_not_there_is_said(visitor: Visitor) -> None:
    """The others are compared; the browser notes the file that is not there."""
    page = visitor.go(f"compare.html?models={SONNET},no/such")
    expect(page.locator("#told")).to_have_text("Not in the catalog: no/such")
    expect(page.locator("#compare thead th")).to_have_count(1)
    assert any("404" in told for told in visitor.complaints)
    visitor.complaints.clear()


def test_the_calculator_applies_tiers(visitor: Visitor) -> None:
    """Strictly over the threshold all of the request is at the tier's price, cached tokens at theirs."""
    page = visitor.go(f"calculator.html?model={SONNET}&in=200000&cached=0&out=1000&requests=1")
    row = page.locator("#costs tbody tr", has_text="OpenRouter").first
    expect(row.locator("td").nth(1)).to_have_text("$0.615")
    page.fill("[name=in]", "200001")
    expect(row.locator("td").nth(1)).to_have_text("$1.222506")
    expect(row).to_contain_text("tier over 200,000 tokens")
    page.fill("[name=cached]", "200001")
    expect(row.locator("td").nth(1)).to_have_text("$0.1425006")
    page.fill("[name=requests]", "1000")
    expect(row.locator("td").nth(0)).to_have_text("$142.50")
    assert "cached=200001" in page.url


def test_the_calculator_wants_numbers(visitor: Visitor) -> None:
    """Anything else is answered in words."""
    page = visitor.go(f"calculator.html?model={SONNET}")
    page.fill("[name=in]", "many")
    expect(page.locator("#told")).to_contain_text("Whole numbers")
    page.fill("[name=in]", "1,000")
    expect(page.locator("#told")).to_have_text("For Anthropic: Claude Sonnet 4.5")


def test_changes_that_are_not_there(visitor: Visitor) -> None:
    """A tree without changes is no error."""
    serve(visitor, CHANGES, {"schema_version": "1.0", "changes": []})
    page = visitor.go("changes.html")
    expect(page.locator("#told")).to_contain_text("No changes have been recorded")


def serve(visitor: Visitor, path: str, said: object) -> None:
    """Let one file of the tree be another one."""

    def answer(route: Route) -> None:
        route.fulfill(body=json.dumps(said))

    visitor.page.route(f"**/{path}", answer)


def test_changes(visitor: Visitor) -> None:
    """Are listed by day, filtered by text, kind and gateway, and shown as text."""
    usual = {"gateway": "openrouter", "meter": None, "from": None, "to": None, "percent": None}
    price = {"kind": "price", "meter": "prompt", "from": "0.000002", "to": "0.000001", "percent": -50.0}
    tiers = {
        "kind": "tiers",
        "meter": "price_tiers",
        "from": [],
        "to": [{"min_prompt_tokens": 200000, "prompt": "0.000004"}],
    }
    more = [
        {**usual, **tiers, "id": "3", "at": "2026-11-18T02:00:00Z", "model": "a/tiered"},
        *(
            {
                **usual,
                "id": f"more{number}",
                "at": "2026-11-17T02:00:00Z",
                "kind": "removed",
                "model": f"a/{number}",
            }
            for number in range(120)
        ),
    ]
    changes = [
        {**usual, "id": "1", "at": "2026-11-20T02:00:00Z", "kind": "added", "model": "a/<b>new</b>"},
        {**usual, **price, "id": "2", "at": "2026-11-19T02:00:00Z", "model": "a/old"},
        *more,
    ]
    serve(visitor, CHANGES, {"schema_version": "1.0", "changes": changes})
    page = visitor.go("changes.html")
    rows = page.locator(".changes > li")
    expect(rows).to_have_count(100)
    page.get_by_role("button", name="Show all 123").click()
    expect(rows).to_have_count(123)
    expect(page.locator("#changes")).to_contain_text("<b>new</b>")
    expect(page.locator("#changes")).to_contain_text("Input $2.00 → $1.00 −50\u00a0%")
    expect(page.locator(".tiers").first).to_contain_text("over 200,000 tokens: Input $4.00")
    page.select_option("[name=kind]", "price")
    expect(rows).to_have_count(1)
    assert page.url.endswith("?kind=price")


def test_try_it(visitor: Visitor) -> None:
    """The box shows the address and the record."""
    page = visitor.go("about.html")
    page.fill("#try [name=id]", SONNET)
    page.select_option("#try [name=gateway]", "openrouter")
    page.get_by_role("button", name="Ask").click()
    expect(page.locator("#answer")).to_contain_text('"id": "anthropic/claude-sonnet-4.5"')
    expect(page.locator("#asked")).to_have_text(
        f"{visitor.address}catalog/gateway/openrouter/model/{SONNET}.json"
    )
