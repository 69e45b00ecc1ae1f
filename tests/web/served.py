"""Runs ``cleaner serve`` as a user would, and knows its processes and its log."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.test_cli import environment

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "samples" / "wordpress-local-news" / "page.html"
_COMMAND = (sys.executable, "-m", "cleaner")
_PATIENCE = 30.0
LINES = "application/x-ndjson"


class Served:
    """A running service. Its log is read as it comes, so that it never waits for a reader."""

    def __init__(self, *options: str, command: tuple[str, ...] = _COMMAND, **changes: str) -> None:
        self.process = subprocess.Popen(
            [*command, "serve", "--port", "0", *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(**changes),
            # A signal to the tests is not one to the service.
            start_new_session=True,
        )
        self.lines: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = str(wait_for(lambda: self._listening(), "the service is not up")["url"])

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            self.lines += lines

    def _read_lines(self) -> Iterator[dict[str, Any]]:
        for line in list(self.lines):
            yield json.loads(line)

    def _listening(self) -> dict[str, Any] | None:
        assert self.process.poll() is None, self.lines
        return next(iter(self.log("listening")), None)

    def log(self, event: str, **fields: object) -> list[dict[str, Any]]:
        """The lines of the log of one kind, with these fields."""
        found = (line for line in self._read_lines() if line["event"] == event)
        return [line for line in found if all(line.get(name) == value for name, value in fields.items())]

    def post(self, path: str, body: Any = None, kind: str | None = "text/html", **options: Any) -> requests.Response:
        """The answer to a request of its own connection."""
        headers = ({"Content-Type": kind} if kind else {}) | options.pop("headers", {})
        return requests.post(self.url + path, data=body, headers=headers, timeout=_PATIENCE, **options)

    def ask(self, path: str, **fields: object) -> requests.Response:
        """The answer to a request in JSON."""
        return self.post(path, json.dumps(fields).encode(), "application/json")

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=_PATIENCE, **options)

    def counted(self, name: str) -> float:
        """A number of its metrics, by the name and labels that it has there."""
        lines = self.get("/metrics").text.splitlines()
        return sum(float(line.rpartition(" ")[2]) for line in lines if line.rpartition(" ")[0] == name)

    def connection(self) -> socket.socket:
        """A connection for bytes that no client would send."""
        parts = urlsplit(self.url)
        return socket.create_connection((parts.hostname, parts.port), timeout=_PATIENCE)

    def workers(self) -> list[int]:
        """The processes that clean."""
        return [pid for pid in children(self.process.pid) if b"cleaner.web.worker" in _command(pid)]

    def signal_workers(self, number: int) -> None:
        for pid in self.workers():
            os.kill(pid, number)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Tell it to stop, and wait; its exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Its exit status, when it has ended and its log is read."""
        status = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return status

    def close(self) -> None:
        """End it and its workers, whatever they do."""
        if self.process.poll() is None:
            self.signal_workers(signal.SIGKILL)
            self.process.kill()
        self.ended()


@contextmanager
def served(*options: str, **changes: Any) -> Iterator[Served]:
    """A service for one test."""
    service = Served(*options, **changes)
    try:
        yield service
    finally:
        service.close()


def wait_for(found: Callable[[], Any], otherwise: str, seconds: float = _PATIENCE) -> Any:
    """What is found, as soon as it is."""
    end = time.monotonic() + seconds
    while not (result := found()):
        assert time.monotonic() < end, otherwise
        time.sleep(0.02)
    return result


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    found = Path(f"/proc/{pid}/task/{pid}/children")
    if found.exists():
        return [int(child) for child in found.read_text().split()]
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def _command(pid: int) -> bytes:
    import psutil

    try:
        return " ".join(psutil.Process(pid).cmdline()).encode()
    except psutil.Error:
        return b""


def request(path: str, body: bytes = b"", kind: str = "text/html", *, method: str = "POST", more: str = "") -> bytes:
    """The bytes of a request."""
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\n{more}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def answers(connection: socket.socket, count: int) -> list[tuple[int, bytes]]:
    """The next answers on a connection: status and body. Fewer, where it is closed."""
    found = []
    with connection.makefile("rb") as file:
        while len(found) < count and (line := file.readline()):
            length = 0
            while header := file.readline().strip():
                name, _, value = header.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
            found.append((int(line.split()[1]), file.read(length)))
    return found


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


class Talk:
    """A batch in which the client looks at answers before it sends on."""

    def __init__(self, service: Served, **headers: str) -> None:
        parts = urlsplit(service.url)
        assert parts.hostname is not None
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
        self.connection.putrequest("POST", "/batch", skip_accept_encoding=True)
        for name, value in {"Content-Type": LINES, "Transfer-Encoding": "chunked", **headers}.items():
            self.connection.putheader(name.replace("_", "-"), value)
        self.connection.endheaders()
        self._answer: http.client.HTTPResponse | None = None

    def send(self, data: bytes) -> None:
        self.connection.send(b"%x\r\n%s\r\n" % (len(data), data))

    def finish(self) -> None:
        self.connection.send(b"0\r\n\r\n")

    def send_all(self, parts: Iterable[bytes]) -> None:
        """Send all of it beside, and then its end."""

        def sending() -> None:
            for part in parts:
                self.send(part)
            self.finish()

        threading.Thread(target=sending, daemon=True).start()

    @property
    def answer(self) -> http.client.HTTPResponse:
        if self._answer is None:
            self._answer = self.connection.getresponse()
        return self._answer

    def next(self) -> Any:
        """The next line of the answer; None at its end."""
        found = self.answer.readline()
        return json.loads(found) if found else None

    def rest(self) -> Iterator[Any]:
        while (found := self.next()) is not None:
            yield found

    def close(self) -> None:
        self.connection.close()
