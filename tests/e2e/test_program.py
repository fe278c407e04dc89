"""What a tree says of the program: its commit, its digest, the files that are published as they are."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import program
from tests.site import MANIFEST, ROOT, Site

pytestmark = pytest.mark.usefixtures("waits", "unsynced")


def test_without_git_there_is_no_commit(site: Site) -> None:
    """A machine without it builds all the same."""
    site.build(GITHUB_SHA="", PATH="/nowhere")
    assert json.loads((site.output / MANIFEST).read_bytes())["commit"] is None


def test_the_commit_of_the_checkout(site: Site) -> None:
    """What the manifest says is what git says, unless the variable of the runner names one."""
    if not (ROOT / ".git").exists():
        pytest.skip("no checkout")
    site.build(GITHUB_SHA="")
    found = json.loads((site.output / MANIFEST).read_bytes())["commit"]
    assert (len(found), set(found) <= set("0123456789abcdef")) == (40, True)


def test_the_digest_of_the_code_sees_every_module(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A change of any of them reads all answers again."""
    names = ("build.py", "requirements.lock", "clients/js/gatelog.js", "site/index.html.j2")
    modules = ("commands/run.py", "catalog/units.py", "catalog/pages/shelf.py", "providers/chutes.py")
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "SITE", tmp_path / "site")
    for name in names + modules:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    seen = {program.code_digest()}
    for name in names + modules:
        assert program.code_digest() in seen
        (tmp_path / name).write_text("x", encoding="utf-8")
        seen.add(program.code_digest())
    assert len(seen) == 1 + len(names + modules)


def test_logos_are_published_as_they_are(built: Site) -> None:
    """Every file of `site/assets/` stands under `assets/`, and records link to it at the tree's address."""
    shipped = {f"assets/logos/{path.name}": path.read_bytes() for path in ROOT.glob("site/assets/logos/*")}
    assert shipped
    assert shipped.items() <= built.tree().items()
    built.build("--offline", "--base-url", "https://user.example/gatelog")
    data = json.loads(built.tree()["catalog/model/deepseek/deepseek-chat-v3-0324.json"])["data"]
    assert data["model_logo_url"] == "https://user.example/gatelog/assets/logos/deepseek.svg"
    assert built.call("check", str(built.output)).exit_code == 0


def test_another_logo_is_another_build(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The digest of the code covers all of `site/`, its names included."""
    monkeypatch.setattr(program, "ROOT", tmp_path)
    monkeypatch.setattr(program, "SITE", tmp_path / "site")
    (tmp_path / "build.py").touch()
    (tmp_path / "requirements.lock").touch()
    logo = tmp_path / "site/assets/logos/a.svg"
    logo.parent.mkdir(parents=True)
    client = tmp_path / "clients/js/gatelog.js"
    client.parent.mkdir(parents=True)
    client.touch()
    seen = set()
    for path, text in ((logo, "1"), (logo, "2"), (logo.with_name("b.svg"), "2")):
        logo.unlink(missing_ok=True)
        path.write_text(text)
        seen.add(program.code_digest())
    assert len(seen) == 3
    assert program.site() == {"assets/gatelog.js": b"", "assets/logos/b.svg": b"2"}
