"""What people write down about the world in `data/facts/`, each with where it was seen and when."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from catalog.schema.base import Day, Noun

Slug = Annotated[str, Field(pattern=r"^[^A-Z\s/]+$")]
"""An organisation as it stands before the first `/` of an id, in lower case: `meta-llama`."""


class Organisation(Noun):
    """One organisation that makes models."""

    name: str = Field(min_length=1)
    """Display name."""
    site: str | None = Field(default=None, pattern=r"^https://[a-z0-9.-]+(/[A-Za-z0-9._/-]+)?$")
    """Its own site; left out where it is not certain, then its page on the Hugging Face Hub stands in."""
    logo: str | None = Field(default=None, pattern=r"^[a-z0-9]+$")
    """Stem of a file in `site/assets/logos/`; without one the monogram of the name is shown."""
    aliases: list[Slug] = []
    """Other spellings of the same organisation in ids."""
    source: str = Field(min_length=1)
    """Where name and site can be seen."""
    date: Day
    """Day on which they were looked up."""
