"""Runs ``cleaner review`` as a user would."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from tests.test_cli import environment

_PATIENCE = 30.0
_ADDRESS = re.compile(r"review: (http://127\.0\.0\.1:\d+/[\w-]{32,}/)")


class Review:
    """A running review. What it says is read as it comes."""

    def __init__(self, *arguments: str | Path, stdin: bytes | None = None, cwd: Path | None = None) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cleaner", "review", "--no-browser", *map(str, arguments)],
            stdin=subprocess.DEVNULL if stdin is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment(),
            cwd=cwd,
            # A signal to the tests is not one to the review.
            start_new_session=True,
        )
        if stdin is not None:
            assert self.process.stdin is not None
            self.process.stdin.write(stdin)
            self.process.stdin.close()
        self.said: list[str] = []
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.url = self._address()

    def _read(self) -> None:
        assert self.process.stderr is not None
        with self.process.stderr as lines:
            self.said += (line.decode("utf-8", "replace").rstrip("\n") for line in lines)

    def _address(self) -> str:
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            for line in list(self.said):
                if found := _ADDRESS.fullmatch(line):
                    return found[1]
            assert self.process.poll() is None, self.said
            time.sleep(0.02)
        raise AssertionError(f"the review is not up: {self.said}")

    @property
    def origin(self) -> str:
        """The address without what is secret of it."""
        return self.url.rsplit("/", 2)[0]

    def get(self, path: str, **options: Any) -> requests.Response:
        return requests.get(self.url + path, timeout=_PATIENCE, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> requests.Response:
        return requests.post(self.url + path, json=body, timeout=_PATIENCE, **options)

    def pages(self) -> dict[str, dict[str, Any]]:
        """The pages by name, when all are read."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            found = self.get("api/pages").json()
            if not found["reading"]:
                return {page["name"]: page for page in found["pages"]}
            time.sleep(0.05)
        raise AssertionError("the pages are not read")

    def stop(self, number: int = signal.SIGINT) -> int:
        """Tell it to stop, and wait; its exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        status = self.process.wait(_PATIENCE)
        self._reader.join(_PATIENCE)
        return status

    def close(self) -> None:
        """End it, whatever state it is in."""
        if self.process.poll() is None:
            self.process.kill()
            self.ended()
        assert self.process.stdout is not None
        self.process.stdout.close()


@contextmanager
def reviewing(*arguments: str | Path, stdin: bytes | None = None, cwd: Path | None = None) -> Iterator[Review]:
    """A review of pages, until the end of the block."""
    running = Review(*arguments, stdin=stdin, cwd=cwd)
    try:
        yield running
    finally:
        running.close()
