"""EDGE One release: the tree of the whole catalog, staged first, then committed with `data/`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from catalog import attempts, changelog, enrich, journal, lists, manifest, metrics, pipeline
from catalog.artifact import Artifact, Json
from catalog.assemble import Catalog, assemble
from catalog.errors import StopBuildError
from catalog.pages import Site
from catalog.render import Options
from catalog.schema.documents import Manifest
from catalog.schema.state import Memory
from catalog.settings import Settings
from catalog.store import Store
from catalog.tree import read_manifest
from catalog.world import World
from catalog.write import Report, Writer


class Release:
    """What a data folder, as it is drafted, becomes for its readers."""

    def __init__(
        self, store: Store, memories: Mapping[str, Memory], settings: Settings, world: World
    ) -> None:
        """Prepare a release of the gateways that are remembered, in their order."""
        self._store = store
        self._memories = memories
        self._settings = settings
        self._world = world

    def publish(self) -> Report:
        """Stage the tree, commit `data/` and then the tree; returns what was written.

        Raises StopBuildError, with everything as it was, when nothing may be published.
        """
        journal.recover(self._settings.output)
        writer = Writer(self._settings.output, self._world.limits)
        before = read_manifest(self._settings.output)
        stamped = self._stamped(before)
        if not self._kept(writer, before, stamped):
            self._staged(writer, stamped)
        self._store.commit()
        writer.commit()
        return writer.report

    def _stamped(self, before: Manifest | None) -> manifest.Stamped:
        made_from = (self._world.code, self._store.digest(), self._settings.base_url, self._settings.plain)
        inputs = hashlib.sha256(repr(made_from).encode())
        return manifest.Stamped(
            now=self._world.now,
            serial=manifest.next_serial(before.serial if before else 0, self._world.now),
            commit=self._world.commit,
            inputs=inputs.hexdigest(),
        )

    def _kept(self, writer: Writer, before: Manifest | None, stamped: manifest.Stamped) -> bool:
        """Keep the tree that is there if it was made from the same inputs and is complete."""
        coverage = writer.coverage()
        if before is None or before.inputs != stamped.inputs or set(coverage) != set(self._memories):
            return False
        if not writer.keep(before.shards):
            return False
        writer.finish_kept(self._states(coverage), before, stamped)
        return True

    def _staged(self, writer: Writer, stamped: manifest.Stamped) -> None:
        catalog = assemble(
            tuple(self._memories),
            self._store.kept,
            self._store.facts.identity(),
            self._store.performance(),
        )
        totals = pipeline.totals(catalog.book)
        if not any(totals):
            raise StopBuildError("no gateway has any listing: there is nothing to publish")
        writer.stage(self._world.watcher.writing(self._artifacts(catalog)))
        writer.finish(self._states(pipeline.coverage(catalog.book)), totals, stamped)

    def _artifacts(self, catalog: Catalog) -> Iterator[Artifact]:
        """Return what is logged of changes, and then all that the catalog is published as."""
        changes, base_url = self._store.changes, self._settings.base_url
        logged = list(
            changelog.artifacts(changes(), self._ending(), catalog.book.order, base_url, catalog.keys())
        )
        made = pipeline.artifacts(
            self._enriched(catalog),
            self._store.lines,
            self._site(logged),
            self._options(),
            changelog.rows(changes()),
        )
        return chain(logged, made)

    def _site(self, logged: Sequence[Artifact]) -> Site:
        return Site(
            self._world.site,
            self._world.gateways(),
            self._settings.base_url,
            changelog.by_path(logged),
            changelog.endings(logged),
            feeds=True,
        )

    def _options(self) -> Options:
        world, settings = self._world, self._settings
        return Options(settings.base_url, plain=settings.plain, exports=world.exports, limits=world.limits)

    def _enriched(self, catalog: Catalog) -> Catalog:
        facts, base_url = self._store.facts.organisations(), self._settings.base_url
        known = enrich.look_up(facts, catalog.book.hubs, self._world.site.keys(), base_url)
        said = metrics.published(self._store.repositories())
        return replace(catalog, organisation=known, metrics=said)

    def _ending(self) -> Iterator[Json]:
        return chain.from_iterable(pipeline.ending(self._store.lines(name)) for name in self._memories)

    def _states(self, coverage: Mapping[str, lists.Coverage]) -> list[Artifact]:
        """Return what changes with every fetching run: the gateways, and how fetching them went."""
        tried = attempts.by_gateway(self._store.attempts())
        reach = attempts.reach(tried)
        return [
            lists.gateways(self._world.gateways(), self._memories, coverage, reach),
            attempts.history(tried),
        ]
