"""Run by the consumers' Python: the client of the MCP SDK starts our server and asks it.

python ask_mcp.py CHECKOUT TREE: prints the names of the tools and some answers as JSON.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client


async def main(checkout: str, tree: str) -> None:
    """Ask for the tools and call some of them."""
    server = StdioServerParameters(
        command=sys.executable, args=[f"{checkout}/build.py", "mcp", "--output", tree]
    )
    async with stdio_client(server) as (reading, writing), ClientSession(reading, writing) as session:
        await session.initialize()
        listed = await session.list_tools()
        price = await session.call_tool("price_of_call", QUESTION)
        missing = await session.call_tool("get_model", {"id": "no/such"})
    told: dict[str, Any] = {
        "tools": sorted(tool.name for tool in listed.tools),
        "price": json.loads(price.content[0].text),
        "missing": [missing.is_error, missing.content[0].text],
    }
    sys.stdout.write(json.dumps(told))


QUESTION = {"id": "openai/gpt-4o", "prompt_tokens": 1000, "completion_tokens": 10}

if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
