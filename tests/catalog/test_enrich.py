"""Organisations: what facts know of them, what stands in where they know nothing."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from catalog.enrich import Shown, look_up
from catalog.schema.facts import Organisation
from tests.factories import THEN, book, document, kept, tombstone, tree

DAY = THEN[:10]
FACTS = {
    "acme": Organisation(
        name="Acme Inc.",
        site="https://acme.example",
        logo="acme",
        aliases=("acme-ai",),
        source="xyz",
        date=DAY,
    ),
    "modest": Organisation(name="Modest", aliases=("modest-hub",), source="xyz", date=DAY),
}
HUBS = ("Modest-Hub", "DavidAU", "davidau", "no/ne", "")
ASSETS = tuple(f"assets/logos/{name}.svg" for name in ("acme", "monogram-m", "monogram-d", "monogram-9"))


def shown(slug: str, hubs: Iterable[str] = HUBS, base_url: str = "") -> Shown:
    """Look one organisation up."""
    return look_up(FACTS, hubs, ASSETS, base_url)(slug)


@pytest.mark.parametrize("slug", ["acme", "acme-ai"])
def test_a_known_organisation(slug: str) -> None:
    """Every spelling of it has the same name, site and logo."""
    assert shown(slug) == Shown("Acme Inc.", "https://acme.example", "/assets/logos/acme.svg")


@pytest.mark.parametrize("slug", ["modest", "modest-hub"])
def test_a_known_organisation_without_a_site(slug: str) -> None:
    """Its page on the Hub stands in, under whichever spelling it has one, and its monogram for a logo."""
    site = "https://huggingface.co/Modest-Hub"
    assert shown(slug) == Shown("Modest", site, "/assets/logos/monogram-m.svg")


def test_an_organisation_that_only_the_hub_knows() -> None:
    """It is called as it is spelled there; of two spellings the one with capitals, whatever came first."""
    expected = Shown("DavidAU", "https://huggingface.co/DavidAU", "/assets/logos/monogram-d.svg")
    assert shown("davidau") == expected
    assert shown("davidau", hubs=HUBS[::-1]) == expected


@pytest.mark.parametrize("slug", ["no/ne", "", "x y", "acme.example", "modest-"])
def test_what_nobody_knows_has_no_site(slug: str) -> None:
    """Nothing is derived from a name, and no odd name becomes an address."""
    assert shown(slug).site is None
    assert shown(slug).name == slug


@pytest.mark.parametrize(
    ("slug", "logo"),
    [
        pytest.param("_9lives", "/assets/logos/monogram-9.svg", id="first letter or digit"),
        pytest.param("данила", None, id="no letter of ours"),
        pytest.param("zeta", None, id="no such file"),
    ],
)
def test_monograms(slug: str, logo: str | None) -> None:
    """A logo is a file of the tree or nothing."""
    assert shown(slug).logo == logo


def test_a_logo_that_is_not_there_leaves_the_monogram() -> None:
    """A record never links to a file that is not published."""
    only = ("assets/logos/monogram-a.svg",)
    assert look_up(FACTS, (), only, "")("acme").logo == "/assets/logos/monogram-a.svg"


def test_logos_are_absolute_with_a_base_url() -> None:
    """Sites are absolute in any case."""
    found = shown("acme", base_url="https://user.example/gatelog")
    assert found.logo == "https://user.example/gatelog/assets/logos/acme.svg"
    assert found.site == "https://acme.example"


def test_repositories_name_organisations_of_the_hub() -> None:
    """Also those of a removed model; a repository without an organisation names none."""
    found = book(
        kept(hugging_face_id="Acme/One"),
        kept(id="acme/two", hugging_face_id="gpt2"),
        kept(id="acme/three"),
        tombstone(gateway="chutes", hugging_face_id="Gone-AI/One"),
    )
    assert found.hubs == {"Acme", "Gone-AI"}


def test_records_and_lists_show_the_organisation() -> None:
    """Under the spelling of the id, which stays."""
    organisation = look_up(FACTS, (), ASSETS, "")
    files = tree(kept(id="acme-ai/one"), kept(gateway="chutes", id="Acme/One"), organisation=organisation)
    for slug in ("acme", "acme-ai"):
        data = document(files, f"catalog/model/{slug}/one.json")["data"]
        assert [data[name] for name in ("provider_slug", "provider_site_url", "model_logo_url")] == [
            slug, "https://acme.example", "/assets/logos/acme.svg",
        ]  # fmt: skip
        facts = {"name": "Acme Inc.", "site": "https://acme.example", "logo": "/assets/logos/acme.svg"}
        assert document(files, f"catalog/provider/{slug}.json").items() >= facts.items()
        [summary] = [
            each
            for each in document(files, "catalog/providers.json")["providers"]
            if each["provider"] == slug
        ]
        assert summary == {"provider": slug, "models": 1, **facts}
