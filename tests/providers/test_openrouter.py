"""OpenRouter: its paging, its hosts, and every trap of its rows."""

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
from catalog.errors import UseSnapshotError
from catalog.ports import Payload
from catalog.schema.listing import Endpoint, Listing
from providers import openrouter
from tests import golden, handmade

LIST = "/models?output_modalities=all"
CAPTURES = os.environ.get("GATELOG_CAPTURES", "")
NIGHT = {"utc_start": 1000, "utc_end": 100, "prompt": "0.00000028", "completion": "0.00000056"}
DAY = {"utc_start": 100, "utc_end": 1000, "prompt": "0.00000056", "completion": "0.00000112"}
LONG = {"min_prompt_tokens": 200000, "prompt": "0.000006", "completion": "0.0000225"}
HOST = {
    "provider_name": "DeepInfra",
    "tag": "deepinfra/fp4",
    "pricing": {"prompt": "0.0000002", "completion": "0.00000077", "discount": 0},
    "context_length": 163840,
    "max_completion_tokens": 16384,
    "quantization": "fp4",
}


def row(**changes: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever an upstream may serve
    """An ordinary row with some fields changed."""
    ordinary = {
        "id": "deepseek/deepseek-chat-v3-0324",
        "name": "DeepSeek: DeepSeek V3 0324",
        "created": 1742824755,
        "context_length": 163840,
        "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
        "pricing": {"prompt": "0.00000027", "completion": "0.00000112"},
        "top_provider": {"context_length": 163840, "max_completion_tokens": 65536},
        "supported_parameters": ["tools", "max_tokens"],
    }
    return ordinary | changes


def listing(**changes: Any) -> Listing:  # noqa: ANN401 - as above
    """The listing of an ordinary row with some fields changed."""
    return openrouter.normalize(openrouter.Row.model_validate(row(**changes)))


def priced(**pricing: object) -> Listing:
    """The listing of an ordinary row with these prices only."""
    return listing(pricing=pricing)


def hosts(*endpoints: object) -> tuple[Endpoint, ...] | None:
    """The endpoints of an ordinary row with these hosts."""
    return listing(endpoints=list(endpoints)).endpoints


def upstream(pages: dict[str, Any]) -> handmade.HandMade:
    """A network of these pages."""
    return handmade.HandMade(openrouter.GATEWAY, {"OPENROUTER_BASE_URL": pages})


def one_page(*rows: object, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - as above
    """A list of one page."""
    return {LIST: {"data": list(rows), **more}}


def parsed(pages: dict[str, Any]) -> list[Any]:
    """The raw rows that come out of these pages."""
    return list(openrouter.parse(openrouter.fetch(upstream(pages))))


# ------------------------------------------------------------------------------------ the whole path


def test_golden() -> None:
    """The hand-made catalog becomes the listings that a person has read."""
    found = handmade.listings(openrouter, handmade.upstream(openrouter.GATEWAY))
    golden.check(golden.FOLDER / "openrouter.jsonl", handmade.lines(found))


@pytest.mark.parametrize("seed", range(3))
def test_order_does_not_matter(seed: int) -> None:
    """Two answers of one state in different order give equal listings."""
    one, other = handmade.upstream(openrouter.GATEWAY), handmade.upstream(openrouter.GATEWAY)
    shuffle(other.catalog, random.Random(seed))
    assert handmade.listings(openrouter, one) == handmade.listings(openrouter, other)


def shuffle(value: object, chance: random.Random) -> None:
    """Shuffle every list below a value and the keys of every object, in place."""
    if isinstance(value, list):
        chance.shuffle(value)
    if isinstance(value, dict):
        items = list(value.items())
        chance.shuffle(items)
        value.clear()
        value.update(items)
    for below in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        shuffle(below, chance)


# ------------------------------------------------------------------------------------ the list


def test_pages_are_followed() -> None:
    """`links.next` leads from page to page, and only its path and query count."""
    second = "/api/v1/models?output_modalities=all&offset=1&limit=1"
    third = "/api/v1/models?output_modalities=all&offset=2&limit=1"
    pages = {
        LIST: {"data": [row(id="a/1")], "total_count": 3, "links": {"next": second}},
        second: {"data": [row(id="a/2")], "links": {"next": "https://elsewhere.example" + third}},
        third: {"data": [row(id="a/3")], "links": {"next": None}},
    }
    assert [found["id"] for found in parsed(pages)] == ["a/1", "a/2", "a/3"]


def test_endless_pages() -> None:
    """A list whose pages lead in a circle is not believed."""
    with pytest.raises(UseSnapshotError, match="no end"):
        parsed(one_page(row(), links={"next": LIST}))


def test_fewer_rows_than_announced() -> None:
    """A list that is shorter than its own `total_count` is not believed."""
    with pytest.raises(UseSnapshotError, match="1 of 2 rows"):
        parsed(one_page(row(), total_count=2))


@pytest.mark.parametrize(
    "more",
    [
        pytest.param({}, id="before 2026-07-13"),
        pytest.param({"total_count": 1, "links": {"next": None}}, id="since"),
        pytest.param({"total_count": "1", "links": []}, id="of another type"),
    ],
)
def test_envelopes(more: dict[str, Any]) -> None:
    """The list is read with and without the fields of paging."""
    assert len(parsed(one_page(row(), **more))) == 1


def test_no_list() -> None:
    """An answer without a list of models is no answer."""
    with pytest.raises(UseSnapshotError, match="no list"):
        parsed({LIST: {"error": {"code": 500, "message": "x"}}})


# ------------------------------------------------------------------------------------ hosts


def test_who_is_asked_for_hosts() -> None:
    """Aliases and routers have no hosts; an odd id is not asked for; no id is asked for twice."""
    ids = [
        "a/b:free",
        "a/b:free",
        "~a/b-latest",
        "openrouter/auto",
        "a/..",
        "../b",
        "a/b c?d#e",
        "evil/\ud800",
        "evil/new\nline",
        "no-slash",
        "a/b/c",
        7,
    ]
    network = upstream(one_page(*(row(id=id) for id in ids), None, "text"))
    list(openrouter.fetch(network))
    assert network.asked[1:] == ["/models/a/b:free/endpoints", "/models/a/b%20c%3Fd%23e/endpoints"]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        pytest.param({"$status": 404}, None, id="not found"),
        pytest.param({"data": {"id": "a/b", "endpoints": []}}, [], id="none"),
        pytest.param({"data": {"id": "a/b", "endpoints": [HOST]}}, [HOST], id="one, without the suffix"),
        pytest.param({"data": None}, None, id="null"),
        pytest.param(["?"], None, id="a list"),
    ],
)
def test_hosts_are_joined(answer: object, expected: object) -> None:
    """A row gets its hosts by the id that was asked for; unanswered is unknown, not none."""
    pages = one_page(row(id="a/b:free")) | {"/models/a/b:free/endpoints": answer}
    assert [found["endpoints"] for found in parsed(pages)] == [expected]


