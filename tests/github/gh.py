#!/usr/bin/env python3
"""A stand-in for GitHub's command line: records every call and plays one repository with issues and requests.

What it knows is in the JSON file that GH_STATE names: `calls`, `labels`, `pulls`, `issues`, `releases`.
A request is merged on the remote, after `busy` refusals.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

NOTHING: dict[str, Any] = {"calls": [], "labels": [], "pulls": [], "issues": [], "releases": {}}


def option(words: list[str], name: str, default: str = "") -> str:
    """Return what stands behind an option."""
    return words[words.index(name) + 1] if name in words else default


def every(words: list[str], name: str) -> list[str]:
    """Return what stands behind each use of an option."""
    return [words[place + 1] for place, word in enumerate(words) if word == name]


def find(rows: list[dict[str, Any]], number: str) -> dict[str, Any]:
    """Return an open issue or pull request."""
    return next(row for row in rows if str(row["number"]) == number and row["state"] == "open")


def pull(state: dict[str, Any], verb: str, words: list[str]) -> str:
    """Play `gh pr`."""
    pulls = state["pulls"]
    if verb == "list":
        opened = [row for row in pulls if row["state"] == "open" and row["head"] == option(words, "--head")]
        return f"{opened[0]['number']}" if opened else ""
    if verb == "create":
        body = Path(option(words, "--body-file")).read_text(encoding="utf-8")
        row: dict[str, Any] = {"number": len(pulls) + 1, "state": "open"}
        row |= {"head": option(words, "--head"), "base": option(words, "--base"), "body": body}
        pulls.append({**row, "title": option(words, "--title"), "labels": []})
        return ""
    row = find(pulls, words[2])
    if verb == "merge":
        merge(state, row, option(words, "--match-head-commit"))
        return ""
    if "--body-file" in words:
        body = Path(option(words, "--body-file")).read_text(encoding="utf-8")
        row |= {"body": body, "title": option(words, "--title")}
    unknown = {*every(words, "--add-label"), *every(words, "--remove-label")} - set(state["labels"])
    if unknown:
        raise SystemExit(f"could not find labels: {sorted(unknown)}")
    kept = set(row["labels"]) | set(every(words, "--add-label"))
    row["labels"] = sorted(kept - set(every(words, "--remove-label")))
    return ""


def merge(state: dict[str, Any], row: dict[str, Any], commit: str) -> None:
    """Merge a request on the remote; GitHub refuses while it is busy, and when the branch is another one."""
    if state.get("busy", 0) > 0:
        state["busy"] -= 1
        raise SystemExit("Base branch was modified. Review and try the merge again.")
    head = subprocess.check_output(["git", "ls-remote", "origin", f"refs/heads/{row['head']}"], text=True)
    if head.partition("\t")[0] != commit:
        raise SystemExit("Head branch was modified. Review and try the merge again.")
    subprocess.run(["git", "push", "-q", "origin", f"{commit}:refs/heads/{row['base']}"], check=True)
    row |= {"state": "merged", "commit": commit}


def issue(state: dict[str, Any], verb: str, words: list[str]) -> str:
    """Play `gh issue`."""
    issues = state["issues"]
    if verb == "list":
        opened = [{key: row[key] for key in ("number", "title")} for row in issues if row["state"] == "open"]
        return json.dumps(opened)
    if verb == "create":
        row = {"number": len(issues) + 1, "state": "open", "title": option(words, "--title")}
        issues.append({**row, "body": option(words, "--body"), "label": option(words, "--label")})
    elif verb == "edit":
        find(issues, words[2])["body"] = option(words, "--body")
    elif verb == "close":
        find(issues, words[2])["state"] = "closed"
    return ""


def release(state: dict[str, Any], verb: str, words: list[str]) -> str:
    """Play `gh release`."""
    if verb == "view" and words[2] not in state["releases"]:
        raise SystemExit("release not found")
    if verb == "create":
        state["releases"][words[2]] = [word for word in words[3:] if Path(word).is_file()]
    return ""


def main() -> None:
    """Record one call and play it."""
    words = sys.argv[1:]
    file = Path(os.environ["GH_STATE"])
    state = json.loads(file.read_text()) if file.exists() else NOTHING
    state["calls"].append(words)
    noun, verb = words[0], words[1]
    if noun == "label":
        state["labels"].append(words[2])
    play = {"pr": pull, "issue": issue, "release": release}.get(noun)
    try:
        said = play(state, verb, words) if play else ""
    finally:
        file.write_text(json.dumps(state))
    if said:
        sys.stdout.write(f"{said}\n")


if __name__ == "__main__":
    main()
