"""Tests of the parts of `catalog.fetch` that need no network."""
