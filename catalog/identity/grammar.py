"""How each gateway or service writes ids: what it wraps around a name, taken away again."""

from __future__ import annotations

import re

from catalog.identity.known import Known, base
from catalog.identity.rules import Rules
from catalog.identity.work import UnresolvedError, Work

_ROUTERS = frozenset({"openrouter", "stealth", "switchpoint"})
_REGION = re.compile(r"^(?:us|us-gov|eu|apac|global|in|au|jp|ca|sa|me|af)\.(?=[a-z0-9-]+\.)")
_VENDOR = re.compile(r"[a-z][a-z0-9-]*\.(?=[a-z])")
_BEDROCK_TAILS = (
    (re.compile(r"-v(\d+)-(\d+):\d+$"), r"-v\1.\2"),  # rerank-v3-5:0
    (re.compile(r"-v(\d+):([1-9]\d*)$"), r"-v\1.\2"),  # the model's own version: mistral-7b-instruct-v0:2
    (re.compile(r"(?:-v1|-1)?:0$|-v1$"), ""),  # the first revision that Amazon counts; -v2:0 keeps its 2
)
_PRICE_TIER = re.compile(r"-(?:lte|gt)-\d+k$")
_POINT = re.compile(r"(?<=\d)p(?=\d)")
_FIREWORKS = re.compile(r"^accounts/[^/]+/(?:models|routers)/")


def unwrap_gateway(work: Work, rules: Rules, known: Known) -> None:
    """Take away what the gateway itself adds, and leave what is no released model."""
    if work.service == "portkey":
        _portkey(work, rules, known)
    work.service = rules.grammars.get(work.service, work.service)
    if work.service == "openrouter":
        _openrouter(work)
    elif work.service == "bedrock":
        _drop_region(work)
    elif work.service == "featherless" and work.text in known.twins:
        raise UnresolvedError("two repositories are spelled alike")


def _portkey(work: Work, rules: Rules, known: Known) -> None:
    """Find the service behind `@slug/`, by configuration only."""
    slug, _, rest = work.text.partition("/")
    if not slug.startswith("@"):
        work.service = _told(work.text, known)
        return
    service = rules.slugs.get(slug[1:])
    if service is None and "/" not in rest:
        raise UnresolvedError(f"nothing says which service is behind {slug}")
    work.service = service or _told(rest, known)
    work.read(rest)
    work.say(f"portkey: {slug} is {service or 'unknown, but the id names an organisation'}")


def _told(text: str, known: Known) -> str:
    """Return the service that an id gives away where none is named: only these two can be told."""
    if base(text) in known.ids:
        return "openrouter"
    return "fireworks-ai" if _FIREWORKS.match(text) else ""


def _openrouter(work: Work) -> None:
    if work.organisation.startswith("~"):
        raise UnresolvedError("a moving alias; its alias_target says for what it stands now")
    if work.organisation in _ROUTERS:
        raise UnresolvedError("a router or a cloaked model, no released model")
    work.name, _, variant = work.name.partition(":")
    if variant:
        work.variants += (variant,)
        work.say(f"openrouter: :{variant} is an offer of the same model")


def _drop_region(work: Work) -> None:
    text = work.text
    work.read(_REGION.sub("", text))
    if work.text != text:
        work.say("bedrock: the region")


def _drop_vendor(work: Work) -> None:
    """Read `vendor.name`, as Amazon and Google write it."""
    if not work.organisation and _VENDOR.match(work.name):
        vendor, _, name = work.name.partition(".")
        work.organisation, work.name = vendor, name


def _bedrock(work: Work) -> None:
    _drop_vendor(work)
    if work.organisation == "deepseek" and re.match(r"[rv]\d", work.name):
        work.name = f"deepseek-{work.name}"  # deepseek.r1-v1:0
    if work.name.startswith("claude"):  # its own parser knows these tails
        return
    for pattern, replacement in _BEDROCK_TAILS:
        cut = pattern.sub(replacement, work.name)
        if cut != work.name:
            work.name = cut
            return


def _vertex(work: Work) -> None:
    work.read(work.text.removeprefix("publishers/").replace("/models/", "/", 1))
    _drop_vendor(work)
    name, at, version = work.name.partition("@")
    if at:
        # A version other than a date stays: mistral-large@2407, textembedding-gecko@003.
        work.name = name if version in {"default", "latest"} else f"{name}-{version}"
    work.name = _PRICE_TIER.sub("", work.name)


def _fireworks(work: Work) -> None:
    """Read an id of the service itself; in the account of a customer the name may be that of a fine-tune."""
    account = work.text.split("/")[1:2]
    name = _FIREWORKS.sub("", work.text)
    work.read(name if account == ["fireworks"] or name == work.text else f"{account[0]}/{name}")
    work.name = _POINT.sub(".", work.name)
    if work.name.startswith("llama-v"):
        work.name = f"llama-{work.name[7:]}"


def _google(work: Work) -> None:
    work.read(work.text.removeprefix("models/"))
    work.name = _PRICE_TIER.sub("", work.name)


def _azure(work: Work) -> None:
    if work.name.startswith("gpt-35"):
        work.name = f"gpt-3.5{work.name[6:]}"


def _workers(work: Work) -> None:
    work.read(work.text.removeprefix("@cf/").removeprefix("@hf/"))


_GRAMMARS = {
    "azure-ai": _azure,
    "azure-openai": _azure,
    "bedrock": _bedrock,
    "fireworks-ai": _fireworks,
    "google": _google,
    "vertex-ai": _vertex,
    "workers-ai": _workers,
}


def unwrap_service(work: Work) -> None:
    """Apply the grammar of the service, then what can happen anywhere."""
    grammar = _GRAMMARS.get(work.service)
    if grammar:
        before = work.text
        grammar(work)
        if work.text != before:
            work.say(f"{work.service}: its way of writing ids")
    if work.organisation and work.name.startswith(f"{work.organisation}/"):
        work.name = work.name[len(work.organisation) + 1 :]
        work.say("the organisation stands there twice")
    if ":" in work.name and not work.name.startswith("claude"):
        raise UnresolvedError("what a colon sets apart here is a price, no model of its own")
    if not work.name or "/" in work.name:
        raise UnresolvedError("not an organisation and a name")
