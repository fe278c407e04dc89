"""How long scripts work on each key that is pressed in the search of the home page, as it is traced."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from playwright.sync_api import Page

SEARCHES = (
    "qwen3 8b instruct",
    "llama gguf",
    "mistral-7b-v0.3",
    "deepseek r1 distill",
    "claude sonnet 4.5",
    "author49 gguf",
    "7-3-instruct",
    "gemma 3 27b it",
    "e",
    "a 1",
    "nothing like it at all",
)
_SCRIPT = frozenset({"EventDispatch", "TimerFire", "FireAnimationFrame", "FireIdleCallback", "RunMicrotasks"})
"""Traced events inside of which the scripts of a page run."""


def spent(page: Page) -> list[float]:
    """Type some searches, erase each by backspaces, and return the milliseconds of script for each key.

    It is the processor time of the page's thread: what else the machine does at the time is not in it.
    """
    browser = page.context.browser
    if browser is None:
        raise ValueError("the page has no browser of its own")
    browser.start_tracing(page=page, categories=["devtools.timeline"])
    for text in SEARCHES:
        page.keyboard.type(text)
        for _ in text:
            page.keyboard.press("Backspace")
    page.wait_for_timeout(500)
    traced = json.loads(browser.stop_tracing())["traceEvents"]
    found = list(_by_key(traced))
    if len(found) != 2 * sum(map(len, SEARCHES)):
        raise ValueError(f"{len(found)} keys were traced")
    return found


def slowest_twentieth(times: Iterable[float]) -> float:
    """Return the 95th percentile: how long the slowest twentieth took at least."""
    ordered = sorted(times)
    return ordered[int(len(ordered) * 0.95)]


def _by_key(traced: list[dict[str, Any]]) -> Iterator[float]:
    """Yield what each key cost: everything that ran from it to the next one."""
    cost = None
    for event in _outermost(traced):
        if _is_key(event):
            if cost is not None:
                yield cost / 1000
            cost = 0
        if cost is not None:
            cost += event["tdur"]
    if cost is not None:
        yield cost / 1000


def _is_key(event: dict[str, Any]) -> bool:
    return bool(event["name"] == "EventDispatch" and event["args"]["data"]["type"] == "keydown")


def _outermost(traced: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the events in which scripts ran, in order, without those inside of another one."""
    ran = [event for event in traced if event["name"] in _SCRIPT and event.get("ph") == "X"]
    ends: dict[tuple[int, int], float] = {}
    for event in sorted(ran, key=lambda each: (each["ts"], -each["dur"])):
        thread = event["pid"], event["tid"]
        if event["ts"] >= ends.get(thread, 0):
            ends[thread] = event["ts"] + event["dur"]
            yield event
