"""What the program is made of: pinned, hashed, and nothing fetched while it is imported or runs."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ("requirements.lock", "tests/consumers/requirements.lock")
PINNED = re.compile(r"([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)(?: ; [^\\]+)? \\\n")
HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
FOLDERS = ("commands", "catalog", "providers", "clients")
CODE = [ROOT / "build.py", *(path for name in FOLDERS for path in sorted(ROOT.glob(f"{name}/**/*.py")))]
RUNS_DATA = frozenset(
    {"eval", "exec", "compile", "__import__", "import_module", "run_path", "run_module", "urlretrieve"}
)  # fmt: skip
"""Calls that turn data into code, or fetch it."""
RUNS_DATA_MODULES = frozenset({"pickle", "marshal", "shelve", "runpy", "pip"})
"""Modules that are made for it."""
WATCH = """
import sys
FORBIDDEN = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.bind",
             "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork"}
def watch(event, args):
    if event in FORBIDDEN:
        raise SystemExit(f"{event}{args}")
sys.addaudithook(watch)
import importlib, pathlib
"""
IMPORT_ALL = """
names = ["build", "gatelog_client"]
for package in ("commands", "catalog", "providers", "clients/python/gatelog_client"):
    for path in pathlib.Path(package).rglob("*.py"):
        whole = path.with_suffix("").as_posix().removeprefix("clients/python/").replace("/", ".")
        names.append(whole.removesuffix(".__init__"))
for name in names:
    importlib.import_module(name)
print(len(names))
"""


def entries(lock: str) -> list[str]:
    """Return each requirement of a lock with its hashes."""
    text = "".join(
        line for line in (ROOT / lock).read_text().splitlines(keepends=True) if not line.startswith("#")
    )
    return re.split(r"\n(?=\S)", text.strip())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_requirement_is_pinned_and_hashed(lock: str) -> None:
    """One version, at least one SHA-256, no address."""
    found = entries(lock)
    assert len(found) > 30
    for entry in found:
        first, *hashes = f"{entry}\n".splitlines(keepends=True)
        assert PINNED.fullmatch(first), first
        assert hashes, first
        assert all(HASH.fullmatch(line.rstrip("\n")) for line in hashes), first
    assert "://" not in (ROOT / lock).read_text()


def test_everything_that_is_asked_for_is_locked() -> None:
    """Whatever pyproject.toml names, of the program, for development and for publishing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    asked = {_name(line) for line in [*project["dependencies"], *extras["dev"], *extras["publish"]]}
    locked = {_name(entry) for entry in entries("requirements.lock")}
    assert asked <= locked


def _name(requirement: str) -> str:
    return re.split(r"[\[<>=~ ;]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_pip_takes_nothing_without_its_hash() -> None:
    """Wherever the Makefile installs a lock."""
    lines = (ROOT / "Makefile").read_text().splitlines()
    installs = [line for line in lines if "pip install" in line and "$(UV)" not in line]
    assert len(installs) == 2
    assert all("--require-hashes" in line for line in installs)


def test_the_lock_can_be_audited() -> None:
    """What `make audit` asks with a network it can collect without one: every entry, in the form it needs."""
    recipe = re.search(r"^audit:.*\n\t\$\(BIN\)/python (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert recipe
    words = [sys.executable, *recipe[1].split(), "--dry-run"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = re.search(r"would have audited (\d+) packages", done.stderr)
    assert told, done.stderr
    assert int(told[1]) > 60


def run(program: str) -> subprocess.CompletedProcess[str]:
    """Run a program from the checkout that may speak to nobody and start nothing."""
    words = [sys.executable, "-B", "-c", f"{WATCH}\nsys.path[:0] = ['.', 'clients/python']\n{program}"]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def test_no_network_at_import() -> None:
    """Every module can be imported where sockets are forbidden, and so are other programs."""
    done = run(IMPORT_ALL)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 120


@pytest.mark.parametrize(
    "program",
    [
        pytest.param("import socket; socket.getaddrinfo('x.example', 1)", id="look-up"),
        pytest.param("import socket; socket.socket().connect(('127.0.0.1', 9))", id="connection"),
        pytest.param("import subprocess; subprocess.run(['true'])", id="program"),
    ],
)
def test_what_an_import_must_not_do_is_noticed(program: str) -> None:
    """So the test above can fail."""
    assert run(program).returncode == 1


def offences(text: str) -> list[str]:
    """Return the names in a program that make code out of data, or fetch it."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            owner = getattr(getattr(node.func, "value", None), "id", "")
            found += [called] if called in RUNS_DATA and owner != "re" else []
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names = [node.module] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names]
            found += [name for name in names if name in RUNS_DATA_MODULES]
    return found


def test_nothing_that_was_fetched_is_run() -> None:
    """No module of the program or of the client has a way to make code out of data."""
    assert len(CODE) > 120
    found = {str(path.relative_to(ROOT)): offences(path.read_text()) for path in CODE}
    assert {name: names for name, names in found.items() if names} == {}


def test_what_runs_data_is_noticed() -> None:
    """So the test above can fail."""
    program = "import pickle\nfrom runpy import run_path\nexec(x)\nimportlib.import_module(y)\nre.compile(z)"
    assert sorted(offences(program)) == ["exec", "import_module", "pickle", "runpy"]


def test_security_page() -> None:
    """It says where to report and names the pages that hold the details."""
    page = (ROOT / "SECURITY.md").read_text()
    assert "Report a vulnerability" in page
    for name in re.findall(r"\]\(([^)#]+)", page):
        assert (ROOT / name).is_file(), name
