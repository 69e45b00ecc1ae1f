"""The body of a request, within limits: of its size, of the time it takes to arrive, of all bodies together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cleaner.web.codings import too_large
from cleaner.web.refusal import Refusal, busy
from cleaner.web.settings import Settings

_LEAST_ROOM = 256_000_000
_BODIES = 4
_LOOK_EVERY = 0.05
_PIECE = 262_144


_T = TypeVar("_T")


class Gone(Exception):
    """The client has left: nobody waits for the answer."""


class Room:
    """Bytes that all pages and answers may take at a time: clients with large ones, or slow ones, are many."""

    def __init__(self, settings: Settings) -> None:
        self._most = max(_LEAST_ROOM, _BODIES * settings.max_bytes)
        self._taken = 0

    def take(self, size: int) -> None:
        """Take some. Raises Refusal where there is none."""
        if self._taken + size > self._most:
            raise busy("The service holds as many pages as it can: try again later.")
        self._taken += size

    async def wait_for(self, size: int) -> None:
        """Take some, as soon as there is any."""
        while self._taken + size > self._most:
            await asyncio.sleep(_LOOK_EVERY)
        self._taken += size

    def give_back(self, size: int) -> None:
        """Give some back."""
        self._taken -= size


@asynccontextmanager
async def held_body(request: Request, settings: Settings, room: Room) -> AsyncIterator[bytes]:
    """The body as it came, packed or not. Raises Refusal, or Gone."""
    most = settings.max_bytes
    # Where the length is declared, before a byte of it is read.
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > most:
        raise too_large(most)
    chunks: list[bytes] = []
    size = 0
    try:
        try:
            async with asyncio.timeout(settings.seconds):
                async for chunk in chunks_of(request):
                    room.take(len(chunk))
                    size += len(chunk)
                    chunks.append(chunk)
                    if size > most:
                        raise too_large(most)
        except TimeoutError:
            raise Refusal(408, f"The body did not arrive within {settings.seconds:g} s.") from None
        yield b"".join(chunks)
    finally:
        room.give_back(size)


class HeldAnswer(Response):
    """An answer that has room until the client has taken it. Raises Refusal before any of it where there is none."""

    room: Room | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        assert self.room is not None
        body = memoryview(self.body)
        self.room.take(len(body))
        try:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            # In pieces, since sending waits for the client before each.
            for start in range(0, len(body), _PIECE):
                await send(
                    {"type": "http.response.body", "body": bytes(body[start : start + _PIECE]), "more_body": True}
                )
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            self.room.give_back(len(body))


async def chunks_of(request: Request) -> AsyncIterator[bytes]:
    """The body as it arrives. Raises Gone."""
    more = True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise Gone
        more = message.get("more_body", False)
        if chunk := message.get("body", b""):
            yield chunk


async def unless_gone(request: Request, work: Coroutine[Any, Any, _T]) -> _T:
    """What the work comes to, after the body; it is ended where the client leaves. Raises Gone."""
    working = asyncio.create_task(work)
    leaving = asyncio.create_task(until_gone(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise Gone
        return working.result()
    finally:
        for task in (working, leaving):
            task.cancel()


async def until_gone(request: Request) -> None:
    """Wait, after the body, until the client leaves."""
    while (await request.receive())["type"] != "http.disconnect":
        continue
