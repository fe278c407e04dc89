"""The facts and the logos that ship: complete for the starter, clean, and nothing left over."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest

from catalog import book as books
from catalog.enrich import look_up
from catalog.entry import Entry
from catalog.schema.facts import Organisation
from catalog.store import Store
from tests import logos

DATA = logos.ROOT / "data"
GATEWAYS = ("openrouter", "portkey", "deepinfra", "chutes", "featherless")
LARGEST = 50
"""So many organisations of Featherless have an entry; it lists thousands, most of them one person's."""
SHIPPED = sorted(logos.LOGOS.iterdir())
MONOGRAMS = {f"monogram-{letter}.svg" for letter in "abcdefghijklmnopqrstuvwxyz0123456789"}


@pytest.fixture(scope="module")
def facts() -> dict[str, Organisation]:
    """Read the facts as a build does."""
    return Store(DATA).facts.organisations()


@pytest.fixture(scope="module")
def starters() -> tuple[str, ...]:
    """Name the gateways whose listings are those that ship: what a night fetched cannot be known here."""
    memories = Store(DATA).memories()
    return tuple(name for name in GATEWAYS if memories[name].origin == "starter")


@pytest.fixture(scope="module")
def book(starters: tuple[str, ...]) -> books.Book:
    """Bind the starter."""
    if not starters:
        pytest.skip("data/ holds no starter any more: every gateway was fetched since")
    return books.bind(starters, Store(DATA).kept)


def spellings(facts: dict[str, Organisation]) -> list[str]:
    """Return every spelling of every organisation."""
    return [slug for key, fact in facts.items() for slug in (key, *fact.aliases)]


def test_a_spelling_belongs_to_one_organisation(facts: dict[str, Organisation]) -> None:
    """No alias is another key or stands twice."""
    assert [slug for slug, count in Counter(spellings(facts)).items() if count > 1] == []


def test_spellings_of_identity_are_known_here_too(facts: dict[str, Organisation]) -> None:
    """Where two names mean one organisation for model keys, they show one organisation, or two known ones."""
    pairs = Store(DATA).facts.identity().spellings.organisations
    known = set(spellings(facts))
    assert [each.spelling for each in pairs if each.organisation in known] != []
    assert [
        each.spelling for each in pairs if each.organisation in known and each.spelling not in known
    ] == []


def test_the_facts_are_sorted_and_dated(facts: dict[str, Organisation]) -> None:
    """So that a diff is small; a day is one of the calendar."""
    assert list(facts) == sorted(facts)
    assert all(date.fromisoformat(fact.date) >= date(2026, 1, 1) for fact in facts.values())


@pytest.mark.parametrize("gateway", GATEWAYS)
def test_the_organisations_of_every_gateway_are_known(
    gateway: str, facts: dict[str, Organisation], book: books.Book
) -> None:
    """All of them, and of Featherless those with the most models."""
    if gateway not in book.order:
        pytest.skip(f"{gateway} was fetched since: data/ holds no starter of it")
    counted = Counter(entry.organisation for entry in book.entries[gateway])
    least = sorted(counted.values(), reverse=True)[LARGEST - 1] if gateway == "featherless" else 1
    named = {slug for slug, count in counted.items() if count >= least}
    assert named, "the starter has organisations"
    assert named - set(spellings(facts)) == set()


def test_every_organisation_of_the_starter_has_a_logo(
    facts: dict[str, Organisation], book: books.Book
) -> None:
    """Its own or a monogram; and nearly all have a site, known or on the Hub."""
    assets = {f"assets/logos/{path.name}" for path in SHIPPED}
    organisation = look_up(facts, book.hubs, assets, "")
    shown = {entry.organisation: organisation(entry.organisation) for entry in book_entries(book)}
    assert [slug for slug, each in shown.items() if each.logo is None] == []
    assert {slug for slug, each in shown.items() if each.site is None} <= {"diagonalge"}


def book_entries(book: books.Book) -> list[Entry]:
    """Return the entries of all gateways."""
    return [entry for entries in book.entries.values() for entry in entries]


def test_the_logos_are_those_of_the_facts(facts: dict[str, Organisation]) -> None:
    """None is missing and none is unused; every letter and digit has a monogram."""
    wanted = {f"{fact.logo}.svg" for fact in facts.values() if fact.logo}
    assert {path.name for path in SHIPPED} == wanted | MONOGRAMS


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_logo_is_clean(path: Path) -> None:
    """Shapes alone, of a known size, small; nothing that runs, loads or refers to anything outside."""
    body = path.read_bytes()
    root = logos.parsed(body)
    assert (root.tag, root.get("width"), root.get("height")) == (f"{{{logos.SVG}}}svg", "64", "64")
    assert len(body) <= 20_000
    assert (
        re.findall(rb"(?i)script|style|href|\bon\w+\s*=|foreign|<!|<\?|@import|currentColor|data:", body)
        == []
    )
    assert re.findall(rb"(?i)https?://[^\"]*", body) == [logos.SVG.encode()]
    ids = set(re.findall(r' id="([^"]+)"', body.decode()))
    assert set(re.findall(r"url\((?!#)|url\(#([^)]+)\)", body.decode())) <= ids
    assert clean_again(body) == body


def clean_again(body: bytes) -> bytes:
    """Clean a logo once more."""
    root = logos.clean(logos.parsed(body))
    assert root is not None
    return logos.written(root)


@pytest.mark.parametrize("letter", logos.LETTERS)
def test_a_monogram_is_legible_anywhere(letter: str) -> None:
    """The letter on its square as the rules for text ask, the square on a white and on a black page."""
    body = (logos.LOGOS / f"monogram-{letter}.svg").read_bytes()
    assert body == logos.monogram(letter)
    [colour] = re.findall(r'<rect fill="(#[0-9a-f]{6})"', body.decode())
    assert 1.05 / (logos.luminance(colour) + 0.05) >= 4.5
    assert (logos.luminance(colour) + 0.05) / 0.05 >= 4.5
    assert f">{letter.upper()}<".encode() in body


