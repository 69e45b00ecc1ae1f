"""Pages that the service fetches: only where it is told to, and from nowhere inside."""

from __future__ import annotations

import json
import socket
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from served import Served, served

import cleaner
from tests.test_cli import BODY, page

PAGE = page().encode()
TEXT = "\n\n".join(BODY)
NOT_PUBLIC = "The page was not fetched: its address is not a public one, or leads to one that is not."
SERVER_IS_PUBLIC = """
import importlib, socket
# The local server counts as public, so that only what it leads to is refused.
importlib.import_module("cleaner.load.gate").is_public = lambda ip: ip == "127.0.0.1"
true, seen = socket.getaddrinfo, []
def rebinding(host, *rest, **options):
    if host == "rebinding.example":
        seen.append(host)
        host = "127.0.0.1" if len(seen) == 1 else "127.0.0.3"
    return true(host, *rest, **options)
socket.getaddrinfo = rebinding
from cleaner.cli import main
main()
"""


class Site(BaseHTTPRequestHandler):
    """Answers by path, and remembers what it was asked for."""

    seen: list[str]
    answers = {"/ferry": PAGE, "/pdf": b"%PDF-1.7", "/big": b"<p>The ferry.</p>" * 100_000}  # noqa: RUF012
    moved = {  # noqa: RUF012
        "/inside": "http://127.0.0.2:{port}/ferry",
        "/metadata": "http://169.254.169.254/latest",
        "/file": "file:///etc/passwd",
        "/moved": "/ferry",
    }

    def do_GET(self) -> None:
        self.seen.append(self.path)
        if self.path == "/slow":
            time.sleep(3)
        elif self.path in self.moved:
            self.send_response(302)
            self.send_header("Location", self.moved[self.path].format(port=self.server.server_port))
            self.end_headers()
        else:
            body = self.answers.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

    def log_message(self, *args: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    handler = type("Handler", (Site,), {"seen": []})
    # On all of loopback, so that another address of it would answer.
    server = ThreadingHTTPServer(("0.0.0.0", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def allowed() -> Iterator[Served]:
    with served("--workers", "1", "--fetch", "--allow-private", "--seconds", "2", "--max-bytes", "1000000") as running:
        yield running


@pytest.fixture(scope="module")
def guarded() -> Iterator[Served]:
    command = (sys.executable, "-c", SERVER_IS_PUBLIC)
    with served("--workers", "1", "--fetch", command=command) as running:
        yield running


def error(service: Served, url: str) -> tuple[int, str]:
    answer = service.ask("/clean", url=url)
    return answer.status_code, answer.json()["error"]


def test_a_page_is_fetched(allowed: Served, site: str) -> None:
    expected = cleaner.clean(cleaner.Page(PAGE, f"{site}/ferry", "utf-8", "text/html")).to_dict()
    assert allowed.ask("/clean", url=f"{site}/ferry").json() == json.loads(json.dumps(expected))
    moved = allowed.ask("/clean", url=f"{site}/moved", format="text", keep=["newsletter"])
    assert moved.text.startswith(TEXT)
    assert moved.text != TEXT


def test_a_page_that_is_sent_is_not_fetched(allowed: Served) -> None:
    answer = allowed.ask("/clean", url="http://127.0.0.1:9/ferry", html=page(), format="text")
    assert (answer.status_code, answer.text) == (200, TEXT)


def test_lines_are_fetched(allowed: Served, site: str) -> None:
    lines = [{"id": "far", "url": f"{site}/ferry", "format": "text"}, {"id": "gone", "url": f"{site}/gone"}]
    answer = allowed.post("/batch", "\n".join(map(json.dumps, lines)).encode(), "application/x-ndjson")
    first, second = (json.loads(line) for line in answer.content.splitlines())
    assert first == {"id": "far", "line": 1, "status": 200, "result": TEXT}
    assert (second["id"], second["status"]) == ("gone", 422)


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/gone", 422, "Nothing came from its address: the server answered 404 Not Found."),
        ("/pdf", 422, "The page is a PDF, not a web page."),
        ("/big", 422, "The page is larger than 1,000,000 bytes."),
        ("/slow", 504, "Nothing came from its address: timed out after 2 s."),
        ("/file", 422, NOT_PUBLIC),
    ],
)
def test_what_cannot_be_fetched(allowed: Served, site: str, path: str, status: int, sentence: str) -> None:
    assert error(allowed, site + path) == (status, sentence)


def test_a_server_that_is_not_there(allowed: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
    status, sentence = error(allowed, f"http://127.0.0.1:{port}/")
    assert status == 422
    assert sentence.startswith("Nothing came from its address: cannot be fetched: ")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "2130706433", "[::ffff:127.0.0.1]"])
def test_nothing_is_fetched_from_inside(site: str, host: str, fetching: Served) -> None:
    port = site.rpartition(":")[2]
    status, sentence = error(fetching, f"http://{host}:{port}/ferry")
    assert status == 422
    assert sentence.startswith((NOT_PUBLIC, "Nothing came from its address: cannot be fetched"))


@pytest.fixture(scope="module")
def fetching() -> Iterator[Served]:
    with served("--workers", "1", "--fetch") as running:
        yield running


@pytest.mark.parametrize("path", ["/inside", "/metadata", "/file"])
def test_a_redirect_to_the_inside(guarded: Served, site: str, path: str) -> None:
    assert guarded.ask("/clean", url=f"{site}/ferry", format="text").text == TEXT
    assert error(guarded, site + path) == (422, NOT_PUBLIC)


def test_a_name_that_leads_elsewhere_the_second_time(guarded: Served, site: str) -> None:
    port = site.rpartition(":")[2]
    assert error(guarded, f"http://rebinding.example:{port}/ferry") == (422, NOT_PUBLIC)


def test_slow_sites_do_not_hold_up_the_workers(allowed: Served, site: str) -> None:
    slow = [threading.Thread(target=allowed.ask, args=("/clean",), kwargs={"url": f"{site}/slow"}) for _ in range(6)]
    for thread in slow:
        thread.start()
    assert allowed.post("/clean?format=text", PAGE).text == TEXT
    assert any(thread.is_alive() for thread in slow)
    for thread in slow:
        thread.join()
