"""What people know about names of models: the facts that identity is resolved with.

Every fact has its source and the day on which it was read, so that a reviewer can check it.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import AfterValidator, Field, model_validator

from catalog.schema.base import Day, Noun

Lower = Annotated[str, Field(pattern=r"^[^A-Z\s|]+$")]
"""A name or id in lower case."""
ModelKey = Annotated[str, Field(pattern=r"^[^A-Z\s|/]+/[^A-Z\s|/]+$")]
"""The identity of a released model, `organisation/name` in lower case."""


def _expression(text: str) -> str:
    try:
        re.compile(text)
    except re.error as problem:
        raise ValueError(f"not a regular expression: {problem}") from problem
    return text


Expression = Annotated[str, AfterValidator(_expression)]
"""A regular expression."""


class Fact(Noun):
    """Something that a person looked up."""

    source: str = Field(min_length=3)
    """Where it is written."""
    date: Day
    """Day on which it was read."""


class OrganisationSpelling(Fact):
    """Another name of an organisation."""

    spelling: Lower
    """The name that some gateway writes."""
    organisation: Lower
    """The name that model keys have."""


class Family(Fact):
    """A line of models whose names tell who made them."""

    name: Lower
    """How the names begin, `llama`."""
    organisation: Lower
    """Who makes it."""
    joint: str | None = Field(default=None, pattern="^-?$")
    """What stands between the name and a version number: nothing (`qwen3`) or a hyphen (`llama-3`)."""
    inside: str | None = None
    """Only names that hold this word as well."""
    served: bool | None = None
    """Whether hosts add ends of their own to these names; null: where a size or `instruct` stands in them."""
    number: bool = False
    """Only names that go on with a number: the family's name is an ordinary word."""


class Trim(Fact):
    """A beginning or an end of names that an organisation's models have in some places only."""

    organisation: Lower
    """Whose models."""
    prefix: Lower | None = None
    """The beginning that is left out."""
    suffix: Lower | None = None
    """The end that is left out."""


class Spellings(Noun):
    """`facts/spellings.toml`: who writes which name how."""

    organisations: tuple[OrganisationSpelling, ...] = ()
    """Names of organisations."""
    families: tuple[Family, ...] = ()
    """Names of families; the first that fits counts."""
    trims: tuple[Trim, ...] = ()
    """Parts of names that only some write."""


class ServingSuffix(Fact):
    """An end of ids that says how one service serves a model, not which model it is."""

    service: Lower
    """The only service where it means that."""
    suffix: Lower
    """With its hyphen."""
    variant: Lower
    """The name of such an offer."""
    when: Literal["always", "language", "instruct"] = "language"
    """From any name, from names of language models only, or only behind `-instruct` and the like."""


class QuantisationSuffix(Fact):
    """An end of names that says in which number format the weights are kept."""

    suffix: Lower
    """With its hyphen."""
    variant: Lower | None = None
    """The name of such an offer; null where the end says nothing about it."""
    owner: bool = False
    """Cut only where the organisation makes the family itself."""


class Suffixes(Noun):
    """`facts/suffixes.toml`: ends of ids that are no part of a model's name."""

    serving: tuple[ServingSuffix, ...] = ()
    """Ends that one service adds."""
    quantisation: tuple[QuantisationSuffix, ...] = ()
    """Ends that mean the same everywhere."""


class Reupload(Fact):
    """An organisation that publishes the weights of others under their names."""

    organisation: Lower
    """Who publishes them."""
    names: Expression = ".*"
    """Which of its names are such copies; the whole name has to fit."""


class Reuploads(Noun):
    """`facts/reuploads.toml`: the organisations that may stand for the makers of a family."""

    reuploads: tuple[Reupload, ...] = ()
    """The list; whoever is not on it publishes models of its own."""


class ClaudeRelease(Fact):
    """A dated release of Claude."""

    model: Lower
    """Name without a date, `claude-3-5-sonnet`."""
    released: str = Field(pattern=r"^\d{8}$")
    """The date in its id."""
    revision: int = 1
    """The N of `-vN` that some services write instead of the date."""


class Releases(Noun):
    """`facts/claude.toml`: the dates that ids of Claude can have."""

    releases: tuple[ClaudeRelease, ...] = ()
    """All releases whose ids are dated."""


class Alias(Fact):
    """A name that no rule explains."""

    service: Lower
    """The gateway or service that uses it, or `*`."""
    id: Lower
    """The id there, in lower case and without what a gateway wraps around it."""
    key: ModelKey
    """The model key that it stands for."""
    inferred: bool = False
    """No source says so in words: dates or sizes that agree do."""


class Aliases(Noun):
    """`facts/aliases.toml`: names that were settled by hand."""

    aliases: tuple[Alias, ...] = ()
    """The list, which stays short: a rule is better."""

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Two lines for one id would make the order of a file decide."""
        seen: set[tuple[str, str]] = set()
        for alias in self.aliases:
            if (alias.service, alias.id) in seen:
                raise ValueError(f"{alias.service} | {alias.id} stands there twice")
            seen.add((alias.service, alias.id))
        return self


class PortkeyService(Fact):
    """A service that Portkey can connect to."""

    service: Lower
    """Its name in Portkey's price files."""
    organisation: Lower | None = None
    """Who made the models, where it sells its own only."""
    grammar: Lower | None = None
    """The service whose way of writing ids it shares."""


class PortkeySlug(Fact):
    """A name that workspaces give to an integration."""

    slug: Lower
    """Without the `@`."""
    service: Lower
    """The service behind it."""


class PortkeyNames(Noun):
    """`facts/portkey.toml`: what stands behind the `@slug/` of an id."""

    services: tuple[PortkeyService, ...] = ()
    """All services."""
    slugs: tuple[PortkeySlug, ...] = ()
    """Slugs that are no names of services."""


class HubName(NamedTuple):
    """One line of `facts/openrouter_hf.tsv`: an id of OpenRouter and the repository it named."""

    id: str
    hugging_face_id: str
    last_seen: str


class Organisation(Fact):
    """One organisation that makes models."""

    name: str = Field(min_length=1)
    """Display name."""
    site: str | None = Field(default=None, pattern=r"^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]+)?$")
    """Its own site; left out where it is not certain, then its page on the Hugging Face Hub stands in."""
    logo: str | None = Field(default=None, pattern=r"^[a-z0-9]+$")
    """Stem of a file in `site/assets/logos/`; without one the monogram of the name is shown."""
    aliases: tuple[Lower, ...] = ()
    """Other spellings of the same organisation in ids."""


class Organisations(Noun):
    """`facts/organisations.toml`: who stands behind the first part of an id."""

    organisations: dict[Lower, Organisation] = {}
    """By the name that stands there, in lower case."""


class IdentityFacts(NamedTuple):
    """Everything that people know about names."""

    spellings: Spellings = Spellings()
    suffixes: Suffixes = Suffixes()
    reuploads: Reuploads = Reuploads()
    claude: Releases = Releases()
    aliases: Aliases = Aliases()
    portkey: PortkeyNames = PortkeyNames()
    openrouter: tuple[HubName, ...] = ()
