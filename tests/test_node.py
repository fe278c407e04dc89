"""The JavaScript has tests of its own, which node runs; these start them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests import nodepackages
from tests.site import serving_site

ROOT = Path(__file__).parents[1]
NODE = ROOT / "tests/node"
CLIENT = ROOT / "clients/js"

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


def run(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a program in the folder of the tests for node."""
    around = os.environ | environ
    return subprocess.run(
        words, cwd=NODE, env=around, capture_output=True, text=True, timeout=120, check=False
    )


@needs_node
def test_in_node(tmp_path: Path) -> None:
    """The answers of the hosts and the client pass their tests in node, over the small site."""
    with serving_site(tmp_path) as site:
        site.without("deepinfra")
        site.build(PORTKEY_API_KEY="", SOURCE_DATE_EPOCH=str(int(time.time())))  # a manifest expires
    done = run("node", "--test", "--test-reporter=tap", GATELOG_TREE=str(site.output))
    assert done.returncode == 0, done.stdout
    assert "\n# skipped 0\n" in done.stdout


@needs_node
@pytest.mark.slow
def test_types() -> None:
    """A strict TypeScript program compiles with the client's declarations, and only a right one."""
    if reason := nodepackages.missing():
        pytest.skip(reason)
    done = run("npm", "run", "--silent", "types")
    assert done.returncode == 0, done.stdout


def test_declarations() -> None:
    """The declarations name exactly what the client exports."""
    exported = re.compile(r"^export (?:class|function) (\w+)", re.MULTILINE)
    names = [sorted(exported.findall((CLIENT / name).read_text())) for name in ("gatelog.js", "gatelog.d.ts")]
    assert names[0] == names[1]


def test_shared_part() -> None:
    """The client computes paths with the very text that the hosts use."""
    part = re.compile(r"^// -+ Ids and paths.*?(?=^// -+ Requests)", re.MULTILINE | re.DOTALL)
    found = part.search((ROOT / "site/hosts/resolve.js").read_text())
    assert found
    assert found[0].strip() in (CLIENT / "gatelog.js").read_text()


def test_lock() -> None:
    """The lock of the packages names no registry."""
    for folder in (NODE, ROOT / "tests/browser", ROOT / "tests/lighthouse", ROOT / "tests/s3"):
        assert '"resolved"' not in (folder / "package-lock.json").read_text()
