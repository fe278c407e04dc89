"""The manifest: every file by digest and size, and a serial that only grows."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import orjson
import pytest

from catalog import manifest
from catalog.ledger import Folders
from catalog.schema.documents import Manifest, Totals
from tests.factories import NOW, digests_of, shards_of

TOTALS = Totals(listings=1, models=2, files=3, folders=4, bytes=5)
ENTRY = ("2" * 64, 17)
ENTRIES = {f"catalog/model/acme/{number}.json": ("0" * 64, number) for number in range(600)}


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        pytest.param(0, NOW, 1_795_141_020, id="the first is the time"),
        pytest.param(1_795_141_019, NOW, 1_795_141_020, id="a second later"),
        pytest.param(1_795_141_020, NOW, 1_795_141_021, id="twice in a second"),
        pytest.param(1_795_141_020, NOW - timedelta(days=2), 1_795_141_021, id="the clock was set back"),
        pytest.param(1_795_141_020, datetime(1970, 1, 1, tzinfo=UTC), 1_795_141_021, id="far back"),
    ],
)
def test_serial(last: int, now: datetime, expected: int) -> None:
    """A later build has a larger serial, whatever the clock says."""
    assert manifest.next_serial(last, now) == expected


def test_shards() -> None:
    """256 files hold every path once, under the start of its own digest."""
    shards = shards_of(ENTRIES)
    names = [f"{number:02x}" for number in range(256)]
    assert [shard.path for shard in shards] == [f"catalog/manifest/{digits}.json" for digits in names]
    found: dict[str, list[object]] = {}
    for digits, shard in zip(names, shards, strict=True):
        held = orjson.loads(shard.body)
        assert all(sha256(path.encode()).hexdigest().startswith(digits) for path in held)
        found |= held
    assert found == {path: list(entry) for path, entry in ENTRIES.items()}


def test_the_order_of_files_leaves_no_trace() -> None:
    """Shards are sorted."""
    turned = dict(reversed(ENTRIES.items()))
    assert shards_of(turned) == shards_of(ENTRIES)


def test_the_manifest() -> None:
    """It has the time of the build, which no other file has, and the digest of each shard."""
    shards = shards_of(ENTRIES)
    stamped = manifest.Stamped(NOW, 7, "c0ffee", "1" * 64)
    states = {"catalog/gateways.json": ENTRY}
    artifact = manifest.manifest_file(digests_of(iter(shards)), states, TOTALS, stamped)
    Manifest.model_validate_json(artifact.body, strict=True)
    found = json.loads(artifact.body)
    digests = found.pop("shards")
    assert digests == {f"{n:02x}": sha256(shard.body).hexdigest() for n, shard in enumerate(shards)}
    assert found.pop("states") == {"catalog/gateways.json": list(ENTRY)}
    assert artifact.path == "catalog/manifest.json"
    assert found == {
        "schema_version": "1.0",
        "serial": 7,
        "generated_at": "2026-11-20T02:17:00Z",
        "expires": "2026-11-27T02:17:00Z",
        "commit": "c0ffee",
        "inputs": "1" * 64,
        "totals": {"listings": 1, "models": 2, "files": 3, "folders": 4, "bytes": 5},
    }


@pytest.mark.parametrize(
    ("given", "folders"),
    [
        pytest.param({""}, set(), id="the root"),
        pytest.param({"a/b", "a"}, {"a", "a/b"}, id="nested"),
        pytest.param({"a/b/c", "e"}, {"a", "a/b", "a/b/c", "e"}, id="folders of folders"),
        pytest.param(set(), set(), id="nothing"),
    ],
)
def test_folders(given: set[str], folders: set[str]) -> None:
    """Every folder above a folder is counted, and told, once."""
    found = Folders()
    assert sorted(each for folder in sorted(given) for each in found.enter(folder)) == sorted(folders)
    assert len(found) == len(folders)
    assert all(folder in found for folder in folders | given)
    assert "other" not in found
