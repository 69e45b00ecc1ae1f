"""Workers that are killed come back, a service that is stopped answers first, and nothing is lost silently."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from served import SAMPLE, Served, Talk, answers, line, request, served, wait_for

import cleaner
from cleaner import install
from tests.test_cli import BODY, environment, page, run

PAGE = page().encode()
TEXT = "\n\n".join(BODY)
LONG = b"<p>The ferry is back on the lake, and so is the baker.</p>" * 60_000
"""A page that a worker is at for seconds."""


def replaced(service: Served) -> float:
    return service.counted('cleaner_worker_restarts_total{reason="ended"}')


def restarted(service: Served) -> float:
    return service.counted('cleaner_worker_restarts_total{reason="start"}')


def busy(service: Served) -> float:
    return service.counted('cleaner_workers{state="busy"}')


@pytest.fixture(scope="module")
def tough() -> Iterator[Served]:
    with served("--workers", "2") as running:
        yield running


@pytest.fixture
def whole(tough: Served) -> Served:
    """The service with both of its workers up."""
    wait_for(lambda: tough.get("/healthz").json().get("up") == 2, "they are not up")
    return tough


def test_workers_that_are_killed_come_back(whole: Served) -> None:
    before, killed = whole.workers(), replaced(whole)
    whole.signal_workers(signal.SIGKILL)
    wait_for(lambda: replaced(whole) == killed + 2, "nobody saw it")
    refused = whole.get("/healthz")
    if refused.status_code != 200:
        assert (refused.status_code, refused.json()) == (503, {"error": "No worker is up."})
    # Until they are back, requests wait.
    assert whole.post("/clean?format=text", PAGE).text == TEXT
    wait_for(lambda: whole.get("/healthz").json().get("up") == 2, "they are not back")
    assert not set(before) & set(whole.workers())
    assert len(whole.log("worker", reason="ended")) == killed + 2


def test_a_page_that_kills_two_workers_is_refused(whole: Served) -> None:
    service = whole
    with ThreadPoolExecutor(1) as threads:
        service.signal_workers(signal.SIGSTOP)
        answer = threads.submit(service.post, "/clean?format=text", LONG)
        wait_for(lambda: busy(service) == 1, "it is not at the worker")
        over = threading.Event()

        def kill() -> None:
            while not over.is_set():
                if busy(service):
                    service.signal_workers(signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            refused = answer.result()
        finally:
            over.set()
            killer.join()
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.json() == {"error": "The worker ended at this page, 2 times."}
        assert service.post("/clean?format=text", PAGE).text == TEXT


def test_kills_at_random_under_load(whole: Served) -> None:
    chance = random.Random(1)
    content, expected = SAMPLE.read_bytes(), cleaner.clean(SAMPLE.read_bytes()).text
    with ThreadPoolExecutor(8) as threads:
        begun = [threads.submit(whole.post, "/clean?format=text", content) for _ in range(100)]
        for _ in range(3):
            time.sleep(chance.uniform(0.05, 0.3))
            if workers := whole.workers():
                os.kill(chance.choice(workers), signal.SIGKILL)
        found = [request.result() for request in begun]
    for answer in found:
        assert answer.status_code in (200, 503)
        if answer.status_code == 200:
            assert answer.text == expected
        else:
            assert answer.headers["Retry-After"]
    assert sum(answer.status_code == 200 for answer in found) > 60


def test_workers_that_are_killed_under_a_batch(whole: Served) -> None:
    killed = replaced(whole)
    talk = Talk(whole)
    talk.send_all(line(id=number, html=SAMPLE.read_text(), format="text") for number in range(60))
    expected = cleaner.clean(SAMPLE.read_text()).text
    for number, answer in enumerate(talk.rest()):
        assert (answer["id"], answer["status"], answer["result"]) == (number, 200, expected)
        if number in (20, 40):
            os.kill(whole.workers()[0], signal.SIGKILL)
    assert number == 59
    wait_for(lambda: replaced(whole) + restarted(whole) >= killed + 2, "nobody saw it")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_answers_what_was_taken(number: int) -> None:
    with served("--workers", "1") as service:
        service.signal_workers(signal.SIGSTOP)
        connections = [service.connection() for _ in range(5)]
        for connection in connections[:4]:
            connection.sendall(request("/clean?format=text", PAGE))
        # The fifth is idle, and no reason to wait.
        wait_for(lambda: service.counted("cleaner_queue_length") == 3, "they are not taken")
        service.process.send_signal(number)
        wait_for(lambda: refuses_connections(service), "it takes more")
        service.signal_workers(signal.SIGCONT)
        for connection in connections[:4]:
            assert answers(connection, 1) == [(200, TEXT.encode())]
        assert service.ended() == 0
        assert service.log("stopped")


def refuses_connections(service: Served) -> bool:
    try:
        service.connection().close()
    except ConnectionRefusedError:
        return True
    return False


def test_a_stop_has_an_end() -> None:
    with served("--workers", "1", "--seconds", "1") as service:
        service.signal_workers(signal.SIGSTOP)
        connections = [service.connection() for _ in range(3)]
        for connection in connections:
            connection.sendall(request("/clean", PAGE))
        wait_for(lambda: service.counted("cleaner_queue_length") == 2, "they are not taken")
        service.process.send_signal(signal.SIGTERM)
        for connection in connections:
            ((status, _),) = answers(connection, 1)
            assert status in (503, 504)
        assert service.ended() == 0


def test_a_second_signal_ends_it_at_once() -> None:
    with served("--workers", "1") as service, service.connection() as connection:
        service.signal_workers(signal.SIGSTOP)
        connection.sendall(request("/clean", PAGE))
        wait_for(lambda: busy(service) == 1, "it is not at the worker")
        workers = service.workers()
        service.process.send_signal(signal.SIGTERM)
        wait_for(lambda: refuses_connections(service), "it takes more")
        assert service.stop() == 0
        wait_for(lambda: not any(map(is_running, workers)), "workers outlive it")


def test_workers_end_with_a_service_that_is_killed() -> None:
    with served("--workers", "2") as service:
        workers = wait_for(lambda: len(service.workers()) == 2 and service.workers(), "they are not up")
        service.process.kill()
        service.process.wait()
        wait_for(lambda: not any(map(is_running, workers)), "workers outlive the service")


def is_running(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def test_a_port_that_is_taken() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 1
    assert done.stderr == f"serve: cannot listen on 127.0.0.1, port {port}: Address already in use\n"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--keep", "ads"], "no label ads"),
        (["--model", "no-such.onnx"], "no-such.onnx: No such file or directory"),
        (["--workers", "0"], "workers"),
        (["--port", "70000"], "port"),
        (["--memory", "10"], "memory"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_wrong_calls(options: list[str], said: str) -> None:
    done = run("serve", *options)
    assert done.returncode == 2
    assert said in done.stderr


def test_a_host_that_there_is_not() -> None:
    done = run("serve", "--host", "harbour.invalid", "--port", "0")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("serve: cannot listen on harbour.invalid, port 0: ")


@pytest.mark.parametrize("missing", ["fastapi", "httptools", "brotli"])
def test_without_the_packages_for_it(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from cleaner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", "--port", "0"],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"serve: needs {install.command('web')} (")


def test_what_is_around_it(tmp_path: Path) -> None:
    """Options from the environment, a folder with a module of a known name, and a home that stays empty."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    home.mkdir()
    folder.mkdir()
    (folder / "json.py").write_text("raise SystemExit('not this one')")
    code = f"import os; os.chdir({str(folder)!r}); from cleaner.cli import main; main()"
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), str(home))
    options = {"CLEANER_WORKERS": "1", "CLEANER_MAX_BYTES": "2000", "CLEANER_SECONDS": "7"}
    with served(command=(sys.executable, "-P", "-c", code), **places, **options) as service:
        assert service.get("/healthz").json()["workers"] == 1
        assert service.post("/clean?format=text", PAGE).text == TEXT
        assert service.post("/clean", b"x" * 2001).status_code == 413
        assert service.stop() == 0
    assert list(home.iterdir()) == []