def test_hosts_that_are_no_json() -> None:
    """A page of HTML in place of one model's hosts leaves them unknown and the list in use."""
    payloads = [
        Payload(LIST, json.dumps({"data": [row(id="a/b")]}).encode()),
        Payload("/models/a/b/endpoints", b"<html>"),
    ]
    assert [found["endpoints"] for found in openrouter.parse(payloads)] == [None]  # type: ignore[index] # JSON


def test_odd_rows_are_passed_on() -> None:
    """What is no object goes through `parse` as it is, for the core to set aside."""
    assert parsed(one_page(None, "text", 7)) == [None, "text", 7]


def test_endpoint() -> None:
    """A host becomes an endpoint with its own prices and limits, a number format only if known."""
    found = hosts(HOST, HOST | {"tag": "a", "quantization": "unknown", "max_completion_tokens": 0})
    assert found is not None
    assert [(one.tag, one.quantization, one.max_output_tokens) for one in found] == [
        ("a", None, None),
        ("deepinfra/fp4", "fp4", 16384),
    ]
    assert found[1].pricing == {"prompt": Decimal("0.0000002"), "completion": Decimal("0.00000077")}
    assert found[1].discount is None


def test_discount_of_a_host() -> None:
    """A host's discount is stated beside its prices, which are already lower by it."""
    pricing = {"prompt": "0.0000001495", "completion": "0.000000598", "discount": 0.35}
    found = hosts(HOST | {"pricing": pricing | {"discount": Decimal("0.35")}})
    assert found is not None
    assert found[0].discount == Decimal("0.35")
    assert found[0].pricing["prompt"] == Decimal("0.0000001495")


def test_a_free_model_has_no_paid_hosts() -> None:
    """Its answer can hold the hosts of the paid model, whose prices are not its own."""
    free = HOST | {"tag": "free", "pricing": {"prompt": "0", "completion": "0"}}
    found = listing(id="deepseek/deepseek-chat-v3-0324:free", endpoints=[HOST, free]).endpoints
    assert [one.tag for one in found or ()] == ["free"]


