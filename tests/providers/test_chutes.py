"""Chutes: dollars per million in a row that looks like another gateway's, and a static list by the hour."""

from __future__ import annotations

import pytest

from catalog.normalize import Tally, read_rows
from catalog.ports import Payload
from catalog.units import plain
from providers import chutes
from tests import captured, golden, handmade
from tests.providers.chutes import ROW, STATIC, listing, listings, live, static


def test_golden() -> None:
    """The hand-made live list and a static one become exactly the listings that a person has read."""
    get = handmade.upstream(chutes.GATEWAY)
    found = listings([*chutes.fetch(get), static(*STATIC)])
    golden.check(golden.FOLDER / "chutes.jsonl", handmade.lines(found[key] for key in sorted(found)))
    assert get.asked == ["/models"]


# ---- parse: two lists


def test_the_live_list_replaces_the_static_language_models() -> None:
    """What ran in October 2025 and is not listed today is gone; other kinds are in no live list."""
    found = listings([live(ROW), static(*STATIC)])
    assert "Qwen/Qwen3-14B" not in found
    assert found["Qwen/Qwen3-32B-TEE"].status == "active"
    assert {key for key, row in found.items() if row.status == "unverified"} == {
        row["id"] for row in STATIC if row["kind"] != "llm"
    }


def test_the_order_of_the_lists_does_not_matter() -> None:
    """The static list may come first."""
    assert listings([static(*STATIC), live(ROW)]) == listings([live(ROW), static(*STATIC)])


def test_a_live_row_wins_over_a_static_one() -> None:
    """One id, in whatever case, is one listing."""
    found = listings([live({**ROW, "id": "kokoro"}, {**ROW, "id": "flux.1-schnell"}), static(*STATIC)])
    assert found["kokoro"].status == "active"
    assert "FLUX.1-schnell" not in found


def test_without_a_live_list_everything_static_is_listed() -> None:
    """A catalog that never reached Chutes has its dated list, and says of every row that it is unverified."""
    found = listings([static(*STATIC)])
    assert len(found) == len(STATIC)
    assert {row.status for row in found.values()} == {"unverified"}
    assert {row.as_of for row in found.values()} == {"2025-10-08"}


def test_an_empty_live_list_is_an_empty_answer() -> None:
    """The static rows would hide from the guard that nothing was served."""
    assert list(chutes.parse([live(), static(*STATIC)])) == []


@pytest.mark.parametrize("odd", [None, 7, "text", [], {}, {"id": 123}])
def test_odd_rows_are_passed_on(odd: object) -> None:
    """What is no row is set aside by the core, which counts it."""
    assert list(chutes.parse([live(odd)])) == [odd]


def test_a_static_entry_that_is_incomplete_is_set_aside() -> None:
    """A slip in the file costs one row, as a slip of an upstream does."""
    tally = Tally()
    payloads = [static({"id": "kokoro"}, "slip", *STATIC)]
    lines = list(read_rows(chutes, payloads, tally, "2026-11-20T02:17:00Z"))
    assert (len(lines), tally.quarantined_total) == (len(STATIC), 2)


# ---- normalize: live rows


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param(
            {"pricing": {"prompt": 0.4, "completion": 3.0, "input_cache_read": 0.039999999999999994}},
            {"prompt": "0.0000004", "completion": "0.000003", "input_cache_read": "0.00000004"},
            id="per million, noise",
        ),
        pytest.param(
            {"pricing": {"prompt": 0.010399999999999998}}, {"prompt": "0.0000000104"}, id="more noise"
        ),
        pytest.param({"pricing": {"prompt": 1, "completion": None}}, {"prompt": "0.000001"}, id="null"),
        pytest.param(
            {"pricing": {"prompt": 0, "completion": 0}}, {"prompt": "0", "completion": "0"}, id="zero"
        ),
        pytest.param(
            {"pricing": {"prompt": 0.4, "input_cache_write": 0.5, "unit": "USD"}},
            {"prompt": "0.0000004", "input_cache_write": "0.0000005"},
            id="a new meter, and a word",
        ),
        pytest.param(
            {
                "price": {
                    "input": {"usd": 0.4, "tao": 0.001},
                    "output": {"usd": 3.0},
                    "input_cache_read": {"tao": 1},
                }
            },
            {"prompt": "0.0000004", "completion": "0.000003"},
            id="quotes where pricing is missing",
        ),
        pytest.param(
            {"pricing": {"prompt": 0.4}, "price": {"input": {"usd": 9}, "output": {"usd": 9}}},
            {"prompt": "0.0000004"},
            id="pricing wins",
        ),
        pytest.param({"price": {"tao": 0.0006634687744769299, "usd": 0.27216}}, {}, id="flat quote of 2025"),
        pytest.param({}, {}, id="no price"),
    ],
)
def test_prices(fields: dict[str, object], expected: dict[str, str]) -> None:
    """US dollars per million tokens, under the names that elsewhere mean per token."""
    found = listing(**fields)
    assert {meter: plain(price) for meter, price in found.pricing.items()} == expected
    assert (found.price_source is None) is (not expected)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"pricing": "free", "price": "free"}, id="words for prices"),
        pytest.param({"pricing": {"prompt": "cheap"}}, id="a word for a price"),
        pytest.param({"pricing": {"prompt": -0.4}}, id="negative"),
        pytest.param({"pricing": {"prompt": float("nan")}}, id="not a number"),
        pytest.param({"price": {"input": 0.4}}, id="a quote without a currency"),
        pytest.param({"max_model_len": "a lot"}, id="context in words"),
        pytest.param({"context_length": -1}, id="negative context"),
        pytest.param({"input_modalities": "text"}, id="modalities as text"),
        pytest.param({"supported_features": [1]}, id="features as numbers"),
        pytest.param({"id": None}, id="no id"),
    ],
)
def test_a_value_that_cannot_be_true_costs_its_row(fields: dict[str, object]) -> None:
    """Nothing is guessed and nothing dropped in silence: the row is set aside."""
    with pytest.raises(ValueError):  # noqa: PT011 - validation errors of both stages
        listing(**fields)


