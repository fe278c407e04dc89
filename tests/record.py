"""Record the cassettes: `python -m tests.record [GATEWAY…]` plays the hand-made upstreams to the adapters.

The fetcher is the real one, over a real socket; the cassette then names the real hosts, and keeps of every
message only what a replay needs: no key, no cookie, no date. Recording twice gives the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import vcr
import yaml  # type: ignore[import-untyped] # vcrpy's own dependency

from catalog.fetch import Fetcher
from catalog.ports import Adapter, Gateway
from providers import ADAPTERS
from tests.upstream import hand_made, serving

CASSETTES = Path(__file__).parent / "cassettes"
"""One file per gateway."""
AGENT = "gatelog-test (+https://example.test)"
"""The User-Agent of recordings and replays; it is not recorded."""
KEPT_OF_ANSWERS = frozenset({"content-type", "location", "retry-after"})
"""The headers of an answer that change what we do; all others are dropped."""


def record(adapter: Adapter, folder: Path = CASSETTES) -> Path:
    """Write the cassette of one adapter from its hand-made upstream and return its path."""
    gateway = adapter.GATEWAY
    path = folder / f"{gateway.id}.yaml"
    path.unlink(missing_ok=True)
    # One request at a time, so that the cassette has the order in which they were asked for.
    with (
        serving(hand_made(gateway.id)) as environ,
        _recorder(gateway, environ).use_cassette(str(path)),
        Fetcher(gateway=gateway, environ=environ, agent=AGENT, concurrency=1) as get,
    ):
        for _ in adapter.fetch(get):
            pass
    return path


def _recorder(gateway: Gateway, environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - vcrpy carries no types
    def real_request(request: Any) -> Any:  # noqa: ANN401 - as above
        for base in gateway.bases:
            if request.uri.startswith(f"{environ[base.variable]}/"):
                request.uri = base.url + request.uri.removeprefix(environ[base.variable])
        kept = {"accept", *(name.lower() for base in gateway.bases for name in base.headers or {})}
        request.headers = {name: value for name, value in request.headers.items() if name.lower() in kept}
        return request

    recorder = vcr.VCR(
        record_mode="all",
        serializer="readable",
        before_record_request=real_request,
        before_record_response=_bare_answer,
    )
    recorder.register_serializer("readable", _Readable)
    return recorder


def _bare_answer(answer: dict[str, Any]) -> dict[str, Any]:
    headers = {name: value for name, value in answer["headers"].items() if name.lower() in KEPT_OF_ANSWERS}
    return {**answer, "headers": headers}


class _Dumper(yaml.SafeDumper):  # type: ignore[misc] # carries no types
    """Writes text of several lines as it stands."""


def _text(dumper: _Dumper, text: str) -> Any:  # noqa: ANN401 - a node of PyYAML
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


class _Readable:
    """A serializer of vcrpy whose files vcrpy's own reads."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        """Write a cassette."""
        return str(yaml.dump(cassette, Dumper=_Dumper, allow_unicode=True, sort_keys=True, width=10_000))

    @staticmethod
    def deserialize(text: str) -> Any:  # noqa: ANN401 - what vcrpy makes of it
        """Read a cassette."""
        return yaml.safe_load(text)


def main(names: list[str]) -> None:
    """Record the named gateways, or all of them."""
    for adapter in ADAPTERS:
        if not names or adapter.GATEWAY.id in names:
            sys.stdout.write(f"{record(adapter)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
