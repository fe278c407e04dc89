"""`diff`, `history`, `watch`, `replay` and `--log-attempt`: what changed, from the command line."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from catalog.schema.changes import Changes
from gatelog_client import Catalog
from tests.site import Site

DAY = 86_400
NEXT_NIGHT = str(1_795_142_400 + DAY)
LIST = "/models?output_modalities=all"
pytestmark = pytest.mark.usefixtures("waits", "unsynced")


def model(site: Site, name: str) -> dict[str, Any]:
    """Return a row of OpenRouter's list, which a test may change."""
    rows = site.catalog["OPENROUTER_BASE_URL"][LIST]["data"]
    found: dict[str, Any] = next(row for row in rows if row["id"] == name)
    return found


@pytest.fixture
def changed(built: Site) -> Site:
    """Serve a site that was built twice: prices moved, a description was cut, an end was announced."""
    for folder in ("data", "output"):
        shutil.copytree(built.folder / folder, built.folder / "before" / folder)
    row = model(built, "anthropic/claude-sonnet-4.5")
    row["pricing"]["prompt"] = "0.0000033"
    row["description"] = "Cut..."
    row["architecture"]["input_modalities"].reverse()
    model(built, "deepseek/deepseek-chat-v3-0324")["expiration_date"] = "2026-12-24"
    built.build("--log-attempt", SOURCE_DATE_EPOCH=NEXT_NIGHT)
    return built


def test_a_night_is_logged_published_and_checked(changed: Site) -> None:
    """The log, the lists, a feed and a history tell of it, and the tree keeps its promises."""
    [day] = (changed.output / "catalog/changes").glob("2026-11-21.json")
    found = Changes.model_validate_json(day.read_bytes()).changes
    assert [(each.kind, each.model, each.before, each.to) for each in found] == [
        ("price", "anthropic/claude-sonnet-4.5", "0.000003", "0.0000033"),
        ("deprecation", "deepseek/deepseek-chat-v3-0324", None, "2026-12-24"),
    ]
    assert found[0].percent == 10.0
    assert len((changed.data / "changes/2026-11.jsonl").read_bytes().splitlines()) == 5 + 2
    ends = json.loads((changed.output / "catalog/deprecations.json").read_bytes())["deprecations"]
    assert ("deepseek/deepseek-chat-v3-0324", "2026-11-21T02:40:00Z") in [
        (each["model"], each["announced_at"]) for each in ends
    ]
    assert len((changed.data / "attempts/2026-11.jsonl").read_bytes().splitlines()) == 5
    assert "0 problems" in changed.call("check", str(changed.output)).output


@pytest.mark.parametrize("folder", ["data", "output"])
def test_diff(changed: Site, folder: str) -> None:
    """Two data folders and two trees give the same changes, in three forms."""
    sides = (str(changed.folder / "before" / folder), str(changed.folder / folder))
    said = changed.call("diff", *sides)
    assert said.exit_code == 0
    assert said.output.startswith("1 dearer, 1 ending (openrouter 2)\n")
    assert "| openrouter | `anthropic/claude-sonnet-4.5` | prompt | $3/M | $3.3/M | +10 % |" in said.output
    line = changed.call("diff", *sides, "--format", "line").output
    assert line == "1 dearer, 1 ending (openrouter 2)\n"
    told = changed.call("diff", *sides, "--format", "json").output
    assert [each.kind for each in Changes.model_validate_json(told).changes] == ["price", "deprecation"]
    assert changed.call("diff", sides[1], sides[1]).output == "No changes.\n"


def test_diff_of_nothing(changed: Site) -> None:
    """One line, exit 1."""
    said = changed.call("diff", str(changed.folder / "nowhere"), str(changed.data))
    assert (said.exit_code, said.output.count("\n")) == (1, 1)
    assert "neither a folder with a catalog nor a revision" in said.output


def test_history(changed: Site) -> None:
    """A table and a line of bars; one line for what nothing is logged of."""
    said = changed.call("history", "Anthropic/Claude-Sonnet-4.5", "--data", str(changed.data))
    assert said.exit_code == 0
    assert said.output.splitlines()[2].split() == [
        "2026-11-21", "openrouter", "anthropic/claude-sonnet-4.5", "$3.3/M", "$15/M", "1,000,000", "known",
    ]  # fmt: skip
    assert "▁█" in said.output
    said = changed.call("history", "acme/none", "--data", str(changed.data))
    assert (said.exit_code, "no change of acme/none is logged" in said.output) == (1, True)


def test_watch(changed: Site, tmp_path: Path) -> None:
    """What is dearer or ending is told, with exit 3; a file without such models ends well."""
    file = tmp_path / "config.yaml"
    file.write_text('models: ["openrouter/anthropic/claude-sonnet-4.5", deepseek/deepseek-chat-v3-0324]\n')
    said = changed.call("watch", str(file), "--data", str(changed.data))
    assert said.exit_code == 3
    assert [line.split()[:3] for line in said.output.splitlines()[2:]] == [
        ["anthropic/claude-sonnet-4.5", "openrouter", "dearer"],
        ["deepseek/deepseek-chat-v3-0324", "openrouter", "ending"],
    ]
    said = changed.call("watch", str(file), "--data", str(changed.data), "--since", "2026-11-22")
    assert "dearer" not in said.output
    file.write_text("openai/gpt-4o and nothing else")
    said = changed.call("watch", str(file), "--data", str(changed.data))
    assert (said.exit_code, said.output) == (0, "1 models named, 0 findings\n")


def test_the_client_watches_too(changed: Site) -> None:
    """What the Python client finds in the published tree is what the log tells."""
    text = "anthropic/claude-sonnet-4.5 deepseek/deepseek-chat-v3-0324 openai/gpt-4o"
    found = Catalog(changed.output).watch(text, "2026-11-21")
    assert [(each.model, each.what, each.since) for each in found] == [
        ("anthropic/claude-sonnet-4.5", "dearer", "2026-11-21"),
        ("deepseek/deepseek-chat-v3-0324", "ending", "2026-12-24"),
    ]


def test_watch_refuses_what_is_no_day(changed: Site) -> None:
    """Exit 2."""
    assert changed.call("watch", os.devnull, "--since", "yesterday").exit_code == 2


def test_replay(site: Site, tmp_path: Path) -> None:
    """A folder of dated captures becomes a log."""
    rows = site.catalog["OPENROUTER_BASE_URL"][LIST]
    folder = tmp_path / "captures/openrouter/models"
    folder.mkdir(parents=True)
    for day, price in (("2026-06-01", "0.000003"), ("2026-06-02", "0.000002")):
        model(site, "anthropic/claude-sonnet-4.5")["pricing"]["prompt"] = price
        (folder / f"{day}.json").write_text(json.dumps(rows))
    said = site.call("replay", str(tmp_path / "captures"), "--data", str(site.data))
    assert said.exit_code == 0, said.output
    assert [line.split(",")[0] for line in said.output.splitlines()] == [
        "2026-06-01 openrouter: fresh", "2026-06-02 openrouter: fresh",
    ]  # fmt: skip
    found = [json.loads(line) for line in (site.data / "changes/2026-06.jsonl").read_bytes().splitlines()]
    assert [(each["kind"], each["at"], each["to"]) for each in found][1:] == [
        ("price", "2026-06-02T00:00:00Z", "0.000002"),
    ]  # fmt: skip
    assert not site.output.exists()
