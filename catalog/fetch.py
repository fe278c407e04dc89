"""The network as adapters see it: bounded in time and bytes, patient, polite, and free of surprises.

The only module that imports httpx and stamina. Every way in which a request can fail ends as
UseSnapshotError with a short reason that holds no key; a key that is needed and not set is SetVariableError.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import wait
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import NamedTuple, Self
from urllib.parse import quote

import httpx
import stamina

from catalog.errors import UseSnapshotError
from catalog.ports import READER, Base, Gateway, Missing, Payload, Reply
from catalog.wire.address import Address, address, keys
from catalog.wire.allowance import Allowance
from catalog.wire.body import Body, is_json_like
from catalog.wire.limits import Limits
from catalog.wire.patience import Patience, TryAgainError, retry_after
from catalog.wire.quote import redacted, repeats
from catalog.wire.threads import Begun, in_order

# Below warnings these tell headers, which a server may have filled with the key that it was sent.
for _name in ("httpx", "httpcore"):
    logging.getLogger(_name).setLevel(logging.WARNING)

RETRIED = frozenset({408, 425, 429})
"""Statuses below 500 that another try may overcome."""
NOT_THERE = frozenset({404, 410})
"""Statuses by which a healthy server says that it does not have this one thing."""
WORKERS = 4
"""Requests at once, unless the caller knows that a gateway bears more."""
GRACE = 1.0
"""Seconds that requests which nobody waits for any more have to end by themselves."""


class NotThereError(UseSnapshotError):
    """The server is well and does not have what was asked for."""


class Found(NamedTuple):
    """What a server answered."""

    body: bytes
    link: str
    """The URL of the next page, if there is one."""
    status: int
    """Of HTTP."""
    headers: Mapping[str, str]
    """By lower-case name."""


@dataclass(eq=False, kw_only=True)
class Fetcher:
    """A gateway's network, the `Get` that its adapter is given; to be used in a `with` statement.

    Each call returns within `limits.gateway` seconds, whatever the network does, and what still hangs then
    (a DNS look-up) hangs in a daemon thread.
    """

    gateway: Gateway
    """Whose bases can be asked."""
    environ: Mapping[str, str] = field(repr=False)
    """Base URLs and keys by the names of their variables; an empty one counts as not set."""
    agent: str
    """The User-Agent, with a URL at which we can be found; some gateways refuse a default one."""
    limits: Limits = field(default_factory=Limits)
    """How long, how much, how often."""
    concurrency: int = WORKERS
    """Requests at once in `many`."""
    transport: httpx.BaseTransport | None = field(default=None, repr=False)
    """Takes the place of the network in tests."""
    on_request: Callable[[str], None] | None = field(default=None, repr=False)
    """Told each path once it is settled, well or ill, in the thread that asked."""
    clock: Callable[[], float] = field(default=time.monotonic, repr=False)
    """Seconds that never go back."""
    now: Callable[[], float] = field(default=time.time, repr=False)
    """Unix time, to read a Retry-After that is a date."""

    def __post_init__(self) -> None:
        self._patience = Patience(self.limits, self.clock)
        self._allowance = Allowance(self.clock)
        self._asking = Begun[Found]()
        self._secrets = keys(self.gateway, self.environ)
        self._client = httpx.Client(
            headers={"User-Agent": self.agent, "Accept": "application/json", "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            follow_redirects=False,
            trust_env=False,
            transport=self.transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A connection that is made behind the back of a closed client would never be closed.
        self._asking.close(GRACE)
        self._client.close()

    def one(self, path: str, base: str = "") -> Payload:
        """Fetch one path below a base, or a link within it that was found in an answer.

        Raises UseSnapshotError when there is no usable answer and SetVariableError when a key is missing.
        """
        answer = self._settled(address(self.gateway, base, self.environ), path)
        self._tell(path)
        if isinstance(answer, Payload):
            return answer
        raise UseSnapshotError(answer.reason)

    def many(self, paths: Iterable[str], base: str = "") -> Iterator[Payload | Missing]:
        """Fetch several paths, a few at once and not far ahead of the reader; answers in the order asked.

        A failure is a Missing; after three in a row the rest is not asked any more. A 404 or 410 is a Missing
        too, but the answer of a healthy server and no such failure. Raises as `one` does for a wrong set-up.
        """
        where = replace(address(self.gateway, base, self.environ), share=self.concurrency)
        asked = list(paths)
        settled = failures = 0
        with closing(in_order(lambda path: self._settled(where, path), asked, self.concurrency)) as answers:
            for settled, answer in enumerate(answers, 1):
                path = asked[settled - 1]
                self._tell(path)
                yield answer if isinstance(answer, Payload) else _missing(path, answer)
                failures = 0 if isinstance(answer, Payload | NotThereError) else failures + 1
                if failures == self.limits.failures_in_a_row:
                    break
        rest = f"not asked after {failures} failures in a row"
        yield from (Missing(path, rest) for path in asked[settled:])

    def left(self, base: str = "") -> int | None:
        """Return how many more requests the host of a base allows, None while it has not said."""
        return self._allowance.left(address(self.gateway, base, self.environ).host)

    def _tell(self, path: str) -> None:
        if self.on_request is not None:
            self.on_request(path)

    def _settled(self, where: Address, path: str) -> Payload | UseSnapshotError:
        try:
            below = where.below(path)
            found = self._patiently(where, below)
            return Payload(below, found.body, where.base.variable, found.link)
        except UseSnapshotError as problem:
            return problem

    def _patiently(self, where: Address, below: str) -> Found:
        caller = stamina.RetryingCaller(
            attempts=self.limits.tries,
            timeout=None,
            wait_initial=self.limits.backoff,
            wait_max=self.limits.longest_backoff,
            wait_jitter=self.limits.jitter,
        )
        return caller(self._patience.pause, self._try, where, below)

    def _try(self, where: Address, below: str) -> Found:
        began = self.clock()
        self._patience.left(where.host, began)
        answer = self._asking.begin(lambda: self._ask(where, where.url + below, began))
        if answer is None:
            raise UseSnapshotError("nobody waits for an answer any more")
        # Only from outside can a look-up of the host or headers that drip be bounded.
        while not answer.done():
            wait([answer], self._patience.left(where.host, began))
        return answer.result()

    def _ask(self, where: Address, url: str, began: float) -> Found:
        for _ in range(self.limits.redirects + 1):
            answer = self._hop(where, url, began)
            if isinstance(answer, Found):
                return answer
            url = where.redirect(url, answer)
        raise UseSnapshotError(f"more than {self.limits.redirects} redirects from {where.host}")

    def _hop(self, where: Address, url: str, began: float) -> Found | str:
        """Return the body, or the location of a redirect."""
        self._allowance.take(where.host)
        get = self._client.stream("GET", url, headers=where.headers)
        with self._explained(where.host), get as response:
            self._patience.answered(where.host)
            self._allowance.heard(where.host, response.headers.get("ratelimit"))
            if response.has_redirect_location:
                return self._without_key(str(response.headers["location"]), where)
            body = self._read(response, where, began)
            link = self._without_key(response.links.get("next", {}).get("url", ""), where)
            return Found(body, link, response.status_code, dict(response.headers))

    def _read(self, response: httpx.Response, where: Address, began: float) -> bytes:
        host = where.host
        if response.status_code != httpx.codes.OK:
            refusal = self._refusal(response, where, began)
            self._patience.left(host, began)  # even for a quote there is so much time and no more
            raise refusal
        kind = response.headers.get("content-type", "")
        if not is_json_like(kind):
            quoted = self._quote(response, host, began)
            raise UseSnapshotError(f"not JSON from {host}: {redacted(kind, self._secrets)} ({quoted})")
        return self._whole(response, where, began)

    def _whole(self, response: httpx.Response, where: Address, began: float) -> bytes:
        limits = self.limits
        body = Body(_encoding(response), limits.wire_bytes // where.share, limits.body_bytes // where.share)
        for piece in self._pieces(response, where.host, began):
            body.feed(piece)
        whole = body.complete()
        self._check_key(whole, where.host)
        return whole

    def _without_key(self, link: str, where: Address) -> str:
        self._check_key(link.encode(), where.host)
        return link

    def _check_key(self, text: bytes, host: str) -> None:
        """What a server sends back could be published: never a key."""
        if repeats(text, self._secrets):
            raise UseSnapshotError(f"the answer of {host} repeats the key that was sent")

    def _refusal(self, response: httpx.Response, where: Address, began: float) -> UseSnapshotError:
        status, host = response.status_code, where.host
        reason = f"status {status} from {host}: {self._quote(response, host, began)}".rstrip(": ")
        if status in NOT_THERE or (status in where.base.hides and not where.keyed):
            return NotThereError(reason)
        if status not in RETRIED and status < httpx.codes.INTERNAL_SERVER_ERROR:
            return UseSnapshotError(reason)
        asked = retry_after(response.headers.get("retry-after"), self.now()), self._allowance.wait(host)
        pause = max(filter(None, asked), default=None)
        return TryAgainError(reason if pause is None else f"{reason} (asks to wait {pause:.0f} s)", pause)

    def _quote(self, response: httpx.Response, host: str, began: float) -> str:
        body = Body(_encoding(response), self.limits.wire_bytes, self.limits.quoted_bytes)
        with suppress(UseSnapshotError, httpx.HTTPError):
            for piece in self._pieces(response, host, began):
                body.feed(piece)
        return redacted(body.so_far().decode(errors="replace"), self._secrets)

    def _pieces(self, response: httpx.Response, host: str, began: float) -> Iterator[bytes]:
        for piece in response.iter_raw():
            self._patience.left(host, began)
            yield piece

    @contextmanager
    def _explained(self, host: str) -> Iterator[None]:
        """Turn every error of the layers below into one of ours, without their words about headers."""
        try:
            yield
        except httpx.ConnectTimeout:
            raise TryAgainError(f"no connection within {self.limits.connect:g} s to {host}") from None
        except httpx.TimeoutException:
            raise TryAgainError(f"no answer within {self.limits.read:g} s from {host}") from None
        except (httpx.LocalProtocolError, httpx.UnsupportedProtocol, httpx.InvalidURL, UnicodeError):
            raise UseSnapshotError(f"not a request that can be sent to {host}") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as problem:
            words = redacted(str(problem), self._secrets)
            raise TryAgainError(f"no complete answer from {host} ({words})") from None


class Visitor(Fetcher):
    """A reader of a deployed tree: every status but a passing trouble is an answer, and so is every type."""

    def visit(self, paths: Iterable[str]) -> Iterator[Reply | Missing]:
        """Ask for files below the address, a few at once; after some failures in a row the rest is not."""
        base = self.gateway.bases[0]
        where = Address(base, base.url, base.headers or {})
        asked = list(paths)
        settled = failures = 0
        with closing(in_order(lambda path: self._visited(where, path), asked, self.concurrency)) as replies:
            for reply in replies:
                yield reply
                settled += 1
                failures = failures + 1 if isinstance(reply, Missing) else 0
                if failures == self.limits.failures_in_a_row:
                    break
        rest = f"not asked after {failures} failures in a row"
        yield from (Missing(path, rest) for path in asked[settled:])

    def _visited(self, where: Address, path: str) -> Reply | Missing:
        try:
            found = self._patiently(where, "/" + quote(path, safe="/~@:"))
        except UseSnapshotError as problem:
            return Missing(path, problem.reason)
        self._tell(path)
        return Reply(path, found.status, found.headers, found.body)

    def _read(self, response: httpx.Response, where: Address, began: float) -> bytes:
        if response.status_code in RETRIED or response.is_server_error:
            raise self._refusal(response, where, began)
        return self._whole(response, where, began) if response.status_code == httpx.codes.OK else b""


def visitor(url: str, agent: str, limits: Limits, concurrency: int) -> Visitor:
    """Return a reader of the tree that is deployed below an address."""
    # Some hosts allow other origins only when one is named.
    headers = {"Accept": "*/*", "Origin": READER}
    gateway = Gateway("deployed", "the deployed tree", url, "", (Base("", url, headers=headers),))
    return Visitor(gateway=gateway, environ={}, agent=agent, limits=limits, concurrency=concurrency)


def _missing(path: str, problem: UseSnapshotError) -> Missing:
    return Missing(path, problem.reason, gone=isinstance(problem, NotThereError))


def _encoding(response: httpx.Response) -> str:
    return str(response.headers.get("content-encoding", ""))
