"""What the routes of a service share: the workers, the fetching, the room for bodies, the counters."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cleaner.web import logs
from cleaner.web.body import Room
from cleaner.web.desk import NOT_FETCHED
from cleaner.web.fetching import Fetching, as_request
from cleaner.web.frames import Frame
from cleaner.web.metrics import Metrics
from cleaner.web.pool import Pool
from cleaner.web.refusal import Refusal
from cleaner.web.settings import Settings


class Service:
    """One service in one event loop."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.room = Room(settings)
        self.pool = Pool(settings, self._lost)
        self.stopping = asyncio.Event()
        self.batches = 0
        self._fetching: Fetching | None = None
        self.metrics.watch(self.pool)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Have the workers up. Raises CannotStart."""
        self._fetching = Fetching(self.settings) if self.settings.fetch else None
        await self.pool.start()
        try:
            yield
        finally:
            await self.pool.stop()
            if self._fetching is not None:
                self._fetching.close()

    def stop(self) -> None:
        """Take nothing more; what was taken has as long as a request may take, then it is refused."""
        if not self.stopping.is_set():
            self.stopping.set()
            asyncio.get_running_loop().call_later(self.settings.seconds, self.pool.refuse_all)

    async def answer(self, request: Frame, *, patient: bool = False) -> Frame:
        """The answer to a request, its page fetched where it asks for that. Raises Refusal."""
        answer = await self.pool.run(request, patient=patient)
        if "fetch" in answer.head:
            if self._fetching is None:
                raise Refusal(422, NOT_FETCHED)
            page = await self._fetching.page(answer.head["fetch"])
            answer = await self.pool.run(as_request(page, request.head | answer.head), patient=patient)
        if (page_type := answer.head.get("page_type")) is not None:
            self.metrics.pages.labels(page_type).inc()
        if "fault" in answer.head:
            logs.tell("fault", level=logging.ERROR, where=answer.head["fault"])
        return answer

    def _lost(self, why: str) -> None:
        self.metrics.restarts.labels(why).inc()
        logs.tell("worker", level=logging.WARNING, reason=why)
