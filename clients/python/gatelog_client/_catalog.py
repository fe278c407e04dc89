"""What can be asked of a catalog, once as decisions and once for each kind of program."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Literal

import httpx

from gatelog_client._cache import Cache, user_cache
from gatelog_client._errors import CatalogError, CatalogUnreachable, ModelNotFound
from gatelog_client._flow import Answer, Flow, Json, Read, Request, T, advance
from gatelog_client._lookup import FALLBACK, look_up
from gatelog_client._paths import lower
from gatelog_client._proof import Proof
from gatelog_client._sources import Host, local
from gatelog_client._watch import Finding, watch

Place = str | os.PathLike[str]
"""An address, a folder or an archive."""
CacheFolder = Place | Literal[True] | None
"""A folder for answers; True is one among the user's caches, None keeps nothing."""
Gateways = str | Sequence[str] | None
"""A gateway, a fallback chain, or None: the one that the catalog detects."""
MAX_AGE = 300.0


@dataclass(frozen=True)
class Record:
    """One model on one gateway."""

    envelope: Json
    """The answer as published."""

    @property
    def data(self) -> Json:
        """The model itself, as published."""
        found: Json = self.envelope["data"]
        return found

    @property
    def id(self) -> str:
        """The id on the gateway that answers."""
        return str(self.data["id"])

    @property
    def gateway(self) -> str:
        """The gateway that answers."""
        return str(self.envelope["gateway"])

    def price(self, meter: str) -> Decimal | None:
        """Return US dollars per unit, for `prompt` and `completion` per token; None is unknown, never 0."""
        text = self.data["pricing"].get(meter)
        return None if text is None else Decimal(text)


class _Questions:
    def __init__(self, base_url: Place, cache: CacheFolder, max_age: float, *, verify: bool) -> None:
        self._kept: Read | None = None
        if "://" in str(base_url):
            kept = None if cache is None else Cache(user_cache() if cache is True else Path(cache))
            host = Host(f"{base_url}".rstrip("/") + "/", kept, max_age)
            host = replace(host, proof=_proof(host)) if verify else host
            self._read, self._kept = host.read, replace(host, down=True).read if kept else None
        else:
            tree = local(Path(base_url))
            self._read = (replace(tree, proof=Proof(tree.fetch)) if verify else tree).read

    def _record(self, model_id: str, gateway: Gateways, *, include_huggingface: bool = True) -> Flow[Record]:
        names = [gateway] if isinstance(gateway, str) else gateway or []
        chain = [lower(name.strip()) for name in names if name.strip()]
        envelope = yield from self._envelope(model_id, chain or [""])
        if not include_huggingface:
            data = {**envelope["data"], "huggingface_metrics": None}
            envelope = {**envelope, "data": data, "include_huggingface": False}
        return Record(envelope)

    def _envelope(self, model_id: str, chain: Sequence[str]) -> Flow[Json]:
        try:
            return (yield from look_up(self._read, model_id, chain))
        except CatalogUnreachable as problem:
            if self._kept is None:
                raise
            try:
                return (yield from look_up(self._kept, model_id, chain))
            except CatalogError:
                raise CatalogUnreachable(f"{problem}; the answer is not in the cache") from problem

    def _gateway(self, provider_name: str, model_name: str) -> Flow[str]:
        try:
            return (yield from self._record(f"{provider_name}/{model_name}", None)).gateway
        except ModelNotFound:
            return FALLBACK

    def _data(self, provider_name: str, model_name: str, gateway: Gateways) -> Flow[Json | None]:
        try:
            return (yield from self._record(f"{provider_name}/{model_name}", gateway)).data
        except ModelNotFound:
            return None


def _proof(host: Host) -> Proof:
    if host.cache is None:
        return Proof(host.fetch)
    return Proof(host.fetch, partial(host.cache.serial, host.base), partial(host.cache.note, host.base))


