"""`build.py check --against`: a deployed tree as its readers find it, sound and with all that goes wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from catalog.deployed import Inspection
from catalog.serve import opened
from catalog.wire.limits import Limits
from commands import check
from tests.conformance.hosts import CADDY, NGINX, Host
from tests.deployment import Deployment, deployed
from tests.served import served
from tests.site import EPOCH, MANIFEST, Site
from tests.toys import contents

LIST = "catalog/index.json"
ABSENT = "catalog/model/nobody/has-this-model.json"
NOW = datetime.fromtimestamp(int(EPOCH), UTC)
LATER = str(int(EPOCH) + 60)


@pytest.fixture(scope="module")
def files(finished: Path) -> dict[str, bytes]:
    """What the small site holds after its build."""
    return contents(finished / "output")


@pytest.fixture
def host(files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """A host that serves the small site as it was built; nobody waits long for it."""
    monkeypatch.setattr(check, "CHECKS", Limits(tries=2, backoff=0.01, jitter=0.0, failures_in_a_row=8))
    monkeypatch.setattr(check, "LOOK_AGAIN", 0.01)
    with deployed(dict(files)) as running:
        yield running


def faults(
    files: dict[str, bytes], host: Deployment, now: datetime = NOW, *, alone: bool = False
) -> list[str]:
    """Look at every file without a network and return what is wrong."""
    looks = Inspection(host.visit, now, None if alone else files.__getitem__, sample=0).looks()
    return [fault for each in looks for fault in each.faults]


@pytest.mark.parametrize("alone", [False, True], ids=["against a built tree", "by itself"])
def test_every_file(files: dict[str, bytes], *, alone: bool) -> None:
    """Each is asked for once, and so is one that no tree has."""
    host = Deployment(dict(files))
    assert faults(files, host, alone=alone) == []
    assert set(host.asked) == {*files, ABSENT}
    assert set(host.asked.values()) == {1}


WRONG = [
    pytest.param(LIST, {"body": b"{}"}, f"{LIST} has another digest than it should (2 of ", id="wrong"),
    pytest.param(LIST, {"status": 404}, f"{LIST} answers with status 404", id="missing"),
    pytest.param(LIST, {"type": "text/html"}, f"{LIST} has the type text/html, not app", id="type"),
    pytest.param(LIST, {"type": None}, f"{LIST} has the type none, not application/json", id="no type"),
    pytest.param(LIST, {"cors": None}, f"{LIST} may not be read by pages of other sites", id="no CORS"),
    pytest.param(LIST, {"cors": "https://x.example"}, f"{LIST} may not be read by", id="CORS for others"),
    pytest.param("index.html", {"type": "text/plain"}, "index.html has the type text/plain", id="page"),
    pytest.param(ABSENT, {"status": 200}, "answers with status 200, not 404", id="a page for everything"),
    pytest.param(LIST, {"reason": "cut"}, f"{LIST} gave no answer: cut", id="no answer"),
    pytest.param(ABSENT, {"reason": "cut"}, f"{ABSENT} gave no answer: cut", id="no answer for nothing"),
    pytest.param(MANIFEST, {"reason": "cut"}, f"{MANIFEST} gave no answer: cut", id="no manifest served"),
    pytest.param(MANIFEST, {"status": 404}, f"{MANIFEST} answers with status 404", id="no tree"),
    pytest.param(MANIFEST, {"body": b"<html>"}, f"{MANIFEST} is no manifest (6 bytes)", id="no manifest"),
    pytest.param(MANIFEST, {"cors": None}, f"{MANIFEST} may not be read", id="manifest without CORS"),
    pytest.param(
        "catalog/manifest/07.json", {"body": b"{}\n"}, "catalog/manifest/07.json has another digest",
        id="part of the manifest",
    ),
    pytest.param(
        "catalog/gateways.json", {"body": b"{}"}, "catalog/gateways.json has another digest", id="states"
    ),
]  # fmt: skip


@pytest.mark.parametrize(("path", "wrong", "words"), WRONG)
def test_a_fault_is_named(files: dict[str, bytes], path: str, wrong: dict[str, object], words: str) -> None:
    """One sentence says which file it is and what is wrong with it, and nothing else is wrong."""
    (told,) = faults(files, Deployment(dict(files), {path: wrong}))
    assert words in told


@pytest.mark.parametrize(("step", "words"), [(-1, "an older tree"), (1, "a newer tree")])
def test_another_tree(files: dict[str, bytes], step: int, words: str) -> None:
    """A host that serves another build is told so, and nothing else is asked of it."""
    serial = orjson.loads(files[MANIFEST])["serial"]
    other = files[MANIFEST].replace(str(serial).encode(), str(serial + step).encode())
    host = Deployment(files | {MANIFEST: other})
    assert faults(files, host) == [f"{words} is served: serial {serial + step}, built was {serial}"]
    assert set(host.asked) == {MANIFEST}


def test_the_same_serial_with_other_bytes(files: dict[str, bytes]) -> None:
    """Is not the tree that was built."""
    (told,) = faults(files, Deployment(files | {MANIFEST: files[MANIFEST] + b"\n"}))
    assert "and other bytes" in told


@pytest.mark.parametrize("alone", [False, True], ids=["against a built tree", "by itself"])
def test_a_tree_that_nobody_renews(files: dict[str, bytes], *, alone: bool) -> None:
    """Expires after a week."""
    week = NOW + timedelta(days=7)
    assert faults(files, Deployment(dict(files)), week, alone=alone) == []
    (told,) = faults(files, Deployment(dict(files)), week + timedelta(seconds=1), alone=alone)
    assert told == f"{MANIFEST} expired at 2026-11-27T02:40:00Z: nothing newer was published"


def test_states_by_themselves(files: dict[str, bytes]) -> None:
    """Are held to the digest in the manifest; where one of an older build has none, to their form."""
    spoilt = files | {"catalog/gateways.json": b"{}"}
    (told,) = faults(files, Deployment(spoilt), alone=True)
    assert told.startswith("catalog/gateways.json has another digest than it should (2 of ")
    spoilt[MANIFEST] = orjson.dumps({**orjson.loads(files[MANIFEST]), "states": {}})
    (told,) = faults(files, Deployment(spoilt), alone=True)
    assert told.startswith("catalog/gateways.json is no gateways: schema_version")


@pytest.mark.slow
def test_a_sample(built: Site, host: Deployment) -> None:
    """The manifest, its parts, states, lists, ids of every kind and a few by chance; the same ones again."""
    done = built.call("check", "--sample", "5", "--against", host.address)
    assert done.exit_code == 0, done.output
    rows = dict(re.findall(r"^(\w[\w ]*?) {2,}(\d+)", done.output, re.MULTILINE))
    asked = set(host.asked)
    assert (rows["manifest part"], rows["state"], rows["sample"], rows["absent path"]) == (
        "256",
        "2",
        "5",
        "1",
    )
    assert {LIST, "catalog/gateway/chutes.json", "v1/models"} <= asked
    assert all(any(part in name for name in asked) for part in ("~3a", "~40", "~~"))
    assert done.output.endswith(f"\n{host.address}: {len(asked)} files checked, 0 problems\n")
    assert any(re.search("model/.*[A-Z]", name) for name in asked)
    again = Inspection(host.visit, NOW, sample=5)
    assert {each.path for each in again.looks()} == asked


def test_faults_are_told_and_counted(built: Site, host: Deployment) -> None:
    """Twenty of them in words, after a table; exit 1."""
    host.wrong |= {path: {"type": "text/html"} for path in host.files if path.startswith("catalog/manifest/")}
    done = built.call("check", str(built.output), "--sample", "1", "--against", host.address)
    assert (done.exit_code, done.output.count("\n! ")) == (1, check.MANY_FAULTS + 1)
    assert re.search(r"^manifest part +256 +256$", done.output, re.MULTILINE)
    assert "\n! and 236 more\n" in done.output


@pytest.mark.slow
def test_waiting(built: Site, host: Deployment) -> None:
    """A host may need some time; what it serves at the end counts."""
    built.build("--offline", SOURCE_DATE_EPOCH=LATER)
    host.late = contents(built.output)
    words = ("check", str(built.output), "--sample", "1", "--wait", "60s", "--against", host.address)
    done = built.call(*words, SOURCE_DATE_EPOCH=LATER)
    lines = done.output.splitlines()
    assert done.exit_code == 0, done.output
    assert all(line.startswith("not yet: an older tree is served") for line in lines[:2])
    assert lines[2].startswith("what ")


def test_waiting_ends(built: Site, host: Deployment, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the last thing that was seen."""
    monkeypatch.setattr(check, "LOOK_AGAIN", 2.0)
    host.wrong[MANIFEST] = {"status": 404}
    done = built.call("check", str(built.output), "--wait", "1s", "--against", host.address)
    assert (done.exit_code, host.asked[MANIFEST]) == (1, 2)
    assert done.output.endswith(
        f"! {MANIFEST} answers with status 404\n{host.address}: 1 files checked, 1 problems\n"
    )