EVIL = f"""\
<svg xmlns="{logos.SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24" onload="x()">
<title>T</title><script>x()</script><style>@import url(//x.example)</style>
<a href="https://x.example"><path d="M0 0"/></a>
<image href="https://x.example/x.png"/><use xlink:href="#a"/><foreignObject><p>hello</p></foreignObject>
<path d="M1 1h2" onclick="x()" fill="url(https://x.example#a)" style="fill:url(//x.example)" stroke="red"/>
<path d="M2 2" fill="url(#a)" transform="translate(1 -2.5)"/>
<g fill="currentColor" opacity="expression(x)"/></svg>"""


def test_cleaning() -> None:
    """What runs, loads or refers to anything outside is gone, with everything below it; shapes stay."""
    body = logos.logo(logos.parsed(EVIL.encode())).decode()
    assert body == (
        f'<svg xmlns="{logos.SVG}" height="64" viewBox="0 0 32 32" width="64">'
        '<rect fill="#fff" height="32" rx="7" width="32" /><g transform="translate(4 4) scale(1)">'
        '<path d="M1 1h2" /><path d="M2 2" fill="url(#a)" transform="translate(1 -2.5)" />'
        '<g fill="#000" /></g></svg>\n'
    )


@pytest.mark.parametrize(
    "inside", ["<filter/>", '<path style="fill:red"/>', '<path stroke="red"/>', "<image/>", "<g><use/></g>"]
)
def test_an_icon_that_cleaning_would_change_is_not_taken(inside: str) -> None:
    """A picture with a hole in it is worse than a monogram."""
    assert not logos.drawable(logos.parsed(f'<svg xmlns="{logos.SVG}">{inside}</svg>'.encode()))
    assert logos.drawable(logos.parsed(f'<svg xmlns="{logos.SVG}" style="flex:none"><path/></svg>'.encode()))


def test_entities_are_refused() -> None:
    """A document type is the door to them."""
    with pytest.raises(ValueError, match="document type"):
        logos.parsed(b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>')
    with pytest.raises(ParseError):
        logos.parsed(b"<svg>")


def package(folder: Path, version: str = logos.PACKAGE[1], **icons: str) -> Path:
    """Make an unpacked package."""
    (folder / "icons").mkdir()
    (folder / "package.json").write_text(json.dumps({"name": logos.PACKAGE[0], "version": version}))
    for name, inside in icons.items():
        text = f'<svg xmlns="{logos.SVG}" viewBox="0 0 24 24">{inside}</svg>'
        (folder / "icons" / f"{name.replace('_', '-')}.svg").write_text(text)
    return folder


@pytest.fixture
def _one_wanted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the facts ask for one icon."""
    path = tmp_path / "facts.toml"
    path.write_text('[organisations.a]\nlogo = "acme"\n[organisations.b]\nname = "B"\n')
    monkeypatch.setattr(logos, "FACTS", path)
    monkeypatch.setattr(logos, "LOGOS", tmp_path / "logos")


@pytest.mark.usefixtures("_one_wanted")
@pytest.mark.parametrize(
    ("coloured", "taken"),
    [
        pytest.param('<path d="M1"/>', "M1", id="coloured"),
        pytest.param("<filter/>", "M2", id="not drawable"),
        pytest.param(f'<path d="{"1" * 20_000}"/>', "M2", id="too large"),
    ],
)
def test_the_coloured_icon_is_preferred(tmp_path: Path, coloured: str, taken: str) -> None:
    """Where it can be drawn and is small."""
    found = package(tmp_path, acme_color=coloured, acme='<path d="M2"/>')
    logos.main(found)
    logos.main(found)
    assert {path.name for path in logos.LOGOS.iterdir()} == MONOGRAMS | {"acme.svg"}
    assert f'd="{taken}"' in (logos.LOGOS / "acme.svg").read_text()


@pytest.mark.usefixtures("_one_wanted")
def test_a_file_that_no_fact_asks_for_goes(tmp_path: Path) -> None:
    """The folder holds what is used."""
    found = package(tmp_path, acme="<path/>")
    logos.LOGOS.mkdir()
    (logos.LOGOS / "old.svg").touch()
    logos.main(found)
    assert not (logos.LOGOS / "old.svg").exists()


@pytest.mark.usefixtures("_one_wanted")
@pytest.mark.parametrize(
    ("version", "icons", "message"),
    [
        pytest.param("1.0.0", {"acme": "<path/>"}, "is .* 1.0.0, not", id="another version"),
        pytest.param(logos.PACKAGE[1], {}, "no icon acme", id="no such icon"),
        pytest.param(logos.PACKAGE[1], {"acme": "<filter/>"}, "no icon acme", id="not drawable"),
    ],
)
def test_what_cannot_be_vendored_is_said(
    tmp_path: Path, version: str, icons: dict[str, str], message: str
) -> None:
    """And nothing is written."""
    found = package(tmp_path, version, **icons)
    with pytest.raises(SystemExit, match=message):
        logos.main(found)
    assert not logos.LOGOS.exists()


def test_the_notice_names_package_and_licence() -> None:
    """With the pinned version, in NOTICE and where CONTRIBUTING tells how to renew them."""
    name, version = logos.PACKAGE
    notice = (logos.ROOT / "NOTICE").read_text(encoding="utf-8")
    assert all(word in notice for word in (name, version, "MIT", "rademark"))
    assert f"{name}@{version}" in (logos.ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
