"""What a reader's browser has to load, and how long it works on a key that is pressed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

from playwright.sync_api import Browser, Response, sync_playwright

from tests.bench.measure import say
from tests.browser.keystrokes import slowest_twentieth, spent

LIST = "/catalog/search.json"


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
    """Return milliseconds of script from a key to its result, at the 95th percentile of all keys."""
    page = browser.new_page()
    page.goto(address)
    page.focus("#q")
    page.wait_for_selector("html[data-list=ready]")
    times = spent(page)
    page.close()
    found = slowest_twentieth(times)
    say(f"  typing: {len(times)} keys, median {median(times):.1f} ms, 95 % {found:.1f} ms")
    return found
