"""Which file answers a request, over all gateways."""

from __future__ import annotations

import pytest

from catalog import lists
from catalog.detect import Found, NotFound, detect
from catalog.schema.documents import DetectionIndex, Gateways
from catalog.schema.state import Memory
from providers import ADAPTERS
from tests.factories import ORDER, kept, tombstone, tree

EVERYWHERE = [kept(gateway=name, id="acme/everywhere") for name in ORDER]
OWN = [kept(gateway=name, id=f"acme/only-{name}") for name in ORDER]
TWINS = [kept(gateway="featherless", id=name) for name in ("Acme/Twin", "acme/TWIN")]
FILES = tree(
    *EVERYWHERE,
    *OWN,
    *TWINS,
    tombstone(gateway="chutes", id="acme/gone"),
    kept(id="acme/free:free"),
    kept(gateway="deepinfra", id="acme/twin"),
    kept(gateway="chutes", id="bare-TEE"),
)
INDEX = DetectionIndex.model_validate_json(FILES["catalog/index.json"])
FACTS = {adapter.GATEWAY.id: adapter.GATEWAY for adapter in ADAPTERS}


def states(**odd: Memory) -> Gateways:
    """Make the state of all gateways; those named are odd and have no listing."""
    memories = {name: odd.get(name, Memory(state="fresh")) for name in ORDER}
    coverage = {name: (0 if name in odd else 1, 0) for name in ORDER}
    return Gateways.model_validate_json(lists.gateways(FACTS, memories, coverage).body)


def asked(model_id: str, gateway: str | None = None, known: Gateways | None = None) -> Found | NotFound:
    """Ask the small tree."""
    return detect(model_id, gateway, INDEX, known or states(), FILES.__contains__, FILES.__getitem__)


@pytest.mark.parametrize("gateway", ORDER)
def test_every_gateway_is_detected(gateway: str) -> None:
    """A model that one gateway has is found without naming it, and by naming it."""
    model = f"acme/only-{gateway}"
    assert asked(model) == Found(f"catalog/model/{model}.json")
    assert asked(model, gateway) == Found(f"catalog/gateway/{gateway}/model/{model}.json")
    assert FILES[f"catalog/model/{model}.json"] == FILES[f"catalog/gateway/{gateway}/model/{model}.json"]


@pytest.mark.parametrize("gateway", ORDER)
def test_an_explicit_gateway_answers(gateway: str) -> None:
    """It answers also where another one would be detected."""
    assert asked("acme/everywhere", gateway) == Found(f"catalog/gateway/{gateway}/model/acme/everywhere.json")


@pytest.mark.parametrize(
    ("model_id", "path"),
    [
        pytest.param("ACME/Everywhere", "catalog/model/acme/everywhere.json", id="any case"),
        pytest.param("acme/free:free", "catalog/model/acme/free~3afree.json", id="escaped"),
        pytest.param("acme/gone", "catalog/model/acme/gone.json", id="removed, nobody else has it"),
        pytest.param("BARE-tee", "catalog/model/chutes/bare-tee.json", id="no organisation"),
        pytest.param("Acme/Twin", f"catalog/model/{INDEX.paths['Acme/Twin']}", id="the first twin"),
        pytest.param("acme/TWIN", f"catalog/model/{INDEX.paths['acme/TWIN']}", id="the second twin"),
    ],
)
def test_spellings(model_id: str, path: str) -> None:
    """An id is found as people write it."""
    assert asked(model_id) == Found(path)


@pytest.mark.parametrize("gateway", ["", " ", "   "], ids=["empty", "space", "spaces"])
def test_no_gateway_is_named(gateway: str) -> None:
    """An empty value is as good as none: the first gateway that has the model answers."""
    assert asked("acme/only-chutes", gateway) == Found("catalog/model/acme/only-chutes.json")


@pytest.mark.parametrize("gateway", ["deepinfra", "DeepInfra", "DEEPINFRA"])
def test_a_gateway_in_any_case(gateway: str) -> None:
    """Its name is an ASCII word."""
    assert asked("acme/everywhere", gateway) == Found("catalog/gateway/deepinfra/model/acme/everywhere.json")


@pytest.mark.parametrize("spelled", ["Acme/Twin", "acme/TWIN"])
def test_a_twin_of_one_gateway_on_another(spelled: str) -> None:
    """A gateway that tells no twins apart answers for both spellings."""
    assert asked(spelled, "deepinfra") == Found("catalog/gateway/deepinfra/model/acme/twin.json")


def test_an_unknown_gateway_is_openrouter_with_a_warning() -> None:
    """The old endpoint did the same."""
    found = asked("acme/everywhere", "../../etc/passwd")
    assert isinstance(found, Found)
    assert found.path == "catalog/gateway/openrouter/model/acme/everywhere.json"
    assert found.warning == "unknown gateway '../../etc/passwd', openrouter answers"


@pytest.mark.parametrize(
    ("model_id", "gateway", "named"),
    [
        pytest.param("acme/nowhere", None, "openrouter", id="in no gateway"),
        pytest.param("acme/only-chutes", "deepinfra", "deepinfra", id="in another gateway"),
        pytest.param("acme/only-chutes", "nobody", "openrouter", id="unknown gateway"),
        *(
            pytest.param(odd, None, "openrouter", id=repr(odd))
            for odd in ("", "a//b", "/a", "a\0b", "x" * 600)
        ),
        pytest.param("../../etc/passwd", "chutes", "chutes", id="out of the tree"),
    ],
)
def test_not_found(model_id: str, gateway: str | None, named: str) -> None:
    """The answer is a 404 that names the gateway asked for, else openrouter."""
    answer = asked(model_id, gateway)
    assert isinstance(answer, NotFound)
    assert (answer.status, answer.kind, answer.gateway) == (404, "model_not_found", named)
    body = answer.body("p", "m")
    assert body == {
        "error": {"code": 404, "type": "model_not_found", "message": answer.message},
        "provider": "p",
        "model": "m",
        "gateway": named,
    }


@pytest.mark.parametrize(
    ("memory", "kind", "word"),
    [
        (Memory(), "gateway_unavailable", "portkey"),
        (Memory(state="unconfigured"), "gateway_not_configured", "PORTKEY_API_KEY"),
    ],
    ids=["unavailable", "unconfigured"],
)
def test_a_gateway_without_a_list_is_503(memory: Memory, kind: str, word: str) -> None:
    """Nobody knows whether it has the model."""
    answer = asked("acme/nowhere", "portkey", states(portkey=memory))
    assert isinstance(answer, NotFound)
    assert (answer.status, answer.kind) == (503, kind)
    assert word in answer.message
