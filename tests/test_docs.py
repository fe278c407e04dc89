"""The commands and the examples of README and CONTRIBUTING, run in a copy of the checkout."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from catalog import checks
from tests.upstream import SOURCES

ROOT = Path(__file__).parent.parent
FENCED = re.compile(r"^ *```(\w+)(?: (\S+))?\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
NOBODY = "http://127.0.0.1:9"
"""The discard port, where nobody listens: a machine without a network."""
NOT_HERE = {
    "make test": "runs this very test",
    "python3 -m venv .venv": "make build does it, see the Makefile",
    ".venv/bin/python -m pip install --require-hashes -r requirements.lock": "as above",
    ".venv/bin/python -m pytest": "runs this very test",
}
"""Commands that this test cannot run inside itself, each with its reason."""


def blocks(page: str) -> list[tuple[str, str, str]]:
    """Return language, file name and text of every fenced block of a page, without its indentation."""
    found = []
    for language, name, text in FENCED.findall((ROOT / page).read_text(encoding="utf-8")):
        lines = text.splitlines()
        depth = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        found.append((language, name, "".join(f"{line[depth:]}\n" for line in lines)))
    return found


def commands(page: str) -> list[str]:
    """Return what a page tells its reader to type after a `$`."""
    texts = (text for language, _, text in blocks(page) if language == "console")
    return [line[2:] for text in texts for line in text.splitlines() if line.startswith("$ ")]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the tracked and new files of this checkout, with its virtual environment."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command as a reader would, on a machine without a network."""
    away = {base.variable: NOBODY for source in SOURCES for base in source.bases}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    shell = ["bash", "-c", command]
    return subprocess.run(
        shell, cwd=folder, env={**kept, **away}, capture_output=True, text=True, check=False
    )


def test_the_first_commands() -> None:
    """The first two commands of the README do everything."""
    assert commands("README.md")[:2] == ["make build", "make test"]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["README.md", "docs/migration.md", "docs/operate.md", "docs/scale.md"])
def test_every_command_of_a_page_works(checkout: Path, page: str) -> None:
    """The commands of a page, in its order, each end well in a fresh checkout."""
    asked = commands(page)
    assert asked
    for command in asked:
        if command not in NOT_HERE:
            done = run(command, checkout)
            assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


@pytest.mark.slow
def test_every_command_about_publishing_works(checkout: Path) -> None:
    """The commands of the page about publishing, after a build."""
    for command in (".venv/bin/python build.py --offline", *commands("docs/publish.md")):
        done = run(command, checkout)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert (checkout / "build/www/catalog/manifest.json").is_file()


@pytest.mark.slow
def test_every_command_about_changes_works(checkout: Path) -> None:
    """The commands of the page about changes, each in a fresh checkout that was never built."""
    asked = commands("docs/changes.md")
    assert len(asked) == 3
    for command in asked:
        done = run(command, checkout)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


def test_what_is_not_run_here_is_run_by_make() -> None:
    """The plain set-up commands are the ones that make runs, and that .ci/run therefore tries."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "-m venv $(VENV)" in makefile
    assert "--require-hashes --requirement requirements.lock" in makefile
    assert set(NOT_HERE) <= set(commands("README.md")), "an exception for a command that is gone"


@pytest.mark.slow
def test_a_gateway_is_added_in_five_steps(checkout: Path) -> None:
    """CONTRIBUTING's example, followed to the letter, gives a gateway that keeps the contract."""
    page = blocks("CONTRIBUTING.md")
    for _, name, text in page:
        if name == "providers/__init__.py":
            _register(checkout / name, text)
        elif name:
            (checkout / name).write_text(text, encoding="utf-8")
    steps = [text for language, _, text in page if language == "sh" and "example" in text]
    for command in "".join(steps).splitlines():
        done = run(command, checkout)
        assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
    golden = (checkout / "tests/golden/example.jsonl").read_text(encoding="utf-8")
    assert '"completion":"0.0000003"' in golden


def _register(path: Path, text: str) -> None:
    registry = path.read_text(encoding="utf-8")
    for line in filter(None, text.splitlines()):
        start = line.partition("(")[0] if line.startswith("ADAPTERS") else "from providers import"
        registry = re.sub(rf"^{re.escape(start)}.*$", line, registry, flags=re.MULTILINE)
    path.write_text(registry, encoding="utf-8")


def test_every_guard_is_documented() -> None:
    """With the level that it has."""
    named = re.findall(
        r"^\| `(check_\w+)` \|", (ROOT / "docs/guards.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    asked = {*checks.ALWAYS, *checks.AGAINST_LAST, *checks.OF_PRICES}
    run = {checks.check_most_models_stay, checks.check_seen_lately}
    assert sorted(named) == sorted(guard.__name__ for guard in asked | run)
