"""Each script of the workflows by itself."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog.serve import opened
from tests.github.conftest import Runner
from tests.served import served
from tests.site import ROOT

SCRIPTS = ROOT / ".github/scripts"


def python(name: str, *words: object) -> subprocess.CompletedProcess[str]:
    """Run a script that is Python."""
    command = [sys.executable, str(SCRIPTS / name), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def script(name: str, folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a script that needs no checkout, with the stand-in for `gh`."""
    (folder / "bin").mkdir(exist_ok=True)
    if not (folder / "bin/gh").exists():
        (folder / "bin/gh").symlink_to(Path(__file__).parent / "gh.py")
    path = f"{folder / 'bin'}:/usr/local/bin:/usr/bin:/bin"
    around = {"PATH": path, "GH_STATE": str(folder / "gh.json"), **environ}
    return subprocess.run([SCRIPTS / name], env=around, capture_output=True, text=True, check=False)


needs_jq = pytest.mark.skipif(
    shutil.which("jq") is None, reason="jq is not installed; GitHub's runners have it"
)


def results(**jobs: str) -> str:
    """Write jobs and their results as GitHub does."""
    return json.dumps({name: {"result": result, "outputs": {}} for name, result in jobs.items()})


@needs_jq
@pytest.mark.parametrize(
    ("needs", "skippable", "code"),
    [
        pytest.param(results(lint="success", test="success"), "", 0, id="all did well"),
        pytest.param(results(lint="success", test="failure"), "", 1, id="one failed"),
        pytest.param(results(lint="success", test="cancelled"), "", 1, id="one was cancelled"),
        pytest.param(results(lint="skipped", test="success"), "", 1, id="one was skipped"),
        pytest.param(results(audit="skipped", test="success"), "audit portable", 0, id="one may be skipped"),
        pytest.param(results(audit="failure", test="success"), "audit", 1, id="but may not fail"),
        pytest.param("{}", "", 1, id="no job at all"),
    ],
)
def test_gate(tmp_path: Path, needs: str, skippable: str, code: int) -> None:
    """It opens only when every job did what it had to."""
    assert script("gate", tmp_path, NEEDS=needs, MAY_BE_SKIPPED=skippable).returncode == code


@needs_jq
def test_an_alert_is_one_issue_for_one_kind_of_trouble(tmp_path: Path) -> None:
    """It is opened, renewed while the trouble lasts, closed when all is well, opened anew the next time."""
    told = {"TITLE": "Publishing needs a person", "RUN_URL": "https://example.test/runs/1"}
    unseen = "`chutes` was last fetched 8 days ago, on 2026-11-20."
    steps = [
        (results(build="success", deploy="failure"), ""),
        (results(build="success", deploy="success"), unseen),
        (results(build="success", deploy="success"), ""),
        (results(build="success", deploy="success"), ""),
        (results(build="cancelled", deploy="skipped"), ""),
    ]
    seen = []
    for needs, text in steps:
        assert script("alert", tmp_path, NEEDS=needs, UNSEEN=text, **told).returncode == 0
        known = json.loads((tmp_path / "gh.json").read_text())
        seen.append([(row["state"], row["body"].splitlines()[0]) for row in known["issues"]])
    failed = "- The job `deploy` ended with: failure."
    assert seen[0] == [("open", failed)]
    assert seen[1] == [("open", f"- {unseen}")]
    assert seen[2] == seen[3] == [("closed", f"- {unseen}")]
    assert seen[4][1] == ("open", "- The job `build` ended with: cancelled.")


@needs_jq
def test_an_alert_takes_no_other_issue_for_its_own(tmp_path: Path) -> None:
    """GitHub's search finds similar titles, too."""
    told = {"NEEDS": results(build="failure"), "RUN_URL": "https://example.test/runs/1"}
    for title in ("Publishing needs a person", "The nightly run needs a person"):
        assert script("alert", tmp_path, TITLE=title, **told).returncode == 0
    known = json.loads((tmp_path / "gh.json").read_text())
    assert [row["title"] for row in known["issues"]] == [
        "Publishing needs a person",
        "The nightly run needs a person",
    ]


