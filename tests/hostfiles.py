"""Put what `site/hosts/` holds for the JavaScript hosts into a built tree, as a build does."""

from __future__ import annotations

import fcntl
import json
import subprocess
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

HOSTS = Path(__file__).parents[1] / "site/hosts"
NODE = Path(__file__).parent / "node"
JAVASCRIPT = ("cloudflare", "netlify", "vercel", "cloudfront")
SHARED = ("answer.js", "resolve.js")


def place(tree: Path) -> None:
    """Write `hosts/<host>/…` of every JavaScript host, templates rendered and shared files beside them."""
    gateways = json.loads((tree / "catalog/index.json").read_bytes())["gateways"]
    environment = Environment(
        loader=FileSystemLoader(HOSTS),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - code, no HTML
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    for name in JAVASCRIPT:
        sources = [path for path in (HOSTS / name).rglob("*") if path.is_file()]
        for source in [*sources, *(HOSTS / shared for shared in SHARED)]:
            below = source.relative_to(HOSTS / name) if source in sources else source.name
            target = tree / "hosts" / name / below
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.suffix == ".j2":
                template = environment.get_template(str(source.relative_to(HOSTS)))
                target.with_suffix("").write_text(template.render(gateways=gateways))
            else:
                target.write_bytes(source.read_bytes())


def install() -> None:
    """Install what the tests in node need, once, or skip the test where that cannot be had."""
    done_before = NODE / "node_modules/.package-lock.json"
    with (NODE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (
            done_before.is_file()
            and done_before.stat().st_mtime >= (NODE / "package-lock.json").stat().st_mtime
        ):
            return
        command = ["npm", "ci", "--no-audit", "--no-fund"]
        done = subprocess.run(command, cwd=NODE, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        pytest.skip(f"npm ci failed: {done.stderr.strip()[-200:]}")
