"""`python build.py`: what each option does, what is said, and how it ends."""

from __future__ import annotations

import json

import pytest

from tests.site import HOUR_LATER, MANIFEST, STATIC, Site, base_variables, lasting
from tests.toys import contents, marks
from tests.upstream import TEST_KEY

GATEWAYS = "catalog/gateways.json"
FIVE = ("openrouter", "portkey", "featherless", "deepinfra", "chutes")
pytestmark = pytest.mark.usefixtures("waits", "unsynced")


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


@pytest.mark.slow
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


@pytest.mark.slow
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
