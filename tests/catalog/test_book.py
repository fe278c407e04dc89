"""Who answers for which path: detection, wrapped ids, twins, tombstones."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import combinations

import pytest

from catalog import paths
from catalog.book import Book, bind, detection_order
from catalog.kept import kept_fields
from catalog.schema.listing import KeptListing
from tests.factories import ORDER, THEN, book, kept, listing, tombstone

COMBINATIONS = [names for size in range(1, 6) for names in combinations(ORDER, size)]
PATH = "acme/one.json"


def priced(prompt: str, completion: str) -> dict[str, Decimal]:
    """Make prices."""
    return {"prompt": Decimal(prompt), "completion": Decimal(completion)}


def wrapped(integration: str, model: str = "acme/one", **fields: object) -> KeptListing:
    """Make a listing whose id is wrapped in the name of an integration."""
    return kept(gateway="portkey", id=f"@{integration}/{model}", unwrapped=model, **fields)


@pytest.mark.parametrize("gateways", COMBINATIONS, ids="+".join)
def test_detection(gateways: tuple[str, ...]) -> None:
    """The first gateway in the order answers for a model; the others follow."""
    found = book(*(kept(gateway=name) for name in reversed(gateways)))
    assert found.answer(PATH).gateway == gateways[0]
    assert found.gateways_of(PATH) == list(gateways)


@pytest.mark.parametrize("gateway", ORDER)
def test_a_gateway_that_is_asked_answers_itself(gateway: str) -> None:
    """Whoever has the model, the named gateway answers with its own listing."""
    found = book(*(kept(gateway=name, name=name) for name in ORDER))
    assert found.answer_of(gateway, PATH).name == gateway


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        pytest.param({}, ORDER, id="no weights"),
        pytest.param(dict.fromkeys(ORDER, 7), ORDER, id="equal weights"),
        pytest.param({"chutes": 1}, ("chutes", *ORDER[:4]), id="one first"),
        pytest.param({"openrouter": -1}, (*ORDER[1:], "openrouter"), id="one last"),
        pytest.param({"deepinfra": 2, "chutes": 9}, ("chutes", "deepinfra", *ORDER[:3]), id="two"),
    ],
)
def test_weights_order_detection(weights: dict[str, int], expected: tuple[str, ...]) -> None:
    """A larger weight is asked first; equal ones keep the usual order."""
    order = detection_order(ORDER, weights)
    assert order == expected
    found = book(*(kept(gateway=name) for name in ORDER), order=order)
    assert found.gateways_of(PATH) == list(expected)


def test_ids_are_compared_without_case() -> None:
    """Two gateways that spell an id differently have the same model."""
    found = book(kept(gateway="deepinfra", id="Acme/One"), kept(gateway="chutes", id="acme/ONE"))
    assert found.gateways_of(PATH) == ["deepinfra", "chutes"]
    assert spelled(found) == {PATH: ["Acme/One.json", "acme/ONE.json"]}
    assert found.odd == {}


def test_a_leading_tilde_is_spelled_out() -> None:
    """A moving alias is found under the id that users copy."""
    assert spelled(book(kept(id="~acme/latest"))) == {"~7eacme/latest.json": ["~acme/latest.json"]}


def test_a_line_without_a_price_kind_is_unknown() -> None:
    """Nothing is invented for a line that says nothing."""
    bare = KeptListing(**vars(listing()), changed_at=THEN)
    assert book(bare).entries["openrouter"][0].price_kind == "unknown"


def test_an_id_without_an_organisation_stands_under_its_gateway() -> None:
    """Its own id stays inside."""
    found = book(kept(gateway="chutes", id="nemotron-tee"))
    entry = found.answer("chutes/nemotron-tee.json")
    assert (entry.id, entry.organisation) == ("nemotron-tee", "chutes")
    assert dict(found.ids()) == {"chutes/nemotron-tee.json": "chutes/nemotron-tee"}


@pytest.mark.parametrize(
    ("model_id", "organisation"),
    [
        pytest.param("Qwen/Qwen3-32B", "qwen", id="lower-cased"),
        pytest.param("~anthropic/latest", "anthropic", id="moving alias"),
        pytest.param("@openai-prod/gpt-4o", "openai-prod", id="wrapped and unknown"),
        pytest.param("~/x", "~", id="nothing but a sign"),
    ],
)
def test_organisation(model_id: str, organisation: str) -> None:
    """Who made a model is what stands before the first slash."""
    assert book(kept(id=model_id)).entries["openrouter"][0].organisation == organisation


def test_a_wrapped_id_has_two_paths() -> None:
    """It is published as listed and as people type it; offers are compared at the latter."""
    found = book(wrapped("deepinfra"), kept())
    entry = found.entries["portkey"][0]
    assert entry.paths == ("~40deepinfra/acme/one.json", PATH)
    assert (entry.main_path, entry.organisation) == (PATH, "acme")
    assert found.gateways_of(PATH) == ["openrouter", "portkey"]


@pytest.mark.parametrize(
    ("one", "other", "first"),
    [
        pytest.param(priced("2", "1"), priced("1", "1"), "other", id="cheaper"),
        pytest.param({}, priced("9", "9"), "other", id="known before unknown"),
        pytest.param(priced("1", "1"), {"prompt": Decimal("0.1")}, "one", id="a whole price before half"),
        pytest.param(priced("1", "2"), priced("2", "1"), "one", id="the same sum, then by id"),
        pytest.param(priced("0", "0"), priced("1", "1"), "one", id="free"),
    ],
)
def test_of_two_integrations_the_cheaper_one_answers(
    one: dict[str, Decimal], other: dict[str, Decimal], first: str
) -> None:
    """The unwrapped path belongs to the better offer, and both are in the group."""
    found = book(wrapped("one", pricing=one), wrapped("other", pricing=other))
    assert found.answer_of("portkey", PATH).id == f"@{first}/acme/one"
    assert {entry.id for entry in found.groups[PATH]} == {"@one/acme/one", "@other/acme/one"}


def test_a_listing_under_its_own_id_answers_before_an_unwrapped_one() -> None:
    """An exact id is better than a cheap one."""
    own = kept(gateway="portkey", pricing=priced("9", "9"))
    found = book(wrapped("one", pricing=priced("1", "1")), own)
    assert found.answer_of("portkey", PATH).id == "acme/one"


UPPER, LOWER = "Acme/Llama-ITA", "Acme/Llama-Ita"
TWINS = "acme/llama-ita.json"


def test_case_twins() -> None:
    """The lower-case path belongs to the one that sorts first; both are odd, neither is spelled out."""
    found = book(kept(id=LOWER), kept(id=UPPER), kept(id="Acme/Other"))
    assert found.answer(TWINS).id == UPPER
    assert found.answer(paths.twin(LOWER)).id == LOWER
    assert found.odd == {UPPER: TWINS, LOWER: paths.twin(LOWER)}
    assert spelled(found) == {"acme/other.json": ["Acme/Other.json"]}
    assert found.id_of(TWINS) == "acme/llama-ita"


def test_no_gateway_spells_out_twins_of_another() -> None:
    """Where an id has two meanings, no as-spelled name of any gateway claims one."""
    found = book(kept(id=LOWER), kept(id=UPPER), kept(gateway="chutes", id=LOWER))
    assert spelled(found) == {}
    assert found.gateways_of(TWINS) == ["openrouter", "chutes"]


def test_of_twins_the_living_one_has_the_path() -> None:
    """A gateway that changes the case of an id does not hide its model behind a tombstone."""
    found = book(tombstone(id=UPPER), kept(id=LOWER))
    assert found.answer(TWINS).id == LOWER
    assert found.entries["openrouter"][0].paths == (paths.twin(UPPER),)


def test_a_wrapped_twin_keeps_its_unwrapped_path() -> None:
    """Only the listed id is ambiguous."""
    twins = [wrapped("one", "Acme/One"), kept(gateway="portkey", id="@ONE/acme/one")]
    found = book(*twins)
    assert found.answer(PATH).id == "@one/Acme/One"
    assert len(found.odd) == 2


def test_a_hashed_name_is_odd_and_found_by_its_id() -> None:
    """No reader can compute such a path without a digest, so the index tells it."""
    long_id = "Acme/" + "m" * 200
    found = book(kept(id=long_id))
    assert found.odd == {long_id: paths.escape(long_id)}
    assert dict(found.ids()) == {paths.escape(long_id): long_id.lower()}


@pytest.mark.parametrize(
    ("dead", "answers", "listed"),
    [
        pytest.param(("openrouter",), "deepinfra", ["deepinfra"], id="passed over"),
        pytest.param(("deepinfra",), "openrouter", ["openrouter"], id="behind"),
        pytest.param(("openrouter", "deepinfra"), "openrouter", [], id="nothing lives"),
    ],
)
def test_tombstones(dead: tuple[str, ...], answers: str, listed: list[str]) -> None:
    """Detection passes over a removed model while another gateway has it."""
    both = [(tombstone if name in dead else kept)(gateway=name) for name in ("openrouter", "deepinfra")]
    found = book(*both)
    assert found.answer(PATH).gateway == answers
    assert found.gateways_of(PATH) == listed
    assert found.answer_of("openrouter", PATH).gateway == "openrouter"


def test_a_living_integration_answers_before_a_cheaper_removed_one() -> None:
    """Of two listings of one gateway the living one answers."""
    gone = tombstone(gateway="portkey", id="@a/acme/one", unwrapped="acme/one", pricing=priced("1", "1"))
    found = book(gone, wrapped("b", pricing=priced("2", "2")))
    assert found.answer_of("portkey", PATH).id == "@b/acme/one"


def spelled(found: Book) -> dict[str, list[str]]:
    """Return the further names of each path that has any."""
    return {path: names for path in found.groups if (names := found.spellings(path))}


def ids_of(found: Book) -> dict[str, list[tuple[str, str]]]:
    """Return who is in which group, in order."""
    return {path: [(e.gateway, e.id) for e in group] for path, group in sorted(found.groups.items())}


def test_entries_keep_the_order_of_their_snapshot() -> None:
    """Records are rendered line by line beside the entries."""
    found = [kept(id=name) for name in ("B/b", "a/a", "b/B")]
    entries = bind(("openrouter",), lambda _: map(kept_fields, found)).entries["openrouter"]
    assert [entry.id for entry in entries] == ["B/b", "a/a", "b/B"]


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_leaves_no_trace(seed: int) -> None:
    """A shuffled catalog is the same book."""
    found = [
        *(kept(gateway=name, id=model) for name in ORDER for model in ("acme/one", "Acme/Two", "acme/TWO")),
        *(wrapped(name, pricing=priced(price, price)) for name, price in (("x", "3"), ("y", "2"))),
    ]
    shuffled = random.Random(seed).sample(found, len(found))
    assert ids_of(book(*shuffled)) == ids_of(book(*found))
