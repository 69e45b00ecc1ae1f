"""A page from its address: over http and https only, within limits, and with no way into a private network."""

from __future__ import annotations

import math
import os
from types import TracebackType
from typing import TYPE_CHECKING

from requests import Response, Session
from requests.exceptions import RequestException, SSLError, Timeout

from cleaner import install
from cleaner.load.formats.http import content_type as declared_type
from cleaner.load.gate import Gate, Refused
from cleaner.load.page import Page, PageError
from cleaner.load.session import PASSING_STATUSES, Adapter, Patience, follow, guarded, reason, retry_after
from cleaner.load.sniff import PAGE_TYPE, recognise
from cleaner.version import __version__

if TYPE_CHECKING:
    from requests_cache.backends.sqlite import SQLiteCache

    from cleaner.load.robots import Robots

_CACHE_WAIT = 5.0


class Fetcher:
    """Fetches pages, each within the limits; may be used by several threads.

    allow_private: also from loopback, private, link-local and reserved addresses, and through the proxies of the
        environment (behind a proxy nobody can check where a connection ends).
    timeout: seconds for one page: its redirects, the robots.txt files, every try and the waits between them; only the
        delays that a robots.txt asks for come on top.
    max_bytes: a larger page, unpacked, is an error.
    retries: how often a request is made again whose connection failed, or that the server answered with 429, 500,
        502, 503 or 504; not where the time left is shorter than the wait.
    backoff: seconds to wait before the first retry, doubled for each further one; longer where the server asks for it
        (Retry-After).
    robots: keep to the sites' robots.txt, read once in an hour, and to its crawl delay, up to 10 seconds.
    cache: a file to keep the pages in, or a folder for it (see :mod:`cleaner.load.cache`). A page in it that is still
        fresh is given without asking the site for anything.

    Raises OSError for a cache that cannot be used, ModuleNotFoundError where the package for it is not installed.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeout: float = 20.0,
        max_bytes: int,
        retries: int = 3,
        backoff: float = 0.5,
        robots: bool = False,
        cache: str | os.PathLike[str] | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._timeout = timeout
        self._max_bytes = max_bytes
        self._patience = Patience(retries, backoff)
        reads = "pages" if robots else "one page"
        self._agent = f"Mozilla/5.0 (compatible; Cleaner/{__version__}; reads {reads} for its user)"
        self._robots = self._open_robots() if robots else None
        self._cache = _open_cache(cache, min(timeout, _CACHE_WAIT)) if cache is not None else None

    def __enter__(self) -> Fetcher:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the cache."""
        if self._cache is not None:
            self._cache.close()  # type: ignore[no-untyped-call]

    def fetch(self, address: str, *, url: str | None = None) -> Page:
        """Fetch one page; its url is where the redirects led, unless url is given.

        Raises OSError where no answer came: PermissionError for an address that is not public or that robots.txt
        excludes, TimeoutError after the time limit. An answer that is no page comes as a page with an error.
        """
        try:
            with Gate(self._allow_private, self._timeout) as gate, self._session(gate) as session:
                response = follow(session, address, gate)
            gate.check_time()
        except Refused as error:
            raise PermissionError(str(error)) from error
        except Timeout as error:
            raise TimeoutError(f"timed out after {self._timeout:g} s") from error
        except SSLError as error:
            raise OSError(f"no safe connection: {reason(error)}") from error
        except RequestException as error:
            gate.check_time()
            raise OSError(f"cannot be fetched: {reason(error)}") from error
        except ValueError as error:
            raise OSError(f"is no address that can be fetched: {error}") from error
        return self._page(response, address, url or response.url)

    def _session(self, gate: Gate) -> Session:
        robots = self._robots
        before = (lambda address: robots.admit(address, gate)) if robots is not None else None
        adapter = Adapter(gate, self._patience, self._max_bytes, _is_page, before)
        if self._cache is None:
            return guarded(Session(), adapter, self._agent)
        from cleaner.load.cache import CachingSession

        return guarded(CachingSession(self._cache, self._is_whole_page), adapter, self._agent)

    def _open_robots(self) -> Robots:
        # Few runs read robots.txt files.
        from cleaner.load.robots import MAX_BYTES, Robots

        def session(gate: Gate) -> Session:
            adapter = Adapter(gate, self._patience, MAX_BYTES, lambda response: response.status_code == 200)
            return guarded(Session(), adapter, self._agent)

        return Robots(session)

    def _is_whole_page(self, response: Response) -> bool:
        return _is_page(response) and len(response.content) <= self._max_bytes

    def _page(self, response: Response, name: str, url: str) -> Page:
        content_type, charset = declared_type(response.headers.get("Content-Type"))
        if (error := _error(response)) is not None:
            problem = PageError(error, name)
            return Page(url=url, charset=charset, content_type=content_type, name=name, error=problem)
        return recognise(
            # requests-cache gives None for a body without a byte.
            response.content or b"",
            name=name,
            url=url,
            max_bytes=self._max_bytes,
            charset=charset,
            content_type=content_type,
        )


def _open_cache(place: str | os.PathLike[str], wait: float) -> SQLiteCache:
    try:
        from cleaner.load.cache import open_cache
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(f"the cache needs requests-cache: {install.command('cache')}") from error
    return open_cache(place, wait)


def _is_page(response: Response) -> bool:
    return not response.is_redirect and _error(response) is None


def _error(response: Response) -> str | None:
    """Why the answer is no page, as far as its head says."""
    if not response.ok:
        answered = f"the server answered {response.status_code} {response.reason or ''}".rstrip()
        later = retry_after(response) if response.status_code in PASSING_STATUSES else None
        return f"{answered}; it asks to come back after {math.ceil(later)} s" if later else answered
    content_type, _ = declared_type(response.headers.get("Content-Type"))
    if content_type and not PAGE_TYPE.fullmatch(content_type):
        return f"is {content_type}, not a web page"
    return None
