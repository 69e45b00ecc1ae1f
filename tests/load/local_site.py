"""A web server on the loopback interface, with the answers that a test gives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from cleaner.load.url import Fetcher

HTML = b"<h1>Harbour</h1><p>The ferry is back.</p>"
Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """What the server answers, by path, and the requests that it saw."""

    address: str = ""
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def asked(self, path: str) -> int:
        """How often the path was asked for."""
        return sum(seen == path for seen, _ in self.seen)

    def put(
        self, path: str, body: bytes, content_type: str | None = "text/html", status: int = 200, **headers: str
    ) -> str:
        """Answer path with a body; gives its address."""
        self.answers[path] = reply(body, content_type, status, **headers)
        return self.address + path

    def turns(self, path: str, *answers: Answer) -> str:
        """Give the answers of path one after the other, the last one for ever; gives its address."""
        left = list(answers)
        self.answers[path] = lambda handler: (left.pop(0) if len(left) > 1 else left[0])(handler)
        return self.address + path


def reply(body: bytes, content_type: str | None = "text/html", status: int = 200, **headers: str) -> Answer:
    """The answer with this body."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        if content_type is not None:
            handler.send_header("Content-Type", content_type)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


PAGE = reply(HTML)
BUSY = reply(b"", status=503)


def fetcher(**options: Any) -> Fetcher:
    """A fetcher of the local site, with short waits."""
    return Fetcher(**{"allow_private": True, "max_bytes": 1_000_000, "backoff": 0.01} | options)


def dropped(handler: BaseHTTPRequestHandler) -> None:
    """No answer."""
    handler.close_connection = True


def broken(handler: BaseHTTPRequestHandler) -> None:
    """The beginning of an answer."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(HTML)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """An answer without an end."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    while True:
        handler.wfile.write(HTML * 1000)


def run(code: str) -> str:
    """What the Python program prints."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
