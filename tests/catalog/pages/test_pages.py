"""Pages: what stands on them, where they lie, and that nothing of a gateway is markup."""

from __future__ import annotations

import re
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from catalog import links
from catalog.pages import Site
from catalog.pages.words import price
from catalog.schema.listing import KeptListing, PriceSource
from tests.factories import kept, money, tombstone, tree
from tests.full import FULL, VARIETY
from tests.website import said, website

OWN = PriceSource(gateway="openrouter", match="own")
HOSTILE = '"><script>alert(1)</script>{{ 7 * 7 }}'


def priced(gateway: str, prompt: str, **overrides: object) -> KeptListing:
    """Make an offer of one model, whose gateway says its repository."""
    usual = {
        "gateway": gateway,
        "id": "acme/one",
        "hugging_face_id": "acme/one",
        "pricing": money(prompt=prompt, completion=prompt),
        "price_source": PriceSource(gateway=gateway, match="own"),
    }
    return kept(**{**usual, **overrides})


def pages(*found: KeptListing, site: Site | None = None) -> dict[str, bytes]:
    """Render the website of some listings."""
    return tree(*found, site=site or website())


@pytest.fixture(scope="module")
def whole() -> dict[str, bytes]:
    """Render one listing of each kind."""
    return pages(*VARIETY)


def test_every_link_leads_somewhere(whole: dict[str, bytes]) -> None:
    """Inside the tree; the one file that comes with every build is given."""
    present = {
        *whole,
        "catalog/gateways.json",
        *(f"catalog/manifest/{digit:02x}.json" for digit in range(256)),
    }
    looked_at = [name for name in whole if name.endswith(".html")]
    assert len(looked_at) > 10
    assert [told for name in looked_at for told in links.broken(name, whole[name].decode(), present)] == []


def test_every_page_has_the_policy(whole: dict[str, bytes]) -> None:
    """No inline script, no inline style, no request to any other host."""
    for name, body in whole.items():
        if name.endswith(".html"):
            page = body.decode()
            assert "connect-src 'self'" in page, name
            assert "unsafe-inline" not in page, name
            assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son[a-z]+=", page), name


def test_pages_of_one_catalog_are_equal(whole: dict[str, bytes]) -> None:
    """No clock, no order of chance."""
    assert pages(*VARIETY) == whole


def test_prices_stand_side_by_side() -> None:
    """The cheapest of the gateways is marked, on the page of the model's first offer."""
    page = pages(priced("openrouter", "0.000002"), priced("deepinfra", "0.0000015"))["model/acme/one.html"]
    text = said(page)
    assert "Prices on 2 gateways" in text
    assert re.search(r"Openrouter acme/one \$2\.00 \$2\.00", text)
    assert re.search(r"Deepinfra acme/one \$1\.50 cheapest \$1\.50 cheapest", text)
    assert "Deepinfra: its own price list" in text


def test_a_free_variant_is_not_the_cheapest() -> None:
    """A batch price is for other work."""
    page = pages(priced("openrouter", "0.000002"), priced("openrouter", "0.000001", id="acme/one:batch"))[
        "model/acme/one.html"
    ]
    assert "cheapest" not in said(page)


def test_what_everything_says(whole: dict[str, bytes]) -> None:
    """Tiers, hosts, parameters, description, the announced end and the successor are on the page."""
    text = said(whole["model/acme/one.html"])
    for words in (
        "Going away.",
        "on 2027-01-01 and names acme/two as the successor",
        "prompts over 200,000 tokens",
        "10:00 to 01:00 UTC",
        "service tier priority",
        "Hosts behind Openrouter",
        "Second.",
        "max_tokens",
    ):
        assert words in text, words


def test_unknown_is_a_dash_with_a_reason() -> None:
    """And never a zero."""
    page = pages(kept())["model/acme/one.html"].decode()
    assert 'title="the gateway publishes no price"' in page
    assert "$0" not in page


def test_free_is_a_word() -> None:
    """In the list of an organisation, too."""
    free = kept(pricing=money(prompt="0", completion="0"), price_source=OWN)
    files = pages(free)
    assert "free" in said(files["organisation/acme.html"])
    assert "free" in said(files["model/acme/one.html"])