def test_repeated_tag() -> None:
    """Hosts that share a tag are both kept, in an order that does not depend on the answer's."""
    cheap = HOST | {"pricing": {"prompt": "0.00000022"}}
    dear = HOST | {"pricing": {"prompt": "0.00000025"}}
    assert hosts(cheap, dear) == hosts(dear, cheap)
    assert len(hosts(cheap, dear) or ()) == 2


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param({}, None, id="nothing"),
        pytest.param({"uptime_last_1d": 100}, (100.0, None, None), id="integer"),
        pytest.param({"uptime_last_1d": Decimal("99.9794597925439")}, (100.0, None, None), id="to 0.1"),
        pytest.param({"latency_last_30m": {"p50": 1834, "p99": 9000}}, (None, 1830, None), id="to 10 ms"),
        pytest.param({"throughput_last_30m": {"p50": Decimal("61.4")}}, (None, None, 61), id="to 1 token/s"),
        pytest.param({"latency_last_30m": 1834}, (None, 1830, None), id="a bare number"),
        pytest.param({"uptime_last_1d": -1, "latency_last_30m": {}}, None, id="no measurement"),
    ],
)
def test_performance(served: dict[str, Any], expected: object) -> None:
    """Uptime, latency and throughput are rounded so that only real moves show."""
    (found,) = hosts(HOST | served) or ()
    shown = found.performance and (
        found.performance.uptime,
        found.performance.latency,
        found.performance.throughput,
    )
    assert shown == expected


@pytest.mark.parametrize(
    "bad",
    [
        pytest.param(None, id="null"),
        pytest.param({"tag": "x"}, id="without a name"),
        pytest.param(HOST | {"pricing": {"prompt": "-0.1"}}, id="negative"),
        pytest.param(HOST | {"pricing": {"prompt": "NaN"}}, id="not a number"),
        pytest.param(HOST | {"context_length": "much"}, id="limit"),
    ],
)
def test_unreadable_host(bad: object) -> None:
    """One unreadable host leaves the hosts unknown, never half of them, and costs no row."""
    assert hosts(HOST, bad) is None


# ------------------------------------------------------------------------------------ prices


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("0.0000006000000000000001", "0.0000006", id="noise"),
        pytest.param("0.00000100000000000000015", "0.000001", id="more noise"),
        pytest.param("0.00000008333333333333333", "0.0000000833333333333", id="twelve digits"),
        pytest.param("0.00000008333333333333334", "0.0000000833333333333", id="the same a day later"),
        pytest.param(Decimal("1E-7"), "0.0000001", id="a number"),
        pytest.param(0, "0", id="zero as a number"),
    ],
)
def test_price(served: object, expected: str) -> None:
    """Prices are US dollars per token already; only their noise goes."""
    found = priced(prompt=served)
    assert units.plain(found.pricing["prompt"]) == expected
    assert found.price_source is not None
    assert (found.price_source.gateway, found.price_source.match) == ("openrouter", "own")


def test_absent_prices() -> None:
    """A meter that is null or missing is unknown, and without any price there is no source of one."""
    assert priced(prompt=None).pricing == {}
    assert priced().price_source is None
    assert listing(pricing=None).pricing == {}


@pytest.mark.parametrize("served", ["-1", -1])
def test_dynamic(served: object) -> None:
    """`-1` means decided per request: no price, and the kind says so."""
    found = priced(prompt=served, completion=served)
    assert (found.pricing, found.price_kind, found.price_source) == ({}, "dynamic", None)


@pytest.mark.parametrize("id", ["a/b", "a/b:free"])
def test_kind_is_left_to_the_core(id: str) -> None:
    """Neither zero prices nor a suffix make a row free here."""
    assert listing(id=id, pricing={"prompt": "0", "completion": "0"}).price_kind is None


