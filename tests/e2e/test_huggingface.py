"""Metrics of the Hugging Face Hub in a whole build: published, kept, and never in the way."""

from __future__ import annotations

import json
from typing import Any

import pytest

from providers.huggingface_plan import SWEEP
from tests.site import HOUR_LATER, Site, lasting
from tests.toys import contents, marks

DEEPSEEK = "catalog/model/deepseek/deepseek-chat-v3-0324.json"
RENAMED = "catalog/gateway/featherless/model/nousresearch/meta-llama-3-70b.json"
MISSING = "catalog/gateway/featherless/model/yil384/qwen3-0.6b-lora.json"
NEXT_DAY = "1795228800"
TWO_MONTHS_LATER = "1800412800"
NOBODY = "http://127.0.0.1:1"
pytestmark = pytest.mark.usefixtures("waits", "unsynced")


def record(site: Site, path: str) -> dict[str, Any]:
    """Read one record of the tree."""
    found: dict[str, Any] = json.loads((site.output / path).read_bytes())
    return found


def metrics(site: Site, path: str) -> Any:  # noqa: ANN401 - as published
    """Return what one record shows of the Hub."""
    return record(site, path)["data"]["huggingface_metrics"]


def said(output: str) -> list[str]:
    """Return what a build says of the Hub."""
    return [line for line in output.splitlines() if "huggingface" in line]


def downloads(site: Site, now: int) -> None:
    """Let the Hub's sweep say another number of downloads of one repository."""
    rows = site.catalog["HF_ENDPOINT"][SWEEP.path]["$body"]
    [row] = [row for row in rows if row["id"] == "deepseek-ai/DeepSeek-V3-0324"]
    row["downloads"] = now


def test_metrics_are_published(built: Site) -> None:
    """From a list, from the sweep and under an old name; null for what the Hub does not have."""
    assert metrics(built, DEEPSEEK) == {
        "downloads": 250000, "likes": 3000, "pipeline_tag": "text-generation",
        "library_name": "transformers", "gated": False, "as_of": "2026-11-20",
    }  # fmt: skip
    assert metrics(built, RENAMED)["downloads"] == 700
    assert metrics(built, MISSING) is None


def test_a_second_build_of_the_day_asks_nothing(built: Site) -> None:
    """Neither what is known nor what is missing, nor the most downloaded models once more."""
    before = contents(built.data)["huggingface.jsonl"]
    done = built.build(SOURCE_DATE_EPOCH=HOUR_LATER)
    assert said(done.output)[0].startswith("huggingface: 13 of 20 repositories known, 7 missing; 0 requests")
    assert contents(built.data)["huggingface.jsonl"] == before


def test_numbers_move_when_they_are_old(built: Site) -> None:
    """Not on the next day, when nothing is asked; two months later, with the day of the answer."""
    downloads(built, 250001)
    before = (built.output / DEEPSEEK).read_bytes()
    built.build(SOURCE_DATE_EPOCH=NEXT_DAY)
    assert (built.output / DEEPSEEK).read_bytes() == before
    built.build(SOURCE_DATE_EPOCH=TWO_MONTHS_LATER)
    found = record(built, DEEPSEEK)
    assert found["data"]["huggingface_metrics"]["downloads"] == 250001
    assert (found["data"]["huggingface_metrics"]["as_of"], found["timestamp"]) == (
        "2027-01-20", "2027-01-20T00:00:00Z",
    )  # fmt: skip


def test_a_hub_that_is_down_costs_nothing(built: Site) -> None:
    """Exit 0 even with --strict, every gateway fresh, last numbers served, and the reason said."""
    before = built.tree()
    done = built.build("--strict", SOURCE_DATE_EPOCH=TWO_MONTHS_LATER, HF_ENDPOINT=NOBODY)
    assert set(built.states().values()) == {"fresh"}
    told, warned = said(done.output)
    assert told.startswith("huggingface: 13 of 20 repositories known, 7 missing; 3 requests")
    assert warned.startswith("! huggingface: given up: no complete answer from 127.0.0.1:1")
    gateways = "catalog/gateways.json"
    assert {**built.tree(), gateways: b""} == {**before, gateways: b""}


def test_without_the_hub(site: Site) -> None:
    """--no-huggingface asks it nothing and says nothing of it; what is known is not forgotten."""
    done = site.build("--no-huggingface")
    assert (said(done.output), metrics(site, DEEPSEEK)) == ([], None)
    site.build()
    known = metrics(site, DEEPSEEK)
    data = marks(site.data)["huggingface.jsonl"]
    site.build("--no-huggingface", SOURCE_DATE_EPOCH=TWO_MONTHS_LATER)
    assert (metrics(site, DEEPSEEK), marks(site.data)["huggingface.jsonl"]) == (known, data)
    assert known is not None


def test_offline_with_metrics_writes_the_same_bytes(built: Site) -> None:
    """Renewed numbers and notes of misses are in data/, and nowhere else."""
    downloads(built, 999999)
    built.build(SOURCE_DATE_EPOCH=TWO_MONTHS_LATER)
    again = Site(built.folder / "again", lasting(built.environ))
    built.build("--offline", "--output", str(again.output), **again.environ)
    assert again.tree() == built.tree()
    assert metrics(again, DEEPSEEK)["downloads"] == 999999


def test_one_gateway_alone_asks_for_its_own_repositories(site: Site) -> None:
    """As the others are not fetched either."""
    done = site.build("--gateway", "openrouter")
    assert said(done.output)[0].startswith("huggingface: 4 of 4 repositories known")


def test_the_report(site: Site) -> None:
    """The same for programs."""
    file = site.folder / "report.json"
    site.build("--report", str(file))
    told = json.loads(file.read_bytes())["huggingface"]
    assert (told["wanted"], told["known"], told["missing"], told["reason"]) == (20, 13, 7, None)


def test_the_token_goes_to_the_hub_and_nowhere_else(site: Site) -> None:
    """It is not written anywhere, and raises what may be asked."""
    done = site.build("-v", HF_TOKEN="hf_secret")
    everything = b"".join([*contents(site.folder).values(), done.output.encode()])
    assert b"hf_secret" not in everything


def test_show_without_metrics(built: Site) -> None:
    """The form that a request with `include_huggingface=false` gets: the bytes of `catalog/plain/`."""
    built.build("--plain")
    output = "--output", str(built.output)
    shown = built.call("show", "deepseek/deepseek-chat-v3-0324", "--no-huggingface", *output)
    plain = built.output / DEEPSEEK.replace("catalog/", "catalog/plain/")
    assert (shown.exit_code, shown.stdout_bytes) == (0, plain.read_bytes())
    assert json.loads(shown.stdout)["data"]["huggingface_metrics"] is None
