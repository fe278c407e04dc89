"""Keys of object stores: whatever a server sends back of them, a publisher says nothing of it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.echo import BEHAVIOURS, echoing
from tests.objectstore import BUCKET, ROOT, without_aws
from tests.publications import plant
from tests.toys import contents

SESSION = "canary/session+Zq7token=="
SECRETS = {"AWS_SECRET_ACCESS_KEY": "canary/secret+Zq7key", "AWS_SESSION_TOKEN": SESSION}
"""The first is never sent, as requests are signed with it; the second goes along with each of them."""
LONGEST = 240
"""Seconds, more than obstore's own repetitions take."""


def started(tree: Path, url: str) -> subprocess.Popen[bytes]:
    """Start a publisher."""
    environ = {**without_aws(), **SECRETS, "AWS_ACCESS_KEY_ID": "made-up", "AWS_REGION": "us-east-1"}
    command = [sys.executable, str(ROOT / "build.py"), "publish", f"s3://{BUCKET}", "--output", str(tree)]
    return subprocess.Popen(
        command,
        env={**environ, "AWS_ENDPOINT_URL": url.removesuffix("/v1")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


@pytest.mark.slow
def test_what_a_store_repeats_is_not_said(tmp_path: Path) -> None:
    """The publication ends with one line that has no key in it; no file of the tree has one."""
    with ExitStack() as stack:
        servers = {name: stack.enter_context(echoing(how)) for name, how in BEHAVIOURS.items()}
        trees = {name: _planted(tmp_path / name.replace("/", "")) for name in BEHAVIOURS}
        running = {name: started(trees[name], server.url) for name, server in servers.items()}
        said = {name: process.communicate(timeout=LONGEST)[0] for name, process in running.items()}
    assert {name: said[name] for name, server in servers.items() if SESSION not in server.seen} == {}
    assert {name: process.returncode for name, process in running.items()} == dict.fromkeys(BEHAVIOURS, 1)
    assert {name: text for name, text in said.items() if b"canary" in text or text.count(b"\n") != 1} == {}
    assert {name for name, tree in trees.items() if b"canary" in b"".join(contents(tree).values())} == set()


def _planted(tree: Path) -> Path:
    plant(tree, {"catalog/model/acme/one.json": "first"}, 1)
    return tree
