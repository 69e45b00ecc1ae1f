"""Does the service stand what clients do to it? Fifty of them, a tenth of their requests bad, workers killed at random.

``python -m benchmarks.service PAGES`` starts ``cleaner serve`` and asks it for the pages in a folder (``samples``, or a
set). Every answer is compared with the library's own. Bad requests are broken, too large, packed bombs, dripping, cut
off, left alone, or pages that take longer than a request may; each must be answered as docs/service.md says. It prints
latencies, throughput, the answers by kind, and the memory of all processes over time, and exits with 1 where an answer
was wrong, missing, or an error that was not due, or less than 99 % of the good pages came out.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import psutil

import cleaner
from cleaner.training.evaluate.process import MEGABYTE, ROOT, be_quiet

REQUESTS = 20_000
CLIENTS = 50
BAD = 0.1
_MOST_BYTES = 8_000_000
_TRIES = 10
_IDLE = 3.0
"""Seconds after which a client does not trust a connection any more."""
_LEAST_GOOD = 0.99
_MOST_PAGES = 200
_LARGEST_PAGE = 400_000
_PATIENCE = 120.0
_FORMS = ("json", "text", "markdown")
_HTML = {"Content-Type": "text/html"}
_JSON = {"Content-Type": "application/json"}
_LOST = "lost"
_LEFT = "left"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page in a form, and what the library makes of it."""

    body: bytes
    path: str
    answer: bytes


@dataclass
class Tally:
    """What came of the requests, by kind."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, kind: str, outcome: str, due: frozenset[str], seconds: float | None = None) -> None:
        with self.lock:
            self.outcomes[kind, outcome] += 1
            if outcome not in due:
                self.wrong.append(f"{kind}: {outcome}")
            if seconds is not None and outcome == "200":
                self.seconds.append(seconds)

    @property
    def good(self) -> float:
        """The share of good pages that came out."""
        found = {outcome: count for (kind, outcome), count in self.outcomes.items() if kind == "good"}
        return found.get("200", 0) / max(sum(found.values()), 1)


class Service:
    """A running service, and its processes."""

    def __init__(self, options: Sequence[str], log: Path) -> None:
        self._log = log
        with log.open("wb") as errors:
            command = [sys.executable, "-m", "cleaner", "serve", "--port", "0", *options]
            self.process = subprocess.Popen(command, cwd=ROOT, stderr=errors, start_new_session=True)
        while not (found := self.log("listening")):
            if self.process.poll() is not None:
                raise SystemExit(f"the service did not start: {log.read_text()}")
            time.sleep(0.05)
        parts = urlsplit(found[0]["url"])
        self.host, self.port = parts.hostname or "", parts.port or 0

    def log(self, event: str) -> list[dict[str, str]]:
        lines = self._log.read_text().splitlines()
        return [line for line in map(json.loads, lines) if line["event"] == event]

    def workers(self) -> list[psutil.Process]:
        """The processes that clean."""
        return [child for child in psutil.Process(self.process.pid).children() if _is_worker(child)]

    def connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(self.host, self.port, timeout=_PATIENCE)

    def socket(self) -> socket.socket:
        return socket.create_connection((self.host, self.port), timeout=_PATIENCE)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(_PATIENCE)


def _is_worker(child: psutil.Process) -> bool:
    try:
        return "cleaner.web.worker" in child.cmdline()
    except psutil.Error:
        return False


@dataclass
class Watch:
    """The memory of the service and of its largest worker, in MB, every second; and the worker killed now and then."""

    service: Service
    every: float
    chance: random.Random
    samples: list[tuple[float, float, float]] = field(default_factory=list)
    kills: int = 0

    @contextmanager
    def running(self) -> Iterator[None]:
        over = threading.Event()
        threads = [threading.Thread(target=run, args=(over,)) for run in (self._measure, self._kill)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            over.set()
            for thread in threads:
                thread.join()

    def _measure(self, over: threading.Event) -> None:
        begun, own = time.monotonic(), psutil.Process(self.service.process.pid)
        while not over.wait(1.0):
            sizes = [_resident(worker) for worker in self.service.workers()]
            self.samples.append((time.monotonic() - begun, _resident(own), max(sizes, default=0.0)))

    def _kill(self, over: threading.Event) -> None:
        while self.every and not over.wait(self.chance.uniform(0.5, 1.5) * self.every):
            if workers := self.service.workers():
                self.chance.choice(workers).kill()
                self.kills += 1


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / MEGABYTE
    except psutil.Error:
        return 0.0


def pages_in(folder: Path, chance: random.Random) -> list[bytes]:
    """Up to 200 pages of the folder and those below."""
    found = sorted(path for path in folder.rglob("*.htm*") if path.stat().st_size < _LARGEST_PAGE)
    chance.shuffle(found)
    loaded = (page for path in found for page in cleaner.load(path))
    pages = list(islice((page.content for page in loaded if page.error is None), _MOST_PAGES))
    if not pages:
        raise SystemExit(f"there are no pages in {folder}")
    return [page for page in pages if isinstance(page, bytes)]


def wanted_of(pages: list[bytes]) -> list[Wanted]:
    """Each page in each form, with the library's answer."""
    made = []
    for body in pages:
        document = cleaner.clean(cleaner.Page(body, content_type="text/html"))
        views = {
            "json": json.dumps(document.to_dict(), ensure_ascii=False) + "\n",
            "text": document.text,
            "markdown": document.markdown,
        }
        made += [Wanted(body, f"/clean?format={form}", views[form].encode()) for form in _FORMS]
    return made


