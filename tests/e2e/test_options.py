"""`python build.py`: what each option does, what is said, and how it ends."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from catalog.tree import locked
from commands import program
from tests.site import MANIFEST, ROOT, STATIC, Site, base_variables, lasting
from tests.toys import contents, marks
from tests.upstream import TEST_KEY

GATEWAYS = "catalog/gateways.json"
FIVE = ("openrouter", "portkey", "featherless", "deepinfra", "chutes")
HOUR_LATER = "1795146000"
pytestmark = pytest.mark.usefixtures("waits")


@pytest.fixture(autouse=True)
def _no_sync(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the one call whose effect a test cannot see and whose cost it would feel."""
    monkeypatch.setattr(os, "sync", lambda: None)


def test_a_first_build(site: Site) -> None:
    """Five fresh gateways, a tree that checks, and a few plain lines about it."""
    said = site.build().output
    assert site.states() == dict.fromkeys(FIVE, "fresh")
    rows = [line.split() for line in said.splitlines()]
    assert [row[:2] for row in rows if row[0] in FIVE] == [[name, "fresh"] for name in FIVE]
    assert "\x1b" not in said and "\r" not in said  # noqa: PT018 - one claim: a pipe gets plain lines
    assert "0 problems" in site.call("check", str(site.output)).output


def test_a_quiet_night(built: Site) -> None:
    """The second build writes two files and leaves all others alone."""
    before = marks(built.output)
    built.build(SOURCE_DATE_EPOCH=HOUR_LATER)
    moved = {name for name, mark in marks(built.output).items() if before.get(name) != mark}
    assert moved == {GATEWAYS, MANIFEST}


def test_offline_writes_the_same_bytes(built: Site) -> None:
    """From the same data into another folder; the upstreams are not asked and data/ is not touched."""
    online, data = built.tree(), marks(built.data)
    said = built.build("--offline", "--output", str(built.folder / "again"), **lasting(built.environ)).output
    again = contents(built.folder / "again")
    del again[MANIFEST]
    assert (again, marks(built.data)) == (online, data)
    assert "! offline: no gateway was asked, everything comes from data/" in said


@pytest.mark.parametrize("gateway", FIVE)
def test_one_gateway_that_is_gone_costs_the_others_nothing(built: Site, gateway: str) -> None:
    """It is stale, loudly, and its models stay; --strict makes that exit 3."""
    before = built.tree()
    built.without(gateway)
    done = built.try_build("--strict", SOURCE_DATE_EPOCH=HOUR_LATER)
    assert done.exit_code == 3
    assert built.states() == dict.fromkeys(FIVE, "fresh") | {gateway: "stale"}
    assert any(line.startswith(f"! {gateway}: stale, ") for line in done.output.splitlines())
    assert {**built.tree(), GATEWAYS: b""} == {**before, GATEWAYS: b""}


def test_strict_is_content_with_fresh_gateways(site: Site) -> None:
    """Exit 0 when there is nothing to complain about."""
    assert site.try_build("--strict").exit_code == 0


def test_without_a_network_the_last_listings_are_served(built: Site) -> None:
    """Every port refuses: exit 0, every gateway stale, a warning for each that says of when they are."""
    before = built.tree()
    done = built.build(SOURCE_DATE_EPOCH=HOUR_LATER, **refused(built))
    assert built.states() == dict.fromkeys(FIVE, "stale")
    warned = [line for line in done.output.splitlines() if line.startswith("! ")]
    assert [line.split()[1] for line in warned] == [f"{name}:" for name in FIVE]
    assert all("listings of 2026-11-20T02:40:00Z are served" in line for line in warned)
    assert {**built.tree(), GATEWAYS: b""} == {**before, GATEWAYS: b""}


def refused(site: Site) -> dict[str, str]:
    """Return the variables that lead to a port that refuses."""
    return {name: lasting(site.environ)[name] for name in base_variables(site.environ)}


def test_a_first_build_without_a_network(site: Site) -> None:
    """Only the static catalog is there; whatever has nothing to serve is unavailable."""
    done = site.build(**refused(site))
    assert site.states() == dict.fromkeys(FIVE, "unavailable") | {"chutes": "stale"}
    assert "starter listings, not today's, for chutes" in done.output
    [model] = json.loads((site.output / "catalog/gateway/chutes.json").read_bytes())["models"]
    assert (model["id"], model["status"]) == (STATIC["models"][0]["id"], "unverified")  # type: ignore[index] # JSON


def test_a_missing_key_is_named(built: Site) -> None:
    """Only the gateway that needs it is unconfigured, and its last list is served."""
    done = built.build(PORTKEY_API_KEY="")
    assert built.states() == dict.fromkeys(FIVE, "fresh") | {"portkey": "unconfigured"}
    assert any("PORTKEY_API_KEY" in line for line in done.output.splitlines() if line.startswith("! portkey"))
    assert (built.output / "catalog/gateway/portkey/model/openai/gpt-4o.json").is_file()


