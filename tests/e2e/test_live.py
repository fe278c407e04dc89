"""`show --live`: what the gateways say now beside what is published."""

from __future__ import annotations

from tests.site import Site
from tests.toys import contents

MODEL = "deepseek/deepseek-chat-v3-0324"


def rows(site: Site, *words: str) -> dict[str, list[str]]:
    """Return gateway and id → the other words of each row of the table."""
    done = site.call("show", MODEL, "--live", *words, "--output", str(site.output), "--data", str(site.data))
    assert done.exit_code == 0, done.output
    _, _, table = done.output.partition("gateway")
    return {" ".join(row.split()[:2]): row.split()[2:] for row in table.splitlines()[1:]}


def test_nothing_changed(built: Site) -> None:
    """Today's prices are the published ones, and no file is touched."""
    before = contents(built.folder)
    found = rows(built)
    assert found[f"openrouter {MODEL}"][-1] == "same"
    assert contents(built.folder) == before


def test_a_price_rose_and_a_model_is_gone(built: Site) -> None:
    """Both are told, the old price beside the new one."""
    answer = built.catalog["OPENROUTER_BASE_URL"]["/models?output_modalities=all"]
    answer["total_count"] -= 1
    models = answer["data"]
    plain, free = (next(row for row in models if row["id"] == name) for name in (MODEL, f"{MODEL}:free"))
    plain["pricing"]["prompt"] = "0.0000009"
    models.remove(free)
    found = rows(built)
    assert found[f"openrouter {MODEL}"] == ["0.00000027", "0.00000112", "0.0000009", "0.00000112", "changed"]
    assert found[f"openrouter {MODEL}:free"][-1] == "gone"


def test_a_gateway_that_does_not_answer(built: Site) -> None:
    """Its offers have no price of today, and the reason stands below the table."""
    built.catalog["OPENROUTER_BASE_URL"]["/models?output_modalities=all"].clear()
    found = rows(built)
    assert found[f"openrouter {MODEL}"][-1] == "unavailable"
    assert "! openrouter:" in found