class Client:
    """One of the clients: a connection that it keeps, and requests of all kinds."""

    def __init__(self, service: Service, tally: Tally, wanted: list[Wanted], seed: int) -> None:
        self._service = service
        self._tally = tally
        self._wanted = wanted
        self._chance = random.Random(seed)
        self._connection = service.connection()
        self._used = time.monotonic()
        self._bad: list[tuple[Callable[[], None], int]] = [
            (self.leaves, 4), (self.half_closes, 4), (self.drips, 4), (self.never_sends, 1), (self.hangs, 1),
            *((self._refused(kind), 4) for kind in REFUSED),
        ]  # fmt: skip

    def run(self, numbers: Iterator[int], bad: float) -> None:
        """Make requests until the numbers are at their end."""
        for _ in numbers:
            if self._chance.random() < bad:
                kinds, weights = zip(*self._bad, strict=True)
                self._chance.choices(kinds, weights)[0]()
            else:
                self.good()

    def good(self) -> None:
        """A page, which must come back as the library has it; once more where the service is busy."""
        wanted = self._chance.choice(self._wanted)
        begun = time.monotonic()
        for attempt in range(_TRIES):
            status, body = self._ask(wanted.path, wanted.body, _HTML)
            if attempt == _TRIES - 1 or status not in ("429", "503"):
                break
            self._tally.add("good, at first", status, _LATER)
            time.sleep(1)
        outcome = status if status != "200" or body == wanted.answer else "200 but wrong"
        self._tally.add("good", outcome, _LATER | {"200", "504"}, time.monotonic() - begun)

    def drips(self) -> None:
        """A page in small pieces."""
        wanted = self._chance.choice(self._wanted)
        step = len(wanted.body) // 8 + 1

        def pieces() -> Iterator[bytes]:
            for start in range(0, len(wanted.body), step):
                time.sleep(0.05)
                yield wanted.body[start : start + step]

        status, body = self._ask(wanted.path, pieces(), _HTML)
        outcome = status if status != "200" or body == wanted.answer else "200 but wrong"
        self._tally.add("drips", outcome, frozenset({"200", "503"}))

    def hangs(self) -> None:
        """A page of as many blocks as there may be, which takes longer than it may. (Or does not get to a worker.)"""
        status, _ = self._ask("/clean", b"<p>a</p>" * 250_000, _HTML)
        self._tally.add("hangs", status, frozenset({"504", "503"}))

    def never_sends(self) -> None:
        """A body that does not come."""
        with self._service.socket() as line:
            line.sendall(_head(1000) + b"<p>")
            self._tally.add("never sends", _status(line), frozenset({"408"}))

    def half_closes(self) -> None:
        """A client that closes its half in the middle of the body."""
        with self._service.socket() as line:
            line.sendall(_head(1000) + b"<p>")
            line.shutdown(socket.SHUT_WR)
            self._tally.add("half closes", _status(line), frozenset({_LOST, "400"}))

    def leaves(self) -> None:
        """A client that does not wait for the answer."""
        wanted = self._chance.choice(self._wanted)
        with self._service.socket() as line:
            line.sendall(_head(len(wanted.body)) + wanted.body)
            self._tally.add("leaves", _LEFT, frozenset({_LEFT}))

    def _refused(self, kind: str) -> Callable[[], None]:
        status, path, headers, body = REFUSED[kind]

        def ask() -> None:
            self._tally.add(kind, self._ask(path, body, headers)[0], frozenset({str(status), "503"}))

        return ask

    def _ask(self, path: str, body: bytes | Iterator[bytes], headers: dict[str, str]) -> tuple[str, bytes]:
        if time.monotonic() - self._used > _IDLE:
            # The service may be closing it just now.
            self._reconnect()
        # It may be answered, and the connection closed, before all is sent.
        with contextlib.suppress(OSError):
            self._connection.request("POST", path, body, headers)
        try:
            answer = self._connection.getresponse()
            found = str(answer.status), answer.read()
        except (OSError, http.client.HTTPException):
            found = _LOST, b""
        self._used = time.monotonic()
        if found[0] != "200":
            self._reconnect()
        return found

    def _reconnect(self) -> None:
        self._connection.close()
        self._connection = self._service.connection()


