"""The hosts: how each is started over a tree, and which forms of a request it does not support."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from catalog.serve import opened
from tests import nodepackages
from tests.conformance.cases import FORMS
from tests.loopback import beside
from tests.served import served
from tests.site import ROOT

Start = Callable[[Path, Path], AbstractContextManager[str]]
"""Serves a tree, with a folder for scratch, and yields its address."""
NODE = ROOT / "tests/node"
PATIENCE = 30
"""Seconds in which a server must listen."""


@dataclass(frozen=True)
class Host:
    """One program, or one stand-in for a service, that answers requests from a tree."""

    name: str
    title: str
    """At the head of its column in docs/hosts.md."""
    start: Start
    missing: Callable[[], str | None] = lambda: None
    """Says why it cannot be started here."""
    unsupported: Mapping[str, str] = field(default_factory=dict)
    """Form → why a request of that form cannot work there."""
    adapter: bool = True
    """Whether our code or configuration runs there."""


# ------------------------------------------------------------------------------------------------ starting


@contextmanager
def _serve(tree: Path, _: Path) -> Iterator[str]:
    with served(opened(tree)) as address:
        yield address


@contextmanager
def _nginx(tree: Path, scratch: Path) -> Iterator[str]:
    ours = tree / "hosts/nginx"
    block = _example(ours, "nginx").replace("snippets/gatelog.conf", f"{ours}/gatelog.conf")
    with nginx(tree, scratch, f"include {ours}/gatelog-maps.conf; {block}") as (address, _):
        yield address


@contextmanager
def nginx(tree: Path, scratch: Path, block: str) -> Iterator[tuple[str, int]]:
    """Run nginx with a server block for port 80 and /srv/gatelog, here on a free port over a tree.

    Yields its address and the number of its one process.
    """
    port = free_port()
    block = block.replace("listen 80", f"listen 127.0.0.1:{port}").replace("/srv/gatelog", str(tree))
    temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    (scratch / "nginx.conf").write_text(f"""
daemon off;
master_process off;
pid {scratch}/nginx.pid;
error_log stderr warn;
events {{ }}
http {{
    access_log off;
    types {{
        application/json json; text/html html; text/plain conf txt md; text/css css;
        application/javascript js; image/svg+xml svg; application/atom+xml atom;
    }}
    {" ".join(f"{name}_temp_path {scratch}/{name};" for name in temporary)}
    {block}
}}
""")
    words = ["nginx", "-p", str(scratch), "-e", "stderr", "-c", str(scratch / "nginx.conf")]
    with running(words, scratch, port) as process:
        yield f"http://127.0.0.1:{port}", process


@contextmanager
def _caddy(tree: Path, scratch: Path) -> Iterator[str]:
    port, ours = free_port(), tree / "hosts/caddy"
    site = _example(ours, "caddy").replace("import gatelog.caddy", f"import {ours}/gatelog.caddy")
    site = site.replace("http://localhost", f"http://127.0.0.1:{port}").replace("/srv/gatelog", str(tree))
    (scratch / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{site}")
    words = ["caddy", "run", "--config", str(scratch / "Caddyfile"), "--adapter", "caddyfile"]
    with running(words, scratch, port):
        yield f"http://127.0.0.1:{port}"


def _example(folder: Path, language: str) -> str:
    """Return what the page of a host tells its reader to write."""
    page = (folder / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^ *```{language}\n(.*?)^ *```$", page, re.MULTILINE | re.DOTALL)
    assert found, "the page has an example"
    return found[1]


@contextmanager
def _node(name: str, tree: Path, scratch: Path) -> Iterator[str]:
    words = ["node", str(NODE / "host.mjs"), name, str(tree)]
    with (
        (scratch / "log").open("w") as log,
        subprocess.Popen(
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        assert port.isdecimal(), (scratch / "log").read_text()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.communicate(timeout=PATIENCE)  # closes its input, which ends it


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Hang up; the file server of the standard library has no answer to NUL."""