def test_the_long_tail_has_no_page() -> None:
    """It is reached by its id, and by a plain link to its record."""
    files = pages(kept(gateway="featherless", id="Acme/Tail:v1"), kept())
    assert "model/acme/tail~3av1.html" not in files
    letter = files["models/a.html"].decode()
    assert 'href="../model.html?id=Acme/Tail:v1"' in letter
    assert 'href="../catalog/model/acme/tail~3av1.json"' in letter


def test_a_removed_model_has_no_page() -> None:
    """It is in no list either."""
    files = pages(tombstone(id="acme/gone"), kept())
    assert "model/acme/gone.html" not in files
    assert b"acme/gone" not in files["models/a.html"]


def test_small_organisations_share_a_page() -> None:
    """Fewer than three models, unless one of them is on another gateway."""
    few = [kept(gateway="featherless", id=f"few/{number}") for number in range(2)]
    many = [kept(gateway="featherless", id=f"many/{number}") for number in range(3)]
    files = pages(*few, *many, kept(id="one/two"))
    assert "organisation/few.html" not in files
    assert {"organisation/many.html", "organisation/one.html"} <= files.keys()
    assert "organisation.html?name=few" not in files["organisations.html"].decode()


@pytest.mark.parametrize(
    "field",
    [
        pytest.param({"name": HOSTILE}, id="name"),
        pytest.param({"description": HOSTILE}, id="description"),
        pytest.param({"knowledge_cutoff": HOSTILE}, id="cut-off"),
        pytest.param({"hugging_face_id": HOSTILE}, id="repository"),
        pytest.param({"supported_parameters": (HOSTILE,)}, id="parameters"),
        pytest.param({"replaced_by": HOSTILE, "expiration_date": "2027-01-01"}, id="successor"),
    ],
)
def test_what_a_gateway_says_is_text(field: dict[str, object]) -> None:
    """Whatever it looks like."""
    page = pages(kept(**field))["model/acme/one.html"].decode()
    assert "<script>" not in page
    assert "{{ 7 * 7 }}" in unescape(page) or "%7B%7B" in page


def test_an_address_that_is_none_is_no_link() -> None:
    """Only http and https are followed."""
    records = website()
    template = records.files["templates/organisation.html"].decode()
    assert "face.site | link" in template
    assert records.files["templates/model.html"].decode().count("face.site | link") == 2


def test_an_undefined_name_stops_the_build() -> None:
    """A template that asks for what is not there is a mistake."""
    site = website()
    files = {**site.files, "templates/404.html": b"{{ nobody }}"}
    with pytest.raises(UndefinedError):
        pages(kept(), site=Site(files, site.gateways))


def test_a_base_url_gives_addresses() -> None:
    """Canonical links, Open Graph tags, a sitemap of every page, robots.txt."""
    files = pages(FULL, site=website(base_url="https://example.test/gatelog"))
    page = files["model/acme/one.html"].decode()
    assert '<link rel="canonical" href="https://example.test/gatelog/model/acme/one.html">' in page
    assert '<meta property="og:title"' in page
    listed = re.findall(r"<loc>([^<]*)</loc>", files["sitemap.xml"].decode())
    assert "https://example.test/gatelog/" in listed
    assert "https://example.test/gatelog/model/acme/one.html" in listed
    assert b"Sitemap: https://example.test/gatelog/sitemap.xml" in files["robots.txt"]
    assert 'href="/gatelog/assets/site.css"' in files["404.html"].decode()


def test_without_a_base_url_every_link_is_relative(whole: dict[str, bytes]) -> None:
    """The tree works below any prefix; only the page for what is not there cannot know where it is."""
    assert "sitemap.xml" not in whole
    for name, body in whole.items():
        if name.endswith(".html") and name != "404.html":
            assert not re.search(r'(?:href|src|action)="/', body.decode()), name