_LATER = frozenset({"429", "503"})
_BOMB = gzip.compress(b"<p>" * 20_000_000)
_GZIP = _HTML | {"Content-Encoding": "gzip"}
REFUSED: dict[str, tuple[int, str, dict[str, str], bytes]] = {
    "too large": (413, "/clean", _HTML, b"x" * (_MOST_BYTES + 1)),
    "bomb": (413, "/clean", _GZIP, _BOMB),
    "cut short": (400, "/clean", _GZIP, gzip.compress(b"<p>The ferry is back.")[:-9]),
    "not packed": (400, "/clean", _GZIP, b"<p>The ferry is back."),
    "no json": (400, "/clean", _JSON, b'{"html": "<p>'),
    "deep json": (400, "/clean", _JSON, b"[" * 100_000),
    "no utf-8": (400, "/clean", _JSON, b'{"html": "\xff"}'),
    "no label": (422, "/clean?keep=ads", _HTML, b"<p>The ferry is back."),
    "no page": (422, "/clean", _HTML, b"\x89PNG\r\n\x1a\n"),
    "picture": (415, "/clean", {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n"),
    "no path": (404, "/cleam", _HTML, b"<p>The ferry is back."),
}
"""Requests that are refused: the status, path, headers and body."""


def _head(length: int) -> bytes:
    lines = ("POST /clean HTTP/1.1", "Host: localhost", "Content-Type: text/html", f"Content-Length: {length}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode()


def _status(line: socket.socket) -> str:
    try:
        found = line.recv(12).split()
    except OSError:
        return _LOST
    return found[1].decode() if len(found) > 1 else _LOST


class Numbers:
    """Counts down for all clients."""

    def __init__(self, count: int) -> None:
        self._left = iter(range(count))
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[int]:
        return self

    def __next__(self) -> int:
        with self._lock:
            return next(self._left)


def run(service: Service, watch: Watch, wanted: list[Wanted], options: argparse.Namespace) -> tuple[Tally, float]:
    """Have all clients make their requests; what came of them, and the seconds that it took."""
    tally, numbers, begun = Tally(), Numbers(options.requests), time.monotonic()
    with watch.running(), ThreadPoolExecutor(options.clients) as threads:
        clients = [Client(service, tally, wanted, options.seed + number) for number in range(options.clients)]
        for done in [threads.submit(client.run, numbers, options.bad) for client in clients]:
            done.result()
    return tally, time.monotonic() - begun


def report(tally: Tally, watch: Watch, seconds: float, requests: int) -> None:
    """Print the numbers."""
    times = sorted(tally.seconds) or [0.0]
    shares = ((name, times[min(int(share * len(times)), len(times) - 1)] * 1000) for name, share in _SHARES.items())
    print(f"{requests:,} requests in {seconds:.0f} s: {requests / seconds:.1f} a second; {watch.kills} workers killed")
    print("good pages: " + ", ".join(f"{name} {value:,.0f} ms" for name, value in shares))
    for (kind, outcome), count in sorted(tally.outcomes.items()):
        print(f"  {kind:<14} {outcome:<14} {count:7,}")
    print("memory, MB:  after s   service   largest worker")
    for at, own, largest in islice(watch.samples, 0, None, max(1, len(watch.samples) // 12)):
        print(f"            {at:8.0f} {own:9.0f} {largest:16.0f}")
    print(f"good pages that came out: {tally.good:.2%}; wrong or not due: {len(tally.wrong)}")
    for what, count in Counter(tally.wrong).most_common(10):
        print(f"  {what}: {count}")


_SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "longest": 1.0}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the numbers; 0 where every answer was right or due."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.service", description="A service under bad clients.")
    parser.add_argument("pages", type=Path, help="a folder of pages: samples, or a set")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--clients", type=int, default=CLIENTS)
    parser.add_argument("--bad", type=float, default=BAD, metavar="SHARE", help="of the requests")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=5.0, help="what a request may take")
    parser.add_argument(
        "--kill-every", type=float, default=10.0, metavar="S", help="kill a worker about every S seconds"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chance = random.Random(options.seed)
    wanted = wanted_of(pages_in(options.pages, chance))
    told = ["--workers", str(options.workers), "--seconds", str(options.seconds), "--max-bytes", str(_MOST_BYTES)]
    with tempfile.TemporaryDirectory() as folder:
        service = Service(told, Path(folder) / "log")
        watch = Watch(service, options.kill_every, chance)
        try:
            tally, seconds = run(service, watch, wanted, options)
            status = service.stop()
        finally:
            service.process.kill()
        faults = service.log("fault")
    report(tally, watch, seconds, options.requests)
    print(f"exit status {status}; faults in the log: {len(faults)}")
    return 1 if tally.wrong or tally.good < _LEAST_GOOD or status or faults else 0


if __name__ == "__main__":
    be_quiet()
    sys.exit(main())
