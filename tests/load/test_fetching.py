"""Pages that do not come at the first try, and the limits over all tries."""

from __future__ import annotations

import socket
import threading
import time
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler

import pytest
from local_site import BUSY, HTML, PAGE, Answer, Site, broken, dropped, fetcher, reply, run


@pytest.mark.parametrize("failure", [BUSY, dropped, broken, *(reply(b"", status=status) for status in (429, 500, 502))])
def test_what_may_pass_is_tried_again(site: Site, failure: Answer) -> None:
    address = site.turns("/ferry", failure, failure, PAGE)
    page = fetcher().fetch(address)
    assert (page.content, page.error) == (HTML, None)
    assert site.asked("/ferry") == 3


def test_a_refused_connection_is_tried_again() -> None:
    held = socket.create_server(("127.0.0.1", 0), backlog=1)
    port = held.getsockname()[1]
    held.close()

    def serve() -> None:
        with socket.create_server(("127.0.0.1", port)) as late:
            connection, _ = late.accept()
            with connection:
                connection.recv(10_000)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<p>Ferry\n")

    threading.Timer(0.1, serve).start()
    assert fetcher(backoff=0.3).fetch(f"http://127.0.0.1:{port}/").content == b"<p>Ferry\n"


def test_the_tries_have_an_end(site: Site) -> None:
    address = site.put("/ferry", b"", status=503)
    assert str(fetcher(retries=2).fetch(address).error) == "the server answered 503 Service Unavailable"
    assert site.asked("/ferry") == 3
    site.answers["/ferry"] = dropped
    with pytest.raises(OSError, match="cannot be fetched"):
        fetcher(retries=1).fetch(address)
    assert site.asked("/ferry") == 5


def test_no_tries(site: Site) -> None:
    assert fetcher(retries=0).fetch(site.turns("/ferry", BUSY, PAGE)).error is not None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 501])
def test_what_stays_is_not_tried_again(site: Site, status: int) -> None:
    page = fetcher().fetch(site.put("/ferry", b"", status=status, Retry_After="1"))
    assert str(page.error).startswith(f"the server answered {status}")
    assert "come back" not in str(page.error)
    assert site.asked("/ferry") == 1


def test_a_server_that_cannot_prove_who_it_is_gets_one_try() -> None:
    connections = []

    def serve() -> None:
        while True:
            connection, _ = server.accept()
            connections.append(connection)
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        with pytest.raises(OSError, match="no safe connection"):
            fetcher().fetch(f"https://127.0.0.1:{server.getsockname()[1]}/")
    for connection in connections:
        connection.close()
    assert len(connections) == 1


def test_an_unknown_host_gets_one_try() -> None:
    start = time.monotonic()
    with pytest.raises(OSError, match="cannot be fetched"):
        fetcher(backoff=5).fetch("http://harbour.invalid/")
    assert time.monotonic() - start < 5


def test_the_server_says_when_to_come_back(site: Site) -> None:
    address = site.turns("/ferry", reply(b"", status=503, Retry_After="1"), PAGE)
    start = time.monotonic()
    assert fetcher().fetch(address).content == HTML
    assert time.monotonic() - start >= 1


@pytest.mark.parametrize("later", ["3600", formatdate(time.time() + 3600, usegmt=True)], ids=["s", "date"])
def test_the_server_asks_for_too_long_a_wait(site: Site, later: str) -> None:
    start = time.monotonic()
    page = fetcher().fetch(site.put("/ferry", b"", status=503, Retry_After=later))
    said = str(page.error)
    assert said.startswith("the server answered 503 Service Unavailable; it asks to come back after 3")
    assert said.endswith(" s")
    assert site.asked("/ferry") == 1
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("later", ["", "soon", "-5", "9" * 5000, "Mon, 99 Foo 99999 99:99:99 GMT"])
def test_the_server_says_nothing_clear_of_when_to_come_back(site: Site, later: str) -> None:
    page = fetcher(retries=1).fetch(site.put("/ferry", b"", status=503, Retry_After=later))
    assert str(page.error) == "the server answered 503 Service Unavailable"
    assert site.asked("/ferry") == 2


def test_the_time_limit_holds_over_all_tries(site: Site) -> None:
    address = site.put("/ferry", b"", status=503)
    start = time.monotonic()
    assert fetcher(retries=1000, backoff=0.1, timeout=1).fetch(address).error is not None
    assert time.monotonic() - start < 3
    assert site.asked("/ferry") <= 5

    site.turns("/ferry", dropped, lambda _: time.sleep(2))
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"timed out after 0\.5 s"):
        fetcher(timeout=0.5).fetch(address)
    assert time.monotonic() - start < 1.9


def test_a_redirect_with_an_endless_body(site: Site) -> None:
    def redirect(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", "/ferry")
        handler.end_headers()
        while True:
            handler.wfile.write(HTML * 1000)

    site.put("/ferry", HTML)
    site.answers["/start"] = redirect
    assert fetcher(timeout=5).fetch(site.address + "/start").content == HTML


def test_nothing_is_imported_before_it_is_needed() -> None:
    heavy = "{'requests', 'urllib3', 'requests_cache', 'protego'} & set(sys.modules)"
    assert run(f"import sys, cleaner; cleaner.load; print({heavy})") == "set()"
    assert run(f"import sys, cleaner.load.url; print({heavy} - {{'requests', 'urllib3'}})") == "set()"
