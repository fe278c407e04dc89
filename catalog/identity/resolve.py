"""One id to its model key: the rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from catalog.identity import claude, grammar, names
from catalog.identity.known import Row, learn
from catalog.identity.rules import arrange
from catalog.identity.work import Resolution, UnresolvedError, Work
from catalog.paths import lower
from catalog.schema.facts import IdentityFacts

PRICES = "portkey-pricing:"
"""Before the name of a service: the key of one of Portkey's price files."""


class Resolver:
    """Facts, and what the listings say of themselves, ready to resolve ids that are listed or not."""

    def __init__(
        self, facts: IdentityFacts, rows: Iterable[Row] = (), services: Mapping[str, str] | None = None
    ) -> None:
        """Learn from all listings; `services` is what Portkey itself says of its slugs."""
        self._rules = arrange(facts, services)
        self._known = learn(facts.openrouter, rows)
        self._products = frozenset(self._key("openrouter", model_id) for model_id in self._known.ids)
        self._short = self._short_names()
        self._aliases: dict[str, dict[str, str]] = {"*": {}}
        for alias in facts.aliases.aliases:
            self._aliases.setdefault(alias.service, {})[alias.id] = self._key("*", alias.key)

    def _short_names(self) -> dict[str, str]:
        """Return what OpenRouter's short names with a date stand for; other hosts write them as well."""
        dated = (pair for pair in self._known.hub.items() if names.dates(pair[0]))
        return {self._key("openrouter", model_id): self._key("*", hub) for model_id, hub in dated}

    def _key(self, service: str, text: str) -> str:
        """Write an id as keys are written; for a product of OpenRouter nothing is cut off."""
        work = Work(service, "", "")
        work.read(text)
        names.owner(work, self._rules)
        if not claude.read(work, self._rules):
            if service == "*":
                names.cut(work, self._rules, frozenset())
            names.settle(work, self._rules)
        return work.text

    def resolve(self, gateway: str, model_id: str, *, explain: bool = False) -> Resolution:
        """Return what an id of a gateway stands for; with `explain` also the steps."""
        low = lower(model_id)
        work = Work(gateway.removeprefix(PRICES), "", "", steps=[] if explain else None)
        work.read(low)
        try:
            self._resolve(work)
        except UnresolvedError as problem:
            return Resolution(None, reason=problem.reason, steps=tuple(work.steps or ()))
        text = work.text
        kind = "exact" if work.kind == "spelling" and text == low else work.kind
        variant = "+".join(sorted(set(work.variants))) if work.variants else None
        return Resolution(text, variant, kind, None, tuple(work.steps or ()))

    def _resolve(self, work: Work) -> None:
        grammar.unwrap_gateway(work, self._rules, self._known)
        if self._follow_alias(work, work.service) or self._follow_alias(work, "*"):
            return
        if work.service == "openrouter":
            self._follow_hub(work)
        elif work.service == "chutes" and not work.organisation:
            self._follow_root(work)
        grammar.unwrap_service(work)
        if not claude.read(work, self._rules):
            self._normalise(work)
        if not self._follow_alias(work, "*") and work.service != "openrouter":
            self._lengthen(work)

    def _normalise(self, work: Work) -> None:
        rules = self._rules
        names.owner(work, rules)
        names.cut(work, rules, self._products)
        names.copy(work, rules)
        names.settle(work, rules)
        if work.organisation == "openai":
            self._undate(work)

    def _follow_alias(self, work: Work, service: str) -> bool:
        aliases = self._aliases.get(service)
        key = aliases.get(work.text) if aliases else None
        if key is None:
            return False
        work.read(key)
        work.kind = "alias"
        work.say("alias, settled by hand")
        return True

    def _follow_hub(self, work: Work) -> None:
        hub = self._known.hub.get(work.text)
        if hub is None:
            return
        other = Work("openrouter", *hub.split("/", 1))
        doubt = self._doubt(work, other)
        if doubt:
            work.say(f"its hugging_face_id {hub} is not used: {doubt}")
            return
        work.read(hub)
        work.kind = "hugging_face_id"
        work.say("openrouter: its hugging_face_id")

    def _doubt(self, work: Work, hub: Work) -> str | None:
        """Return what speaks against the repository that OpenRouter names."""
        known = self._rules.organisations
        if known.get(hub.organisation, hub.organisation) != known.get(work.organisation, work.organisation):
            return "it is of another organisation"
        mine, its = names.sizes(work.name), names.sizes(hub.name)
        if mine and its and not mine & its:
            return "it has another size"
        return None if names.dates(work.name) <= names.dates(hub.name) else "it has another date, or none"

    def _follow_root(self, work: Work) -> None:
        """Take the name from the repository of the weights, and what sets the offer apart from the id."""
        root = self._known.roots.get(work.name)
        if root is None:
            return
        names.cut(work, self._rules, self._products)
        work.read(root)
        work.kind = "hugging_face_id"
        work.say("chutes: the id names no organisation, the repository of its weights does")

    def _undate(self, work: Work) -> None:
        date = names.final_date(work.name)
        model = date and self._known.dated.get(f"{work.text[: -len(date)]}{date.replace('-', '')}")
        if model:
            work.read(model)
            work.kind = "canonical_slug"
            work.say("openai: the date of OpenRouter's canonical_slug")

    def _lengthen(self, work: Work) -> None:
        key = self._short.get(work.text)
        if key is not None and key != work.text:
            work.read(key)
            work.say("OpenRouter's short name of a dated release")