def test_history_becomes_a_chart_a_table_and_a_line() -> None:
    """As soon as there is one; readers without a chart have the same prices in the table."""
    point = {"gateway": "openrouter", "id": "acme/one", "completion": None, "context_length": 1}
    points = [
        {**point, "at": "2026-10-01T00:00:00Z", "prompt": "0.000002", "price_kind": "known"},
        {**point, "at": "2026-11-01T00:00:00Z", "prompt": "0.000001", "price_kind": "known"},
        {**point, "at": "2026-11-02T00:00:00Z", "id": "acme/other", "prompt": None, "price_kind": None},
    ]
    files = pages(kept(), site=website(histories={"acme/one.json": {"points": points}}))
    page = files["model/acme/one.html"].decode()
    assert 'data-history="../../catalog/history/acme/one.json"' in page
    assert 'aria-label="The input price fell in 1 steps"' in page
    assert "2026-11-02 Openrouter acme/other no longer listed" in said(page.encode())
    assert "2026-11-01 Openrouter acme/one $1.00 – unknown" in said(page.encode())
    assert 'class="spark"' in files["organisation/acme.html"].decode()


def test_equal_prices_are_not_the_cheapest() -> None:
    """Only where another gateway asks more is there a choice; the facts name all of the cheapest."""
    page = pages(priced("openrouter", "0.000002"), priced("deepinfra", "0.000002"))["model/acme/one.html"]
    assert "cheapest" not in said(page)
    assert "$2.00 Openrouter and Deepinfra" in said(page)


def test_announced_ends_are_listed() -> None:
    """With the day, the successor, and the page of the model."""
    end = {"gateway": "openrouter", "model": "acme/one", "name": HOSTILE, "expiration_date": "2027-01-01"}
    ends = [{**end, "model_key": "acme/one", "announced_at": None, "replaced_by": "acme/two"}]
    page = pages(kept(), site=website(endings=ends))["changes.html"]
    assert 'href="model/acme/one.html"' in page.decode()
    assert "2027-01-01" in said(page)
    assert "acme/two" in said(page)
    assert "<script>alert" not in page.decode()
    assert "No gateway has announced" in said(pages(kept())["changes.html"])


def test_feeds_are_found() -> None:
    """By a reader's program, on every page."""
    page = pages(kept(), site=website(feeds=True))["model/acme/one.html"].decode()
    assert 'type="application/atom+xml"' in page
    assert 'href="../../catalog/feeds/all.atom"' in page


def test_a_tree_without_a_site_has_no_pages() -> None:
    """The catalog does not need it."""
    assert not [name for name in tree(kept()) if name.endswith(".html")]


def test_the_client_is_published_as_it_is(whole: dict[str, bytes]) -> None:
    """Pages compute paths with the very text that programs use."""
    client = Path(__file__).parents[3] / "clients/js/gatelog.js"
    assert whole["assets/gatelog.js"] == client.read_bytes()


def test_a_night_changes_only_what_shows_it() -> None:
    """A price that moved changes its model's page and the lists that show it, and nothing else."""
    other = [kept(id=f"other/{number}", context_length=1) for number in range(40)]
    before = pages(priced("openrouter", "0.000002"), *other)
    after = pages(priced("openrouter", "0.000003"), *other)
    changed = {
        name for name in before if before[name] != after[name] and name.endswith((".html", ".js", ".css"))
    }
    assert changed == {"model/acme/one.html", "organisation/acme.html", "index.html"}


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        pytest.param(
            "uplot.js", "19c8d4c6ad88929a79f4ae49d6f7161566dfd0ba3d15cc495e974f787eb78f1f", id="code"
        ),
        pytest.param(
            "uplot.css", "df630c6a8d6f8eeaff264b50f73ce5b114f646ffd9a0bb74f049b0a00135fa04", id="style"
        ),
    ],
)
def test_what_is_vendored_is_unchanged(name: str, digest: str) -> None:
    """NOTICE says of which release."""
    path = Path(__file__).parents[3] / "site/assets" / name
    assert sha256(path.read_bytes()).hexdigest() == digest


@pytest.mark.parametrize(
    ("value", "kind", "shown"),
    [
        pytest.param("0.000003", "known", "$3.00", id="number"),
        pytest.param("0.0000000000004", "known", "$0.0000004", id="tiny"),
        pytest.param("0", "known", "free", id="zero"),
        pytest.param(None, "free", "free", id="free"),
        pytest.param(None, "included", "in plan", id="plan"),
        pytest.param(None, "unknown", "– unknown: the gateway publishes no price", id="unknown"),
    ],
)
def test_a_price_in_words(value: str | None, kind: str, shown: str) -> None:
    """A number without an exponent, a word, or a dash with a reason."""
    assert said(price(value, kind).encode()) == shown
