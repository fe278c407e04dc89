"""Servers that send back the key that they were sent, in every way that is left to a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

from tests.loopback import beside


class Echo(BaseHTTPRequestHandler):
    """Answers every request as the server's behaviour wants, with the key in hand that came with it."""

    def do_GET(self) -> None:
        """Answer."""
        assert isinstance(self.server, Echoing)
        names = ("x-amz-security-token", "authorization", "x-portkey-api-key")
        sent = next((sent for name in names if (sent := self.headers[name])), "")
        key = sent.removeprefix("Bearer ")
        self.server.seen.append(key)
        self.server.behaviour(self, key)
        self.close_connection = True

    do_PUT = do_DELETE = do_GET  # noqa: N815 - the names that http.server looks for

    def send(self, status: int, body: str, **headers: str) -> None:
        """Send one answer; the header `content_type` is sent as `content-type`."""
        data = body.encode()
        usual = {"content_type": "application/json", "content_length": str(len(data))}
        self.send_response_only(status)
        for name, text in {**usual, **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


Behaviour = Callable[[Echo, str], None]


class Echoing(ThreadingHTTPServer):
    """A server of one behaviour that notes the keys that reach it."""

    def __init__(self, behaviour: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.behaviour = behaviour
        self.seen: list[str] = []

    @property
    def url(self) -> str:
        """A base URL that leads here."""
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def echoing(behaviour: Behaviour) -> Iterator[Echoing]:
    """Serve one behaviour on a port of its own."""
    server = Echoing(behaviour)
    with beside(server):
        yield server


def answering(status: int, body: str, **headers: str) -> Behaviour:
    """Answer with the key in the place of `KEY`, of `KEY%` as in a URL, of `KEY/` as in some JSON."""

    def answer(echo: Echo, key: str) -> None:
        given = {name: _filled(text, key) for name, text in headers.items()}
        echo.send(status, _filled(body, key), **given)

    return answer


def raw(text: str) -> Behaviour:
    """Send bytes that are no good HTTP."""
    return lambda echo, key: echo.connection.sendall(_filled(text, key).encode())


def _filled(text: str, key: str) -> str:
    return (
        text.replace("KEY%", quote(key, safe="")).replace("KEY/", key.replace("/", "\\/")).replace("KEY", key)
    )


_ROW = dict.fromkeys(("id", "name", "model_name", "description", "canonical_slug", "owned_by"), "KEY")
_ROWS = json.dumps([{**_ROW, "pricing": {"prompt": "1", "KEY": "1"}, "architecture": {"modality": "KEY"}}])

BEHAVIOURS: dict[str, Behaviour] = {
    "401": answering(401, '{"error": "Incorrect API key: KEY"}'),
    "403 in HTML": answering(403, "<p>KEY</p>", content_type="text/html"),
    "404": answering(404, "no KEY here"),
    "500": answering(500, "Traceback: headers={'authorization': 'Bearer KEY'}"),
    "500, as in a URL": answering(500, "/v1/models?key=KEY%&x=1"),
    "500, as in JSON": answering(500, '"KEY/"'),
    "500, cut": answering(500, " " * (8192 - 20) + "KEY"),
    "429": answering(429, "KEY", retry_after="1"),
    "200 in HTML": answering(200, "<html>KEY</html>", content_type="text/html; x=KEY"),
    "200 and no JSON": answering(200, "invalid key KEY"),
    "200 and half a JSON": answering(200, '{"data": [{"id": "KEY", '),
    "200 and an error": answering(200, '{"error": {"message": "bad key KEY"}}'),
    "200 and rows": answering(200, f'{{"data": {_ROWS}}}'),
    "200 and bare rows": answering(200, _ROWS),
    "200 and rows as in JSON": answering(200, f'{{"data": {_ROWS}}}'.replace("KEY", "KEY/")),
    "a link": answering(200, '{"data": []}', link='</v1/models?cursor=KEY>; rel="next"'),
    "a cookie": answering(500, "{}", set_cookie="key=KEY"),
    "a redirect to itself": answering(302, "", location="/v1/x?key=KEY"),
    "a redirect to nowhere": answering(302, "", location="http://KEY.evil.example/KEY"),
    "a status line": raw("HTTP/1.1 200 KEY\r\ncontent-length: 3\r\n\r\nKEY"),
    "a strange header": raw("HTTP/1.1 200 OK\r\nKEY\r\n\r\n"),
    "no HTTP": raw("KEY\r\n\r\n"),
    "a strange length": raw("HTTP/1.1 200 OK\r\ncontent-length: KEY\r\n\r\nx"),
    "a strange encoding": answering(200, "x", content_encoding="KEY"),
    "a strange pause": answering(503, "KEY", retry_after="KEY"),
}
"""What servers do with a key that they were sent."""
