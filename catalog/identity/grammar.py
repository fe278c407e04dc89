"""How each gateway or service writes ids: what it wraps around a name, taken away again."""

from __future__ import annotations

import re

from catalog.identity.rules import Rules
from catalog.identity.work import UnresolvedError, Work

_REGION = re.compile(r"(?:us|eu|apac|global|in|us-gov|au|jp|ca|sa|me|af)\.(?=[a-z0-9-]+\.)")
_BEDROCK_TAILS = (
    (re.compile(r"-v0:(\d+)$"), r"-v0.\1"),  # the model's own version: mistral-7b-instruct-v0:2
    (re.compile(r"-v(\d+)-(\d+):\d+$"), r"-v\1.\2"),  # rerank-v3-5:0
    (re.compile(r"(?:-v1|-\d+)?:\d+(?::\w+)?$"), ""),  # the revision that Amazon counts; -v2:0 keeps its 2
)
_PRICE_TIER = re.compile(r"-(?:lte|gt)-\d+k$")
_POINT = re.compile(r"(?<=\d)p(?=\d)")
_LLAMA_V = re.compile(r"^llama-v(?=\d)")
_FIREWORKS = re.compile(r"^accounts/[^/]+/(?:models|routers)/")


def unwrap_portkey(work: Work, rules: Rules) -> None:
    """Take the `@slug/` away and find the service behind it, by configuration only."""
    slug, slash, rest = work.text.partition("/")
    if not slug.startswith("@"):
        return
    service = rules.slugs.get(slug[1:])
    if service is None and (not slash or "/" not in rest):
        raise UnresolvedError(f"nothing says which service is behind {slug}")
    work.service = service or ""
    work.read(rest)
    work.say(
        f"portkey: {slug} is {service}"
        if service
        else f"portkey: {slug} is unknown, the id names an organisation"
    )


def drop_region(work: Work) -> None:
    """Take the inference region of a Bedrock id away."""
    text = work.text
    work.read(_REGION.sub("", text, count=1))
    if work.text != text:
        work.say("bedrock: the region")


def _bedrock(work: Work, rules: Rules) -> None:
    text = work.text
    vendor, dot, name = text.partition(".")
    if dot and "/" not in vendor and (vendor in rules.organisations or vendor in _BEDROCK_VENDORS):
        work.organisation, work.name = vendor, name
    elif "/" not in text:
        work.name = text
    if work.organisation == "deepseek" and re.match(r"[rv]\d", work.name):
        work.name = f"deepseek-{work.name}"  # deepseek.r1-v1:0
    if work.name.startswith("claude"):  # its own parser knows these tails
        return
    for pattern, replacement in _BEDROCK_TAILS:
        cut = pattern.sub(replacement, work.name)
        if cut != work.name:
            work.name = cut
            return


_BEDROCK_VENDORS = frozenset(
    {"anthropic", "amazon", "qwen", "google", "nvidia", "openai", "minimax", "ai21", "writer", "moonshotai"}
)


def _vertex(work: Work, rules: Rules) -> None:
    text = work.text.removeprefix("publishers/").replace("/models/", "/", 1)
    vendor, dot, name = text.partition(".")
    if dot and "/" not in vendor and (vendor in rules.organisations or vendor in _BEDROCK_VENDORS):
        text = f"{vendor}/{name}"
    work.read(text)
    name, at, version = work.name.partition("@")
    if at:
        # A version other than a date stays: mistral-large@2407, textembedding-gecko@003.
        work.name = name if version in {"default", "latest"} else f"{name}-{version}"


def _fireworks(work: Work, _: Rules) -> None:
    text = _FIREWORKS.sub("", work.text)
    work.read(text)
    work.name = _LLAMA_V.sub("llama-", _POINT.sub(".", work.name))


def _google(work: Work, _: Rules) -> None:
    work.read(work.text.removeprefix("models/"))
    work.name = _PRICE_TIER.sub("", work.name)


def _azure(work: Work, _: Rules) -> None:
    if work.name.startswith("gpt-35"):
        work.name = f"gpt-3.5{work.name[6:]}"


def _workers(work: Work, _: Rules) -> None:
    work.read(work.text.removeprefix("@cf/").removeprefix("@hf/"))


_GRAMMARS = {
    "bedrock": _bedrock,
    "vertex-ai": _vertex,
    "fireworks-ai": _fireworks,
    "google": _google,
    "azure-openai": _azure,
    "azure-ai": _azure,
    "workers-ai": _workers,
}


def unwrap(work: Work, rules: Rules) -> None:
    """Apply the grammar of the service, then what can happen anywhere."""
    service = rules.grammars.get(work.service, work.service)
    grammar = _GRAMMARS.get(service)
    if grammar:
        before = work.text
        grammar(work, rules)
        if work.text != before:
            work.say(f"{service}: its way of writing ids")
    if work.name.startswith(f"{work.organisation}/"):
        work.name = work.name[len(work.organisation) + 1 :]
        work.say("the organisation stands there twice")
