"""The list that the website searches."""

from __future__ import annotations

import gzip
import random
from typing import Any

from catalog.schema.listing import Architecture, Capabilities, PriceSource
from tests.factories import document, kept, money, tree
from tests.website import website


def searched(*found: Any) -> dict[str, Any]:  # noqa: ANN401 - kept listings
    """Render the list of some listings."""
    return document(tree(*found, site=website()), "catalog/search.json")


def test_one_row_for_each_model() -> None:
    """With everything that can be filtered: gateways, the cheapest price, modalities, abilities, its page."""
    offers = {"id": "acme/one", "hugging_face_id": "acme/one"}
    cheap = money(prompt="0.000001", completion="0.000002")
    dear = money(prompt="0.000003", completion="0.000002")
    said = searched(
        kept(
            **offers,
            pricing=dear,
            price_source=PriceSource(gateway="openrouter", match="own"),
            capabilities=Capabilities(tools=True, reasoning=True),
            architecture=Architecture(input_modalities=("text", "image"), output_modalities=("text",)),
        ),
        kept(
            **offers,
            gateway="deepinfra",
            pricing=cheap,
            context_length=9000,
            price_source=PriceSource(gateway="deepinfra", match="own"),
        ),
    )
    assert said["ids"] == [["acme", "one"]]
    assert said["names"] == {"0": "One"}
    assert said["shapes"] == [
        [0b1001, 9000, "0.000001", "0.000002", "known", "text+image->text", 1 + 2 + 8, "deepinfra"]
    ]
    assert said["shape"] == [0]


def test_what_is_alike_is_written_once() -> None:
    """Ids by organisation, shapes by number."""
    said = searched(*(kept(gateway="featherless", id=f"a/{name}", name=name) for name in "xyz"))
    assert said["ids"] == [["a", "x", "y", "z"]]
    assert (len(said["shapes"]), said["shape"], said["names"]) == (1, [0, 0, 0], {})


def test_a_path_that_does_not_follow_from_the_id_is_told() -> None:
    """Of case twins one has a path of its own; the cheaper one speaks for the model."""
    own = PriceSource(gateway="openrouter", match="own")
    prices = {
        name: money(prompt=price, completion=price) for name, price in (("Twin", "0.2"), ("twin", "0.1"))
    }
    twins = [kept(id=f"a/{name}", name=name, pricing=each, price_source=own) for name, each in prices.items()]
    said = searched(*twins)
    assert said["ids"] == [["a", "twin"]]
    assert said["paths"]["0"].startswith("a/twin~~")


def test_the_size_at_25000_models() -> None:
    """At most 350 KB compressed, with ids as long and as odd as people make them."""
    chance = random.Random(7)
    words = [
        f"{a}{b}"
        for a in ("Qwen3-", "Llama-3.1-", "Mistral-", "gemma-2-", "Phi-4-")
        for b in ("8B", "32B", "7B")
    ]
    found = [
        kept(
            gateway="featherless",
            id=f"author{number // 3:04}/{chance.choice(words)}-{chance.randbytes(3).hex()}",
            context_length=chance.choice((8192, 16384, 32768, 131072)),
        )
        for number in range(5000)
    ]
    body = tree(*found, site=website())["catalog/search.json"]
    assert len(gzip.compress(body, 9)) * 5 <= 350_000
