"""`python -m tests.bench.peers`: what a reader fetches, from each catalog, to learn one model's price.

Ours is built from the shipped data. Of the others the file is measured that their users fetch, as far as it
is at hand: LiteLLM and genai-prices as `make consumers` installs them, OpenRouter and models.dev where
GATELOG_CAPTURES names a folder of captured answers. Nothing of them is kept but sizes and counts.
"""

from __future__ import annotations

import ast
import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import NamedTuple

from build import main as build
from tests.bench import table
from tests.bench.measure import CHECKOUT, say

MODEL = "openai/gpt-4o"
CONSUMERS = CHECKOUT / "build" / "consumers"
CAPTURES = "GATELOG_CAPTURES"
DOCUMENT = CHECKOUT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- made by `make peers-table`: begin -->", "<!-- made by `make peers-table`: end -->"
HEAD = (
    "| to learn one model's price, fetch | of | prices in it | bytes | gzip | × our gzip |",
    "|---|---|---:|---:|---:|---:|",
)


class Peer(NamedTuple):
    """One file that somebody has to fetch."""

    what: str
    of: str
    """Day or version."""
    prices: int
    """Offers with a price in the file."""
    size: int
    packed: int
    """Bytes under gzip at its usual level."""


def peer(what: str, of: str, prices: int, body: bytes) -> Peer:
    """Measure a file."""
    return Peer(what, of, prices, len(body), len(gzip.compress(body, 6, mtime=0)))


def ours(tree: Path) -> Iterator[Peer]:
    """Yield the record of one model, and the middle one of all records."""
    path = f"catalog/model/{MODEL}.json"
    manifest = json.loads((tree / "catalog/manifest.json").read_bytes())
    of = manifest["generated_at"][:10]
    yield peer(f"ours: `{path}`", of, _offers(tree / path), (tree / path).read_bytes())
    records = sorted((tree / "catalog/model").rglob("*.json"), key=lambda each: each.stat().st_size)
    middle = records[len(records) // 2]
    yield peer(
        f"ours: the record of median size of {len(records):,}", of, _offers(middle), middle.read_bytes()
    )


def _offers(record: Path) -> int:
    return sum(each["prompt"] is not None for each in json.loads(record.read_bytes())["gateways"])


def _litellm(body: bytes) -> int:
    entries = json.loads(body)
    del entries["sample_spec"]
    return sum(any("cost" in field for field in entry) for entry in entries.values())


def _openrouter(body: bytes) -> int:
    return len(json.loads(body)["data"])


def _models_dev(body: bytes) -> int:
    models = (model for provider in json.loads(body).values() for model in provider["models"].values())
    return sum("cost" in model for model in models)


def _genai_prices(body: bytes) -> int:
    """Count the calls of `ModelInfo` in a module that is nothing but data."""
    calls = (node.func for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Call))
    return sum(_name(func) == "ModelInfo" for func in calls)


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def installed() -> Iterator[Peer]:
    """Yield what the packages of others hold."""
    for name, file, count in (
        ("litellm", "model_prices_and_context_window_backup.json", _litellm),
        ("genai-prices", "data.py", _genai_prices),
    ):
        for site in sorted(CONSUMERS.glob("lib/python*/site-packages")):
            versions = [found.version for found in distributions(name=name, path=[str(site)])]
            for version in versions:
                body = (site / name.replace("-", "_") / file).read_bytes()
                yield peer(f"{name}: `{file}` of its package", version, count(body), body)


def captured() -> Iterator[Peer]:
    """Yield the newest captured answer of each of the others."""
    folder = os.environ.get(CAPTURES)
    if not folder:
        return
    wanted: tuple[tuple[str, str, Callable[[bytes], int]], ...] = (
        ("OpenRouter: `/api/v1/models`", "openrouter/models/*.json", _openrouter),
        ("models.dev: `api.json`", "peers/models.dev.api.*.json", _models_dev),
    )
    for what, pattern, count in wanted:
        for file in sorted(Path(folder).glob(pattern))[-1:]:
            body = file.read_bytes()
            yield peer(what, file.stem[-len("2026-07-31") :], count(body), body)


def markdown(peers: list[Peer]) -> str:
    """Return the table."""
    unit = peers[0].packed
    rows = (f"| {each.what} | {each.of} | {_numbers(each, unit)} |" for each in peers)
    return "\n".join([table.machine(), "", *HEAD, *rows, ""])


def _numbers(each: Peer, unit: int) -> str:
    return f"{each.prices:,} | {each.size:,} | {each.packed:,} | {each.packed / unit:,.0f}"


def main() -> None:
    """Build the shipped catalog, measure, print the table and write it."""
    with tempfile.TemporaryDirectory(prefix="gatelog-peers-") as scratch:
        tree = Path(scratch) / "output"
        data = shutil.copytree(CHECKOUT / "data", Path(scratch) / "data")
        build(["--offline", "--data", str(data), "--output", str(tree)], standalone_mode=False)
        found = [*ours(tree), *installed(), *captured()]
    text = markdown(found)
    say(text)
    table.replace_between(DOCUMENT, BEGIN, END, text)


if __name__ == "__main__":
    main()
