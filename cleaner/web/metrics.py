"""What a service tells Prometheus of itself."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from cleaner.web.pool import At, Pool

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """Counters of one service."""

    def __init__(self) -> None:
        # When each counter was made is a series for each of them that nobody looks at.
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self.requests = Counter(
            "cleaner_requests", "Requests, by route and status.", ["route", "status"], registry=registry
        )
        self.seconds = Histogram(
            "cleaner_request_seconds",
            "Time from the head of a request to the end of its answer.",
            ["route"],
            registry=registry,
            buckets=_SECONDS,
        )
        self.pages = Counter(
            "cleaner_pages", "Pages that were cleaned, by their type.", ["page_type"], registry=registry
        )
        self.lines = Counter("cleaner_batch_lines", "Lines of batches, by status.", ["status"], registry=registry)
        self.restarts = Counter(
            "cleaner_worker_restarts",
            "Workers that were replaced or could not be started, by reason.",
            ["reason"],
            registry=registry,
        )
        self._queue = Gauge("cleaner_queue_length", "Requests that wait for a worker.", registry=registry)
        self._workers = Gauge("cleaner_workers", "Worker processes, by what they are at.", ["state"], registry=registry)

    def watch(self, pool: Pool) -> None:
        """Show what the pool is at, whenever somebody looks."""
        self._queue.set_function(lambda: pool.waiting)
        for state in At:
            self._workers.labels(state).set_function(_count(pool, state))

    def text(self) -> bytes:
        """All of them, in the format of Prometheus."""
        return generate_latest(self._registry)


def _count(pool: Pool, state: At) -> Callable[[], float]:
    return lambda: pool.workers[state]
