"""What no linter knows of the workflows: steps are scripts, keys are apart, rights are explained."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # vcrpy's own dependency

from providers import ADAPTERS
from tests.site import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
SCRIPTS = sorted(path for path in (ROOT / ".github/scripts").iterdir() if path.is_file())
STEP = re.compile(r"(\.github/scripts/[a-z]+|make [a-z]+|python \.github/scripts/[a-z]+\.py [\w. ]+)")
PINNED = re.compile(r"uses: (\$/\.github/workflows/\w+\.yml|[\w/-]+@[0-9a-f]{40} # v[\d.]+)$")
NIGHT = ("fetch", "join", "propose")
"""Jobs of a night that stand one behind the other; the checks between them are those of ci.yml."""


def loaded(name: str) -> dict[str, Any]:
    """Read one workflow."""
    found: dict[str, Any] = yaml.safe_load((ROOT / ".github/workflows" / f"{name}.yml").read_text())
    return found


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every step with the name of its workflow."""
    for path in WORKFLOWS:
        for job in loaded(path.stem)["jobs"].values():
            yield from ((path.stem, step) for step in job.get("steps", ()))


def test_every_shell_step_is_one_call_of_a_script_or_of_make() -> None:
    """So that the tests can run it."""
    lines = [(name, step["run"]) for name, step in steps() if "run" in step]
    assert lines
    assert [line for line in lines if not STEP.fullmatch(line[1])] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_every_script_is_used_and_can_be_started(path: Path) -> None:
    """A shell script by its name; it stops at the first error and at an unset variable."""
    text = path.read_text()
    callers = [*WORKFLOWS, *(other for other in SCRIPTS if other != path)]
    assert any(f".github/scripts/{path.name}" in other.read_text() for other in callers)
    if not path.name.endswith(".py"):
        assert os.access(path, os.X_OK)
        assert text.startswith("#!/usr/bin/env bash\n# ")
        assert "\nset -euo pipefail\n" in text


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_has_no_right_of_its_own(path: Path) -> None:
    """Each job asks for what it needs, and every action is pinned by its commit."""
    text = path.read_text()
    assert yaml.safe_load(text)["permissions"] == {}
    used = [line.strip().removeprefix("- ") for line in text.splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_every_job_ends(path: Path) -> None:
    """A job that calls another workflow ends with it."""
    jobs = loaded(path.stem)["jobs"]
    assert [name for name, job in jobs.items() if "uses" not in job and "timeout-minutes" not in job] == []


def test_a_night_takes_at_most_twenty_minutes() -> None:
    """From the first request to the merge."""
    jobs = loaded("nightly")["jobs"]
    checks = loaded("ci")["jobs"]
    longest = max(job["timeout-minutes"] for name, job in checks.items() if name in ("lint", "test", "tree"))
    assert sum(jobs[name]["timeout-minutes"] for name in NIGHT) + longest <= 20


def test_a_key_is_seen_by_the_step_of_its_gateway_alone() -> None:
    """And by no other workflow."""
    seen = [(name, step) for name, step in steps() if "secrets." in str(step)]
    keys = {adapter.GATEWAY.bases[0].key_variable: adapter.GATEWAY.id for adapter in ADAPTERS}
    told = {}
    for name, step in seen:
        [(variable, value)] = step["env"].items()
        assert (name, value) == ("nightly", f"${{{{ secrets.{variable} }}}}")
        told[variable] = step.get("if", "")
    assert told.pop("HF_TOKEN") == ""  # the Hub is asked by the job that joins
    assert told == {variable: f"matrix.gateway == '{gateway}'" for variable, gateway in keys.items()}


def test_every_gateway_has_a_runner() -> None:
    """A new adapter cannot be forgotten here."""
    matrix = loaded("nightly")["jobs"]["fetch"]["strategy"]["matrix"]["gateway"]
    assert matrix == [adapter.GATEWAY.id for adapter in ADAPTERS]


def test_what_was_merged_is_what_is_published() -> None:
    """The tip of the branch: the run's own commit is older, and a schedule's event names no branch."""
    used = [step for name, step in steps() if name == "publish" and "checkout" in step.get("uses", "")]
    told = [step["with"].get("ref") for step in used]
    assert told[0] == "${{ github.ref }}"
    assert "github.event.repository" not in str([step for _, step in steps()])


def test_the_publishing_workflow_caches_nothing() -> None:
    """What a pull request can write must not be read where the catalog is published."""
    assert [step for name, step in steps() if name == "publish" and "cache" in str(step)] == []


def test_the_gate_waits_for_every_other_job() -> None:
    """One check is enough for a branch protection."""
    jobs = loaded("ci")["jobs"]
    assert set(jobs["gate"]["needs"]) == set(jobs) - {"gate"}
    assert jobs["gate"]["if"] == "always()"


@pytest.mark.parametrize("name", ["nightly", "publish"])
def test_an_alert_hears_of_every_job(name: str) -> None:
    """The nightly run's publishing has an alert of its own."""
    jobs = loaded(name)["jobs"]
    assert set(jobs["alert"]["needs"]) == set(jobs) - {"alert", "publish"}
