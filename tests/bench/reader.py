"""What a reader's browser has to load, and how long it works on a key that is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, Page, Response, sync_playwright

from tests.bench.measure import say

LIST = "/catalog/search.json"
ROUNDS = 5
TYPED = ("qwen3 8b instruct", "llama gguf", "mistral-7b-v0.3", "deepseek r1 distill", "zzz nothing like it")
_WATCH = """() => {
    window.spent = [];
    let began = 0;
    addEventListener("input", () => { began = performance.now(); }, true);
    addEventListener("input", () => { window.spent.push(performance.now() - began); });
}"""


@contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    """Start a browser for as long as the context lasts."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


def first_load(browser: Browser, address: str) -> int:
    """Return the compressed bytes that the home page asks for, the list of models aside."""
    page, loaded = browser.new_page(), dict[str, int]()

    def note(answer: Response) -> None:
        if not answer.url.endswith(LIST):
            loaded[answer.url] = int(answer.headers["content-length"])

    page.on("response", note)
    page.goto(address)
    page.wait_for_selector("html[data-list=ready]")
    page.wait_for_load_state("networkidle")
    page.close()
    say(f"  first load: {len(loaded)} files, {sum(loaded.values()):,} bytes")
    return sum(loaded.values())


def typing(browser: Browser, address: str) -> float:
    """Return milliseconds of script from a key to its result: the median 95th percentile of some rounds."""
    page = browser.new_page()
    page.goto(address)
    page.focus("#q")
    page.wait_for_selector("html[data-list=ready]")
    page.evaluate(_WATCH)
    found = [_typed(page) for _ in range(ROUNDS)]
    say(f"  typing: {', '.join(f'{each:.1f}' for each in found)} ms")
    page.close()
    return median(found)


def _typed(page: Page) -> float:
    page.evaluate("window.spent = []")
    for text in TYPED:
        page.fill("#q", "")
        page.keyboard.type(text)
    spent = sorted(page.evaluate("window.spent"))
    if len(spent) != sum(map(len, TYPED)) + len(TYPED):  # each key, and each time the box is emptied
        raise SystemExit(f"{len(spent)} keys were answered")
    return float(spent[int(len(spent) * 0.95)])
