"""One id to its model key: the rules in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from catalog.artifact import Json
from catalog.identity import claude, grammar, names
from catalog.identity.rules import Rules, arrange
from catalog.identity.work import Resolution, UnresolvedError, Work
from catalog.paths import lower
from catalog.schema.facts import IdentityFacts

PRICES = "portkey-pricing:"
"""Before the name of a service: the key of a Portkey price file."""
_ROUTERS = ("openrouter/", "switchpoint/")


class Row(NamedTuple):
    """What identity needs to know of a listing."""

    gateway: str
    id: str
    hugging_face_id: str | None = None
    canonical_slug: str | None = None
    outputs: tuple[str, ...] | None = None
    """Output modalities."""
    context_length: int | None = None


def row(fields: Json) -> Row:
    """Take what identity needs from a kept listing."""
    return Row(
        fields["gateway"],
        fields["id"],
        fields.get("hugging_face_id"),
        fields.get("canonical_slug"),
        tuple(fields.get("architecture", {}).get("output_modalities") or ()) or None,
        fields.get("context_length"),
    )


class Resolver:
    """Facts and the names that the listings themselves give, ready to resolve ids, listed or not."""

    def __init__(
        self, facts: IdentityFacts, rows: Iterable[Row] = (), services: Mapping[str, str] | None = None
    ) -> None:
        """Learn from all listings; `services` is what Portkey itself says of its slugs."""
        self._rules = arrange(facts, services)
        self._hub: dict[str, str] = {}
        self._roots: dict[str, str] = {}
        self._dated: dict[str, str] = {}
        self._twins: set[str] = set()
        known = self._learn(facts, rows)
        self._products = frozenset(filter(None, map(self._product, known)))
        self._aliases: dict[str, dict[str, str]] = {}
        for alias in facts.aliases.aliases:
            self._aliases.setdefault(alias.service, {})[alias.id] = self._target(alias.key)
        self._everywhere = self._aliases.get("*", {})
        self._short = self._dated_names()

    def _dated_names(self) -> dict[str, str]:
        """Return what OpenRouter's short names with a date stand for; other hosts write them as well."""
        short = {self._product(model_id): hub for model_id, hub in self._hub.items() if names.DATED.search(model_id)}
        return {name: key for name, hub in short.items() if name and (key := self._target(hub)) != name}

    def _learn(self, facts: IdentityFacts, rows: Iterable[Row]) -> set[str]:
        known = {_base(line.id) for line in facts.openrouter}
        newest = sorted(facts.openrouter, key=lambda line: line.last_seen)
        self._hub = {_base(line.id): lower(line.hugging_face_id) for line in newest if line.hugging_face_id}
        spelled: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: (row.gateway, row.id)):
            low = lower(row.id)
            if row.gateway == "openrouter":
                known.add(_base(low))
                self._learn_openrouter(low, row)
            elif row.gateway == "chutes" and row.hugging_face_id:
                self._roots[low] = lower(row.hugging_face_id)
            elif row.gateway == "featherless" and spelled.setdefault(low, row.id) != row.id:
                self._twins.add(low)
        return known

    def _learn_openrouter(self, low: str, row: Row) -> None:
        base = _base(low)
        if row.hugging_face_id and (low == base or base not in self._hub):
            self._hub[base] = lower(row.hugging_face_id)
        if row.canonical_slug and base.startswith("openai/"):
            slug, dated = lower(row.canonical_slug), f"{base}-"
            if slug.startswith(dated) and (digits := slug[len(dated) :].replace("-", "")).isdigit():
                self._dated[f"{base}-{digits}"] = base

    def _product(self, model_id: str) -> str | None:
        work = Work("openrouter", "", "")
        work.read(model_id)
        names.owner(work, self._rules)
        names.settle(work, self._rules)
        return work.text

    def _target(self, key: str) -> str:
        work = Work("*", *key.split("/", 1))
        self._finish(work)
        return work.text

    def resolve(self, gateway: str, model_id: str, *, explain: bool = False) -> Resolution:
        """Return what an id of a gateway stands for; with `explain` also the steps."""
        service = gateway.removeprefix(PRICES)
        low = lower(model_id)
        work = Work(service, "", "", steps=[] if explain else None)
        work.read(low)
        try:
            self._unwrap(work)
            if not self._follow_alias(work):
                self._name(work)
        except UnresolvedError as problem:
            return Resolution(None, reason=problem.reason, steps=tuple(work.steps or ()))
        kind = "exact" if work.kind == "spelling" and work.text == low else work.kind
        variant = "+".join(sorted(set(work.variants))) or None
        return Resolution(work.text, variant, kind, None, tuple(work.steps or ()))

    def _unwrap(self, work: Work) -> None:
        if work.service == "portkey":
            grammar.unwrap_portkey(work, self._rules)
        if work.service == "openrouter":
            _leave_early(work)
        elif work.service == "bedrock":
            grammar.drop_region(work)
        elif work.service == "featherless" and work.text in self._twins:
            raise UnresolvedError("two repositories differ in case only")

    def _name(self, work: Work) -> None:
        if work.service == "openrouter":
            self._follow_hub(work)
        elif work.service == "chutes" and not work.organisation and work.name in self._roots:
            work.read(self._roots[work.name])
            work.kind = "hugging_face_id"
            work.say("chutes: no organisation in the id, the weights' repository has one")
        self._finish(work)
        if key := self._everywhere.get(work.text):
            self._become(work, key)
        elif work.service != "openrouter" and (key := self._short.get(work.text)):
            work.read(key)
            work.say("OpenRouter's short name of a dated release")

    def _follow_hub(self, work: Work) -> None:
        hub = self._hub.get(work.text)
        if hub is None or work.organisation == "anthropic":
            return
        other = Work("openrouter", *hub.split("/", 1))
        spelling = self._rules.organisations.get
        if spelling(other.organisation, other.organisation) != spelling(work.organisation, work.organisation):
            work.say(f"hugging_face_id {hub} is of another organisation, not used")
            return
        mine, its = names.sizes(work.name), names.sizes(other.name)
        if mine and its and not mine & its:
            work.say(f"hugging_face_id {hub} has another size, not used")
            return
        work.read(hub)
        work.kind = "hugging_face_id"
        work.say("openrouter: its hugging_face_id")

    def _finish(self, work: Work) -> None:
        grammar.unwrap(work, self._rules)
        if not claude.read(work, self._rules):
            names.owner(work, self._rules)
            if not claude.read(work, self._rules):
                self._normalise(work)

    def _normalise(self, work: Work) -> None:
        names.cut(work, self._rules, self._products)
        names.copy(work, self._rules)
        names.cut(work, self._rules, self._products)
        names.settle(work, self._rules)
        if work.organisation == "openai" and (base := self._undated(work.text)):
            work.read(base)
            work.kind = "canonical_slug"
            work.say("openai: the date in OpenRouter's canonical_slug")

    def _undated(self, text: str) -> str | None:
        parts = text.rsplit("-", 3)
        plain = (
            text if len(parts) < 4 or not "".join(parts[1:]).isdigit() else f"{parts[0]}-{''.join(parts[1:])}"
        )
        return self._dated.get(plain)

    def _follow_alias(self, work: Work) -> bool:
        key = self._aliases.get(work.service, {}).get(work.text) or self._everywhere.get(work.text)
        if key:
            self._become(work, key)
        return key is not None

    def _become(self, work: Work, key: str) -> None:
        work.read(key)
        work.kind = "alias"
        work.say("alias, settled by hand")


def _base(model_id: str) -> str:
    return model_id.partition(":")[0]


def _leave_early(work: Work) -> None:
    if work.organisation.startswith("~"):
        raise UnresolvedError("a moving alias; its alias_target says for what it stands now")
    if f"{work.organisation}/".startswith(_ROUTERS):
        raise UnresolvedError("a router or a cloaked model, no released model")
    work.name, _, variant = work.name.partition(":")
    if variant:
        work.variants.append(variant)
        work.say(f"openrouter: :{variant} is an offer of the same model")
