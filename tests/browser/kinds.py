"""One page of each type."""

from __future__ import annotations

PAGES = {
    "home": "",
    "search": "?q=claude&tools=1",
    "model": "model/anthropic/claude-sonnet-4.5.html",
    "several": "model/deepseek/deepseek-chat-v3-0324.html",
    "long-tail": "model.html?id=tail1/Model-001-8B",
    "organisation": "organisation/openai.html",
    "small-organisation": "organisation.html?name=evil2",
    "organisations": "organisations.html",
    "gateway": "gateway/openrouter.html",
    "gateways": "gateways.html",
    "compare": "compare.html?models=anthropic/claude-sonnet-4.5,deepseek/deepseek-chat-v3-0324",
    "calculator": "calculator.html?model=anthropic/claude-sonnet-4.5&in=250000",
    "changes": "changes.html",
    "about": "about.html",
    "letters": "models.html",
    "letter": "models/t.html",
}
