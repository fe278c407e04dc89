"""Where the requests of one base go and what they may carry: base URLs, paths, redirects, keys."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from catalog.errors import SetVariableError, UseSnapshotError
from catalog.ports import Base, Gateway

_VISIBLE_ASCII = re.compile(r"[!-~]+")
_USUAL_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True)
class Address:
    """A base as this run uses it."""

    base: Base
    """What the adapter declares."""
    url: str
    """The base URL in use, without a slash at the end."""
    headers: Mapping[str, str] = field(repr=False)
    """What every request to this base carries, the key included."""
    share: int = 1
    """How many bodies can be in memory at once; each may have that part of what one alone may have."""

    @property
    def host(self) -> str:
        """The host, and the port if the URL names one, for reports."""
        return urlsplit(self.url).netloc

    @property
    def keyed(self) -> bool:
        """Whether requests carry a key."""
        return bool(self.base.key_variable) and self.base.key_header in self.headers

    def below(self, path: str) -> str:
        """Return a path and query below the base; raises UseSnapshotError for what is not below it.

        An adapter may pass a link that it found in an answer: a URL of the same origin, or a path that
        begins with the base's own (`/api/v1/models?offset=500`, the base being `…/api/v1`).
        """
        if "://" in path.partition("?")[0]:
            path = self._within_origin(path)
        if not path.startswith("/") or not _VISIBLE_ASCII.fullmatch(path):
            raise UseSnapshotError(f"not a path below {self.host}: {path!r:.100}")
        for prefix in (urlsplit(self.url).path, urlsplit(self.base.url).path):
            if prefix and path.startswith(f"{prefix}/"):
                return path.removeprefix(prefix)
        return path

    def _within_origin(self, url: str) -> str:
        parts = _split(url)
        prefix = urlsplit(self.url).path
        if parts is None or _origin(parts) != _origin(urlsplit(self.url)):
            raise UseSnapshotError(f"a link that leads away from {self.host}")
        if not parts.path.startswith(f"{prefix}/"):
            raise UseSnapshotError(f"a link that is not below {self.url}")
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    def redirect(self, url: str, location: str) -> str:
        """Return where a redirect leads; raises UseSnapshotError when it leaves the origin."""
        parts = _split(urljoin(url, location)) if _split(location) else None
        if parts is None or _origin(parts) != _origin(urlsplit(self.url)):
            raise UseSnapshotError(f"redirected away from {self.host}, which is not followed")
        return parts.geturl()


def address(gateway: Gateway, variable: str, environ: Mapping[str, str]) -> Address:
    """Return the address of a gateway's base, the first one unless a variable names another.

    Raises SetVariableError when the gateway serves nothing without a key that is not set, and
    UseSnapshotError, naming the variable, when a base URL or a key cannot be used.
    """
    base = next((base for base in gateway.bases if variable in {"", base.variable}), None)
    if base is None:
        raise UseSnapshotError(f"there is no base {variable}")
    for name in filter(None, (base.key_variable for base in gateway.bases)):
        if gateway.key_required and not environ.get(name, "").strip():
            raise SetVariableError(name)
    return Address(base, _base_url(base, environ), _headers(base, environ))


def keys(gateway: Gateway, environ: Mapping[str, str]) -> frozenset[str]:
    """Return the keys of a gateway that are set, which no report may show."""
    names = (base.key_variable for base in gateway.bases)
    return frozenset(filter(None, (environ.get(name, "").strip() for name in names if name)))


def _base_url(base: Base, environ: Mapping[str, str]) -> str:
    url = environ.get(base.variable, "").strip() or base.url
    problem = _problem(url)
    if problem:
        # The value is not shown: it may hold a password.
        raise UseSnapshotError(f"{base.variable}: {problem}")
    return url.rstrip("/")


def _problem(url: str) -> str | None:
    parts = _split(url)
    if parts is None or not parts.hostname:
        return "not a URL"
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_loopback(parts.hostname)):
        return "https is needed, except on a loopback address"
    if "@" in parts.netloc:
        return "no user name or password may be in it"
    if "?" in url or "#" in url:
        return "no query or fragment may be in it"
    return None


def _split(url: str) -> SplitResult | None:
    # urlsplit drops tabs and line breaks silently; nothing but visible ASCII gets as far as that.
    if "\\" in url or not _VISIBLE_ASCII.fullmatch(url):
        return None
    try:
        parts = urlsplit(url)
        _ = parts.port  # reading it checks it
    except ValueError:
        return None
    return parts


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _origin(parts: SplitResult) -> tuple[str, str | None, str | None, int | None]:
    # A user name belongs to it: httpx would send it in place of the key.
    return parts.scheme, parts.username, parts.hostname, parts.port or _USUAL_PORTS.get(parts.scheme)


def _headers(base: Base, environ: Mapping[str, str]) -> dict[str, str]:
    key = environ.get(base.key_variable, "").strip() if base.key_variable else ""
    headers = dict(base.headers or {})
    if not key:
        return headers
    # Anything else cannot be sent, and the refusal of a lower layer would show the value.
    if not _VISIBLE_ASCII.fullmatch(key):
        raise UseSnapshotError(f"{base.key_variable}: it holds a character that no header can carry")
    return {**headers, base.key_header: base.key_prefix + key}
