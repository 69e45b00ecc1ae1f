"""Tables that are read once a process, also where several threads want one at the same time."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from threading import RLock
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


def once(make: Callable[_P, _T]) -> Callable[_P, _T]:
    """Keep what a function gives for its arguments, up to 64 of them; other threads wait for the first."""
    lock = RLock()
    kept = lru_cache(maxsize=64)(make)

    @wraps(make)
    def known(*args: _P.args, **kwargs: _P.kwargs) -> _T:
        with lock:
            return kept(*args, **kwargs)  # type: ignore[arg-type]

    return known
