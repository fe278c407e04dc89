"""Ask one request as it stands, and say what is wrong with the answer."""

from __future__ import annotations

import gzip
import http.client
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from tests.conformance.cases import ETAG, Case

ORIGIN = {"Origin": "https://page.example"}
"""A page asks, so that hosts which answer CORS on demand do."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    """0 where the server hung up."""
    headers: Mapping[str, str]
    """By lower-case name."""
    body: bytes
    """Unpacked."""

    def document(self) -> dict[str, Any] | None:
        """Return the body as a JSON object, None when it is something else."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def ask(base: str, case: Case) -> Reply:
    """Send the request of a case to a server, byte for byte."""
    sent = dict(case.sent)
    if any(ETAG in value for value in sent.values()):
        tag = _send(base, case, {}).headers.get("etag", "no etag")
        sent = {name: value.replace(ETAG, tag) for name, value in sent.items()}
    return _send(base, case, sent)


def _send(base: str, case: Case, headers: Mapping[str, str]) -> Reply:
    connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=20)
    try:
        connection.putrequest(case.method, case.target, skip_accept_encoding=True)
        for name, value in {**ORIGIN, **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        body = answer.read()
    except (http.client.HTTPException, ConnectionError):
        return Reply(0, {}, b"")
    finally:
        connection.close()
    packed = told.get("content-encoding") == "gzip" and body
    return Reply(answer.status, told, gzip.decompress(body) if packed else body)


def problems(case: Case, reply: Reply, *, adapter: bool) -> list[str]:
    """Say what is wrong; `adapter` is False for a host that none of our code runs on."""
    if case.bare:
        return [] if reply.status in case.status else [f"status {reply.status}"]
    return [*(_of_any_answer(reply) if adapter else ()), *_of_case(case, reply)]


def _of_case(case: Case, reply: Reply) -> Iterator[str]:
    if reply.status not in case.status:
        yield f"status {reply.status}, not {' or '.join(map(str, case.status))}"
        return
    for name, pattern in case.headers.items():
        if not re.fullmatch(pattern, reply.headers.get(name, "")):
            yield f"{name}: {reply.headers.get(name)!r} does not match {pattern!r}"
    if case.warned is not None and ("warning" in reply.headers) is not case.warned:
        yield f"warning: {reply.headers.get('warning')!r}"
    if case.method == "HEAD" or reply.status in (204, 304):
        yield from (["a body"] if reply.body else [])
        return
    found = reply.document()
    if found is None:
        yield f"no JSON object: {reply.body[:80]!r}"
    elif reply.status == 200:
        yield from _of_record(case, found)
    else:
        yield from _of_error(case, reply.status, found)


def _of_record(case: Case, found: Mapping[str, Any]) -> Iterator[str]:
    if case.id is None:
        return
    told = found["data"]["id"], found["gateway"], found["include_huggingface"]
    if told != (case.id, case.gateway, case.metrics):
        yield f"record {told}, not {(case.id, case.gateway, case.metrics)}"
    if not case.metrics and found["data"]["huggingface_metrics"] is not None:
        yield "metrics that were not asked for"


def _of_error(case: Case, status: int, found: Mapping[str, Any]) -> Iterator[str]:
    error = found.get("error")
    if not isinstance(error, dict) or error.get("code") != status:
        yield f"error {error!r}"
        return
    if case.error and error.get("type") != case.error:
        yield f"type {error.get('type')!r}, not {case.error!r}"
    if case.says not in error.get("message", ""):
        yield f"the message does not say {case.says!r}: {error.get('message')!r}"
    names = found.get("provider"), found.get("model"), found.get("gateway")
    if case.names and names != (*case.names, case.gateway):
        yield f"names {names}, not {(*case.names, case.gateway)}"


def _of_any_answer(reply: Reply) -> Iterator[str]:
    """Say what no answer of our adapters may be like, whatever was asked."""
    told = reply.headers
    if "html" in told.get("content-type", "") or reply.body.lstrip().startswith(b"<"):
        yield "HTML"
    if reply.status not in (204, 304) and not told.get("content-type", "").startswith("application/json"):
        yield f"content-type: {told.get('content-type')!r}"
    if told.get("access-control-allow-origin") != "*":
        yield f"access-control-allow-origin: {told.get('access-control-allow-origin')!r}"
    if told.get("x-content-type-options") != "nosniff":
        yield f"x-content-type-options: {told.get('x-content-type-options')!r}"
    vary = {name.strip().lower() for name in told.get("vary", "").split(",")} - {"", "accept-encoding"}
    if vary:
        yield f"vary: {sorted(vary)}"
    if "set-cookie" in told or "nobody" in told.get("warning", ""):
        yield "a header that the request made"
