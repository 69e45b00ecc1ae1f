"""Many pages in one request, a JSON object a line: answers come in the lines' order, while lines still come in."""

from __future__ import annotations

import asyncio
import json
from asyncio import Queue, Task
from collections.abc import AsyncIterator, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from cleaner.web.body import Gone, until_gone
from cleaner.web.codings import Packing, Unpacking
from cleaner.web.frames import Frame
from cleaner.web.pool import STOPPING
from cleaner.web.refusal import Refusal, busy
from cleaner.web.service import Service
from cleaner.web.wanted import LINES_TYPES

MOST_BATCHES = 8
"""Batches at a time: each may keep all workers busy."""
_LEAST_WAIT = 60.0
"""Seconds that a line may at least take to come: a client may be slow in finding its pages."""
_Line = tuple[int, bytes | Refusal]


class Lines:
    """Cuts bytes into lines. One of more than *most* bytes is not kept."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._parts: list[bytes] = []
        self._size = 0
        self._number = 0

    def feed(self, data: bytes) -> Iterator[_Line]:
        """The lines that end in the data, with their numbers; none for empty ones."""
        first, *lines = data.split(b"\n")
        self._add(first)
        if lines:
            yield from self.end()
            *whole, last = lines
            # Quick where there are millions of empty ones.
            found = [
                (number, line) for number, line in enumerate(whole, self._number + 1) if line and not line.isspace()
            ]
            self._number += len(whole)
            for number, line in found:
                yield number, line if len(line) <= self._most else self._too_long()
            self._add(last)

    def end(self) -> Iterator[_Line]:
        """What has come as a line."""
        self._number += 1
        line, size = b"".join(self._parts), self._size
        self._parts, self._size = [], 0
        if size > self._most:
            yield self._number, self._too_long()
        elif line and not line.isspace():
            yield self._number, line

    def _too_long(self) -> Refusal:
        return Refusal(413, f"The line is longer than {self._most:,} bytes.")

    @property
    def number(self) -> int:
        """The number of the line that would come next."""
        return self._number + 1

    def _add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > self._most:
            self._parts = []
        elif piece:
            self._parts.append(piece)


class Batch:
    """One batch: reads lines, has them cleaned, and writes the answers, some lines at a time."""

    def __init__(self, service: Service, request: Request, head: dict[str, Any], coding: str | None) -> None:
        self._service = service
        self._request = request
        self._head = head
        self._unpacking = Unpacking(coding, service.settings.max_bytes) if coding is not None else None
        self._lines = Lines(service.settings.max_bytes)
        self._answers: Queue[Task[bytes] | None] = Queue(service.settings.workers + 2)
        self._begun: set[Task[bytes]] = set()
        self._patience = max(_LEAST_WAIT, service.settings.seconds)
        self._came: Any = None
        self.pages = 0

    async def first(self) -> None:
        """Wait for the first of the body: a client that asks whether to go on with it is told before any answer.

        Raises Refusal where it does not come.
        """
        self._came = await self._received(self._patience)

    async def respond(self, send: Send, packing: Packing) -> None:
        """Answer all of it. Raises Gone."""
        try:
            async with asyncio.TaskGroup() as group:
                reading = group.create_task(self._read())
                await self._write(send, packing)
                reading.cancel()
        except* Gone:
            raise Gone from None
        finally:
            for task in self._begun:
                task.cancel()

    async def _read(self) -> None:
        """Begin each line as it comes, as far ahead as there is room; then watch whether the client leaves."""
        try:
            async for number, line in self._incoming():
                await self._begin(number, line)
        except Refusal as error:
            await self._begin(self._lines.number, error)
        await self._answers.put(None)
        await until_gone(self._request)
        raise Gone

    async def _begin(self, number: int, line: bytes | Refusal) -> None:
        room, size = self._service.room, len(line) if isinstance(line, bytes) else 0
        await room.wait_for(size)
        task = asyncio.create_task(self._answer(number, line))
        self._begun.add(task)
        task.add_done_callback(self._begun.discard)
        task.add_done_callback(lambda _: room.give_back(size))
        await self._answers.put(task)

    async def _write(self, send: Send, packing: Packing) -> None:
        while (task := await self._answers.get()) is not None:
            body = packing.add(await task)
            await send({"type": "http.response.body", "body": body, "more_body": True})
        await send({"type": "http.response.body", "body": packing.end(), "more_body": False})

    async def _answer(self, number: int, line: bytes | Refusal) -> bytes:
        if isinstance(line, Refusal):
            return self._refused(number, None, line)
        try:
            answer = await self._service.answer(Frame({**self._head, "line": number}, line), patient=True)
            self._count(answer.head["status"])
            self.pages += "page_type" in answer.head
            return answer.body
        except Refusal as error:
            return self._refused(number, await asyncio.to_thread(_id_in, line), error)

    def _refused(self, number: int, name: str | int | None, error: Refusal) -> bytes:
        self._count(error.status)
        told = {"id": name, "line": number, "status": error.status, "error": error.sentence}
        return json.dumps(told).encode() + b"\n"

    def _count(self, status: int) -> None:
        self._service.metrics.lines.labels(status).inc()

    async def _incoming(self) -> AsyncIterator[_Line]:
        """The lines of the body. Raises Refusal where it cannot be read on, or Gone."""
        async for chunk in self._chunks():
            for piece in self._unpacking.feed(chunk) if self._unpacking is not None else (chunk,):
                for line in self._lines.feed(piece):
                    yield line
                # A bomb must not keep the others waiting.
                await asyncio.sleep(0)
        if self._unpacking is not None:
            self._unpacking.end()
        for line in self._lines.end():
            yield line

    async def _chunks(self) -> AsyncIterator[bytes]:
        clock = asyncio.get_running_loop().time
        line, end = self._lines.number, clock() + self._patience
        while True:
            message, self._came = self._came or await self._received(end - clock()), None
            if message["type"] == "http.disconnect":
                raise Gone
            yield message.get("body", b"")
            if not message.get("more_body", False):
                return
            if self._lines.number != line:
                line, end = self._lines.number, clock() + self._patience

    async def _received(self, seconds: float) -> Any:
        """The next message, unless the service stops or nothing comes. Raises Refusal."""
        stopping = asyncio.create_task(self._service.stopping.wait())
        receiving = asyncio.ensure_future(self._request.receive())
        try:
            await asyncio.wait({receiving, stopping}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if receiving.done():
                return receiving.result()
            if stopping.done():
                raise Refusal(503, f"{STOPPING} From this line on nothing was read.")
            raise Refusal(408, "The line did not arrive in time. From this line on nothing was read.")
        finally:
            stopping.cancel()
            receiving.cancel()


class BatchResponse(Response):
    """The answers to a batch, in a coding. Raises Refusal before the first of them where there are too many batches."""

    media_type = LINES_TYPES[0]

    def __init__(self, service: Service, batch: Batch, coding: str | None) -> None:
        super().__init__(headers={"Vary": "Accept-Encoding"} | ({"Content-Encoding": coding} if coding else {}))
        del self.headers["content-length"]
        self._service = service
        self._batch = batch
        self._packing = Packing(coding)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        if self._service.batches >= MOST_BATCHES:
            raise busy(f"There are {MOST_BATCHES} batches already: try again later.")
        self._service.batches += 1
        try:
            await self._batch.first()
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            await self._batch.respond(send, self._packing)
        except Gone:
            # The answer has begun: there is nothing more to say.
            return
        finally:
            self._service.batches -= 1
            scope["seen"].pages = self._batch.pages


def _id_in(line: bytes) -> str | int | None:
    """What a line calls itself, found without a worker."""
    try:
        name = json.loads(line)["id"]
    except (ValueError, RecursionError, KeyError, TypeError):
        return None
    return name if isinstance(name, str | int) else None
