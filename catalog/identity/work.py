"""An id on its way to a model key, with the steps that led there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from catalog.schema.identity import Guard

Kind = Literal["exact", "spelling", "hugging_face_id", "canonical_slug", "alias"]
"""How an id led to its key: it is the key, a spelling of it, or something that a gateway or a person said."""


class Step(NamedTuple):
    """One rule that applied, and what it made of the id."""

    rule: str
    result: str


class Refusal(NamedTuple):
    """A merge that a gateway's word would make, and a guard does not let happen."""

    guard: Guard
    key: str
    reason: str


class Resolution(NamedTuple):
    """What an id stands for; without a key it is unresolved, for a reason."""

    key: str | None
    variant: str | None = None
    kind: Kind | None = None
    reason: str | None = None
    steps: tuple[Step, ...] = ()
    refusal: Refusal | None = None


class UnresolvedError(Exception):
    """This id stands for no released model: publish it as unresolved with the reason."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Work:
    """What is known of one id so far."""

    service: str
    """The gateway, or the service behind Portkey, whose way of writing ids holds."""
    organisation: str
    """Empty as long as nobody is named."""
    name: str
    variants: tuple[str, ...] = ()
    kind: Kind = "spelling"
    steps: list[Step] | None = None
    """None while nobody asks for them."""
    refusal: Refusal | None = None

    @property
    def text(self) -> str:
        """The id as far as it is known."""
        return f"{self.organisation}/{self.name}" if self.organisation else self.name

    def read(self, text: str) -> None:
        """Take an id apart into organisation and name."""
        organisation, slash, name = text.partition("/")
        self.organisation, self.name = (organisation, name) if slash else ("", text)

    def say(self, rule: str) -> None:
        """Note that a rule applied."""
        if self.steps is not None:
            self.steps.append(Step(rule, self.text))