def test_no_key_is_written_anywhere(built: Site) -> None:
    """Neither into the tree nor into data/, nor on the screen."""
    done = built.build("-v", PORTKEY_API_KEY="sk-secret-1", OPENROUTER_API_KEY="sk-secret-2")
    everything = b"".join([*contents(built.folder).values(), done.output.encode()])
    assert b"sk-secret" not in everything
    assert TEST_KEY.encode() not in b"".join(contents(built.data).values())


def test_one_gateway_alone(built: Site) -> None:
    """The others are not asked and stay what they were."""
    built.without(*FIVE)
    done = built.build("--gateway", "chutes", "--gateway", "portkey")
    stale = {"chutes": "stale", "portkey": "stale"}
    assert built.states() == dict.fromkeys(FIVE, "fresh") | stale
    seconds = {line.split()[0]: line.split()[-1] for line in done.output.splitlines() if line.split()[1:2]}
    assert [seconds[name] for name in ("openrouter", "featherless", "deepinfra")] == ["-"] * 3


def test_max_age(built: Site) -> None:
    """What is young enough is not asked for."""
    built.without(*FIVE)
    built.build("--max-age", "2h", SOURCE_DATE_EPOCH=HOUR_LATER)
    assert set(built.states().values()) == {"fresh"}
    built.build("--max-age", "30m", SOURCE_DATE_EPOCH=HOUR_LATER)
    assert set(built.states().values()) == {"stale"}


def test_accept(built: Site) -> None:
    """A list that lost most of its models is held until a person accepts it."""
    [(path, body)] = list(built.catalog["CHUTES_BASE_URL"].items())
    built.catalog["CHUTES_BASE_URL"][path] = {**body, "data": body["data"][:1]}
    done = built.build()
    assert (built.states()["chutes"], "! chutes: held, 9 listings" in done.output) == ("held", True)
    built.build("--accept", "chutes")
    assert built.states()["chutes"] == "fresh"


def test_base_url(site: Site) -> None:
    """Links become absolute, and the tree still checks."""
    site.build("--base-url", "https://example.test/catalog/")
    record = json.loads((site.output / "catalog/model/openai/gpt-4o.json").read_bytes())
    hrefs = {offer["href"] for offer in record["gateways"]}
    assert all(href.startswith("https://example.test/catalog/catalog/gateway/") for href in hrefs)
    assert site.call("check", str(site.output)).exit_code == 0


def test_plain(built: Site) -> None:
    """Every record also without Hugging Face metrics; without the option those files go again."""
    before = built.tree()
    built.build("--plain")
    plain = [name for name in built.tree() if name.startswith("catalog/plain/")]
    both = {name.removeprefix("catalog/plain/") for name in plain}
    assert {name.removeprefix("catalog/") for name in before if "/model/" in name} <= both
    record = json.loads((built.output / "catalog/plain/model/openai/gpt-4o.json").read_bytes())
    assert (record["include_huggingface"], record["data"]["huggingface_metrics"]) == (False, None)
    assert built.call("check", str(built.output)).exit_code == 0
    built.build()
    assert built.tree() == before


def test_max_entries(site: Site) -> None:
    """A tree over its budget is not published, unless the budget is told otherwise."""
    done = site.try_build("--max-entries", "100")
    assert (done.exit_code, site.tree()) == (1, {})
    assert "the budget is 100; --max-entries allows more" in done.output
    site.build("--max-entries", "10000")


def test_report(built: Site) -> None:
    """For programs: what the table says, the reasons, and the files."""
    built.without("chutes")
    path = built.folder / "report.json"
    built.build("--report", str(path))
    report = json.loads(path.read_bytes())
    assert [(row["gateway"], row["state"]) for row in report["gateways"]][-1] == ("chutes", "stale")
    assert report["gateways"][-1]["reason"].startswith("status 404")
    assert report["totals"]["files"] == len(contents(built.output))
    assert (report["files"]["created"], report["files"]["deleted"]) == (0, 0)


def test_verbose(site: Site) -> None:
    """Every request is named, without its key."""
    said = site.build("-v").output
    assert "portkey: /openai.json" in said
    assert "openrouter: /models?output_modalities=all" in said


