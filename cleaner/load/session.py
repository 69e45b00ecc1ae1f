"""Requests as a careful reader makes them: through the gate, again where a failure may pass, and read up to a limit."""

from __future__ import annotations

import itertools
import os
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import requests
from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ChunkedEncodingError
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from cleaner.load.gate import Disallowed, Gate, Refused

MAX_REDIRECTS = 10
PASSING_STATUSES = frozenset({429, 500, 502, 503, 504})
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
_CHUNK = 65_536
_FAR_SECONDS = 10**9
_MAX_DOUBLINGS = 30


@dataclass(frozen=True)
class Patience:
    """How often a request that failed is made again, and the seconds before the first time; each wait doubles."""

    retries: int
    backoff: float


class Adapter(HTTPAdapter):
    """Makes the requests of one fetch.

    wanted: whether the body of an answer is to be read; it is read up to a chunk more than max_bytes, unpacked.
    before: called with the address before each request; what it raises ends the fetch.
    """

    def __init__(
        self,
        gate: Gate,
        patience: Patience,
        max_bytes: int,
        wanted: Callable[[Response], bool],
        before: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__()
        self.poolmanager.pool_classes_by_scheme = _pools(gate)
        self._gate = gate
        self._patience = patience
        self._max_bytes = max_bytes
        self._wanted = wanted
        self._before = before

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """The answer, its body read where it is wanted; its connection is closed."""
        for attempt in itertools.count():
            if self._before is not None:
                self._before(request.url or "")
            last = attempt >= self._patience.retries
            wait = self._patience.backoff * 2 ** min(attempt, _MAX_DOUBLINGS)
            try:
                response = super().send(request, *args, **{**options, "timeout": self._gate.left()})
                self._read(response)
            except (requests.ConnectionError, ChunkedEncodingError) as error:
                self._gate.check_time()
                if last or not _may_pass(error) or not self._gate.wait(wait):
                    raise
            else:
                wait = max(wait, retry_after(response) or 0)
                if last or response.status_code not in PASSING_STATUSES or not self._gate.wait(wait):
                    return response
        raise AssertionError("the attempts have no end of their own")

    def _read(self, response: Response) -> None:
        chunks: list[bytes] = []
        size = 0
        with response:
            for chunk in response.iter_content(_CHUNK) if self._wanted(response) else ():
                self._gate.check_time()
                chunks.append(chunk)
                size += len(chunk)
                if size > self._max_bytes:
                    break
        # Set for every answer: requests would read a body that is not wanted to its end, however long.
        response._content = b"".join(chunks)


def guarded(session: Session, adapter: Adapter, agent: str) -> Session:
    """The session, made to use nothing but the adapter and to say that it is agent."""
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # Of the environment only what is asked for: no passwords from a netrc file, no proxy that hides the peer.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.headers.update({"User-Agent": agent, "Accept": _ACCEPT})
    return session


def follow(session: Session, address: str, gate: Gate) -> Response:
    """The answer at the end of the redirects; every address on the way is checked, answers from the cache too."""
    for hop in range(MAX_REDIRECTS + 1):
        gate.check_address(address)
        proxies = dict(get_environ_proxies(address)) if gate.allow_private else {}
        try:
            response = session.get(address, allow_redirects=False, proxies=proxies)
        except Disallowed as error:
            if hop == 0:
                raise
            raise Refused(f"leads to {address}, which {error}") from error
        target = session.get_redirect_target(response)
        if target is None:
            return response
        gate.check_time()
        address = urljoin(response.url, target)
    raise requests.TooManyRedirects(f"more than {MAX_REDIRECTS} redirects")


def retry_after(response: Response) -> float | None:
    """The seconds after which the server asks to come back; None where it does not, or not clearly."""
    try:
        return Retry(retry_after_max=_FAR_SECONDS).parse_retry_after(response.headers.get("Retry-After", ""))
    except (InvalidHeader, ValueError, OverflowError):
        return None


def reason(error: BaseException) -> str:
    """What the innermost cause says, without the layers of the libraries in between."""
    said = str(error) if isinstance(error, requests.TooManyRedirects | requests.URLRequired) else ""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.strerror:
            said = getattr(cause, "verify_message", "") or cause.strerror
    return said or str(error).partition("\n")[0] or type(error).__name__


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    for _ in range(20):
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _may_pass(error: BaseException) -> bool:
    """Whether a failed connection may succeed later: not where the host is unknown or cannot prove who it is."""
    return not any(
        isinstance(cause, socket.gaierror)
        # A connection that breaks off within TLS is one that broke off.
        or (isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError))
        for cause in _causes(error)
    )


def _pools(gate: Gate) -> dict[str, type[HTTPConnectionPool]]:
    """Pools whose every direct connection goes through the gate."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return gate.passed(super()._new_conn(), self.host)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return gate.passed(super()._new_conn(), self.host)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}