def gateway(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    """Make a gateway as `catalog/gateways.json` has it."""
    usual = {"id": "toy", "state": "stale", "fetched_at": "2026-11-20T02:17:00Z"}
    return {**usual, "attempted_at": "2026-11-27T02:17:00Z", **changed}


@pytest.mark.parametrize(
    ("found", "today", "told"),
    [
        pytest.param(gateway(), "2026-11-26", "", id="six days"),
        pytest.param(
            gateway(), "2026-11-27", "`toy` was last fetched 7 days ago, on 2026-11-20.\n", id="a week"
        ),
        pytest.param(gateway(state="unconfigured"), "2027-11-27", "", id="without its key"),
        pytest.param(gateway(attempted_at=None), "2027-11-27", "", id="never tried"),
        pytest.param(gateway(fetched_at=None), "2027-11-27", "", id="a static list"),
    ],
)
def test_unseen(tmp_path: Path, found: dict[str, Any], today: str, told: str) -> None:
    """A gateway is missed when it was tried and not reached for a week."""
    (tmp_path / "gateways.json").write_text(json.dumps({"gateways": [found]}))
    assert python("unseen.py", tmp_path / "gateways.json", today).stdout == told


def test_a_summary_shows_reasons_as_code(tmp_path: Path) -> None:
    """What an upstream wrote is neither a mention nor a link nor another cell."""
    row = dict.fromkeys(("state", "models", "added", "removed", "changed", "quarantined", "seconds"), "1")
    reason = "@everyone [look](https://example.test) `x` | <b>\nline"
    rows = [{**row, "gateway": "toy", "reason": reason}, {**row, "gateway": "other", "reason": None}]
    (tmp_path / "report.json").write_text(json.dumps({"gateways": rows}))
    whole = python("summary.py", tmp_path / "report.json").stdout.splitlines()
    assert whole[2].endswith("| `@everyone [look](https://example.test) 'x' ¦ <b> line` |")
    assert whole[3].endswith("| `1` |  |")
    assert len(python("summary.py", tmp_path / "report.json", "toy").stdout.splitlines()) == 3


def test_a_summary_tells_what_is_worth_a_look(tmp_path: Path) -> None:
    """What a guard told and held nothing back for; not what is new to us, and nothing as markup."""
    row = dict.fromkeys(("state", "models", "added", "removed", "changed", "quarantined", "seconds"), "1")
    findings = [
        {"check": "leap", "level": "info", "message": "a/`one` 1 → @all"},
        {"check": "drift", "level": "info", "message": "new to us: x"},
        {"check": "unit", "level": "hold", "message": "held"},
    ]
    rows = [{**row, "gateway": "toy", "reason": None, "findings": findings}]
    (tmp_path / "report.json").write_text(json.dumps({"gateways": rows}))
    told = python("summary.py", tmp_path / "report.json").stdout
    assert told.endswith("|\n\nWorth a look:\n\n- `toy`: `a/'one' 1 → @all`\n")


@pytest.mark.parametrize(
    ("before", "after", "objects"),
    [
        pytest.param("fresh", "held", True, id="newly held"),
        pytest.param(None, "held", True, id="held at first sight"),
        pytest.param("held", "held", False, id="a person merged it already"),
        pytest.param("held", "fresh", False, id="well again"),
        pytest.param("fresh", "stale", False, id="not reached"),
    ],
)
def test_objections(tmp_path: Path, before: str | None, after: str, *, objects: bool) -> None:
    """A person is needed when a guard holds a gateway that it did not hold before."""
    old = {"gateways": {} if before is None else {"toy": {"state": before}}}
    new = {"gateways": {"toy": {"state": after, "reason": "shrunk `a lot`"}}}
    for name, state in (("old", old), ("new", new)):
        (tmp_path / name).write_text(json.dumps(state))
    told = python("objections.py", tmp_path / "old", tmp_path / "new").stdout
    assert ("- `toy` is held: `shrunk 'a lot'`\n" in told) is objects
    assert bool(told) is objects


def test_the_packed_tree_is_the_built_one(runner: Runner) -> None:
    """Unpacked elsewhere it is as its manifest says; the same tree packs to the same bytes."""
    runner.build()
    (runner.folder / "output/.gitignore").write_text("*\n")
    runner.step("pack")
    archive = runner.folder / "artifact.tar"
    first = hashlib.sha256(archive.read_bytes()).hexdigest()
    runner.step("pack")
    assert hashlib.sha256(archive.read_bytes()).hexdigest() == first
    done = python("rehash.py", archive, runner.scratch / "unpacked")
    assert (done.stdout, done.returncode) == ("0 problems\n", 0)
    assert not (runner.scratch / "unpacked/.gitignore").exists()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        pytest.param(lambda root: (root / "index.html").write_text("x"), "is not as", id="changed"),
        pytest.param(lambda root: (root / "index.html").unlink(), "is not as", id="gone"),
        pytest.param(lambda root: (root / "more.html").write_text("x"), "is not in", id="foreign"),
    ],
)
def test_rehash_sees_harm(runner: Runner, harm: Callable[[Path], object], told: str) -> None:
    """A file that changed, went away or came from elsewhere."""
    runner.build()
    harm(runner.folder / "output")
    runner.step("pack")
    done = python("rehash.py", runner.folder / "artifact.tar", runner.scratch / "unpacked")
    assert done.returncode == 1
    assert told in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "code"),
    [pytest.param(False, 0, id="the built one"), pytest.param(True, 1, id="another one")],
)
def test_what_is_live_is_compared_with_what_was_built(runner: Runner, *, changed: bool, code: int) -> None:
    """A reader's look at the deployed tree ends the run well or badly."""
    runner.build()
    runner.step("pack")
    if changed:
        with (runner.folder / "output/catalog/providers.json").open("a") as file:
            file.write("\n")
    with served(opened(runner.folder / "output")) as url:
        done = runner.script("live", BASE_URL=url, WAIT="1s")
    assert done.returncode == code, done.stdout + done.stderr