@pytest.mark.parametrize(
    "pricing",
    [
        pytest.param({"prompt": "-0.5"}, id="negative"),
        pytest.param({"prompt": "-2"}, id="minus two"),
        pytest.param({"prompt": "NaN"}, id="NaN"),
        pytest.param({"prompt": Decimal("Infinity")}, id="infinite"),
        pytest.param({"prompt": "1e999"}, id="too large"),
        pytest.param({"prompt": "1e99999999"}, id="beyond arithmetic"),
        pytest.param({"prompt": "1e-99999999"}, id="below arithmetic"),
        pytest.param({"prompt": "cheap"}, id="a word"),
        pytest.param({"prompt": True}, id="a truth value"),
        pytest.param({"prompt": ["0"]}, id="a list"),
        pytest.param({"new_meter": "-0.5"}, id="negative in a new field"),
        pytest.param({"discount": 2}, id="discount above one"),
        pytest.param({"overrides": {"prompt": "0"}}, id="overrides of another shape"),
        pytest.param({"overrides": [7]}, id="an override of another shape"),
        pytest.param({"overrides": [{"prompt": "0.1"}]}, id="an override without a condition"),
        pytest.param({"overrides": [LONG | {"min_reasoning": 7}]}, id="an unknown condition"),
        pytest.param({"overrides": [LONG | {"prompt": "-1"}]}, id="a negative override"),
        pytest.param({"overrides": [LONG | {"service_tier": 7}]}, id="a tier that is no name"),
        pytest.param({"overrides": [{"utc_start": 100, "prompt": "0.1"}]}, id="half a window"),
        pytest.param({"overrides": [DAY | {"utc_end": 1060}]}, id="minute 60"),
        pytest.param({"overrides": [DAY | {"utc_end": 2500}]}, id="hour 25"),
    ],
)
def test_impossible_prices(pricing: dict[str, object]) -> None:
    """A price that cannot be true makes one bad row, never a published number."""
    with pytest.raises(ValueError, match=r"\S"):
        priced(**pricing)


def test_nan_in_the_body() -> None:
    """A bare NaN in the JSON becomes a bad row like any other."""
    body = json.dumps({"data": [row(pricing={"prompt": float("nan")})]}).encode()
    (raw,) = openrouter.parse([Payload(LIST, body)])
    with pytest.raises(ValueError, match="finite"):
        openrouter.normalize(openrouter.Row.model_validate(raw))


def test_every_known_meter_is_kept() -> None:
    """Each known meter stays under its name, and so does a new one, which is reported as new."""
    pricing = {
        "prompt": "0.000002",
        "image_token": "0.000003",
        "request": "0.01",
        "web_search": "0.014",
        "input_cache_write_1h": "0.000006",
        "video_token": "0.000007",
        "note": "per token",
        "regions": {"eu": "0.1"},
    }
    raw = openrouter.Row.model_validate(row(pricing=pricing))
    assert set(openrouter.normalize(raw).pricing) == set(pricing) - {"note", "regions"}
    assert raw.pricing is not None
    assert set(raw.pricing.model_extra or {}) == {"video_token", "note", "regions"}


def test_discount_of_a_row() -> None:
    """A row's discount is stated and not taken off a second time."""
    found = priced(prompt="0.000002", discount=Decimal("0.25"))
    assert (found.discount, found.list_pricing) == (Decimal("0.25"), None)
    assert found.pricing == {"prompt": Decimal("0.000002")}


# ------------------------------------------------------------------------------------ price tiers


def test_tiers_are_sorted() -> None:
    """Overrides become tiers in a fixed order, with the clock written out."""
    tiers = priced(prompt="1", overrides=[DAY, LONG, NIGHT, LONG | {"min_prompt_tokens": 32000}]).price_tiers
    assert [(tier.min_prompt_tokens, tier.utc_start, tier.utc_end) for tier in tiers] == [
        (None, "01:00", "10:00"),
        (None, "10:00", "01:00"),
        (32000, None, None),
        (200000, None, None),
    ]
    assert tiers[3].pricing == {"prompt": Decimal("0.000006"), "completion": Decimal("0.0000225")}


def test_long_prompts_do_not_touch_the_base() -> None:
    """A tier by length leaves the base price as it is, even where both are equal."""
    found = priced(prompt="0.000006", completion="0.0000225", overrides=[LONG])
    assert found.price_kind is None
    assert found.pricing["prompt"] == Decimal("0.000006")


@pytest.mark.parametrize("now", [DAY, NIGHT], ids=["by day", "by night"])
def test_windows_that_fill_the_day(now: dict[str, object]) -> None:
    """At any time of the day the dearest window is the base, and other meters stay as served."""
    shown = {"prompt": now["prompt"], "completion": now["completion"], "input_cache_read": "0.0000000028"}
    found = priced(**shown, overrides=[NIGHT, DAY])
    assert found == priced(
        prompt="9", completion="9", input_cache_read="0.0000000028", overrides=[DAY, NIGHT]
    )
    assert found.pricing == {
        "prompt": Decimal("0.00000056"),
        "completion": Decimal("0.00000112"),
        "input_cache_read": Decimal("0.0000000028"),
    }
    assert found.price_kind is None


