"""What a service does not do: wait for ever, hold more than it can, let one client have all of it."""

from __future__ import annotations

import gzip
import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import brotli
import pytest
import requests
from served import LINES, Served, Talk, answers, line, request, served, wait_for

from tests.test_cli import BODY, page

MOST = 3_000_000
PAGE = page().encode()
TEXT = "\n\n".join(BODY)
LONG = b"<!doctype html><main>" + b"<p>The ferry to <a href=/isle>Grey Island</a> is back in service.</p>\n" * 40_000
"""Takes some seconds to clean and some hundreds of megabytes."""


@pytest.fixture(scope="module")
def strict() -> Iterator[Served]:
    """One worker, one place in the queue, a second for everything."""
    with served("--workers", "1", "--queue", "1", "--seconds", "1", "--max-bytes", str(MOST)) as running:
        yield running


@pytest.fixture(scope="module")
def alone() -> Iterator[Served]:
    """One worker, and the usual patience."""
    with served("--workers", "1") as running:
        yield running


@contextmanager
def stopped_worker(service: Served) -> Iterator[int]:
    """The only worker, kept from doing anything: as at a page that hangs."""
    wait_for(lambda: is_ready(service), "no worker is up")
    (pid,) = service.workers()
    os.kill(pid, signal.SIGSTOP)
    try:
        yield pid
    finally:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


@contextmanager
def asking(service: Served, *bodies: bytes) -> Iterator[list[Future[requests.Response]]]:
    """Requests that are begun one after the other, each when the one before has its place."""
    with ThreadPoolExecutor(len(bodies)) as threads:
        begun = []
        for number, body in enumerate(bodies):
            begun.append(threads.submit(service.post, "/clean?format=text", body))
            wait_for(lambda number=number: taken(service) == number + 1, "the request is not there")
        yield begun


def refuses(connection: socket.socket) -> bool:
    """Whether it takes not another byte."""
    try:
        connection.sendall(b"x")
    except OSError:
        return True
    return False


def is_ready(service: Served) -> bool:
    return bool(service.get("/healthz").status_code == 200)


def taken(service: Served) -> float:
    """Requests at a worker and in the queue."""
    return service.counted('cleaner_workers{state="busy"}') + service.counted("cleaner_queue_length")


def replaced(service: Served, reason: str) -> float:
    return service.counted(f'cleaner_worker_restarts_total{{reason="{reason}"}}')


def error(answer: requests.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]


TOO_LARGE = f"The body is larger than {MOST:,} bytes, unpacked."


def test_a_page_of_just_the_limit_and_one_more(strict: Served) -> None:
    comment = b"<!--" + b"x" * (MOST - len(PAGE) - 7) + b"-->"
    assert strict.post("/clean?format=text", PAGE + comment).text == TEXT
    assert error(strict.post("/clean", PAGE + comment + b" ")) == (413, TOO_LARGE)


def test_a_body_that_never_says_how_long_it_is(strict: Served) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield b"<p>The ferry" * 10_000

    # The client may still be at sending when it is told, and does not see it before the connection is closed.
    with suppress(requests.ConnectionError):
        assert error(strict.post("/clean", endless())) == (413, TOO_LARGE)
    assert wait_for(lambda: strict.log("request", status=413), "it was not refused")
    parts = (PAGE, b"x" * MOST)
    assert error(strict.post("/clean", iter(parts))) == (413, TOO_LARGE)


def test_a_length_that_is_declared_is_believed_at_once(strict: Served) -> None:
    with strict.connection() as connection:
        connection.sendall(b"POST /clean HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999999999999\r\n\r\n")
        ((status, body),) = answers(connection, 1)
        assert (status, json.loads(body)["error"]) == (413, TOO_LARGE)


@pytest.mark.parametrize(
    ("coding", "bomb"),
    [
        ("gzip", gzip.compress(b"\0" * 50 * MOST)),
        ("br", brotli.compress(b" " * 200 * MOST, quality=1)),
    ],
    ids=["gzip", "brotli"],
)
def test_bombs(strict: Served, coding: str, bomb: bytes) -> None:
    before = strict.counted("process_resident_memory_bytes")
    answer = strict.post("/clean", bomb, headers={"Content-Encoding": coding})
    assert error(answer) == (413, TOO_LARGE)
    assert strict.counted("process_resident_memory_bytes") - before < 20 * MOST


def test_a_body_that_drips(strict: Served) -> None:
    with strict.connection() as connection:
        connection.sendall(request("/clean", b"x" * 1000)[:-900])
        begun = time.monotonic()
        ((status, body),) = answers(connection, 1)
        assert (status, json.loads(body)["error"]) == (408, "The body did not arrive within 1 s.")
        assert time.monotonic() - begun < 5
        # And the connection is not kept open for the rest of it.
        wait_for(lambda: refuses(connection), "the connection is still open")


@pytest.mark.parametrize("sent", [b"", b"POST /clean HTTP/1.1\r\nHost: local"], ids=["nothing", "half a head"])
def test_a_head_that_does_not_come(strict: Served, sent: bytes) -> None:
    with strict.connection() as connection:
        connection.sendall(sent)
        assert [status for status, _ in answers(connection, 1)] == ([408] if sent else [])


def test_a_head_that_drips_after_a_request(strict: Served) -> None:
    with strict.connection() as connection:
        connection.sendall(request("/healthz", method="GET") + b"GET /healthz")
        assert [status for status, _ in answers(connection, 2)] in ([200], [200, 408])


