"""What a service is told when it starts, and what it bounds."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field

SECONDS = 30.0
QUEUE = 64
MEMORY = 2_000_000_000
MAX_BYTES = 10_000_000


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """How a service works.

    workers: processes that clean, a page at a time each.
    queue: requests that may wait for a worker; the next one is refused.
    seconds: what a request may take to arrive, then to wait for a worker, and then at the worker.
    memory: bytes of memory that a worker may take.
    max_bytes: the largest body of a request, before and after it is unpacked; in a batch the longest line.
    fetch: whether pages are fetched by their address. allow_private: also from private and local addresses.
    model: the path of a model file to use instead of the one in the package.
    keep, drop: labels added to and taken from every view, where a request does not say.
    rules, site, corrections: files of rules, of a site's profile and of corrections, for every page.
    """

    workers: int = field(default_factory=cores)
    queue: int = QUEUE
    seconds: float = SECONDS
    memory: int = MEMORY
    max_bytes: int = MAX_BYTES
    fetch: bool = False
    allow_private: bool = False
    model: str | None = None
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    site: str | None = None
    corrections: str | None = None
