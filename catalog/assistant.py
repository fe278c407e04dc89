"""EDGE The built tree as tools of an assistant, over the Model Context Protocol.

The protocol is the affair of the official SDK, an optional extra; the answers need nothing but the tree.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import Any

import orjson
from pydantic import ValidationError

from catalog.detect import NotFound, detect
from catalog.errors import StopBuildError
from catalog.schema.documents import DetectionIndex, Gateways
from catalog.units import plain

_SEARCH = """
WITH base AS (
    SELECT gateway, id, meter, price FROM prices
    WHERE min_prompt_tokens IS NULL AND utc_start IS NULL AND service_tier IS NULL
)
SELECT gateway, id, name, model_key, price_kind, context_length,
    (SELECT price FROM base WHERE gateway = l.gateway AND id = l.id AND meter = 'prompt') AS prompt,
    (SELECT price FROM base WHERE gateway = l.gateway AND id = l.id AND meter = 'completion') AS completion
FROM listings AS l
WHERE (instr(lower(id), lower(:text)) OR instr(lower(name), lower(:text)))
    AND (gateway = :gateway OR :gateway = '')
ORDER BY id, gateway LIMIT :limit
"""
_CHANGES = """
SELECT at, kind, gateway, model, meter, "from", "to", percent FROM changes ORDER BY at DESC, id LIMIT ?
"""
_MOST = 100
Answer = dict[str, Any]


class Assistant:
    """What can be asked of one built tree; a question without an answer raises ValueError."""

    def __init__(self, tree: Path) -> None:
        """Read what detection needs; raises StopBuildError where no tree was built."""
        self._tree = tree
        try:
            self._index = DetectionIndex.model_validate_json((tree / "catalog/index.json").read_bytes())
            self._states = Gateways.model_validate_json((tree / "catalog/gateways.json").read_bytes())
        except (OSError, ValidationError) as problem:
            raise StopBuildError(f"{tree} holds no built tree") from problem

    def search_models(self, text: str, gateway: str = "", limit: int = 20) -> list[Answer]:
        """Find models whose id or name contains a text; prices are US dollars per token, null is unknown."""
        asked = {"text": text, "gateway": gateway, "limit": min(limit, _MOST)}
        return self._rows(_SEARCH, asked)

    def get_model(self, id: str, gateway: str = "") -> Answer:
        """Return everything that is known of a model: prices, limits, abilities, and who offers it."""
        found = detect(
            id,
            gateway or None,
            self._index,
            self._states,
            lambda path: (self._tree / path).is_file(),
            lambda path: (self._tree / path).read_bytes(),
        )
        if isinstance(found, NotFound):
            raise ValueError(found.message)  # noqa: TRY004 - an answer, not a mistake of type
        record: Answer = orjson.loads((self._tree / found.path).read_bytes())
        return record

    def compare_gateways(self, id: str) -> list[Answer]:
        """Return what every gateway asks for one model, US dollars per token."""
        offers: list[Answer] = self.get_model(id)["gateways"]
        return offers

    def price_of_call(
        self, id: str, prompt_tokens: int, completion_tokens: int, gateway: str = "", utc: str = ""
    ) -> Answer:
        """Return the exact price of one call in US dollars, tiers included; `utc` is the time, `16:30`."""
        record = self.get_model(id, gateway)
        data = record["data"]
        prices = _prices(data, prompt_tokens, utc)
        if prices["prompt"] is None or prices["completion"] is None:
            raise ValueError(f"the price of {data['id']} per token is {data['price_kind']}")
        price = prompt_tokens * Decimal(prices["prompt"]) + completion_tokens * Decimal(prices["completion"])
        return {
            "id": data["id"],
            "gateway": record["gateway"],
            "usd": plain(price),
            "as_of": record["timestamp"],
        }

    def recent_changes(self, limit: int = 20) -> list[Answer]:
        """Return the latest changes of prices, limits and models, newest first."""
        return self._rows(_CHANGES, (min(limit, _MOST),))

    def _rows(self, question: str, values: Any) -> list[Answer]:  # noqa: ANN401 - what sqlite3 takes
        address = f"{(self._tree / 'catalog/catalog.sqlite').absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(question, values)]


def _prices(data: Answer, prompt_tokens: int, utc: str) -> Answer:
    """Return the prices of a call: the base, replaced by each tier that holds without being asked for."""
    prices: Answer = dict(data["pricing"])
    for tier in data["price_tiers"]:
        longer = prompt_tokens > tier.get("min_prompt_tokens", -1)
        if (
            longer
            and "service_tier" not in tier
            and _is_open(tier.get("utc_start"), tier.get("utc_end"), utc)
        ):
            prices |= tier
    return prices


def _is_open(start: str | None, end: str | None, utc: str) -> bool:
    """Tell whether a time of the day lies in a window; without a time only what holds all day does."""
    if start is None or end is None:
        return True
    if not utc:
        return False
    return start <= utc < end if start < end else utc >= start or utc < end


def serve(assistant: Assistant) -> None:
    """Answer one assistant over standard input and output until it hangs up.

    Raises StopBuildError where the SDK is not installed.
    """
    try:
        from mcp.server import mcpserver  # noqa: PLC0415 - an optional extra
        from mcp.server.mcpserver.exceptions import ToolError  # noqa: PLC0415 - as above
    except ImportError as problem:
        raise StopBuildError(
            'the MCP SDK is missing: .venv/bin/python -m pip install "mcp>=2.3"'
        ) from problem
    server = mcpserver.MCPServer("gatelog", instructions=_ABOUT, log_level="WARNING")
    for tool in (
        assistant.search_models, assistant.get_model, assistant.compare_gateways, assistant.price_of_call,
        assistant.recent_changes,
    ):  # fmt: skip
        server.add_tool(_saying_why(tool, ToolError))
    server.run("stdio")


_ABOUT = "Models of LLM gateways with their limits and exact prices, from a catalog of static files."
_Tool = Callable[..., Any]


def _saying_why(tool: _Tool, error: type[Exception]) -> _Tool:
    """Return a tool that says why it has no answer; the SDK hides what other exceptions say."""

    @wraps(tool)
    def answer(*given: Any, **named: Any) -> Any:  # noqa: ANN401 - any tool
        try:
            return tool(*given, **named)
        except ValueError as problem:
            raise error(str(problem)) from problem

    return answer
