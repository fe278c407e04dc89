"""A build against captured answers of all five gateways, where a server of them is at hand."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.site import Site, serving_site

VARIABLE = "GATELOG_UPSTREAM"
"""The variable that names the address of the server."""
PREFIXES = {
    "OPENROUTER_BASE_URL": "/openrouter/api/v1",
    "PORTKEY_BASE_URL": "/portkey/v1",
    "PORTKEY_PRICING_URL": "/portkey-configs/pricing",
    "FEATHERLESS_BASE_URL": "/featherless/v1",
    "DEEPINFRA_BASE_URL": "/deepinfra",
    "CHUTES_BASE_URL": "/chutes/v1",
    "HF_ENDPOINT": "/huggingface",
}
KEY = "replica-key"
"""The one key that the server accepts."""
LEAST = {"openrouter": 300, "portkey": 200, "featherless": 10_000, "deepinfra": 100, "chutes": 10}
"""Fewer models than this would mean that most of an answer was not understood."""

pytestmark = pytest.mark.captures


def replayed(site: Site) -> Site:
    """Return a site whose upstreams are those of the server; skips the test where there is none."""
    address = os.environ.get(VARIABLE)
    if not address:
        pytest.skip(f"{VARIABLE} names no server with captured answers")
    keys = {name: "" for name in site.environ if name.endswith(("_KEY", "_TOKEN"))}
    bases = {name: address.rstrip("/") + path for name, path in PREFIXES.items()}
    return replace(site, environ=site.environ | keys | bases | {"PORTKEY_API_KEY": KEY})


@pytest.fixture(scope="module")
def captured(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Build once from captured answers."""
    with serving_site(tmp_path_factory.mktemp("captured")) as site:
        yield replayed(site)


@pytest.fixture(scope="module")
def said(captured: Site) -> str:
    """Return what the build says."""
    return captured.build("--no-huggingface").output


def test_every_gateway_is_fresh(captured: Site, said: str) -> None:
    """And has about as many models as it had on the day of its capture; nearly all rows can be read."""
    assert set(captured.states().values()) == {"fresh"}
    rows = json.loads((captured.output / "catalog/gateways.json").read_bytes())["gateways"]
    counts = {row["id"]: row["models"] for row in rows}
    assert all(counts[name] >= least for name, least in LEAST.items()), counts
    assert all(row["quarantined_total"] <= row["models"] // 100 for row in rows), said


def test_the_tree_stays_within_its_budget(said: str) -> None:
    """At most 4.2 files and folders for each listing."""
    found = re.search(r"\(([\d.]+) per listing\)", said)
    assert found
    assert 2 < float(found[1]) <= 4.2


def test_the_tree_checks(captured: Site, said: str) -> None:
    """Every document against its schema, every link, every digest."""
    done = captured.call("check", str(captured.output))
    assert (done.exit_code, done.output.splitlines()[-1].endswith(" 0 problems")) == (0, True), done.output


def test_the_next_night_is_quiet(captured: Site, said: str) -> None:
    """Answers whose bytes differ every time change no record and hold nobody back."""
    before = stamps(captured.output)
    captured.build("--no-huggingface", SOURCE_DATE_EPOCH="1795228800")
    assert set(captured.states().values()) == {"fresh"}
    after = stamps(captured.output)
    moved = {name for name, stamp in after.items() if before.get(name) != stamp}
    assert moved == {"catalog/gateways.json", "catalog/manifest.json"}


def stamps(root: Path) -> dict[str, int]:
    """Return the modification time of every file."""
    files = (Path(folder, name) for folder, _, names in os.walk(root) for name in names)
    return {path.relative_to(root).as_posix(): path.stat().st_mtime_ns for path in files}
