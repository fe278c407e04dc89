"""All listings at once: who shares a key, and the guards that refuse a merge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from catalog.identity import names
from catalog.identity.known import Row
from catalog.identity.resolve import Resolver
from catalog.identity.work import Resolution
from catalog.ledger import repeated
from catalog.paths import lower
from catalog.schema.base import SCHEMA_VERSION
from catalog.schema.identity import Guard, IdentityReport, RefusedMerge, UnresolvedListing

CONTEXT_RATIO = 4
"""Context lengths of one model that differ by more than this factor are worth a look."""
_CAPPED = "featherless"
"""Its plans cap the context: the length that it serves says nothing about the model."""

Member = tuple[Row, Resolution]


class Resolutions(MutableMapping[str, Resolution]):
    """Id → resolution; of an id that is the key itself, as most are, nothing more is kept."""

    def __init__(self) -> None:
        """Begin without any."""
        self._found: dict[str, Resolution | None] = {}

    def __getitem__(self, model_id: str) -> Resolution:
        """Return what an id stands for."""
        return self._found[model_id] or _own_key(model_id)

    def __setitem__(self, model_id: str, resolution: Resolution) -> None:
        """Keep what an id stands for."""
        plain = resolution.kind == "exact" and resolution[3:] == _PLAIN and resolution.variant is None
        self._found[model_id] = None if plain and resolution.key == lower(model_id) else resolution

    def keys_of_models(self) -> Iterator[str | None]:
        """Yield the model key of every id, None for one without."""
        return (each.key if each else lower(model_id) for model_id, each in self._found.items())

    def in_words(self) -> Iterator[tuple[str, Resolution]]:
        """Yield every id that is not the key itself, and what it stands for."""
        return ((model_id, each) for model_id, each in self._found.items() if each)

    def __delitem__(self, model_id: str) -> None:
        """Forget an id."""
        del self._found[model_id]

    def __iter__(self) -> Iterator[str]:
        """Yield every id."""
        return iter(self._found)

    def __len__(self) -> int:
        """Return the number of ids."""
        return len(self._found)


_PLAIN = Resolution(None)[3:]
"""What a resolution that needs no words says of reason, steps and refusal."""


def _own_key(model_id: str) -> Resolution:
    return Resolution(lower(model_id), None, "exact")


@dataclass(frozen=True)
class Identities:
    """What every listing stands for, and what could not be settled."""

    found: Mapping[str, Mapping[str, Resolution]]
    """Gateway → id → resolution; a listing whose merge was refused has no key."""
    refused: list[RefusedMerge] = field(default_factory=list)
    doubtful: list[RefusedMerge] = field(default_factory=list)

    def report(self) -> IdentityReport:
        """Return what people have to settle."""
        refused = {(each.gateway, each.id) for each in self.refused}
        return IdentityReport(
            schema_version=SCHEMA_VERSION,
            refused=self.refused,
            doubtful=self.doubtful,
            unresolved=[
                UnresolvedListing(gateway=gateway, id=model_id, reason=each.reason or "")
                for gateway, resolutions in sorted(self.found.items())
                for model_id, each in sorted(resolutions.items())
                if each.key is None and (gateway, model_id) not in refused
            ],
        )


def merge(resolver: Resolver, rows: Sequence[Row]) -> Identities:
    """Resolve all listings, in any order, and let the guards look at those that share a key."""
    found = {row.gateway: Resolutions() for row in rows}
    for row in rows:
        found[row.gateway][row.id] = resolver.resolve(row.gateway, row.id)
    shared = _shared(rows, found)
    guarded = [each for members in shared for each in _refusals(members)]
    refused = sorted([*guarded, *_words(found)], key=_place)
    for each in guarded:
        before = found[each.gateway][each.id]
        reason = f"{each.guard}: {each.reason}"
        found[each.gateway][each.id] = before._replace(key=None, kind=None, reason=reason)
    doubtful = sorted((each for members in shared for each in _doubts(members)), key=_place)
    return Identities(found, refused, doubtful)


def _shared(rows: Sequence[Row], found: Mapping[str, Resolutions]) -> list[list[Member]]:
    """Return the listings of each key that several have; most keys have one."""
    keys = chain.from_iterable(its.keys_of_models() for its in found.values())
    several = repeated(key for key in keys if key is not None)
    groups: dict[str, list[Member]] = {}
    for row in rows:
        resolution = found[row.gateway][row.id]
        if resolution.key is not None and hash(resolution.key) in several:
            groups.setdefault(resolution.key, []).append((row, resolution))
    return [sorted(members, key=_member) for members in groups.values() if len(members) > 1]


def _member(member: Member) -> tuple[str, str]:
    return member[0].gateway, member[0].id


def _place(refused: RefusedMerge) -> tuple[str, str, str]:
    return refused.gateway, refused.id, refused.guard


def _refuse(member: Member, guard: Guard, reason: str) -> RefusedMerge:
    row, resolution = member
    key = resolution.key or ""
    return RefusedMerge(gateway=row.gateway, id=row.id, model_key=key, guard=guard, reason=reason)


def _refusals(members: list[Member]) -> Iterator[RefusedMerge]:
    """Yield at most one refusal for a member."""
    told = {}
    for guard in (_outputs, _sizes):
        told.update({(each.gateway, each.id): each for each in guard(members)})
    yield from told.values()


def _words(found: Mapping[str, Resolutions]) -> Iterator[RefusedMerge]:
    """Yield the gateways' words that did not count; such a listing keeps the key of its own name."""
    for gateway, resolutions in found.items():
        for model_id, each in resolutions.in_words():
            if each.refusal:
                guard, key, reason = each.refusal
                yield RefusedMerge(gateway=gateway, id=model_id, model_key=key, guard=guard, reason=reason)


def _outputs(members: list[Member]) -> Iterator[RefusedMerge]:
    """What most members put out is right, of equally many what sorts first; one of several is no conflict."""
    known = Counter(row.outputs for row, _ in members if row.outputs)
    if len(known) < 2:  # noqa: PLR2004 - one is no conflict
        return
    usual = min(known, key=lambda outputs: (-known[outputs], outputs))
    for member in members:
        outputs = member[0].outputs
        if outputs and not set(outputs) & set(usual):
            yield _refuse(member, "output modality", f"{'+'.join(outputs)}, the others {'+'.join(usual)}")


def _sizes(members: list[Member]) -> Iterator[RefusedMerge]:
    for member in members:
        row, resolution = member
        if resolution.kind == "alias":
            continue
        mine, its = names.sizes(row.id.lower()), names.sizes(resolution.key or "")
        if mine and its and not mine & its:
            yield _refuse(member, "size", f"{'+'.join(sorted(mine))} against {'+'.join(sorted(its))}")


def _doubts(members: list[Member]) -> Iterator[RefusedMerge]:
    lengths = {row.context_length for row, _ in members if row.gateway != _CAPPED and row.context_length}
    if not lengths or max(lengths) <= CONTEXT_RATIO * min(lengths):
        return
    for member in members:
        length = member[0].context_length
        if length and member[0].gateway != _CAPPED and max(lengths) > CONTEXT_RATIO * length:
            yield _refuse(member, "context", f"{length} tokens, elsewhere {max(lengths)}")
