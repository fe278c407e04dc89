"""DeepInfra: its two lists, their units, and every trap of their rows."""

from __future__ import annotations

import json
import os
import random
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from catalog import units
from catalog.days import day
from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from catalog.schema.listing import Listing
from providers import deepinfra
from tests import golden, handmade

CAPTURES = os.environ.get("GATELOG_CAPTURES", "")
TOKENS = {
    "type": "tokens",
    "cents_per_input_token": Decimal("0.00013"),
    "cents_per_output_token": Decimal("0.00026"),
}


def listing(**row: Any) -> Listing:  # noqa: ANN401 - whatever an upstream may serve
    """The listing of a row of the joined lists."""
    return deepinfra.normalize(deepinfra.Row.model_validate({"id": "a/b"} | row))


def dollars(**metadata: Any) -> Listing:  # noqa: ANN401 - as above
    """The listing of a row of the OpenAI list."""
    return listing(metadata=metadata)


def shown(found: dict[str, Decimal]) -> dict[str, str]:
    """Prices as they are published."""
    return {meter: units.plain(price) for meter, price in found.items()}


def joined(first: object, second: object) -> list[Any]:
    """The raw rows that come out of the two lists."""
    lists = {"/v1/openai/models": first, "/models/list": second}
    network = handmade.HandMade(deepinfra.GATEWAY, {"DEEPINFRA_BASE_URL": lists})
    return list(deepinfra.parse(deepinfra.fetch(network)))


# ------------------------------------------------------------------------------------ the whole path


def test_golden() -> None:
    """The hand-made catalog becomes the listings that a person has read."""
    found = handmade.listings(deepinfra, handmade.upstream(deepinfra.GATEWAY))
    golden.check(golden.FOLDER / "deepinfra.jsonl", handmade.lines(found))


@pytest.mark.parametrize("seed", range(3))
def test_order_does_not_matter(seed: int) -> None:
    """DeepInfra's order changes with every request and means nothing."""
    one, other = handmade.upstream(deepinfra.GATEWAY), handmade.upstream(deepinfra.GATEWAY)
    chance = random.Random(seed)
    lists = other.catalog["DEEPINFRA_BASE_URL"]
    for rows in (lists["/v1/openai/models"]["data"], lists["/models/list"]):
        chance.shuffle(rows)
        for row in rows:
            chance.shuffle(row.get("tags") or [])
    assert handmade.listings(deepinfra, one) == handmade.listings(deepinfra, other)


# ------------------------------------------------------------------------------------ two lists


def test_join() -> None:
    """A model of both lists is one row; a model of one list is a row of its own."""
    rows = joined(
        {"data": [{"id": "a/both", "metadata": None}, {"id": "a/first"}]},
        [
            {"model_name": "a/second", "type": "embeddings"},
            {"model_name": "a/both", "type": "text-generation"},
        ],
    )
    assert [(row["id"], row.get("type")) for row in rows] == [
        ("a/both", "text-generation"),
        ("a/first", None),
        ("a/second", "embeddings"),
    ]


def test_join_is_exact() -> None:
    """Ids that differ in case are two models."""
    rows = joined({"data": [{"id": "a/B"}]}, [{"model_name": "a/b"}])
    assert [row["id"] for row in rows] == ["a/B", "a/b"]


@pytest.mark.parametrize("private", [1, True, "yes"])
def test_private_rows(private: object) -> None:
    """A private row is left out of both lists without being a bad row."""
    assert joined({"data": [{"id": "a/b"}]}, [{"model_name": "a/b", "private": private}]) == []


def test_odd_rows_are_passed_on() -> None:
    """What is no row goes through the join as it is, for the core to set aside."""
    odd = [None, 7, {}, {"id": 5}]
    assert joined({"data": odd}, ["text", {"model_name": None}]) == [*odd, "text", {"model_name": None}]


@pytest.mark.parametrize("path", ["/v1/openai/models", "/models/list"])
def test_half_an_answer(path: str) -> None:
    """With one list missing the gateway counts as failed: half the fields would turn unknown."""
    network = handmade.upstream(deepinfra.GATEWAY)
    network.catalog["DEEPINFRA_BASE_URL"][path] = {"$status": 500}
    with pytest.raises(UseSnapshotError):
        list(deepinfra.fetch(network))


