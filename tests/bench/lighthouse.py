"""What lighthouse says of a page, and a server that compresses, as hosts do."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median

from tests.bench.measure import CHECKOUT, say

FOLDER = CHECKOUT / "tests/lighthouse"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
RUNS = 5


class _Handler(SimpleHTTPRequestHandler):
    """Serves files compressed."""

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


def medians(address: str, chromium: str) -> dict[str, int]:
    """Ask several times (mobile, which is the default); return the median of each category."""
    runs = [_scores(address, chromium) for _ in range(RUNS)]
    found = {category: round(median(run[category] for run in runs)) for category in CATEGORIES}
    say(f"  {address}: {found}")
    return found


def _scores(address: str, chromium: str) -> dict[str, float]:
    command = ["node_modules/.bin/lighthouse", address, "--quiet", "--output=json"]
    flags = [f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox"]
    environ = {**os.environ, "CHROME_PATH": chromium}
    done = subprocess.run(
        [*command, *flags], cwd=FOLDER, check=True, capture_output=True, env=environ, timeout=180
    )
    categories = json.loads(done.stdout)["categories"]
    return {name: categories[name]["score"] * 100 for name in CATEGORIES}
