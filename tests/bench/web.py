"""nginx with our rules against the same nginx that serves the same files by path, under wrk on loopback."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from statistics import median

import orjson

from catalog import headers, paths
from tests.bench.measure import CHECKOUT, say
from tests.conformance.hosts import nginx

ROUNDS = 11
SECONDS = 1
RECORDS = 1000
_TICKS = os.sysconf("SC_CLK_TCK")
_LOOP = """
local paths, at = {}, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""
_HEADERS = "".join(f'add_header {name} "{value}" always; ' for name, value in headers.COMMON.items())
_WITHOUT = f"""server {{
    listen 80; root /srv/gatelog;
    charset utf-8; charset_types application/json; gzip on; gzip_vary on; gzip_types application/json;
    {_HEADERS} add_header Cache-Control "{headers.RECORD_CACHE}";
}}"""
"""The same headers and the same compression, and no rules."""


def missing() -> str | None:
    """Say which program is not there, if one is not."""
    absent = [name for name in ("nginx", "wrk") if not shutil.which(name)]
    return f"Requests to nginx were left out: {' and '.join(absent)} is not installed." if absent else None


def measured(folder: Path) -> tuple[int, tuple[float, float]]:
    """Return the listings, the ids answered in a second of nginx's processor time, their ratio to paths.

    Processor time, because wrk and whatever else runs want the same cores.
    """
    tree = folder / "tree"
    _build(tree, folder / "data")
    ids, files = zip(*_requests(tree), strict=True)
    ours = tree / "hosts/nginx"
    server = f"server {{ listen 80; root /srv/gatelog; include {ours}/gatelog.conf; }}"
    within = f"include {ours}/gatelog-maps.conf; {server}"
    with ExitStack() as stack:
        tries = []
        for name, block, asked in (("with", within, ids), ("without", _WITHOUT, files)):
            loop = _loop(folder / name, asked)
            tries.append((*stack.enter_context(nginx(tree, folder / name, block)), loop))
        rounds = [[_rate(*each) for each in tries] for _ in range(ROUNDS)]
    ratio = median(ruled / plain for ruled, plain in rounds)
    return _listings(tree), (median(ruled for ruled, _ in rounds), ratio)


def _loop(scratch: Path, asked: Iterable[str]) -> Path:
    """Write the requests, and a script with which wrk sends them over and over."""
    scratch.mkdir()
    (scratch / "paths").write_text("".join(f"{path}\n" for path in asked))
    (scratch / "loop.lua").write_text(_LOOP % (scratch / "paths"))
    return scratch / "loop.lua"


def _build(tree: Path, data: Path) -> None:
    say("requests to nginx: the shipped catalog")
    shutil.copytree(CHECKOUT / "data", data)
    words = [
        sys.executable,
        str(CHECKOUT / "build.py"),
        "--offline",
        "--data",
        str(data),
        "--output",
        str(tree),
    ]
    subprocess.run(words, check=True, capture_output=True)


def _listings(tree: Path) -> int:
    listings: int = orjson.loads((tree / "catalog/manifest.json").read_bytes())["totals"]["listings"]
    return listings


def _requests(tree: Path) -> Iterator[tuple[str, str]]:
    """Yield ids and the paths of the same records, every other one with a gateway."""
    index = orjson.loads((tree / "catalog/index.json").read_bytes())["models"]
    models = {name: found for name, found in index.items() if not name.endswith(".json")}  # no id to a server
    for number, (model_id, gateways) in enumerate(islice(models.items(), 0, None, len(models) // RECORDS)):
        path, gateway = paths.escape(model_id), gateways[-1]
        if number % 2:
            yield f"/catalog/model/{model_id}?gateway={gateway}", f"/catalog/gateway/{gateway}/model/{path}"
        else:
            yield f"/catalog/model/{model_id}", f"/catalog/model/{path}"


def _rate(address: str, process: int, loop: Path) -> float:
    """Return requests per second of processor time; any answer but 200 ends the measurement."""
    words = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "-s", str(loop), address]
    before = _spent(process)
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = re.search(r"(\d+) requests in", told)
    if not found or "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"not every answer was 200:\n{told}")
    rate = int(found[1]) / (_spent(process) - before)
    say(f"  {rate:,.0f} requests/s of processor time")
    return rate


def _spent(process: int) -> float:
    """Return the seconds of processor time, user and system, of a process."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