def test_no_list() -> None:
    """An answer without a list is no answer."""
    with pytest.raises(UseSnapshotError, match="no list"):
        joined({"data": []}, {"detail": "x"})


# ------------------------------------------------------------------------------------ dollars


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("2.5999999999999996", "0.0000026", id="noise below"),
        pytest.param("0.020000000000000004", "0.00000002", id="noise above"),
        pytest.param("0.029999999700000002", "0.00000003", id="noise of a rate"),
        pytest.param("0.1300000002", "0.00000013", id="noise of another rate"),
        pytest.param("3", "0.000003", id="an integer"),
        pytest.param("0", "0", id="zero"),
    ],
)
def test_dollars_per_million(served: str, expected: str) -> None:
    """Dollars per million tokens lose their noise before they become dollars per token."""
    found = dollars(pricing={"input_tokens": Decimal(served), "output_tokens": 1})
    assert shown(found.pricing)["prompt"] == expected
    assert found.price_source is not None
    assert (found.price_source.gateway, found.price_source.match) == ("deepinfra", "own")


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param({"per_image_unit": Decimal("0.04")}, {"per_image": "0.04"}, id="image"),
        pytest.param({"input_characters": Decimal("0.62")}, {"per_character": "0.00000062"}, id="characters"),
        pytest.param({"input_seconds": Decimal("7.5e-06")}, {"per_audio_second": "0.0000075"}, id="seconds"),
        pytest.param({"cache_write_tokens": 1}, {"input_cache_write": "0.000001"}, id="cache write"),
        pytest.param({"video_tokens": 2}, {"video_tokens": "0.000002"}, id="unknown, per million"),
        pytest.param({"per_song": Decimal("0.5")}, {"per_song": "0.5"}, id="unknown, per unit"),
        pytest.param({"note": "x", "parts": []}, {}, id="no prices"),
    ],
)
def test_units_of_the_openai_list(served: object, expected: object) -> None:
    """Every unit of the OpenAI list has a meter of its own; an unknown one keeps its name."""
    found = dollars(pricing=served)
    assert shown(found.pricing) == expected


def test_no_metadata() -> None:
    """A row without metadata is a listing of unknowns."""
    assert listing(metadata=None) == Listing(gateway="deepinfra", id="a/b", name="b")


def test_a_free_word_is_no_price() -> None:
    """A description that says free changes no price."""
    found = dollars(description="Free of charge", pricing={"per_image_unit": Decimal("0.04")})
    assert (shown(found.pricing), found.price_kind) == ({"per_image": "0.04"}, None)


# ------------------------------------------------------------------------------------ cents


@pytest.mark.parametrize(
    ("kind", "served", "expected"),
    [
        pytest.param(
            "text-generation", TOKENS, {"prompt": "0.0000013", "completion": "0.0000026"}, id="tokens"
        ),
        pytest.param(
            "embeddings",
            {"type": "input_tokens", "cents_per_input_token": Decimal("1e-06")},
            {"prompt": "0.00000001"},
            id="input_tokens",
        ),
        pytest.param(
            "text-to-image",
            {"type": "image_units", "cents_per_image_unit": Decimal("0.05"), "default_width": 1024},
            {"per_image": "0.0005"},
            id="image_units",
        ),
        pytest.param(
            "text-to-image",
            {"type": "time", "cents_per_sec": Decimal("0.05")},
            {"per_second": "0.0005"},
            id="time",
        ),
        pytest.param(
            "text-generation",
            {"type": "uptime", "cents_per_sec": Decimal("0.1")},
            {"per_second": "0.001"},
            id="uptime",
        ),
        pytest.param(
            "automatic-speech-recognition",
            {"type": "input_length", "cents_per_input_sec": Decimal("0.00166667")},
            {"per_audio_second": "0.0000166667"},
            id="input_length",
        ),
        pytest.param(
            "text-to-video",
            {"type": "output_length", "cents_per_output_sec": 15},
            {"per_video_second": "0.15"},
            id="output_length of a film",
        ),
        pytest.param(
            "text-to-music",
            {"type": "output_length", "cents_per_output_sec": Decimal("0.1")},
            {"per_audio_second": "0.001"},
            id="output_length of music",
        ),
        pytest.param(
            "text-to-speech",
            {"type": "input_character_length", "cents_per_input_chars": Decimal("0.0001")},
            {"per_character": "0.000001"},
            id="input_character_length",
        ),
        pytest.param(
            "text-to-video",
            {"type": "frame_units", "cents_per_frame_unit": Decimal("0.01")},
            {"per_frame": "0.0001"},
            id="frame_units",
        ),
        pytest.param("new", {"type": "new", "cents_per_song": 50}, {"per_song": "0.5"}, id="an unknown type"),
        pytest.param("new", {"type": "new", "fine_print": "x", "seats": 5}, {}, id="no prices"),
    ],
)
def test_price_types(kind: str, served: object, expected: object) -> None:
    """Cents become dollars in the meter of their type, and no token price is made up."""
    assert shown(listing(type=kind, pricing=served).pricing) == expected