def test_window_that_hides_the_base() -> None:
    """Inside a window that leaves part of the day open the base is not visible, so it is not stated."""
    inside = priced(prompt=NIGHT["prompt"], completion=NIGHT["completion"], audio="0.1", overrides=[NIGHT])
    outside = priced(prompt="0.00000056", completion="0.00000112", audio="0.1", overrides=[NIGHT])
    assert (set(inside.pricing), inside.price_kind) == ({"audio"}, "dynamic")
    assert (set(outside.pricing), outside.price_kind) == ({"prompt", "completion", "audio"}, None)
    assert inside.price_tiers == outside.price_tiers
    assert inside.price_source == outside.price_source


def test_clock_of_a_host() -> None:
    """A host's prices do not follow the clock either."""
    by_day = HOST | {"pricing": {"prompt": DAY["prompt"], "overrides": [DAY, NIGHT]}}
    by_night = HOST | {"pricing": {"prompt": NIGHT["prompt"], "overrides": [DAY, NIGHT]}}
    assert hosts(by_day) == hosts(by_night)


def test_discount_in_an_override() -> None:
    """A discount inside an override is no price and no condition."""
    (tier,) = priced(prompt="1", overrides=[LONG | {"discount": 0}]).price_tiers
    assert set(tier.pricing) == {"prompt", "completion"}


# ------------------------------------------------------------------------------------ limits, dates, words


def test_limits_stay_apart() -> None:
    """What the model can and what its host serves are two numbers, and an answer's cap is a third."""
    top = {"context_length": 262144, "max_completion_tokens": 16384}
    found = listing(context_length=1000000, top_provider=top)
    limits = (found.context_length, found.served_context_length, found.max_output_tokens)
    assert limits == (1000000, 262144, 16384)


@pytest.mark.parametrize(
    "top",
    [
        pytest.param(None, id="no top provider"),
        pytest.param({"context_length": None, "max_completion_tokens": None}, id="null"),
        pytest.param({"context_length": 0, "max_completion_tokens": 0}, id="zero"),
    ],
)
def test_unknown_limits(top: object) -> None:
    """Null, zero and absent limits are unknown."""
    found = listing(context_length=0, top_provider=top)
    limits = (found.context_length, found.served_context_length, found.max_output_tokens)
    assert limits == (None, None, None)


@pytest.mark.parametrize(
    ("served", "expected"),
    [
        pytest.param("2026-08-24", ("2026-08-24", "deprecated"), id="planned"),
        pytest.param("2098-12-31", (None, "active"), id="never"),
        pytest.param(None, (None, "active"), id="null"),
        pytest.param("", (None, "active"), id="empty"),
    ],
)
def test_expiration(served: object, expected: object) -> None:
    """A planned end makes a row deprecated; the far future stands for no end."""
    found = listing(expiration_date=served)
    assert (found.expiration_date, found.status) == expected


@pytest.mark.parametrize(
    ("architecture", "expected"),
    [
        pytest.param(
            {
                "input_modalities": ["video", "audio", "file", "text", "image"],
                "output_modalities": ["image", "text"],
            },
            "text+image+file+audio+video->text+image",
            id="any order",
        ),
        pytest.param({"modality": "text+image->text"}, "text+image->text", id="the string only"),
        pytest.param(
            {
                "modality": "text->text",
                "input_modalities": ["text", "smell"],
                "output_modalities": ["rerank"],
            },
            "text+smell->rerank",
            id="an unknown one",
        ),
        pytest.param({"modality": None, "input_modalities": []}, None, id="nothing"),
        pytest.param(None, None, id="null"),
    ],
)
def test_modalities(architecture: object, expected: str | None) -> None:
    """The lists count, in the fixed order; the served string is a fallback; unknown words are kept."""
    found = listing(architecture=architecture).architecture
    if found.input_modalities is None or found.output_modalities is None:
        assert expected is None
    else:
        assert units.modality(found.input_modalities, found.output_modalities) == expected


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        pytest.param(["tools", "reasoning", "structured_outputs"], (True, True, True), id="all"),
        pytest.param(["include_reasoning", "response_format"], (False, True, False), id="JSON is no schema"),
        pytest.param([], (False, False, False), id="none"),
        pytest.param(None, (None, None, None), id="unknown"),
    ],
)
def test_capabilities(parameters: object, expected: object) -> None:
    """Capabilities follow from the supported parameters, and are unknown without them."""
    found = listing(supported_parameters=parameters).capabilities
    assert (found.tools, found.reasoning, found.structured_outputs) == expected