class Catalog(_Questions):
    """A published catalog: the address of a host, a folder, or a `.tar` or `.tar.gz`, read into memory.

    An answer is kept in the folder `cache` and not asked for again for `max_age` seconds; later it is
    revalidated. While the host is down, what is kept is served with a `CatalogWarning`.

    With `verify` every answer of the host is held to the digests of its manifest, and the manifest may
    neither go back nor expire: `CatalogUntrusted`.
    """

    def __init__(
        self,
        base_url: Place,
        *,
        cache: CacheFolder = True,
        max_age: float = MAX_AGE,
        verify: bool = False,
        client: httpx.Client | None = None,
    ) -> None:
        super().__init__(base_url, cache, max_age, verify=verify)
        self._client = client or httpx.Client()

    def model(self, model_id: str, gateway: Gateways = None, *, include_huggingface: bool = True) -> Record:
        """Return a model: on one gateway, on the first of a chain that has it, or where it is detected."""
        return self._run(self._record(model_id, gateway, include_huggingface=include_huggingface))

    def detect_model_gateway(self, provider_name: str, model_name: str) -> str:
        """Return the gateway that answers for a model, `openrouter` when none has it."""
        return self._run(self._gateway(provider_name, model_name))

    def fetch_specific_model(
        self, provider_name: str, model_name: str, gateway: Gateways = None
    ) -> Json | None:
        """Return the `data` of a model, None when it is not found."""
        return self._run(self._data(provider_name, model_name, gateway))

    def watch(self, named: str | Iterable[str], since: str | date = "") -> list[Finding]:
        """Tell which models of a text, or of some ids, are gone, renamed, ending or dearer since a day."""
        return self._run(watch(self._read, named, since))

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Catalog:  # noqa: PYI034 - typing.Self is younger than Python 3.10
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _run(self, flow: Flow[T]) -> T:
        step = advance(flow)
        while isinstance(step, Request):
            answer: Answer
            try:
                answer = self._client.get(step.url, headers=step.headers, follow_redirects=True)
            except httpx.HTTPError as problem:
                answer = problem
            step = advance(flow, answer)
        return step.value


class AsyncCatalog(_Questions):
    """`Catalog` for asyncio; the small files of cache and folder are read without awaiting."""

    def __init__(
        self,
        base_url: Place,
        *,
        cache: CacheFolder = True,
        max_age: float = MAX_AGE,
        verify: bool = False,
        client: httpx.AsyncClient | None = None,
    ) -> None:
        super().__init__(base_url, cache, max_age, verify=verify)
        self._client = client or httpx.AsyncClient()

    async def model(
        self, model_id: str, gateway: Gateways = None, *, include_huggingface: bool = True
    ) -> Record:
        """Return what `Catalog.model` returns."""
        return await self._run(self._record(model_id, gateway, include_huggingface=include_huggingface))

    async def detect_model_gateway(self, provider_name: str, model_name: str) -> str:
        """Return what `Catalog.detect_model_gateway` returns."""
        return await self._run(self._gateway(provider_name, model_name))

    async def fetch_specific_model(
        self, provider_name: str, model_name: str, gateway: Gateways = None
    ) -> Json | None:
        """Return what `Catalog.fetch_specific_model` returns."""
        return await self._run(self._data(provider_name, model_name, gateway))

    async def watch(self, named: str | Iterable[str], since: str | date = "") -> list[Finding]:
        """Return what `Catalog.watch` returns."""
        return await self._run(watch(self._read, named, since))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def __aenter__(self) -> AsyncCatalog:  # noqa: PYI034 - as above
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def _run(self, flow: Flow[T]) -> T:
        step = advance(flow)
        while isinstance(step, Request):
            answer: Answer
            try:
                answer = await self._client.get(step.url, headers=step.headers, follow_redirects=True)
            except httpx.HTTPError as problem:
                answer = problem
            step = advance(flow, answer)
        return step.value