def test_tiers_in_words() -> None:
    """Prices by length of the prompt stand in display text only and are not read out of it."""
    found = listing(pricing=TOKENS | {"short": "$1.3", "full": "$1.3 <= 32K, $2.6 above", "table": {}})
    assert found.price_tiers == ()
    assert found.pricing == listing(pricing=TOKENS).pricing


@pytest.mark.parametrize(
    ("rates", "expected"),
    [
        pytest.param(
            {"rate_per_input_token_cached": Decimal("0.07692308")},
            {"input_cache_read": "0.0000001"},
            id="read",
        ),
        pytest.param(
            {"rate_per_input_token_cache_write": Decimal("1.25")},
            {"input_cache_write": "0.000001625"},
            id="write",
        ),
        pytest.param(
            {"rate_per_explicit_cache_write_token": {"5m": Decimal("1.25"), "1h": 2}},
            {"input_cache_write": "0.000001625", "input_cache_write_1h": "0.0000026"},
            id="write, by life",
        ),
        pytest.param(
            {"rate_per_explicit_cache_write_token": {"5m": 2}, "rate_per_input_token_cache_write": 1},
            {"input_cache_write": "0.0000013"},
            id="both",
        ),
        pytest.param({"rate_per_input_token_cached": None}, {}, id="null"),
    ],
)
def test_cache_rates(rates: dict[str, object], expected: dict[str, str]) -> None:
    """Cache prices are the input price times a rate, with the noise of the rate rounded away."""
    found = shown(listing(pricing=TOKENS | rates).pricing)
    assert found == {"prompt": "0.0000013", "completion": "0.0000026"} | expected


def test_rate_without_a_price() -> None:
    """A rate of an unknown input price is no price."""
    assert listing(pricing={"rate_per_input_token_cached": 1}).pricing == {}


def test_service_tiers() -> None:
    """The rates of the service tiers hold for what is counted in tokens, cached tokens too."""
    rates = {
        "rate_per_service_tier_priority": Decimal("1.5"),
        "rate_per_service_tier_flex": Decimal("0.8"),
        "rate_per_input_token_cached": Decimal("0.5"),
    }
    flex, priority = listing(pricing=TOKENS | rates | {"cents_per_image_unit": 1}).price_tiers
    assert (flex.service_tier, priority.service_tier) == ("flex", "priority")
    assert shown(flex.pricing) == {
        "prompt": "0.00000104",
        "completion": "0.00000208",
        "input_cache_read": "0.00000052",
    }
    assert shown(priority.pricing)["completion"] == "0.0000039"


def test_no_service_tiers() -> None:
    """A null rate is no tier, and a tier without a price is none either."""
    assert listing(pricing=TOKENS | {"rate_per_service_tier_flex": None}).price_tiers == ()
    assert listing(pricing={"rate_per_service_tier_flex": 1}).price_tiers == ()


# ------------------------------------------------------------------------------------ both, discounts


