"""`python -m tests.bench.site`: what a reader's browser has to load, and lighthouse's opinion of it."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from tests.bench.measure import CHECKOUT, say

RUNS = 5
LIGHTHOUSE = CHECKOUT / "tests/lighthouse"
PAGES = {
    "home": "",
    "model": "model/deepseek/deepseek-chat-v3-0324.html",
    "compare": "compare.html?models=openai/gpt-4o,qwen/qwen3-32b",
    "gateway": "gateway/deepinfra.html",
}
FIRST_LOAD = (
    "index.html", "favicon.svg", "assets/site.css", "assets/theme.js", "assets/site.js", "assets/home.js",
    "assets/common.js", "assets/gatelog.js", "assets/list.js", "catalog/gateways.json",
)  # fmt: skip
"""What the home page asks for before the list of models."""
FIRST_LOAD_BYTES = 60_000


class _Handler(SimpleHTTPRequestHandler):
    """Serves files compressed, as hosts do."""

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        body = packed(path)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{self.guess_type(path)}; charset=utf-8")
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass


@cache
def packed(path: Path) -> bytes:
    """Return a file as a server compresses it."""
    return gzip.compress(path.read_bytes(), 6, mtime=0)


@contextmanager
def compressed(tree: Path) -> Iterator[int]:
    """Serve a folder, which need not be there yet, and yield the port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(tree)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def main() -> int:
    """Build the site for its own address, measure it, and fail when a bound is broken."""
    chromium = shutil.which("chromium")
    if chromium is None:
        say("no Chromium is installed (on Debian: apt-get install chromium)")
        return 1
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=LIGHTHOUSE, check=True, stdout=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="gatelog-site-") as scratch, compressed(Path(scratch)) as port:
        address = f"http://localhost:{port}"
        command = [sys.executable, "build.py", "--offline", "--output", scratch, "--base-url", address]
        subprocess.run(command, cwd=CHECKOUT, check=True, stdout=sys.stderr)
        first = sum(len(packed(Path(scratch) / name)) for name in FIRST_LOAD)
        say(f"first load of home: {first:,} bytes")
        say(f"search.json: {len(packed(Path(scratch) / 'catalog/search.json')):,} bytes")
        worst = min(_medians(name, f"{address}/{path}", chromium) for name, path in PAGES.items())
    return int(first > FIRST_LOAD_BYTES or worst < 100)


def _medians(name: str, address: str, chromium: str) -> int:
    """Ask lighthouse several times, print the median of each category, return the lowest."""
    scores = [_scores(address, chromium) for _ in range(RUNS)]
    medians = {category: round(median(each[category] for each in scores)) for category in scores[0]}
    say(f"{name}: " + ", ".join(f"{category} {score}" for category, score in medians.items()))
    return min(medians.values())


def _scores(address: str, chromium: str) -> dict[str, float]:
    command = ["node_modules/.bin/lighthouse", address, "--quiet", "--output=json"]
    flags = "--chrome-flags=--headless=new --no-sandbox"
    environ = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(
        [*command, flags], cwd=LIGHTHOUSE, check=True, capture_output=True, env=environ, timeout=180
    )
    categories = json.loads(done.stdout)["categories"]
    return {name: each["score"] * 100 for name, each in categories.items() if each["score"] is not None}


if __name__ == "__main__":
    sys.exit(main())