def test_nothing_to_compare_with(built: Site, tmp_path: Path) -> None:
    """A folder without a tree is said to be one."""
    (tmp_path / "empty").mkdir()
    done = built.call("check", str(tmp_path / "empty"), "--against", "http://127.0.0.1:9")
    assert done.output == f"Error: {tmp_path}/empty holds no built tree to compare with\n"


@pytest.mark.slow
def test_the_preview_server(built: Site) -> None:
    """Passes with every file."""
    with served(opened(built.output)) as address:
        done = built.call("check", str(built.output), "--all", "--against", f"{address}/")
    assert done.exit_code == 0, done.output


@pytest.mark.slow
@pytest.mark.parametrize(
    ("server", "hidden"),
    [
        pytest.param(NGINX, set(), id="nginx"),
        pytest.param(CADDY, {"! hosts/caddy/gatelog.caddy answers with status 404"}, id="caddy"),
    ],
)
def test_a_real_server(built: Site, tmp_path: Path, server: Host, hidden: set[str]) -> None:
    """Passes with every file under the rules of `hosts/`; Caddy hides a file that it is configured with."""
    if why := server.missing():
        pytest.skip(why)
    (tmp_path / "scratch").mkdir()
    with server.start(built.output, tmp_path / "scratch") as address:
        done = built.call("check", str(built.output), "--all", "--against", address)
    assert {line for line in done.output.splitlines() if line.startswith("! ")} == hidden
    assert done.exit_code == bool(hidden)
