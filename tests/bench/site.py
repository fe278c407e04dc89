"""`python -m tests.bench.site`: measure the website, write the table, fail when a bound is broken."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import orjson

from tests.bench import lighthouse, reader, table
from tests.bench.bodies import INDEX
from tests.bench.lighthouse import RUNS, compressed, packed
from tests.bench.measure import CHECKOUT, Bench, child, say
from tests.bench.table import Line, bounded

DOCUMENT = CHECKOUT / "docs/website.md"
BEGIN, END = "<!-- made by `make bench-site`: begin -->", "<!-- made by `make bench-site`: end -->"
MANY = 25_000
PAGES = {
    "home": "",
    "model": "model/deepseek/deepseek-chat-v3-0324.html",
    "compare": "compare.html?models=openai/gpt-4o,qwen/qwen3-32b",
    "gateway": "gateway/deepinfra.html",
}
MOVED = 33
"""Of so many prices of a gateway one moves in a night."""


def main() -> None:
    """Measure, tell, and fail when a bound is broken."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("no Chromium is installed (on Debian: apt-get install chromium)")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=lighthouse.FOLDER, check=True, stdout=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="gatelog-site-", dir=_memory()) as scratch:
        lines = [*_shipped(Path(scratch) / "shipped", chromium), *_many(Bench(Path(scratch)), chromium)]
    text = _markdown(lines)
    say(text)
    table.replace_between(DOCUMENT, BEGIN, END, text)
    if broken := [line.name for line in lines if line.broken]:
        sys.exit("\n".join(["Broken bounds:", *broken]))


def _memory() -> str | None:
    """Return a folder in memory, as `make bench` uses one, if there is one."""
    wanted = os.environ.get("GATELOG_BENCH_DIR", "/dev/shm")  # noqa: S108 - a folder of our own in it
    return wanted if os.access(wanted, os.W_OK) else None


def _shipped(tree: Path, chromium: str) -> list[Line]:
    """Measure the shipped catalog as lighthouse and a first visitor see it."""
    say("the shipped catalog")
    with compressed(tree) as port, reader.browsing(chromium) as browser:
        address = f"http://localhost:{port}"
        command = [sys.executable, "build.py", "--offline", "--output", str(tree), "--base-url", address]
        subprocess.run(command, cwd=CHECKOUT, check=True, capture_output=True)
        listings = orjson.loads((tree / "catalog/manifest.json").read_bytes())["totals"]["listings"]
        first = reader.first_load(browser, f"{address}/")
        found = {name: lighthouse.medians(f"{address}/{path}", chromium) for name, path in PAGES.items()}
    scores = [_scored(name, listings, each) for name, each in found.items()]
    return [*scores, bounded("first load of home, compressed", listings, first / 1000, 60, " KB")]


def _scored(name: str, listings: int, found: dict[str, int]) -> Line:
    value = " / ".join(map(str, found.values()))
    return Line(f"lighthouse: {name}", listings, value, "100 each", broken=min(found.values()) < 100)


def _many(bench: Bench, chromium: str) -> list[Line]:
    """Measure what grows with the catalog: the list that is searched, typing, pages and nights."""
    with bench.bodies(MANY) as bodies, bench.scratch("work") as work:
        ratios = [_ratio(bodies, work / str(run)) for run in range(RUNS)]
        root = work / str(RUNS - 1)
        tree = root / "output"
        packed_list = len(packed(tree / "catalog/search.json"))
        with compressed(tree) as port, reader.browsing(chromium) as browser:
            typed = reader.typing(browser, f"http://localhost:{port}/")
        return [
            bounded("the list that is searched, compressed", MANY, packed_list / 1000, 350, " KB"),
            bounded("script from a key to its result, 95th percentile", MANY, typed, 16, " ms"),
            bounded("all pages ÷ the rest of a cold build", MANY, median(ratios), 1),
            *_nights(bodies, work / "moved", root),
        ]


def _ratio(bodies: Path, root: Path) -> float:
    """Return the CPU time that the website adds to a cold build, as a part of that build."""
    plain, whole = (child(task, bodies, _empty(root)) for task in ("cold", "site"))
    ratio = (whole["cpu"] - plain["cpu"]) / plain["cpu"]
    say(f"  without pages {plain['cpu']:.2f} s, with pages {whole['cpu']:.2f} s")
    if root.name != str(RUNS - 1):
        shutil.rmtree(root)
    return float(ratio)


def _empty(root: Path) -> Path:
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    return root


def _nights(bodies: Path, moved: Path, root: Path) -> list[Line]:
    """Build again, first from the same bodies, then from others, and look which pages were written."""
    before = _pages(root / "output")
    child("site", bodies, root)
    still = _pages(root / "output")
    _move_prices(bodies, moved)
    child("site", moved, root)
    after = _pages(root / "output")
    written = {name for name in after if after[name][0] != still.get(name, (0, b""))[0]}
    needless = sum(after[name][1] == still[name][1] for name in written if name in still)
    same = sum(still[name][0] != before[name][0] for name in before)
    say(f"  {len(written):,} of {len(after):,} pages written, {needless} of them with the bytes they had")
    if not written:
        raise SystemExit("no price moved")
    return [
        bounded("pages written by a night without a change", MANY, same, 0),
        Line(f"pages written when one price in {MOVED} of OpenRouter moved", MANY, _share(written, after)),
        bounded("pages written by that night though their bytes were the same", MANY, needless, 0),
    ]


def _share(written: set[str], all_pages: dict[str, tuple[int, bytes]]) -> str:
    return f"{len(written):,} of {len(all_pages):,}"


def _pages(tree: Path) -> dict[str, tuple[int, bytes]]:
    """Return what of each page tells that it was written, and its bytes."""
    return {
        str(path.relative_to(tree)): (path.stat().st_ino, path.read_bytes()) for path in tree.rglob("*.html")
    }


def _move_prices(bodies: Path, moved: Path) -> None:
    """Copy bodies; in the copy one price in some of OpenRouter is another one."""
    shutil.copytree(bodies, moved)
    index = orjson.loads((moved / INDEX).read_bytes())
    file = moved / next(name for _, path, name in index["openrouter"] if path.startswith("/models?"))
    answer = orjson.loads(file.read_bytes())
    priced = [row for row in answer["data"] if float(row["pricing"]["prompt"]) > 0]
    for row in priced[::MOVED]:
        row["pricing"]["prompt"] = "0.000000123"
    file.write_bytes(orjson.dumps(answer))


def _markdown(lines: list[Line]) -> str:
    rows = [f"| {line.what} | {line.listings:,} | {line.value} | {table.verdict(line)} |" for line in lines]
    head = ["| measured | listings | result | bound |", "|---|---:|---:|---|"]
    return "\n".join([table.machine(), "", *head, *rows, ""])


if __name__ == "__main__":
    main()