def test_fetch_refreshes_data_alone(site: Site) -> None:
    """There is no tree before and after; the build that follows needs no network."""
    done = site.call("fetch", *site.folders())
    assert (done.exit_code, site.output.exists()) == (0, False)
    assert len(list((site.data / "snapshots").iterdir())) == 5
    site.build("--offline")
    assert site.states() == dict.fromkeys(FIVE, "fresh")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(["--gateway", "nobody"], id="no such gateway"),
        pytest.param(["--max-age", "soon"], id="no age"),
        pytest.param(["--base-url", "ftp://x"], id="no base URL"),
        pytest.param(["--concurrency", "0"], id="no requests at once"),
        pytest.param(["--nonsense"], id="no such option"),
        pytest.param(["check", "nowhere"], id="no such folder"),
        pytest.param(["show"], id="no id"),
        pytest.param(["show", "a//b"], id="a bad id"),
        pytest.param(["show", "x" * 600], id="a long id"),
        pytest.param(["--offline", "fetch"], id="an option before the command"),
        pytest.param(["--data", "x", "--output", "x"], id="one folder for both"),
        pytest.param(["--data", "x/data", "--output", "x"], id="data in the output folder"),
        pytest.param(["--data", "x", "--output", "x/y/output"], id="the output folder in data"),
    ],
)
def test_misuse_is_exit_2(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]) -> None:
    """Said with usage, and nothing happens."""
    monkeypatch.chdir(tmp_path)
    done = Site(tmp_path, {}).call(*words)
    assert (done.exit_code, "Error: " in done.output) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_one_build_at_a_time(built: Site) -> None:
    """The second one says so in one line."""
    before = contents(built.folder)
    for folder in (built.output, built.data):
        with locked(folder):
            done = built.try_build()
        assert (done.exit_code, done.output) == (1, f"Error: another build is at work in {folder}\n")
    assert contents(built.folder) == before


def test_a_folder_that_cannot_be_written(built: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """One clear line, exit 1, and nothing is half-written."""
    before = contents(built.folder)
    real = os.mkdir

    def refuse(path: str | Path, mode: int = 0o777) -> None:
        if Path(path).is_relative_to(built.output):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
        real(path, mode)

    monkeypatch.setattr(os, "mkdir", refuse)
    done = built.try_build(SOURCE_DATE_EPOCH=HOUR_LATER)
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        1, f"Error: Permission denied: {built.output / '.next'}",
    )  # fmt: skip
    assert contents(built.folder) == before


def test_a_report_that_cannot_be_written(site: Site) -> None:
    """Said before anything is done."""
    done = site.try_build("--report", str(site.folder / "no" / "such" / "report.json"))
    assert (done.exit_code, site.tree()) == (2, {})
    assert "there is no folder" in done.output


@pytest.mark.parametrize(
    "url", ["ftp://host", "https://host/a b", "https://host/?q", "https://host/#x", "host"]
)
def test_a_base_url_that_is_none(site: Site, url: str) -> None:
    """Every link would be broken."""
    assert site.try_build("--base-url", url).exit_code == 2


def test_a_snapshot_that_lost_lines_is_not_published(built: Site) -> None:
    """It would pass for a catalog that lost models."""
    path = built.data / "snapshots" / "deepinfra.jsonl"
    before, lines = built.tree(), path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:-2]))
    done = built.try_build("--offline")
    assert (done.exit_code, built.tree()) == (1, before)
    assert "deepinfra.jsonl holds" in done.output
    built.build("--offline", "--accept", "deepinfra")


def test_an_empty_catalog_is_never_published(built: Site) -> None:
    """Data that went missing as a whole would empty the tree."""
    before = built.tree()
    for path in (built.data / "state.json", *(built.data / "snapshots").iterdir()):
        path.unlink()
    done = built.try_build("--offline")
    assert (done.exit_code, built.tree()) == (1, before)
    assert "there is nothing to publish" in done.output


def test_a_lost_state_is_not_overlooked(built: Site) -> None:
    """Without it nothing is compared, and a shrunk list would be believed."""
    (built.data / "state.json").unlink()
    done = built.try_build()
    assert done.exit_code == 1
    assert "data/state.json does not know data/snapshots/openrouter.jsonl" in done.output


@pytest.mark.parametrize("epoch", ["soon", "1e9", "9" * 30])
def test_a_moment_that_is_none(site: Site, epoch: str) -> None:
    """SOURCE_DATE_EPOCH is named."""
    done = site.try_build(SOURCE_DATE_EPOCH=epoch)
    assert done.exit_code == 1
    assert done.output == f"Error: SOURCE_DATE_EPOCH is no moment in seconds: {epoch!r}\n"


def test_a_broken_file_of_ours_stops_the_build(built: Site) -> None:
    """With one line that names it, and the tree stays."""
    before = built.tree()
    path = built.data / "snapshots" / "chutes.jsonl"
    path.write_text("<<<<<<< HEAD\n" + path.read_text())
    done = built.try_build("--offline")
    assert done.exit_code == 1
    assert done.output.startswith(f"Error: {path} line 1 cannot be read: ")
    assert (len(done.output.splitlines()), built.tree()) == (1, before)


def test_a_full_disk(built: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old tree stays, data/ as well, and of the new one nothing is left lying about."""
    before = contents(built.folder)

    def full(_: int, __: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "write", full)
    done = built.try_build("--base-url", "https://example.test", SOURCE_DATE_EPOCH=HOUR_LATER)
    assert (done.exit_code, "No space left on device" in done.output) == (1, True)
    assert contents(built.folder) == before
    assert not (built.output / ".next").exists()
    assert not (built.data / ".next").exists()


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
