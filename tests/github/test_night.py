"""The scripts of the nightly workflow, in its order, on two runners' worth of folders."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.github.conftest import Runner

GATEWAYS = ("openrouter", "portkey", "featherless", "deepinfra", "chutes")
BRANCH = "nightly/catalog"
pytestmark = pytest.mark.slow


def fetch(runner: Runner, *gateways: str, **environ: str) -> None:
    """Fetch each gateway in a checkout of its own, and collect the parts as the artifacts do."""
    shutil.rmtree(runner.folder / "parts", ignore_errors=True)
    for name in gateways:
        runner.git("switch", "-q", "main")
        runner.git("reset", "-q", "--hard", "origin/main")
        runner.git("clean", "-q", "-f", "-d", "data")
        shutil.rmtree(runner.folder / "part", ignore_errors=True)
        runner.step("fetch", GATEWAY=name, **environ)
        (runner.folder / "part").replace(_made(runner.folder / "parts") / f"part-{name}")
    runner.git("reset", "-q", "--hard", "origin/main")
    runner.git("clean", "-q", "-f", "-d", "data")


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def night(runner: Runner, *gateways: str, **environ: str) -> str:
    """Run one night up to its pull request, and return what proposing it printed."""
    fetch(runner, *(gateways or GATEWAYS), **environ)
    runner.step("join", **environ)
    runner.git("reset", "-q", "--hard", "origin/main")
    runner.git("clean", "-q", "-f", "-d", "data")
    said = runner.step("propose", **environ)
    runner.git("fetch", "-q", "--prune", "origin")
    return said


def approved(runner: Runner) -> None:
    """Do on the remote what a person does who merges the pull request there."""
    runner.git("push", "-q", "origin", f"origin/{BRANCH}:main", f":{BRANCH}")
    runner.git("fetch", "-q", "--prune", "origin")


def test_a_first_night_is_proposed_and_merged(runner: Runner) -> None:
    """One pull request on the fixed branch, with labels that were made before, holding data/ alone."""
    night(runner)
    runner.step("take")
    assert " 0 problems" in runner.step("tree")
    told = runner.github
    [pull] = told["pulls"]
    assert (pull["head"], pull["state"], pull["labels"]) == (BRANCH, "merged", ["catalog"])
    assert pull["title"].startswith("Catalog of 2026-")
    assert "list fetched for the first time" in pull["body"]
    assert "| `openrouter` | `fresh` |" in pull["body"]
    assert pull["commit"] == runner.git("rev-parse", "origin/main")
    assert runner.said("merged") == "true"
    changed = runner.git("diff", "--name-only", "origin/main~", "origin/main").splitlines()
    assert {name.split("/")[0] for name in changed} == {"data"}
    assert runner.git("log", "-1", "--format=%an", "origin/main") == "github-actions[bot]"
    assert runner.git("ls-remote", "origin", BRANCH) == ""
    assert "| `chutes` | `fresh` |" in runner.summary()


def test_the_second_night_tells_what_changed(runner: Runner) -> None:
    """The diff of the data is the body; what went away comes first."""
    night(runner)
    listed = runner.site.catalog["OPENROUTER_BASE_URL"]["/models?output_modalities=all"]
    gone = listed["data"].pop(0)["id"]
    listed["total_count"] -= 1
    night(runner, SOURCE_DATE_EPOCH="1795228800")
    pull = runner.github["pulls"][-1]
    assert "### Removed (1)" in pull["body"]
    assert gone in pull["body"]
    log = (runner.folder / "data/changes/2026-11.jsonl").read_text().splitlines()
    assert [json.loads(line)["model"] for line in log if '"removed"' in line] == [gone]


def test_a_night_that_a_guard_held_waits_for_a_person(runner: Runner) -> None:
    """The pull request stays open and says why; the same night once more renews it."""
    night(runner)
    for rows in runner.site.catalog["DEEPINFRA_BASE_URL"].values():
        del (rows if isinstance(rows, list) else rows["data"])[:]
    later = {"SOURCE_DATE_EPOCH": "1795228800"}
    assert "waits for a person" in night(runner, **later)
    assert "waits for a person" in night(runner, **later)
    _, pull = runner.github["pulls"]
    assert (pull["state"], pull["labels"]) == ("open", ["catalog", "needs a person"])
    assert ": deepinfra held; " in pull["title"]
    assert pull["body"].startswith("### A guard objected\n\n- `deepinfra` is held: `")
    assert runner.said("merged") == "false"


def test_a_hold_that_a_person_merged_objects_no_more(runner: Runner) -> None:
    """The other gateways go on; the held one is still served from its last good listings."""
    night(runner)
    for rows in runner.site.catalog["DEEPINFRA_BASE_URL"].values():
        del (rows if isinstance(rows, list) else rows["data"])[:]
    night(runner, SOURCE_DATE_EPOCH="1795228800")
    approved(runner)
    night(runner, SOURCE_DATE_EPOCH="1795315200")
    assert runner.github["pulls"][-1]["labels"] == ["catalog"]
    assert "| `deepinfra` | `held` |" in runner.github["pulls"][-1]["body"]


def test_accept_overrules_a_hold(runner: Runner) -> None:
    """By name; what is no gateway is refused before anything is fetched."""
    night(runner)
    models = runner.site.catalog["DEEPINFRA_BASE_URL"]
    for path, rows in models.items():
        models[path] = rows[:1] if isinstance(rows, list) else {**rows, "data": rows["data"][:1]}
    done = runner.script("fetch", GATEWAY="deepinfra", ACCEPT="deepinfra; echo gotcha")
    assert done.returncode == 2
    assert "gotcha" not in done.stdout
    assert runner.script("fetch", GATEWAY="deepinfra", ACCEPT="*").returncode == 2
    fetch(runner, "deepinfra", ACCEPT="chutes, deepinfra", SOURCE_DATE_EPOCH="1795228800")
    state = json.loads((runner.folder / "parts/part-deepinfra/state.json").read_text())
    assert state["gateways"]["deepinfra"]["state"] == "fresh"


def test_a_review_that_is_asked_for_keeps_the_pull_request_open(runner: Runner) -> None:
    """GATELOG_REVIEW is a variable of the repository."""
    assert "waits for a person" in night(runner, GATELOG_REVIEW="true")
    assert [pull["state"] for pull in runner.github["pulls"]] == ["open"]


def test_a_runner_that_failed_costs_its_own_gateway_only(runner: Runner) -> None:
    """The others are joined, and the night goes on."""
    night(runner, *GATEWAYS[:-1])
    assert "| `chutes` | `unavailable` |" in runner.github["pulls"][0]["body"]
    assert runner.said("merged") == "true"


def test_a_night_without_any_part_fails(runner: Runner) -> None:
    """Nothing was fetched, and the alert says so."""
    done = runner.script("join")
    assert (done.returncode, done.stderr) == (1, "no runner left anything behind: nothing was fetched\n")


def test_work_of_a_person_on_the_branch_is_not_overwritten(runner: Runner) -> None:
    """The run fails and says what to do."""
    night(runner, GATELOG_REVIEW="true")
    runner.git("switch", "-q", BRANCH)
    (runner.folder / "data/facts/note.toml").write_text("# mine\n")
    runner.git("add", "--all")
    runner.git("commit", "-q", "-m", "Mine")
    runner.git("push", "-q", "origin", BRANCH)
    runner.git("switch", "-q", "main")
    done = runner.script("propose")
    assert done.returncode == 1
    assert "holds commits of a person: merge or delete it first" in done.stderr


def test_the_branch_is_made_anew_from_main(runner: Runner) -> None:
    """What an open pull request proposed last night is not piled up."""
    night(runner, GATELOG_REVIEW="true")
    night(runner, GATELOG_REVIEW="true", SOURCE_DATE_EPOCH="1795228800")
    assert runner.git("rev-list", "--count", f"origin/main..origin/{BRANCH}") == "1"
    assert len(runner.github["pulls"]) == 1


def test_a_night_without_any_change_proposes_nothing(runner: Runner) -> None:
    """As when the job is started again after its merge."""
    night(runner)
    runner.git("switch", "-q", "main")
    runner.git("reset", "-q", "--hard", "origin/main")
    assert runner.step("propose") == "nothing changed\n"
    assert len(runner.github["pulls"]) == 1


def test_a_pull_request_that_a_person_closed_is_left_alone(runner: Runner) -> None:
    """The next night opens another one, on the same branch."""
    night(runner, GATELOG_REVIEW="true")
    runner.know(pulls=[{**pull, "state": "closed"} for pull in runner.github["pulls"]])
    night(runner, GATELOG_REVIEW="true", SOURCE_DATE_EPOCH="1795228800")
    assert [(pull["state"], pull["head"]) for pull in runner.github["pulls"]] == [
        ("closed", BRANCH),
        ("open", BRANCH),
    ]


def test_checks_that_failed_keep_the_pull_request_open(runner: Runner) -> None:
    """A person sees what the night brought, and where the checks tell why it is not merged."""
    assert "waits for a person" in night(runner, CHECKS="failure", RUN_URL="https://example.test/run")
    [pull] = runner.github["pulls"]
    assert (pull["state"], pull["labels"]) == ("open", ["catalog", "needs a person"])
    assert pull["body"].startswith(
        "### The checks of this night did not pass\n\nfailure: https://example.test/run\n"
    )
    assert "list fetched for the first time" in pull["body"]


@pytest.mark.parametrize(
    ("busy", "merged"), [pytest.param(2, True, id="for a while"), pytest.param(3, False, id="for too long")]
)
def test_a_merge_that_is_refused_is_tried_again(runner: Runner, *, busy: int, merged: bool) -> None:
    """GitHub refuses while it is working out whether a branch can be merged; a conflict it refuses always."""
    fetch(runner, *GATEWAYS)
    runner.step("join")
    runner.git("reset", "-q", "--hard", "origin/main")
    runner.git("clean", "-q", "-f", "-d", "data")
    runner.know(busy=busy)
    done = runner.script("propose", PAUSE="0")
    assert (done.returncode == 0, runner.said("merged") == "true") == (merged, merged)
    assert ("pull request 1 cannot be merged" in done.stderr) is not merged
