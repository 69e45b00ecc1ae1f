"""One worker process as the service sees it: started, asked, watched, ended."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
from asyncio import IncompleteReadError, StreamReader, StreamWriter, Task
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from cleaner.web.frames import Frame, read_from, written
from cleaner.web.settings import Settings

_EVERY = 0.1
"""Seconds between two looks at a worker that is at a page."""
_START_SECONDS = 60.0
_GRACE = 1.0
"""Seconds that a page may still take when nobody waits for it any more: a new worker costs about one."""
_BUFFER = 1 << 20
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""A page is cleaned on one core: there is a worker for each."""


class CannotStart(Exception):
    """A worker that did not come up, with the reason."""


class Why(StrEnum):
    """Why a worker must be replaced."""

    TIME = "time"
    MEMORY = "memory"
    ENDED = "ended"
    LEFT = "left"


class Lost(Exception):
    """A worker that must be replaced."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Worker:
    """A worker process. Always end it."""

    def __init__(self, process: subprocess.Popen[bytes], reader: StreamReader, writer: StreamWriter) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._answer = self._next()

    @classmethod
    async def start(cls, settings: Settings) -> Worker:
        """Start one and wait until it can clean. Raises CannotStart."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                process = _started(theirs.fileno(), settings)
            except OSError as error:
                ours.close()
                raise CannotStart(error.strerror or str(error)) from error
        worker = cls(process, *await asyncio.open_connection(sock=ours, limit=_BUFFER))
        try:
            await asyncio.wait({worker._answer}, timeout=_START_SECONDS)
            said = worker._took().head if worker._answer.done() else {"error": "it did not come up in time"}
        except Lost:
            said = {"error": f"it ended at once (exit status {process.wait()})"}
        except BaseException:
            await worker.end()
            raise
        if "error" in said:
            await worker.end()
            raise CannotStart(said["error"])
        return worker

    @property
    def gone(self) -> Task[Frame]:
        """Done when it has ended while nothing was asked of it."""
        return self._answer

    async def ask(self, request: Frame, seconds: float, memory: int, left: Callable[[], bool]) -> Frame:
        """Its answer. left tells whether the one who asked has gone. Raises Lost: it must then be replaced."""
        loop = asyncio.get_running_loop()
        end, why = loop.time() + seconds, Why.TIME
        for part in written(request):
            self._writer.write(part)
        while not self._answer.done():
            # Writing may end in the middle where the worker does; the answer then tells.
            await asyncio.wait({self._answer}, timeout=max(min(_EVERY, end - loop.time()), 0.0))
            if self._answer.done():
                break
            if loop.time() >= end:
                raise Lost(why)
            if resident(self._process.pid) > memory:
                raise Lost(Why.MEMORY)
            if why is Why.TIME and left():
                end, why = min(end, loop.time() + _GRACE), Why.LEFT
        return self._took()

    def is_over(self, memory: int) -> bool:
        """Whether it holds more memory than it may, between two pages."""
        return resident(self._process.pid) > memory

    async def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._writer.close()
        self._answer.cancel()
        with contextlib.suppress(asyncio.CancelledError, IncompleteReadError, OSError):
            await self._answer
        # What a large process holds is not given back at once.
        await asyncio.get_running_loop().run_in_executor(None, self._process.wait)

    def _took(self) -> Frame:
        try:
            answer = self._answer.result()
        except (IncompleteReadError, OSError) as error:
            raise Lost(Why.ENDED) from error
        self._answer = self._next()
        return answer

    def _next(self) -> Task[Frame]:
        return asyncio.create_task(read_from(self._reader))


def _started(descriptor: int, settings: Settings) -> subprocess.Popen[bytes]:
    told = {
        "max_bytes": settings.max_bytes,
        "fetch": settings.fetch,
        "model": settings.model,
        "keep": settings.keep,
        "drop": settings.drop,
        "rules": settings.rules,
        "site": settings.site,
        "corrections": settings.corrections,
        "memory": settings.memory,
    }
    # The modules of this process, and none of the folder that it was started in.
    path = os.pathsep.join(entry for entry in sys.path if entry)
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cleaner.web.worker", str(descriptor), json.dumps(told)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[descriptor],
        env={**_ONE_THREAD, **os.environ, "PYTHONPATH": path},
    )


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; 0 where nobody says."""
    try:
        fields = Path(f"/proc/{pid}/statm").read_text("ascii").split()
        return int(fields[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError, ValueError):
        return 0
