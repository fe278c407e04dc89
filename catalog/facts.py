"""EDGE The facts that people edit: everything under `data/facts/`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, TypeVar

import orjson
from pydantic import AfterValidator, TypeAdapter, ValidationError

from catalog.errors import StopBuildError
from catalog.schema.base import Noun
from catalog.schema.facts import (
    Aliases,
    HubName,
    IdentityFacts,
    Organisation,
    Organisations,
    PortkeyNames,
    Releases,
    Reuploads,
    Spellings,
    Suffixes,
)
from catalog.settings import duration


def _known_duration(text: str) -> str:
    duration(text)
    return text


class _GatewayFacts(Noun):
    """What `facts/gateways.toml` says of one gateway."""

    weight: int = 0
    max_age: Annotated[str, AfterValidator(_known_duration)] | None = None


_Facts = TypeVar("_Facts", bound=Noun)

_GATEWAY_FACTS = TypeAdapter(dict[str, _GatewayFacts])
_HUB_HEADER = "id\thugging_face_id\tlast_seen"


class Facts:
    """The folder of facts; a file that is not there says nothing."""

    def __init__(self, root: Path) -> None:
        """Name the folder, which may be empty or not there."""
        self._root = root

    def weights(self) -> dict[str, int]:
        """Return the detection weight of each gateway in `facts/gateways.toml`."""
        return {name: facts.weight for name, facts in self._gateway_facts().items()}

    def max_ages(self) -> dict[str, str]:
        """Return the `max_age` of each gateway that has one in `facts/gateways.toml`."""
        return {name: facts.max_age for name, facts in self._gateway_facts().items() if facts.max_age}

    def _gateway_facts(self) -> dict[str, _GatewayFacts]:
        path = self._root / "gateways.toml"
        if not path.exists():
            return {}
        try:
            return _GATEWAY_FACTS.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
        except ValueError as problem:
            raise broken(path, problem) from problem

    def identity(self) -> IdentityFacts:
        """Return what people know about names of models; a file that is not there says nothing."""
        return IdentityFacts(
            spellings=self._facts("spellings", Spellings),
            suffixes=self._facts("suffixes", Suffixes),
            reuploads=self._facts("reuploads", Reuploads),
            claude=self._facts("claude", Releases),
            aliases=self._facts("aliases", Aliases),
            portkey=self._facts("portkey", PortkeyNames),
            openrouter=tuple(self._hub_names()),
        )

    def organisations(self) -> dict[str, Organisation]:
        """Return what is known of organisations, by their short names."""
        return self._facts("organisations", Organisations).organisations

    def _facts(self, name: str, noun: type[_Facts]) -> _Facts:
        path = self._root / f"{name}.toml"
        if not path.exists():
            return noun()
        try:
            # Through JSON, where an array is a tuple and nothing else is converted.
            return noun.model_validate_json(orjson.dumps(tomllib.loads(path.read_text(encoding="utf-8"))))
        except ValueError as problem:
            raise broken(path, problem) from problem

    def _hub_names(self) -> Iterator[HubName]:
        path = self._root / "openrouter_hf.tsv"
        if not path.exists():
            return
        header, *lines = path.read_text(encoding="utf-8").splitlines() or [""]
        if header != _HUB_HEADER:
            raise StopBuildError(f"{path} cannot be read: its first line names other columns")
        for number, line in enumerate(lines, 2):
            fields = line.split("\t")
            if len(fields) != len(HubName._fields):
                raise StopBuildError(f"{path} line {number} cannot be read: {len(fields)} columns")
            yield HubName(*fields)


def broken(where: str | Path, problem: ValueError) -> StopBuildError:
    """Say in one line which file that people edit cannot be read, and what is the matter with it."""
    words = str(problem)
    if isinstance(problem, ValidationError):
        error = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        words = ": ".join([*filter(None, [".".join(map(str, error["loc"]))]), error["msg"]])
    return StopBuildError(f"{where} cannot be read: {words}")
