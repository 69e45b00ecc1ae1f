"""Requests on worker processes: a bounded queue before them, and each worker replaced when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import Future, Task
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from cleaner.web.frames import Frame
from cleaner.web.process import CannotStart, Lost, Why, Worker
from cleaner.web.refusal import Refusal, busy
from cleaner.web.settings import Settings

_TRIES = 2
"""How many workers a request may lose that ended for no reason that is known; its page may be the reason."""
_FIRST_WAIT = 0.1
_LONGEST_WAIT = 10.0
STOPPING = "The service is stopping."


class At(StrEnum):
    """What a worker is at."""

    STARTING = "starting"
    IDLE = "idle"
    BUSY = "busy"


@dataclass(eq=False, slots=True)
class _Order:
    """A request that waits for its answer."""

    request: Frame
    counted: bool
    answer: Future[Frame] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    begun: bool = False
    losses: int = 0

    def refuse(self, error: Refusal) -> None:
        if not self.answer.done():
            self.answer.set_exception(error)


class Pool:
    """Worker processes and the queue before them, in one event loop.

    lost is told why, each time a worker is replaced, or could not be started.
    """

    def __init__(self, settings: Settings, lost: Callable[[str], None]) -> None:
        self._settings = settings
        self._lost = lost
        self._orders: deque[_Order] = deque()
        self._sleepers: deque[Future[None]] = deque()
        self._at: dict[int, At] = {}
        self._keepers: list[Task[None]] = []
        self._begun: set[_Order] = set()
        self._stopped = False

    async def start(self) -> None:
        """Start the workers, and wait for the first of them. Raises CannotStart where it does not come up."""
        first: Future[None] = asyncio.get_running_loop().create_future()
        for slot in range(self._settings.workers):
            self._at[slot] = At.STARTING
            self._keepers.append(asyncio.create_task(self._keep(slot, first)))
        try:
            await first
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End the workers; whatever still waits is refused."""
        self.refuse_all()
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    def refuse_all(self) -> None:
        """Refuse what waits, what is at a worker, and all that comes."""
        self._stopped = True
        for order in (*self._orders, *self._begun):
            order.refuse(busy(STOPPING, 503))
        self._orders.clear()

    async def run(self, request: Frame, *, patient: bool = False) -> Frame:
        """The answer to a request.

        patient: wait for a worker however long it takes, without a place in the queue: for what is bounded elsewhere.
        Raises Refusal: 429 where the queue is full, 503 and 504 by what happened to the worker.
        """
        if self._stopped:
            raise busy(STOPPING, 503)
        if not patient and self.waiting >= self._settings.queue + self.workers[At.IDLE]:
            raise busy("All workers are busy and the queue is full: try again later.")
        order = _Order(request, counted=not patient)
        self._orders.append(order)
        self._wake()
        try:
            if not patient:
                await asyncio.wait({order.answer}, timeout=self._settings.seconds)
                if not order.begun and not order.answer.done():
                    raise busy(f"No worker was free within {self._settings.seconds:g} s: try again later.", 503)
            return await order.answer
        finally:
            # Whoever asked may have gone; the worker that is at it sees that.
            order.answer.cancel()
            with contextlib.suppress(ValueError):
                self._orders.remove(order)

    @property
    def waiting(self) -> int:
        """Requests in the queue."""
        return sum(order.counted for order in self._orders)

    @property
    def workers(self) -> Counter[At]:
        """How many workers are at what."""
        return Counter(self._at.values())

    @property
    def up(self) -> int:
        """How many workers can clean."""
        return sum(at is not At.STARTING for at in self._at.values())

    async def _keep(self, slot: int, first: Future[None]) -> None:
        """Keep one worker running."""
        wait = _FIRST_WAIT
        while True:
            self._at[slot] = At.STARTING
            try:
                worker = await Worker.start(self._settings)
            except CannotStart as error:
                if not first.done():
                    first.set_exception(error)
                self._lost("start")
                await asyncio.sleep(wait)
                wait = min(2 * wait, _LONGEST_WAIT)
                continue
            if not first.done():
                first.set_result(None)
            wait = _FIRST_WAIT
            try:
                self._lost(await self._work(worker, slot))
            finally:
                # What it was at is answered: ending a large process may take a while.
                self._at[slot] = At.STARTING
                await worker.end()

    async def _work(self, worker: Worker, slot: int) -> Why:
        """Give a worker requests until it must be replaced."""
        settings = self._settings
        while True:
            self._at[slot] = At.IDLE
            order = await self._take(worker)
            if order is None:
                return Why.ENDED
            self._at[slot] = At.BUSY
            self._begun.add(order)
            try:
                answer = await worker.ask(order.request, settings.seconds, settings.memory, order.answer.cancelled)
            except Lost as error:
                self._settle(order, error.why)
                return error.why
            finally:
                self._begun.discard(order)
            if not order.answer.done():
                order.answer.set_result(answer)
            if worker.is_over(settings.memory):
                return Why.MEMORY

    async def _take(self, worker: Worker) -> _Order | None:
        """The next request; None where the worker has ended."""
        while not worker.gone.done():
            while self._orders:
                order = self._orders.popleft()
                if not order.answer.done():
                    order.begun = True
                    return order
            sleeper: Future[None] = asyncio.get_running_loop().create_future()
            self._sleepers.append(sleeper)
            waits: set[Future[Any]] = {sleeper, worker.gone}
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            with contextlib.suppress(ValueError):
                self._sleepers.remove(sleeper)
        # It may have been woken for a request that another one must then see.
        self._wake()
        return None

    def _wake(self) -> None:
        while self._sleepers:
            sleeper = self._sleepers.popleft()
            if not sleeper.done():
                sleeper.set_result(None)
                return

    def _settle(self, order: _Order, why: Why) -> None:
        """Say what became of a request whose worker was lost, or let another have it."""
        settings = self._settings
        order.losses += 1
        if why is Why.TIME:
            order.refuse(Refusal(504, f"The page took more than {settings.seconds:g} s."))
        elif why is Why.MEMORY:
            order.refuse(Refusal(503, f"The page took more than {settings.memory // 1_000_000:,} MB of memory."))
        elif order.losses >= _TRIES:
            order.refuse(busy(f"The worker ended at this page, {_TRIES} times.", 503))
        elif not order.answer.done():
            self._orders.appendleft(order)
            self._wake()