def test_parameters_are_sorted() -> None:
    """Supported parameters come sorted and once."""
    assert listing(supported_parameters=["top_p", "tools", "top_p"]).supported_parameters == (
        "tools",
        "top_p",
    )


def test_words() -> None:
    """Names lose stray spaces, descriptions their control characters, and empty words are unknown."""
    found = listing(
        name="Google: Gemma 4 26B A4B ",
        description="one\r\ntwo\u202e\x1b",
        hugging_face_id="",
        canonical_slug="",
        knowledge_cutoff="",
    )
    assert (found.name, found.description) == ("Google: Gemma 4 26B A4B", "one\ntwo")
    assert (found.hugging_face_id, found.canonical_slug, found.knowledge_cutoff) == (None, None, None)


def test_alias() -> None:
    """A moving alias says what it stands for now."""
    target = {"slug": "anthropic/claude-sonnet-5", "name": "x"}
    assert listing(id="~anthropic/claude-sonnet-latest", alias_target=target).alias_target == target["slug"]


def test_bare_row() -> None:
    """A row of nothing but an id is a listing of nothing but an id."""
    found = openrouter.normalize(openrouter.Row.model_validate({"id": "a/b"}))
    assert found == Listing(gateway="openrouter", id="a/b", name="b")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"id": 123}, id="id"),
        pytest.param({"id": None}, id="no id"),
        pytest.param({"id": ""}, id="empty id"),
        pytest.param({"pricing": "free"}, id="pricing"),
        pytest.param({"context_length": "a lot"}, id="words for a limit"),
        pytest.param({"context_length": -1}, id="negative limit"),
        pytest.param({"context_length": True}, id="a truth value for a limit"),
        pytest.param({"created": "yesterday"}, id="words for a time"),
        pytest.param({"created": 10**15}, id="a time in milliseconds or worse"),
        pytest.param({"architecture": []}, id="architecture"),
        pytest.param({"supported_parameters": "tools"}, id="parameters"),
        pytest.param({"expiration_date": "soon"}, id="date"),
    ],
)
def test_wrong_types(changes: dict[str, object]) -> None:
    """A wrong type in a field that is needed makes one bad row."""
    with pytest.raises(ValueError, match=r"\S"):
        listing(**changes)


def test_new_fields_are_counted() -> None:
    """Only fields that nobody has looked at yet count as new."""
    raw = row(benchmarks={}, reasoning={}, links={}, supported_voices=None, mood="good")
    assert set(openrouter.Row.model_validate(raw).model_extra or {}) == {"mood"}


# ------------------------------------------------------------------------------------ real answers


@pytest.mark.captures
@pytest.mark.skipif(not CAPTURES, reason="GATELOG_CAPTURES is not set")
def test_captures() -> None:
    """Every row of every captured list becomes a listing with clean prices and the served modality."""
    folder = Path(CAPTURES) / "openrouter"
    files = sorted(folder.glob("models/*.json"))
    assert files
    for file in files:
        payloads = [Payload(LIST, file.read_bytes())]
        if file.stem == "2026-05-16":
            payloads += captured_hosts(folder / "endpoints" / file.name)
        for raw in openrouter.parse(payloads):
            one = openrouter.Row.model_validate(raw)
            check_capture(one, openrouter.normalize(one), recent=file.stem >= "2026-01-20")


def captured_hosts(file: Path) -> list[Payload]:
    """The captured answers about hosts, as if each had been asked for by id."""
    answers = json.loads(file.read_bytes())["data"]
    return [
        Payload(f"/models/{one['modelId']}/endpoints", json.dumps(one["response"]).encode())
        for one in answers
    ]


def check_capture(one: openrouter.Row, found: Listing, *, recent: bool) -> None:
    """What must hold for a listing of a captured row."""
    assert not set(one.model_extra or {}) - {"endpoints that were not answered"}
    assert one.architecture is not None
    assert (found.endpoints is None) == (one.endpoints is None)
    ends = found.endpoints or ()
    for pricing in (
        found.pricing,
        *(tier.pricing for tier in found.price_tiers),
        *(end.pricing for end in ends),
    ):
        for price in pricing.values():
            assert re.fullmatch(r"\d+(\.\d*[1-9])?", units.plain(price))
    if recent:
        shape = found.architecture
        assert (
            units.modality(shape.input_modalities or (), shape.output_modalities or ())
            == one.architecture.modality
        )
