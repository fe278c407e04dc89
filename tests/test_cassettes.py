"""The cassettes are what `python -m tests.record` writes, and hold nothing that must not be public."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml  # type: ignore[import-untyped] # vcrpy's own dependency

from catalog.ports import Adapter
from providers import ADAPTERS
from tests.record import CASSETTES, KEPT_OF_ANSWERS, record
from tests.upstream import TEST_KEY

SECRET = re.compile(
    r"sk-|Bearer |hf_[A-Za-z]{8}|AKIA|cpk_|authorization|api[-_]key:|cookie|127\.0\.0\.1|localhost|"
    + TEST_KEY,
    re.IGNORECASE,
)
"""A key of one of the usual shapes, a header that carries one, or a trace of the machine that recorded."""

each_adapter = pytest.mark.parametrize("adapter", ADAPTERS, ids=[each.GATEWAY.id for each in ADAPTERS])


def interactions(path: Path) -> list[dict[str, Any]]:
    """Return the requests and answers of a cassette."""
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["interactions"]
    return found


def test_every_gateway_has_a_cassette_and_every_cassette_a_gateway() -> None:
    """A cassette that no adapter plays tests nothing."""
    assert {path.stem for path in CASSETTES.iterdir()} == {each.GATEWAY.id for each in ADAPTERS}


@each_adapter
def test_a_recording_is_reproducible(adapter: Adapter, tmp_path: Path) -> None:
    """Recording again gives the bytes in the repository: after a change, run `python -m tests.record`."""
    committed = (CASSETTES / f"{adapter.GATEWAY.id}.yaml").read_bytes()
    assert record(adapter, tmp_path).read_bytes() == committed


@each_adapter
def test_a_cassette_holds_no_secret(adapter: Adapter) -> None:
    """Neither a key, nor a header that carries one, nor an address of the recording machine."""
    text = (CASSETTES / f"{adapter.GATEWAY.id}.yaml").read_text(encoding="utf-8")
    assert not SECRET.search(text)


@pytest.mark.parametrize(
    "planted",
    ["sk-or-v1-0", "Authorization: Bearer x", "hf_abcdefgh", "AKIA0", "cpk_0.0", "set-cookie: a=b",
     "x-portkey-api-key: 0", "http://127.0.0.1:8123/", TEST_KEY],
)  # fmt: skip
def test_the_search_for_secrets_finds_a_planted_one(planted: str) -> None:
    """A search that can find nothing proves nothing."""
    text = (CASSETTES / "portkey.yaml").read_text(encoding="utf-8")
    assert SECRET.search(text.replace("uri: ", f"{planted} uri: ", 1))


@each_adapter
def test_a_cassette_names_the_real_hosts(adapter: Adapter) -> None:
    """So that a replay checks where the adapter's requests would go."""
    hosts = {urlsplit(base.url).netloc for base in adapter.GATEWAY.bases}
    found = interactions(CASSETTES / f"{adapter.GATEWAY.id}.yaml")
    assert {urlsplit(each["request"]["uri"]).netloc for each in found} == hosts
    assert {each["request"]["uri"].partition(":")[0] for each in found} == {"https"}


@each_adapter
def test_a_cassette_keeps_only_what_a_replay_needs(adapter: Adapter) -> None:
    """No date, no server, no compressed body: a person can read what changed."""
    for each in interactions(CASSETTES / f"{adapter.GATEWAY.id}.yaml"):
        assert {name.lower() for name in each["response"]["headers"]} <= KEPT_OF_ANSWERS
        assert isinstance(each["response"]["body"]["string"], str)