@contextmanager
def _plain(tree: Path, _: Path) -> Iterator[str]:
    """A file server that knows nothing of us: what every plain host does at least."""
    server = _QuietServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tree)))
    with beside(server):
        yield f"http://127.0.0.1:{server.server_port}"


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(words: Sequence[str], scratch: Path, port: int) -> Iterator[int]:
    """Run a server in the foreground until it is no longer needed; yields the number of its process."""
    environ = {
        **os.environ,
        "HOME": str(scratch),
        "XDG_CONFIG_HOME": str(scratch),
        "XDG_DATA_HOME": str(scratch),
    }
    with (
        (scratch / "log").open("w") as log,
        subprocess.Popen(words, stdout=log, stderr=log, env=environ) as process,
    ):
        try:
            _await(process, port, scratch / "log")
            yield process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _await(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    for _ in range(PATIENCE * 20):
        assert process.poll() is None, log.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError(f"nobody listens: {log.read_text()}")


def _no_program(name: str) -> str | None:
    return None if shutil.which(name) else f"{name} is not installed"


def _no_node() -> str | None:
    return _no_program("node") if (NODE / "host.mjs").is_file() else "tests/node has no hosts"


def _no_workerd() -> str | None:
    return nodepackages.missing()


# ----------------------------------------------------------------------------------------------- the hosts

_LOWER = "cannot lower-case an id"
_BYTES = "maps `:`, `@` and a leading `~`, no other character"
_TWIN = "the path of a twin holds a hash, which configuration cannot compute"
_VALUE = "compares values as they are sent"
_STATES = "configuration knows no states: the answer is 503 `gateway_unavailable`"
_CONFIGURED = {
    "case": _LOWER,
    "sign-case": _LOWER,
    "odd": _BYTES,
    "twin": _TWIN,
    "value": _VALUE,
    "unconfigured": _STATES,
}
_OWN = "as the host does it, not asked here"
_TOO_MANY = "not uploaded, as a Worker takes 100,000 files; it makes these records by itself"
_PROBE = "the function cannot look whether a file is there"
_BLIND = "the function does not see the answer"
_BUCKET = "as the bucket says it"
_NO_ENDING = "a file without an ending is served as the host does it"
_BEFORE_THE_BUCKET = {
    "twin": _PROBE,
    "warning": _BLIND,
    "names": _BLIND,
    "unavailable": _PROBE,
    "unconfigured": _PROBE,
    "type": _BUCKET,
    "cache": _BUCKET,
    "gzip": _OWN,
    "openai": _NO_ENDING,
}
OWN = frozenset({_OWN, _BUCKET})
"""Reasons that say nothing of whether it works."""
_PLAIN = "an id names no file, and the query makes no difference"
_ERRORS = "errors are the host's own pages"
_ID_FORMS = (
    "id", "gateway", "parameters", "value", "metrics", "spelled", "case", "sign", "sign-case", "tilde", "odd",
    "twin", "escape", "slashes", "unknown", "warning", "unavailable", "unconfigured",
)  # fmt: skip
_ERROR_FORMS = ("path-error", "missing", "names", "bad", "malformed", "outside")
_OWN_FORMS = ("head", "options", "methods", "type", "cache", "etag", "gzip")

SERVE = Host("serve", "`build.py serve`", _serve)
NGINX = Host("nginx", "nginx", _nginx, partial(_no_program, "nginx"), _CONFIGURED)
CADDY = Host(
    "caddy",
    "Caddy",
    _caddy,
    partial(_no_program, "caddy"),
    {**_CONFIGURED, "malformed": "Caddy refuses it before any configuration: 400 in plain text"},
)
_NONE_OF_OURS = {
    **dict.fromkeys(_ID_FORMS, _PLAIN),
    **dict.fromkeys(_ERROR_FORMS, _ERRORS),
    **dict.fromkeys(_OWN_FORMS, _OWN),
    "openai": _NO_ENDING,
}
PAGES = Host("pages", "GitHub Pages", _plain, unsupported=_NONE_OF_OURS, adapter=False)
S3 = Host("s3", "plain S3", _plain, unsupported=_NONE_OF_OURS, adapter=False)
HOSTS: tuple[Host, ...] = (
    SERVE,
    NGINX,
    CADDY,
    Host(
        "cloudflare",
        "Cloudflare",
        partial(_node, "cloudflare"),
        _no_workerd,
        {"plain": _TOO_MANY, "openai": _NO_ENDING},
    ),
    Host("netlify", "Netlify", partial(_node, "netlify"), _no_node, {"gzip": _OWN, "openai": _NO_ENDING}),
    Host("vercel", "Vercel", partial(_node, "vercel"), _no_node, {"gzip": _OWN, "openai": _NO_ENDING}),
    Host("cloudfront", "CloudFront", partial(_node, "cloudfront"), _no_node, _BEFORE_THE_BUCKET),
    PAGES,
    S3,
)
assert all(host.unsupported.keys() <= FORMS.keys() for host in HOSTS)