@pytest.mark.parametrize(
    ("fields", "context"),
    [
        pytest.param(
            {"context_length": 131072, "max_model_len": 262144}, 131072, id="published below the engine's"
        ),
        pytest.param({"max_model_len": 131072}, 131072, id="the engine's alone"),
        pytest.param({"context_length": 0}, 40960, id="zero is unknown"),
        pytest.param({"max_model_len": None}, None, id="none at all"),
    ],
)
def test_contexts(fields: dict[str, object], context: int | None) -> None:
    """The published context counts, and where there is none the engine's."""
    found = listing(**fields)
    assert (found.context_length, found.served_context_length) == (context, context)


def test_a_bare_row_claims_nothing() -> None:
    """Two of the fourteen rows have neither modalities nor features: unknown, not absent."""
    found = listing()
    assert (found.architecture.input_modalities, found.architecture.output_modalities) == (None, None)
    assert (found.capabilities.tools, found.capabilities.vision) == (None, None)
    assert (found.max_output_tokens, found.quantization, found.supported_parameters) == (None, None, None)


def test_a_full_row() -> None:
    """Lists are sorted, and features are the capabilities of this gateway's offer."""
    found = listing(
        input_modalities=["video", "image", "text"],
        output_modalities=["text"],
        supported_features=["tools", "reasoning"],
        supported_sampling_parameters=["top_p", "stop", "top_p"],
        max_output_length=65535,
        quantization="int4",
    )
    assert found.architecture.input_modalities == ("text", "image", "video")
    assert found.supported_parameters == ("stop", "top_p")
    assert found.capabilities.model_dump() == {
        "tools": True,
        "reasoning": True,
        "structured_outputs": False,
        "vision": True,
    }
    assert (found.max_output_tokens, found.quantization) == (65535, "int4")


@pytest.mark.parametrize(
    ("fields", "repository"),
    [
        pytest.param({}, "Qwen/Qwen3-32B-FP8", id="requantised by its maker"),
        pytest.param({"root": "nvidia/GLM-5.2-NVFP4"}, "nvidia/GLM-5.2-NVFP4", id="by somebody else"),
        pytest.param({"root": "local"}, None, id="no repository"),
        pytest.param({"root": None}, None, id="none"),
    ],
)
def test_the_root_is_the_repository(fields: dict[str, object], repository: str | None) -> None:
    """`root` names the served weights; which model they are is not decided here."""
    assert listing(**fields).hugging_face_id == repository


def test_an_id_without_organisation_stays_as_it_is() -> None:
    """One live id has no `/`; users must send it so."""
    found = listing(id="Nemotron-3-Nano-Omni-30B-TEE")
    assert (found.id, found.name) == ("Nemotron-3-Nano-Omni-30B-TEE", "Nemotron-3-Nano-Omni-30B-TEE")


def test_what_changes_with_every_fetch_is_dropped() -> None:
    """Time of the answer, exchange rate, permissions and order move no listing."""
    first = {
        **ROW,
        "created": 1785497527,
        "price": {"input": {"usd": 1, "tao": 1}},
        "permission": [{"id": "a"}],
    }
    again = {
        **ROW,
        "created": 1785583927,
        "price": {"input": {"usd": 1, "tao": 2}},
        "permission": [{"id": "b"}],
    }
    other = {**ROW, "id": "zai-org/GLM-5-TEE"}
    assert listings([live(first, other)]) == listings([live(other, again)])


def test_every_known_field_is_declared() -> None:
    """What the list serves today is no news; engine, chute and computing mode are left out on purpose."""
    for raw in chutes.parse(chutes.fetch(handmade.upstream(chutes.GATEWAY))):
        row = chutes.Row.model_validate(raw)
        assert not row.model_extra
        assert "sglang" not in chutes.normalize(row).model_dump_json()


@pytest.mark.captures
def test_captures() -> None:
    """Every row of every captured day becomes a listing without unknown fields."""
    for path in captured.files("chutes/models/*.json"):
        payload = Payload("/models", path.read_bytes(), "CHUTES_BASE_URL")
        found = captured.listings(chutes, [payload])
        priced = [row for row in found if row.pricing]
        assert len(priced) == (0 if path.stem < "2026" else len(found))
        for row in map(chutes.Row.model_validate, chutes.parse([payload])):
            assert not row.model_extra
