"""Fetched pages kept in a file, so that a second run asks the sites only for what may have changed.

An answer is fresh for as long as its site says, for one day where the site says nothing, and for a year at most. One
that is no longer fresh is asked for again, with the conditions (ETag, Last-Modified) under which the site need not
send it a second time. Only whole pages with status 200 are kept, none that took a password, and all as JSON. Where
the disk is full or the file may only be read, pages are fetched all the same.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.structures import CaseInsensitiveDict
from requests_cache import CacheMixin
from requests_cache.backends.sqlite import SQLiteCache

_FILE = "pages.sqlite"
_DAY = 86_400
_YEAR = 365 * _DAY
_TABLES = {"responses", "redirects"}


def open_cache(place: str | os.PathLike[str], timeout: float) -> SQLiteCache:
    """The cache in a file, or in a folder where place has no suffix; both are made where they are missing.

    timeout: seconds to wait for another program that is writing to it. Raises OSError where it cannot be used.
    """
    path = Path(place).absolute()
    try:
        if path.is_dir() or not path.suffix:
            path /= _FILE
        _check_tables(path)
        return SQLiteCache(path, serializer="json", factory=_Connection, timeout=timeout)
    except (OSError, sqlite3.Error) as error:
        raise OSError(f"the cache {path} cannot be used: {getattr(error, 'strerror', None) or error}") from error


def _check_tables(path: Path) -> None:
    """Raise OSError for the database of another program, in which our tables would be a surprise."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables <= _TABLES:
        raise OSError("it is another program's database")


class _Connection(sqlite3.Connection):
    def execute(self, sql: str, *rest: Any) -> sqlite3.Cursor:
        try:
            return super().execute(sql, *rest)
        except sqlite3.OperationalError as error:
            # requests-cache would try again for ever, though a file that cannot be written stays so.
            if sql.startswith("BEGIN"):
                raise sqlite3.DatabaseError(str(error)) from error
            raise


class _Answers(Session):
    def send(self, request: PreparedRequest, **options: Any) -> Response:
        response = super().send(request, **options)
        if (control := _cache_control(response.headers)) is not None:
            response.headers["Cache-Control"] = control
            response.headers.pop("Expires", None)
        return response


class CachingSession(CacheMixin, _Answers):
    """A session that asks the cache first; closing it leaves the cache open.

    whole: whether an answer is a page that was read to its end.
    """

    def __init__(self, cache: SQLiteCache, whole: Callable[[Response], bool]) -> None:
        def kept(response: Response) -> bool:
            # What is refused here is also deleted from the cache, which neither an old page nor an error should cause.
            if getattr(response, "from_cache", False) or response.status_code != 200:
                return True
            return whole(response) and "Authorization" not in response.request.headers

        super().__init__(
            backend=cache,
            expire_after=_DAY,
            cache_control=True,
            allowable_methods=("GET",),
            ignored_parameters=(),
            filter_fn=kept,
            key_fn=_key,
            autoclose=False,
        )

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Any:
        """The answer, from the cache or the site. Raises OSError where the cache is damaged."""
        try:
            return super().send(request, *args, **options)
        # The group comes from cattrs, for JSON that is no answer.
        except (sqlite3.Error, ExceptionGroup) as error:
            # A write that broke off leaves a transaction open, in which no other could begin.
            self.cache.close()  # type: ignore[no-untyped-call]
            raise OSError(f"the cache {self.cache.db_path} cannot be used: {error}") from error


def _key(request: PreparedRequest, match_headers: Iterable[str] = (), **_: Any) -> str:
    """The place of an answer; the key of requests-cache takes ``?q=`` and no query for the same page."""
    headers = [f"{name}: {request.headers.get(name)}" for name in sorted(match_headers or ())]
    return sha256("\n".join([request.url or "", *headers]).encode()).hexdigest()


def _cache_control(headers: CaseInsensitiveDict[str]) -> str | None:
    """What the headers say of keeping the answer, in the few words that requests-cache takes as they are meant.

    It fails on dates that are none and on huge numbers, keeps ``max-age=-1`` and ``immutable`` for ever, and gives a
    ``no-cache`` page without asking where the site cannot be reached.
    """
    parts = (part.strip().partition("=") for part in headers.get("Cache-Control", "").lower().split(","))
    directives = {name: value.strip(' "') for name, _, value in parts}
    if "no-store" in directives:
        return "no-store"
    if "no-cache" in directives:
        return "max-age=0"
    if (age := directives.get("max-age")) is not None:
        return f"max-age={min(int(age[:12]), _YEAR) if re.fullmatch('[0-9]+', age) else 0}"
    if (expires := headers.get("Expires")) is not None:
        return f"max-age={_seconds_until(expires)}"
    return None


def _seconds_until(date: str) -> int:
    """Between 0, also for a date that is none, and a year."""
    try:
        then = parsedate_to_datetime(date)
    except ValueError:
        return 0
    seconds = (then.replace(tzinfo=then.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    return int(min(max(seconds, 0), _YEAR))
