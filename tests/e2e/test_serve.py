"""`build.py serve` as a process."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys

import httpx
import pytest

from tests.site import ROOT, Site


def start(*options: str) -> subprocess.Popen[str]:
    """Start the preview server."""
    words = [sys.executable, str(ROOT / "build.py"), "serve", *options]
    return subprocess.Popen(words, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "terminated"])
def test_serve(built: Site, end: signal.Signals) -> None:
    """It says where it is, answers, warns, and ends when asked to."""
    with start("--output", str(built.output), "--port", "0") as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        address = told.split()[-1]
        found = httpx.get(f"{address}OpenAI/GPT-4o?gateway=Portkey&include_huggingface=0")
        httpx.get(f"{address}openai/gpt-4o?gateway=nobody")
        process.send_signal(end)
        _, errors = process.communicate(timeout=20)
    assert told == f"serving {built.output} at {address}\n"
    record = json.loads((built.output / "catalog/gateway/portkey/model/openai/gpt-4o.json").read_bytes())
    record["include_huggingface"] = False
    assert (found.status_code, found.json()) == (200, record)
    assert errors.splitlines() == [
        "200 GET /catalog/model/OpenAI/GPT-4o",
        "unknown gateway 'nobody', openrouter answers",
        "404 GET /catalog/model/openai/gpt-4o",
    ]
    assert process.returncode == (0 if end is signal.SIGINT else -signal.SIGTERM)


def test_a_port_that_is_taken(built: Site) -> None:
    """One line, exit 1."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        done = built.call("serve", "--output", str(built.output), "--port", str(port))
    message = f"Error: 127.0.0.1 port {port} cannot be had: Address already in use\n"
    assert (done.exit_code, done.output) == (1, message)


def test_without_a_tree(site: Site) -> None:
    """Nothing was built yet."""
    done = site.call("serve", "--output", str(site.output))
    assert (done.exit_code, done.output) == (1, f"Error: {site.output} holds no built tree\n")
