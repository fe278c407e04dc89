"""Coverage of the Featherless ids, night by night, where a server of captured answers is at hand.

The server knows every Featherless id and allows all that 14 nights within a few minutes need; what one night
may ask is our own budget.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from providers.huggingface import BUDGET
from tests.e2e.test_captured_site import replayed
from tests.site import EPOCH, Site, serving_site

DAY = 86_400
NIGHTS = 14

pytestmark = pytest.mark.captures


@pytest.fixture(scope="module")
def night_by_night(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, Any]]]:
    """Fetch Featherless and ask the Hub on 14 days in a row; what each night reports of the Hub."""
    with serving_site(tmp_path_factory.mktemp("nights")) as small:
        site = replayed(small)
        _check_allowance(site.environ["HF_ENDPOINT"])
        yield [_night(site, number) for number in range(NIGHTS)]


def _check_allowance(endpoint: str) -> None:
    answer = httpx.get(f"{endpoint}/api/models?limit=1", timeout=30)
    allowed = re.search(r"q=(\d+)", answer.headers.get("RateLimit-Policy", ""))
    if allowed and int(allowed[1]) < BUDGET * NIGHTS:
        pytest.skip(f"the server allows {allowed[1]} requests in a window: 14 nights would take an hour")


def _night(site: Site, number: int) -> dict[str, Any]:
    file = site.folder / "report.json"
    words = "fetch", "--data", str(site.data), "--gateway", "featherless", "--report", str(file)
    done = site.call(*words, SOURCE_DATE_EPOCH=str(int(EPOCH) + number * DAY))
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(file.read_bytes())["huggingface"]
    sys.stdout.write(f"night {number + 1}: {told}\n")
    return told


@pytest.mark.slow
def test_coverage(night_by_night: list[dict[str, Any]]) -> None:
    """45 % after the first 500 requests, 95 % after 14 nights, and no night asks more than it may."""
    shares = [told["known"] / told["wanted"] for told in night_by_night]
    assert night_by_night[0]["wanted"] > 10_000
    assert (shares[0] >= 0.45, shares[-1] >= 0.95) == (True, True), shares
    assert max(told["requests"] for told in night_by_night) <= BUDGET
    assert [told["reason"] for told in night_by_night] == [None] * NIGHTS