def test_the_openai_list_wins() -> None:
    """Where both lists have a price the dollars count; what only the cents have is added."""
    found = listing(
        metadata={"pricing": {"input_tokens": 2}},
        pricing=TOKENS | {"rate_per_input_token_cached": Decimal("0.5")},
    )
    assert shown(found.pricing) == {
        "prompt": "0.000002",
        "completion": "0.0000026",
        "input_cache_read": "0.000001",
    }


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(
            {
                "metadata": {
                    "pricing": {
                        "input_tokens": Decimal("0.15"),
                        "output_tokens": Decimal("0.5"),
                        "cache_read_tokens": Decimal("0.029999999700000002"),
                    },
                    "discount": Decimal("0.5"),
                }
            },
            id="dollars",
        ),
        pytest.param(
            {
                "pricing": {
                    "type": "tokens",
                    "cents_per_input_token": Decimal("1.5e-05"),
                    "cents_per_output_token": Decimal("5e-05"),
                    "rate_per_input_token_cached": Decimal("0.2"),
                    "discount": Decimal("0.5"),
                    "discount_ends_at": 4000000000,
                }
            },
            id="cents",
        ),
    ],
)
def test_discount(row: dict[str, object]) -> None:
    """What is charged is the list price less the discount; both stand side by side."""
    found = listing(**row)
    assert shown(found.pricing) == {
        "prompt": "0.000000075",
        "completion": "0.00000025",
        "input_cache_read": "0.000000015",
    }
    assert shown(found.list_pricing or {}) == {
        "prompt": "0.00000015",
        "completion": "0.0000005",
        "input_cache_read": "0.00000003",
    }
    assert found.discount == Decimal("0.5")


@pytest.mark.parametrize("served", [None, 0, Decimal("0.0")])
def test_no_discount(served: object) -> None:
    """Without a discount there is no list price beside the price."""
    found = listing(pricing=TOKENS | {"discount": served})
    assert (found.list_pricing, found.discount) == (None, None)


def test_discounted_service_tier() -> None:
    """A service tier is a rate on what is charged."""
    served = TOKENS | {"discount": Decimal("0.5"), "rate_per_service_tier_flex": Decimal("0.8")}
    (flex,) = listing(pricing=served).price_tiers
    assert shown(flex.pricing)["prompt"] == "0.00000052"


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": -1}}, id="negative"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": Decimal("NaN")}}, id="NaN"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": Decimal("1e999")}}, id="too large"),
        pytest.param({"pricing": TOKENS | {"cents_per_input_token": "cheap"}}, id="a word"),
        pytest.param({"pricing": TOKENS | {"discount": Decimal("1.1")}}, id="discount above one"),
        pytest.param({"pricing": TOKENS | {"rate_per_service_tier_flex": -1}}, id="negative rate"),
        pytest.param({"pricing": TOKENS | {"rate_per_input_token_cached": "x"}}, id="a word for a rate"),
        pytest.param({"pricing": "free"}, id="pricing"),
        pytest.param({"metadata": {"pricing": {"input_tokens": -1}}}, id="negative dollars"),
        pytest.param({"metadata": "none"}, id="metadata"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"id": ""}, id="empty id"),
        pytest.param({"tags": "vision"}, id="tags"),
        pytest.param({"max_tokens": "a lot"}, id="limit"),
        pytest.param({"deprecated": "soon"}, id="time"),
        pytest.param({"replaced_by": 7}, id="successor"),
    ],
)
def test_bad_rows(row: dict[str, object]) -> None:
    """A price that cannot be true, or a wrong type, makes one bad row."""
    with pytest.raises(ValueError, match=r"\S"):
        listing(**row)


# ------------------------------------------------------------------------------------ the rest


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param(
            {"metadata": {"context_length": 163840, "max_tokens": 8192}}, 163840, id="context length"
        ),
        pytest.param({"max_tokens": 262144}, 262144, id="max_tokens of the list"),
        pytest.param({"metadata": {"max_tokens": 4096}}, 4096, id="max_tokens of the metadata"),
        pytest.param({"metadata": {"context_length": 0}, "max_tokens": None}, None, id="unknown"),
    ],
)
def test_context(row: dict[str, object], expected: int | None) -> None:
    """`max_tokens` is the context window; how long an answer may be is not said."""
    found = listing(**row)
    assert (found.context_length, found.served_context_length) == (expected, expected)
    assert found.max_output_tokens is None


@pytest.mark.parametrize("seconds", [1700000000, 4000000000])
def test_deprecation(seconds: int) -> None:
    """A deprecation is a date, past or to come, and names the successor."""
    found = listing(deprecated=seconds, replaced_by="google/gemma-4-31B-it")
    assert (found.expiration_date, found.status) == (day(seconds), "deprecated")
    assert found.replaced_by == "google/gemma-4-31B-it"


