"""The life of a process that cleans for the service: ``python -m cleaner.web.worker FD OPTIONS``.

Requests come over the socket FD and answers go back, one at a time. It ends with the service, whatever it is at.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import select
import signal
import socket
import sys
import threading
import warnings
from typing import Any

from cleaner.web.desk import Desk
from cleaner.web.frames import Frame, read, written

_LARGE = 1_000_000
"""Bytes of a page after which memory is given back."""


def main(descriptor: int, options: str) -> None:
    """Answer requests until the service has gone."""
    # Whoever runs the service ends it, and it ends its workers: a Ctrl-C is for the service.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    _end_with_service(descriptor)
    _be_quiet()
    told = json.loads(options)
    _bound(told.pop("memory"))
    line = socket.socket(fileno=descriptor)
    # JSON knows lists only, and a desk is a key.
    known: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in told.items()}
    desk = Desk(**known)
    try:
        desk.open()
    except (OSError, ValueError) as error:
        _send(line, Frame({"error": str(error)}))
        return
    _send(line, Frame({"ready": True}))
    with line.makefile("rb") as requests:
        while (request := read(requests)) is not None:
            _send(line, desk.answer(request))
            if len(request.body) > _LARGE:
                _give_back()


def _send(line: socket.socket, frame: Frame) -> None:
    for part in written(frame):
        line.sendall(part)


def _end_with_service(descriptor: int) -> None:
    """A worker must not go on at a page that nobody waits for."""
    watched = select.poll()
    # Nothing is asked for, since the end of the other side is always told.
    watched.register(descriptor, 0)

    def watch() -> None:
        watched.poll()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def _be_quiet() -> None:
    """Standard error is the service's log, in JSON; what libraries say of a page would show parts of it."""
    warnings.filterwarnings("ignore")
    logging.disable(logging.CRITICAL)


def _bound(memory: int) -> None:
    """Let what asks for far too much at once fail at once; the rest is for the service, which watches."""
    import resource

    limit = 3 * memory + 4 * 1024**3
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _give_back() -> None:
    """Return memory that the C library keeps for later, after a page that took much of it."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