@pytest.mark.skipif(shutil.which("zstd") is None, reason="zstd is not installed; GitHub's runners have it")
def test_the_archive_is_made_once_a_month(runner: Runner) -> None:
    """With its digest beside it; a second run of the month finds it."""
    (runner.folder / "artifact.tar").write_bytes(b"a tree")
    assert "--notes" not in runner.step("archive", MONTH="2026-11")
    assert runner.step("archive", MONTH="2026-11") == "catalog-2026-11 is there already\n"
    assert runner.github["releases"] == {"catalog-2026-11": ["catalog.tar.zst", "catalog.tar.zst.sha256"]}
    told = subprocess.check_output(
        ["sha256sum", "-c", "catalog.tar.zst.sha256"], cwd=runner.folder, text=True
    )
    assert told == "catalog.tar.zst: OK\n"
    subprocess.run(["zstd", "-q", "-d", "catalog.tar.zst", "-o", "again.tar"], cwd=runner.folder, check=True)
    assert (runner.folder / "again.tar").read_bytes() == b"a tree"


@pytest.mark.slow
def test_the_tree_of_a_night_tells_who_was_not_seen(runner: Runner) -> None:
    """With the address of the site in its links, and verified."""
    runner.site.build()
    shutil.rmtree(runner.folder / "data")
    shutil.copytree(runner.site.data, runner.folder / "data")
    told = runner.step("tree", BASE_URL="https://example.test/gatelog", GITHUB_SHA="0" * 40)
    assert " 0 problems" in told
    manifest = json.loads((runner.folder / "output/catalog/manifest.json").read_bytes())
    assert manifest["commit"] == runner.git("rev-parse", "HEAD")  # a night is merged after its run began
    assert "<loc>https://example.test/gatelog/" in (runner.folder / "output/sitemap.xml").read_text()
    assert (runner.scratch / "output").read_text().startswith("unseen<<END-OF-UNSEEN\n")


def test_taking_the_data_of_a_night(runner: Runner) -> None:
    """It takes the place of what was checked out; nothing is taken for it when there is none."""
    assert runner.script("take").returncode == 1
    (runner.folder / "night/data").mkdir(parents=True)
    (runner.folder / "night/data/state.json").write_text("{}")
    runner.step("take")
    assert [path.name for path in (runner.folder / "data").iterdir()] == ["state.json"]


def test_setting_up_makes_nothing_that_is_there(runner: Runner) -> None:
    """The environment of a checkout is made by make, once."""
    (ROOT / ".venv/.lock-stamp").touch()
    assert runner.step("setup") == ""