def test_not_deprecated() -> None:
    """Null, zero and the empty text mean nothing."""
    found = listing(deprecated=0, replaced_by="", quantization="", created=0, create_ts=None)
    assert found == Listing(gateway="deepinfra", id="a/b", name="b")


def test_created() -> None:
    """`created` is always 0; only `create_ts` is a date."""
    assert listing(created=0, create_ts=Decimal("1769500800.5")).created == "2026-01-27"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        pytest.param({"type": "text-generation"}, "text->text", id="text"),
        pytest.param({"type": "text-generation", "tags": ["multimodal"]}, "text+image->text", id="images"),
        pytest.param(
            {"type": "text-generation", "tags": ["input-video", "input-audio", "vision"]},
            "text+image+audio+video->text",
            id="all inputs",
        ),
        pytest.param(
            {"type": "custom", "reported_type": "embeddings"}, "text->embeddings", id="reported type"
        ),
        pytest.param({"type": "rerankers"}, "text->rerank", id="reranker"),
        pytest.param({"type": "text-to-speech"}, "text->speech", id="speech"),
        pytest.param({"type": "object-detection", "tags": ["vision"]}, None, id="unknown type"),
        pytest.param({"metadata": {"tags": ["vlm", "chat"]}}, "text+image->text", id="tags: vlm"),
        pytest.param({"metadata": {"tags": ["stt"]}}, "audio->transcription", id="tags: stt"),
        pytest.param({"metadata": {"tags": ["image-gen"]}}, "text->image", id="tags: image-gen"),
        pytest.param({"metadata": {"tags": ["featured"]}}, None, id="tags that say nothing"),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_modalities(row: dict[str, object], expected: str | None) -> None:
    """Modalities follow from the type and the tags, and are unknown without them."""
    found = listing(**row)
    shape = found.architecture
    served = shape.input_modalities and units.modality(shape.input_modalities, shape.output_modalities or ())
    assert served == expected
    assert found.capabilities.vision == (None if expected is None else "image" in expected.partition("->")[0])


def test_capabilities() -> None:
    """A tag says that a model can; the lack of one says nothing."""
    can = listing(tags=["tools", "structured-output"], metadata={"tags": ["reasoning_effort"]}).capabilities
    unsaid = listing(tags=["json"]).capabilities
    assert (can.tools, can.reasoning, can.structured_outputs) == (True, True, True)
    assert (unsaid.tools, unsaid.reasoning, unsaid.structured_outputs) == (None, None, None)


def test_words() -> None:
    """The first description that is there counts, and no repository is guessed from the id."""
    found = listing(id="Qwen/Qwen3-32B", description="two", metadata={"description": ""}, quantization="fp8")
    assert (found.name, found.description, found.quantization) == ("Qwen3-32B", "two", "fp8")
    assert found.hugging_face_id is None


def test_new_fields_are_counted() -> None:
    """Only fields that nobody has looked at yet count as new, on every level."""
    (raw,) = joined(
        {"data": [{"id": "a/b", "object": "model", "root": "a/b", "parent": None, "mood": 1}]},
        [{"model_name": "a/b", "is_partner": True, "reported_type": "x", "pricing": {"seats": 5}}],
    )
    row = deepinfra.Row.model_validate(raw)
    assert row.pricing is not None
    assert (set(row.model_extra or {}), set(row.pricing.model_extra or {})) == ({"mood"}, {"seats"})


# ------------------------------------------------------------------------------------ real answers


@pytest.mark.captures
@pytest.mark.skipif(not CAPTURES, reason="GATELOG_CAPTURES is not set")
def test_captures() -> None:
    """Every captured row becomes a listing with clean prices and without new fields."""
    folder = Path(CAPTURES) / "deepinfra"
    files = sorted(folder.glob("openai-models/*.json"))
    assert files
    second = Payload("/models/list", (folder / "models-list" / "sample.json").read_bytes())
    for file in files:
        rows = list(deepinfra.parse([Payload("/v1/openai/models", file.read_bytes()), second]))
        assert len(rows) >= len(json.loads(file.read_bytes())["data"])
        for raw in rows:
            row = deepinfra.Row.model_validate(raw)
            assert not row.model_extra
            for price in deepinfra.normalize(row).pricing.values():
                assert re.fullmatch(r"\d+(\.\d*[1-9])?", units.plain(price))
