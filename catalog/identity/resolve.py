"""One id to its model key: the rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress

from catalog.identity import claude, grammar, names
from catalog.identity.known import Row, learn
from catalog.identity.rules import arrange
from catalog.identity.work import Refusal, Resolution, UnresolvedError, Work
from catalog.paths import lower
from catalog.schema.facts import IdentityFacts
from catalog.schema.identity import Guard

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
        self._everywhere: dict[str, str] = {}
        self._aliases: dict[str, dict[str, str]] = {"*": self._everywhere}
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
        with suppress(UnresolvedError):
            names.owner(work, self._rules)
            if not claude.read(work, self._rules):
                names.separate(work)
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
            return Resolution(None, None, None, problem.reason, tuple(work.steps or ()), work.refusal)
        text = work.text
        kind = "exact" if work.kind == "spelling" and text == low else work.kind
        variant = "+".join(sorted(set(work.variants))) if work.variants else None
        return Resolution(text, variant, kind, None, tuple(work.steps) if work.steps else (), work.refusal)

    def _resolve(self, work: Work) -> None:
        grammar.unwrap_gateway(work, self._rules, self._known)
        own = self._aliases.get(work.service)
        if (own and self._follow_alias(work, own)) or self._follow_alias(work, self._everywhere):
            return
        if work.service == "openrouter":
            self._resolve_openrouter(work)
            return
        if work.service == "chutes" and not work.organisation:
            self._follow_root(work)
        self._name(work)
        if not self._follow_alias(work, self._everywhere):
            self._lengthen(work)

    def _resolve_openrouter(self, work: Work) -> None:
        offered = work.variants
        self._follow_hub(work)
        self._name(work)
        if work.kind == "hugging_face_id":
            work.variants = offered  # how the repository keeps the weights says nothing about the offer
        self._follow_alias(work, self._everywhere)

    def _name(self, work: Work) -> None:
        grammar.unwrap_service(work)
        if not claude.read(work, self._rules):
            self._normalise(work)

    def _normalise(self, work: Work) -> None:
        names.owner(work, self._rules)
        names.separate(work)
        changed = True
        while changed:  # one rule can make another one apply
            names.cut(work, self._rules, self._products)
            changed = names.copy(work, self._rules)
            changed |= names.settle(work, self._rules)
        if work.organisation == "openai":
            self._undate(work)
        elif work.organisation == "anthropic":
            claude.read(work, self._rules)

    def _follow_alias(self, work: Work, aliases: Mapping[str, str]) -> bool:
        key = aliases.get(work.text)
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
        other = Work("openrouter", "", "")
        other.read(hub)
        doubt = self._doubt(work, other)
        if doubt:
            work.refusal = Refusal(doubt[0], self._key("*", hub), f"hugging_face_id {hub} {doubt[1]}")
            work.say(f"not used: {work.refusal.reason}")
            return
        work.read(hub)
        work.kind = "hugging_face_id"
        work.say("openrouter: its hugging_face_id")

    def _doubt(self, work: Work, hub: Work) -> tuple[Guard, str] | None:
        """Return what speaks against the repository that OpenRouter names."""
        if not hub.organisation:
            return "organisation", "names no organisation"
        known = self._rules.organisations
        makers = {known.get(each.organisation, each.organisation) for each in (work, hub)}
        if len(makers) > 1 and names.spell(work.name) != names.spell(hub.name):
            return "organisation", "is of another organisation, and has another name"
        mine, its = names.sizes(work.name), names.sizes(hub.name)
        if mine and its and not mine & its:
            return "size", "has another size"
        return (
            None if names.dates(work.name) <= names.dates(hub.name) else ("date", "has another date, or none")
        )

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
