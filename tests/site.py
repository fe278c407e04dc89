"""A small site of all five gateways: hand-made upstreams, a data folder and an output folder of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner, Result

import build
from tests.toys import contents
from tests.upstream import hand_made, serving

ROOT = Path(__file__).parents[1]
EPOCH = "1795142400"
"""The moment of every build that names no other: 2026-11-20T02:40:00Z."""
HOUR_LATER = "1795146000"
MANIFEST = "catalog/manifest.json"
STATIC = {
    "as_of": "2025-10-08",
    "models": [{"id": "FLUX.1-schnell", "name": "FLUX.1-schnell", "kind": "image", "per_hour": "0.5"}],
}
ORGANISATIONS = """
[organisations.deepseek]
name = "DeepSeek"
site = "https://www.deepseek.com"
logo = "deepseek"
aliases = ["deepseek-ai"]
source = "https://www.deepseek.com"
date = "2026-11-20"

[organisations.openai]
name = "OpenAI"
source = "https://openai.com"
date = "2026-11-20"
"""
"""One that everything is known of, and one of which only the name is."""


Environ = Mapping[str, str]
"""Variables by name."""


class Ended(NamedTuple):
    """How a process ended and what it said."""

    code: int
    output: str
    errors: str


@dataclass
class Site:
    """Where a build happens, and how to start one."""

    folder: Path
    environ: dict[str, str]
    """What `build.py` is told by variables."""
    catalog: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the upstreams answer; a change shows at once."""

    @property
    def output(self) -> Path:
        """Where the tree goes."""
        return self.folder / "output"

    @property
    def data(self) -> Path:
        """Where the state is kept."""
        return self.folder / "data"

    def call(self, *words: str, **environ: str) -> Result:
        """Call `build.py` inside of this process."""
        return CliRunner().invoke(build.main, words, env=self.environ | environ)

    def build(self, *options: str, **environ: str) -> Result:
        """Build this site; any outcome but 0 fails the test."""
        done = self.try_build(*options, **environ)
        assert done.exit_code == 0, done.output
        return done

    def try_build(self, *options: str, **environ: str) -> Result:
        """Build this site, however it ends."""
        return self.call(*self.folders(), *options, **environ)

    def folders(self) -> tuple[str, ...]:
        """Return the options that name both folders."""
        return "--data", str(self.data), "--output", str(self.output)

    def start(
        self, *options: str, prepare: Callable[[], None] | None = None, environ: Environ | None = None
    ) -> subprocess.Popen[str]:
        """Start a build in a process of its own."""
        return subprocess.Popen(
            [sys.executable, str(ROOT / "build.py"), *self.folders(), *options],
            env={**os.environ, **self.environ, **(environ or {})},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=prepare,  # noqa: PLW1509 - the child of a test does next to nothing there
        )

    def run(
        self, *options: str, prepare: Callable[[], None] | None = None, environ: Environ | None = None
    ) -> Ended:
        """Build in a process of its own and wait for its end."""
        with self.start(*options, prepare=prepare, environ=environ) as process:
            output, errors = process.communicate(timeout=120)
        return Ended(process.returncode, output, errors)

    def tree(self) -> dict[str, bytes]:
        """Read the published tree without the one file that is different in every build."""
        return {name: body for name, body in contents(self.output).items() if name != MANIFEST}

    def states(self) -> dict[str, str]:
        """Return the published state of each gateway."""
        rows = json.loads((self.output / "catalog/gateways.json").read_bytes())["gateways"]
        return {row["id"]: row["state"] for row in rows}

    def without(self, *gateways: str) -> None:
        """Let the upstreams of some gateways answer 404 to everything."""
        for name in gateways:
            for variable in hand_made(name):
                self.catalog[variable].clear()


@contextmanager
def serving_site(folder: Path) -> Iterator[Site]:
    """Serve the hand-made upstreams for one site."""
    catalog = hand_made()
    with serving(catalog) as environ:
        fixed = {"SOURCE_DATE_EPOCH": EPOCH, "GITHUB_SHA": "0" * 40}
        site = Site(folder, {**environ, **fixed}, catalog)
        site.data.mkdir(parents=True)
        (site.data / "chutes_catalog.json").write_text(json.dumps(STATIC))
        (site.data / "facts").mkdir()
        (site.data / "facts/organisations.toml").write_text(ORGANISATIONS)
        yield site


def lasting(environ: Mapping[str, str]) -> dict[str, str]:
    """Return an environment in which every base URL leads to a port that refuses."""
    return {**environ, **dict.fromkeys(base_variables(environ), "http://127.0.0.1:1")}


def base_variables(environ: Mapping[str, str]) -> list[str]:
    """Return the variables of an environment that name a base URL."""
    return [name for name in environ if name.endswith("_URL") or name == "HF_ENDPOINT"]
