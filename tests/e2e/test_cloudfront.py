"""The function for CloudFront: its size and its language, which no other test sees."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest

from catalog import paths


@pytest.fixture
def program(finished: Path) -> str:
    """Return the function as it is published."""
    return (finished / "output/hosts/cloudfront/function.js").read_text()


def model(model_id: str) -> str:
    """Return the request for an id."""
    return f"/catalog/model/{model_id}"


def test_limit(program: str) -> None:
    """The function for CloudFront stays under its limit of 10 KB."""
    assert len(program.encode()) < 10_000


@pytest.mark.skipif(shutil.which("njs") is None, reason="njs is not installed")
def test_language(program: str, tmp_path: Path) -> None:
    """The function keeps to the small language of CloudFront: njs, which has the same limits, runs it."""
    ids = [
        "Qwen/Qwen3-32B",
        "openai/gpt-4o:free",
        "a/" + "B" * 200,
        "é/İ",
        "con/nul.x",
        "a/😀",
        "a/b..",
        "~a/b",
    ]
    events = [
        {"request": {"method": "GET", "uri": model(quote(each)), "querystring": {}, "headers": {}}}
        for each in ids
    ]
    file = tmp_path / "program.js"
    asking = f"{json.dumps(events)}.forEach((event) => console.log(handler(event).uri));"
    file.write_text(program + asking)
    done = subprocess.run(["njs", str(file)], capture_output=True, text=True, timeout=20, check=True)
    assert done.stdout.splitlines() == [model(paths.escape(each)) for each in ids]
