"""Connections that must get on: a head has a size and a time, a connection ends, and there are only so many."""

from __future__ import annotations

import asyncio
from asyncio import TimerHandle
from collections.abc import Callable
from http import HTTPStatus

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from cleaner.web import logs
from cleaner.web.refusal import as_json

MOST_HEAD = 65_536
MOST_CONNECTIONS = 800
_STALL_SECONDS = 60.0
"""How long a client may take nothing of an answer."""


def guarded(seconds: float) -> type[Guarded]:
    """The kind of connections whose heads may take so long."""
    return type("Guarded", (Guarded,), {"seconds": min(seconds, Guarded.seconds)})


class Guarded(HttpToolsProtocol):
    """One connection. uvicorn bounds only how long it may be idle after a request."""

    seconds = 10.0
    """For a head to arrive, for the rest of a body that was answered already, and for the last answer to be taken."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._guard: TimerHandle | None = None
        self._stall: TimerHandle | None = None
        self._in_head = True
        self._head_size = 0
        self._open = 0
        if len(self.connections) > MOST_CONNECTIONS:
            self._turn_away(503, "There are too many connections: try again later.")
        else:
            self._guard_with(self._too_slow)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        if self._in_head:
            self._head_size += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self._in_head and self._head_size > MOST_HEAD:
            self._turn_away(431, f"The head of the request is larger than {MOST_HEAD:,} bytes.")
        elif not self._open and self._guard is None:
            self._guard_with(self._too_slow)

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        self._in_head = False
        self._open += 1
        self._let_go()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_head, self._head_size = True, 0

    def on_response_complete(self) -> None:
        self._open -= 1
        super().on_response_complete()
        if self.transport.is_closing():
            self._guard_with(self.transport.abort)

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._guard_with(self.transport.abort)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stall = self.loop.call_later(_STALL_SECONDS, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        if self._stall is not None:
            self._stall.cancel()

    def connection_lost(self, exc: Exception | None) -> None:
        self._let_go()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        if self.cycle is not None and self.cycle.response_started and not self.cycle.response_complete:
            # In the middle of an answer there is no place for another.
            self.transport.abort()
        else:
            self._turn_away(400, "This is no HTTP request, or its body is broken.")

    def _too_slow(self) -> None:
        if self._in_head and self._head_size:
            self._turn_away(408, f"The head of the request did not arrive within {self.seconds:g} s.")
        else:
            self.transport.close()

    def _turn_away(self, status: int, sentence: str) -> None:
        """Answer what never came to be a request, and close."""
        logs.tell("turned away", status=status)
        body = as_json(sentence)
        head = (
            f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nRetry-After: 1\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode("ascii") + body)
        self.transport.close()
        self._guard_with(self.transport.abort)

    def _guard_with(self, end: Callable[[], None]) -> None:
        self._let_go()
        self._guard = self.loop.call_later(self.seconds, end)

    def _let_go(self) -> None:
        if self._guard is not None:
            self._guard.cancel()
            self._guard = None