@pytest.mark.parametrize(
    "head",
    [b"X-Bomb: " + b"x" * 1_000_000, b"X-Bomb: x\r\n" * 100_000, b"X" * 1_000_000],
    ids=["a long one", "many", "a long name"],
)
def test_a_head_without_an_end(strict: Served, head: bytes) -> None:
    with strict.connection() as connection:
        try:
            connection.sendall(b"POST /clean HTTP/1.1\r\nHost: localhost\r\n" + head)
        except OSError:
            return
        found = answers(connection, 1) if not _is_reset(connection) else []
        assert [status for status, _ in found] in ([431], [])


def _is_reset(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except ConnectionResetError:
        return True


def test_a_page_that_takes_too_long(strict: Served) -> None:
    before = strict.workers()
    assert error(strict.post("/clean", LONG)) == (504, "The page took more than 1 s.")
    assert replaced(strict, "time") >= 1
    wait_for(lambda: is_ready(strict), "no other worker is up")
    assert strict.post("/clean?format=text", PAGE).text == TEXT
    assert strict.workers() != before


def test_a_page_that_takes_too_much_memory() -> None:
    with served("--workers", "1", "--memory", "300") as service:
        assert error(service.post("/clean", LONG)) == (503, "The page took more than 300 MB of memory.")
        assert replaced(service, "memory") == 1
        assert service.post("/clean?format=text", PAGE).text == TEXT


def test_a_full_queue(strict: Served) -> None:
    with stopped_worker(strict), asking(strict, PAGE, PAGE) as (at_worker, in_queue):
        refused = strict.post("/clean", PAGE)
        assert error(refused) == (429, "All workers are busy and the queue is full: try again later.")
        assert refused.headers["Retry-After"] == "1"
        assert error(at_worker.result()) == (504, "The page took more than 1 s.")
        # The one behind it had no worker either: in time, or not at all.
        assert in_queue.result().status_code in (200, 503)
    wait_for(lambda: is_ready(strict), "no other worker is up")
    assert strict.post("/clean?format=text", PAGE).text == TEXT


def test_the_work_of_a_client_that_left_is_dropped(alone: Served) -> None:
    with stopped_worker(alone):
        with alone.connection() as first, alone.connection() as second:
            first.sendall(request("/clean", PAGE))
            wait_for(lambda: taken(alone) == 1, "it is not at the worker")
            second.sendall(request("/clean", PAGE))
            wait_for(lambda: taken(alone) == 2, "it is not in the queue")
        wait_for(lambda: taken(alone) == 1, "it is still in the queue")
        assert wait_for(lambda: len(alone.log("request", status=499)) == 2, "nobody saw that they left")
    # A page that was begun has a little time to come to its end.
    wait_for(lambda: taken(alone) == 0, "the worker is still at it")
    assert alone.post("/clean", PAGE).status_code == 200
    pages = [
        counter for counter in alone.get("/metrics").text.splitlines() if counter.startswith("cleaner_pages_total")
    ]
    assert sum(float(counter.rpartition(" ")[2]) for counter in pages) == 1


def test_a_worker_at_a_page_that_nobody_waits_for_is_ended(alone: Served) -> None:
    before = replaced(alone, "left")
    with stopped_worker(alone):
        with alone.connection() as left:
            left.sendall(request("/clean", PAGE))
            wait_for(lambda: taken(alone) == 1, "it is not at the worker")
        wait_for(lambda: replaced(alone, "left") == before + 1, "the worker is still there")
        assert alone.post("/clean?format=text", PAGE).text == TEXT


def test_a_page_whose_worker_is_killed_is_given_to_another(alone: Served) -> None:
    with stopped_worker(alone) as pid, asking(alone, PAGE) as (answer,):
        os.kill(pid, signal.SIGKILL)
        assert (answer.result().status_code, answer.result().text) == (200, TEXT)


def test_a_client_that_takes_no_answer(strict: Served) -> None:
    with strict.connection() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        body = json.dumps({"html": page(body=["word " * 100_000])}).encode()
        connection.sendall(request("/clean", body, "application/json"))
        wait_for(lambda: strict.log("request", bytes_in=len(body)), "it was not answered")
        # It holds nobody up.
        assert strict.post("/clean?format=text", PAGE).text == TEXT


def test_many_connections(strict: Served) -> None:
    opened: list[Any] = []
    try:
        for _ in range(300):
            opened.append(strict.connection())
            opened[-1].sendall(b"POST /clean HTTP/1.1\r\n")
        assert strict.post("/clean?format=text", PAGE).text == TEXT
    finally:
        for connection in opened:
            connection.close()


def test_a_line_that_is_too_long_is_passed_over(strict: Served) -> None:
    lines = [line(id=1, html=page(), format="text"), line(id=2, html="x" * MOST), line(id=3, html=page())]
    found = [json.loads(answer) for answer in strict.post("/batch", iter(lines), LINES).content.splitlines()]
    assert [(answer["line"], answer["status"]) for answer in found] == [(1, 200), (2, 413), (3, 200)]
    assert found[1]["error"] == f"The line is longer than {MOST:,} bytes."


def test_a_line_whose_page_takes_too_long(strict: Served) -> None:
    talk = Talk(strict)
    talk.send(line(id="good", html=page(), format="text"))
    assert talk.next()["result"] == TEXT
    with stopped_worker(strict):
        talk.send(line(id="hangs", html=page()))
        assert talk.next() == {"id": "hangs", "line": 2, "status": 504, "error": "The page took more than 1 s."}
    talk.send(line(id="after", html=page(), format="text"))
    assert talk.next() == {"id": "after", "line": 3, "status": 200, "result": TEXT}
    talk.finish()
    assert talk.next() is None
    wait_for(lambda: is_ready(strict), "no other worker is up")
