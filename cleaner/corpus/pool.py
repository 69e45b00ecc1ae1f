"""Tasks on all cores: workers that are watched, ended when a page takes too long or too much, and replaced."""

from __future__ import annotations

import contextlib
import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import Any

from cleaner.corpus.manifest import Done
from cleaner.corpus.plan import Task
from cleaner.corpus.work import SHARED, Job, Progress, resident, serve, unreadable

_EVERY = 0.1
"""Seconds between two looks at the workers."""
_TRIES = 3
"""Workers that a task may lose without being at a page."""


class TaskFailed(Exception):
    """A task that cannot be finished, such as on a full disk."""


class Pool:
    """Runs tasks on worker processes. seconds and memory (bytes) bound a page."""

    def __init__(self, job: Job, workers: int, seconds: float, memory: int) -> None:
        self._job = job
        self._count = workers
        self._seconds = seconds
        self._memory = memory

    def run(self, tasks: list[Task], tick: Callable[[int], None]) -> Iterator[Done]:
        """What was done, in the order in which it was; tick is called several times a second, with the pages begun."""
        # The largest first: at the end a worker is left alone with a small one.
        waiting = deque(sorted(tasks, key=lambda task: -task.size))
        workers: list[_Worker] = []
        try:
            while waiting or any(worker.task for worker in workers):
                while waiting and len(workers) < min(self._count, len(tasks)):
                    workers.append(_Worker(self._job, self._memory))
                for worker in workers:
                    if worker.task is None and waiting:
                        worker.give(waiting.popleft())
                connection.wait([wait for worker in workers for wait in worker.waits()], timeout=_EVERY)
                for place, worker in enumerate(workers):
                    if (done := worker.done()) is not None:
                        yield done
                    elif (why := worker.trouble(self._seconds, self._memory)) is not None:
                        workers[place] = worker.replaced(why)
                tick(sum(worker.progress.page for worker in workers if worker.task is not None))
        finally:
            for worker in workers:
                worker.end()


class _Worker:
    """A process, the task it is at, and what is known of the task's pages."""

    def __init__(self, job: Job, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._job = job
        self._memory = memory
        self._shared: Any = context.RawArray("d", SHARED)
        self._ours, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(
            target=serve, args=(theirs, self._shared, job, memory), daemon=True
        )
        self._process.start()
        theirs.close()
        self.progress = Progress(self._shared)
        self.task: Task | None = None
        self._given_up: dict[int, str] = {}
        self._lost = 0

    def give(self, task: Task, given_up: dict[int, str] | None = None, lost: int = 0) -> None:
        """Let it do a task."""
        self.task, self._given_up, self._lost = task, given_up or {}, lost
        # One that died on its own shows by its sentinel.
        with contextlib.suppress(OSError):
            self._ours.send((task, self._given_up))

    def waits(self) -> list[Any]:
        """What to wait for."""
        return [self._ours, self._process.sentinel] if self.task is not None else []

    def done(self) -> Done | None:
        """What it has done since the last look. Raises TaskFailed."""
        if self.task is None:
            return None
        try:
            if not self._ours.poll():
                return None
            found = self._ours.recv()
        except (EOFError, OSError):
            return None
        self.task = None
        if isinstance(found, Done):
            return found
        raise TaskFailed(str(found))

    def trouble(self, seconds: float, memory: int) -> str | None:
        """Why it must be replaced, if it must."""
        if self.task is None:
            return None
        if not self._process.is_alive():
            return f"ended the worker (exit status {self._process.exitcode})"
        if self.progress.seconds > seconds:
            return f"took more than {seconds:g} s"
        # What a worker held before the page is not the page's fault.
        if self.progress.seconds and resident(self._process.pid) > max(memory, self.progress.memory + memory // 4):
            return f"took more than {memory // 1_000_000:,} MB of memory"
        return None

    def replaced(self, why: str) -> _Worker:
        """A new worker for the task of this one, which gives up the page that it was at."""
        page, begun = self.progress.page, self.progress.seconds > 0
        self.end()
        assert self.task is not None
        given_up = dict(self._given_up)
        if begun:
            # A page that was given up already must have been in the reading, not in the cleaning.
            given_up[page] = unreadable(why) if page in given_up else why
        elif self._lost + 1 >= _TRIES:
            raise TaskFailed(f"task {self.task.number} {why}, {_TRIES} times")
        new = _Worker(self._job, self._memory)
        new.give(self.task, given_up, self._lost + (not begun))
        return new

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._ours.close()
