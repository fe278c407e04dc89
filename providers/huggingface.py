"""The Hugging Face Hub, a source of facts: downloads, likes and kind of the repositories that listings name.

API: https://huggingface.co/docs/hub/api; limits: https://huggingface.co/docs/hub/rate-limits; both read on
2026-10-02.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from catalog.errors import UseSnapshotError
from catalog.ports import Base, Facts, Gateway, MeteredGet, Missing, Payload
from catalog.schema.metrics import Repository
from providers import huggingface_plan as plans
from providers.huggingface_plan import SWEEP, SWEEP_PAGES, Known, Request
from providers.huggingface_shapes import Row, parse, repository

SOURCE = Gateway(
    id="huggingface",
    name="Hugging Face Hub",
    site="https://huggingface.co",
    docs="https://huggingface.co/docs/hub/api",
    # To a caller without a token it says 401 for whatever is private or not there.
    bases=(Base("HF_ENDPOINT", "https://huggingface.co", "HF_TOKEN", hides=frozenset({401})),),
)
BUDGET = 500
"""Requests that the Hub allows in five minutes without a token."""
BUDGET_WITH_TOKEN = 1000
"""The same with the token of a free account."""
FAILURES_IN_A_ROW = 3
"""After this many the Hub is left alone for the night."""


def ask(
    get: MeteredGet, wanted: Sequence[str], known: Known, today: date, *, budget: int, swept: bool
) -> Facts:
    """Ask the Hub for what is due of the wanted repositories, of which the most valuable ones come first.

    `swept` tells that the sweep was made today already.
    """
    night = Night(get, wanted, known, today, budget, {SWEEP.path} if swept else set())
    night.spend()
    return Facts(list(night.seen.values()), night.sent, swept or night.swept > 0, night.reason)


@dataclass
class Night:
    """One night's conversation with the Hub."""

    get: MeteredGet
    wanted: Sequence[str]
    known: Known
    """What was known before."""
    today: date
    budget: int
    """Requests that may be sent."""
    asked: set[str]
    """Paths that were asked, which are not asked again."""
    seen: dict[str, Repository] = field(default_factory=dict)
    """What the Hub said, by key."""
    reason: str | None = None
    """Why the Hub was given up, if it was."""
    sent: int = 0
    """Requests that were sent, redirects not counted."""
    swept: int = 0
    """Pages of the sweep that were answered."""

    def __post_init__(self) -> None:
        self._failures = 0
        self._keys = {name.lower() for name in self.wanted}
        self._due: dict[str, dict[str, str]] = {}
        for name in plans.due(self.wanted, self.known, self.today):
            self._due.setdefault(plans.organisation(name), {})[name.lower()] = name

    def spend(self) -> None:
        """Ask, one kind of requests after the other, until nothing is left to ask or to spend."""
        while requests := self._next():
            while requests and not self.reason:
                requests = self._put(requests)

    def _next(self) -> list[Request]:
        """Plan the next requests; only one at first, whose answer tells how many are allowed."""
        if self.reason:
            return []
        known = ChainMap(self.seen, dict(self.known))
        requests = plans.plan(self.wanted, known, self._allowed(), self.today, self.asked)
        return requests if self.sent else requests[:1]

    def _allowed(self) -> int:
        left, rest = self.get.left(), self.budget - self.sent
        return rest if left is None else min(rest, left)

    def _put(self, requests: list[Request]) -> list[Request]:
        """Send some requests; returns the further pages that are worth asking."""
        further = []
        answers = self.get.many(request.path for request in requests)
        for request, answer in zip(requests, answers, strict=True):
            if not self.reason:
                self.asked.add(request.path)
                self.sent += 1
                further += self._take(request, answer)
        return further[: plans.room(self._allowed(), self.asked)]

    def _take(self, request: Request, answer: Payload | Missing) -> list[Request]:
        try:
            rows = list(parse(answer)) if isinstance(answer, Payload) else []
        except UseSnapshotError as problem:
            rows, answer = [], Missing(request.path, problem.reason)
        if isinstance(answer, Missing):
            self._miss(request, answer)
            return []
        self._failures = 0
        if request.kind == "look-up":
            self._look_up(request.subject, rows)
            return []
        return self._page(request, rows, answer.link)

    def _page(self, request: Request, rows: list[Row], link: str) -> list[Request]:
        found = sum(self._settle(row, row.id) for row in rows)
        self.swept += request.kind == "sweep"
        left = self._due.get(request.subject.lower(), {})
        if request.kind == "sweep":
            worth = self.swept < SWEEP_PAGES and any(self._due.values())
        else:
            worth = min(found, len(left)) >= plans.WORTH_A_LIST
        if link and worth:
            return [request._replace(path=link)]
        if request.kind == "list":
            day = self.today.isoformat()
            self.seen |= {key: Repository(id=name, unlisted=day) for key, name in left.items()}
        return []

    def _look_up(self, name: str, rows: list[Row]) -> None:
        for row in rows[:1]:
            self._settle(row, row.id)
            self._settle(row, name)

    def _settle(self, row: Row, name: str) -> bool:
        """Note what was said of a repository, if it is wanted; tells whether it was due."""
        return name.lower() in self._keys and self._note(repository(row, name, self.today))

    def _note(self, repository: Repository) -> bool:
        self.seen[repository.key] = repository
        due = self._due.get(plans.organisation(repository.id), {})
        return due.pop(repository.key, None) is not None

    def _miss(self, request: Request, answer: Missing) -> None:
        if request.kind == "look-up" and answer.gone:
            self._failures = 0
            self._note(Repository(id=request.subject, missing=self.today.isoformat()))
            return
        self._failures += 1
        if self._failures == FAILURES_IN_A_ROW or self.get.left() == 0:
            self.reason = answer.reason
