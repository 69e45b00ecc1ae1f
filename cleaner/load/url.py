"""A page from its address: over http and https only, within limits, and with no way into a private network."""

from __future__ import annotations

import os
import re
import socket
import threading
from email.message import Message
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import TracebackType
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.exceptions import RequestException, SSLError, Timeout
from requests.utils import get_environ_proxies
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from cleaner.load.page import Page
from cleaner.load.sniff import recognise
from cleaner.version import __version__

MAX_REDIRECTS = 10
USER_AGENT = f"Mozilla/5.0 (compatible; Cleaner/{__version__}; reads one page for its user)"
_ACCEPT = "text/html, application/xhtml+xml, application/xml;q=0.9, text/plain;q=0.8, */*;q=0.1"
_PAGE_TYPE = re.compile(r"text/(?:html|plain|xml)|application/(?:[\w.-]+\+)?xml")
_CHUNK = 65_536
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class _Refused(Exception):
    """A connection that must not be made. Not an OSError: urllib3 would take that for a network failure."""


def fetch(address: str, *, url: str | None, allow_private: bool, timeout: float, max_bytes: int) -> Page:
    """Fetch one page; its url is where the redirects led, unless url is given.

    Raises OSError where no answer came: PermissionError for an address that is not public, TimeoutError after timeout
    seconds. An answer that is no page comes as a page with an error.
    """
    try:
        with _Gate(allow_private, timeout) as gate, _session(gate) as session:
            response = _follow(session, address, gate)
            with response:
                page = _page(response, address, url or response.url, gate, max_bytes)
        gate.check_time()
    except _Refused as error:
        raise PermissionError(str(error)) from error
    except Timeout as error:
        raise TimeoutError(f"timed out after {timeout:g} s") from error
    except SSLError as error:
        raise OSError(f"no safe connection: {_reason(error)}") from error
    except RequestException as error:
        gate.check_time()
        raise OSError(f"cannot be fetched: {_reason(error)}") from error
    except ValueError as error:
        raise OSError(f"is no address that can be fetched: {error}") from error
    return page


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open Internet; those that carry an IPv4 address are judged by it."""
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:
            inner = IPv4Address(ip.packed[-4:])
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class _Gate:
    """What all connections of one fetch pass: they end at public addresses, and are cut when the time is over."""

    def __init__(self, allow_private: bool, timeout: float) -> None:
        self.allow_private = allow_private
        self.timeout = timeout
        self._over = threading.Event()
        self._sockets: list[socket.socket] = []
        # A time-out of the socket starts anew with each byte, so a server that drips would hold us for ever.
        self._timer = threading.Timer(timeout, self._cut)
        self._timer.daemon = True

    def __enter__(self) -> _Gate:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.cancel()
        for held in self._sockets:
            held.close()

    def check_address(self, address: str) -> None:
        """Refuse other schemes, and hosts that resolve to an address that is not public."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise _Refused(f"leads to {address}: only http and https addresses are fetched")
        if self.allow_private:
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise requests.ConnectionError(f"{parts.hostname} is not known") from error
        for entry in found:
            self._check_ip(str(entry[4][0]), parts.hostname)

    def passed(self, connection: socket.socket, host: str) -> socket.socket:
        """Hand on a new connection, checked before a byte is sent: its host may have resolved anew in between."""
        try:
            self._check_ip(str(connection.getpeername()[0]), host)
            # A copy, because TLS takes the socket itself over.
            self._sockets.append(connection.dup())
            self.check_time()
        except BaseException:
            connection.close()
            raise
        return connection

    def check_time(self) -> None:
        """Raise TimeoutError once the time is over."""
        if self._over.is_set():
            raise TimeoutError(f"timed out after {self.timeout:g} s")

    def _check_ip(self, ip: str, host: str) -> None:
        if not self.allow_private and not is_public(ip):
            at = "" if ip == host else f"{host} is at {ip}, which "
            raise _Refused(f"{at or ip + ' '}is not a public address: refused unless private addresses are allowed")

    def _cut(self) -> None:
        self._over.set()
        for held in list(self._sockets):
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue


def _session(gate: _Gate) -> requests.Session:
    """A session whose every direct connection goes through the gate."""

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

    adapter = HTTPAdapter()
    adapter.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}
    session = requests.Session()
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    # Of the environment only what is asked for: no passwords from a netrc file, no proxy that hides the peer.
    session.trust_env = False
    session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE") or True
    session.headers.update({"User-Agent": USER_AGENT, "Accept": _ACCEPT})
    return session


def _follow(session: requests.Session, address: str, gate: _Gate) -> requests.Response:
    """The answer at the end of the redirects, its body still unread."""
    for _ in range(MAX_REDIRECTS + 1):
        gate.check_address(address)
        proxies = dict(get_environ_proxies(address)) if gate.allow_private else {}
        response = session.get(address, allow_redirects=False, stream=True, timeout=gate.timeout, proxies=proxies)
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        gate.check_time()
        address = urljoin(response.url, target)
    raise requests.TooManyRedirects(f"more than {MAX_REDIRECTS} redirects")


def _page(response: requests.Response, name: str, url: str, gate: _Gate, max_bytes: int) -> Page:
    header = Message()
    header["Content-Type"] = response.headers.get("Content-Type", "")
    content_type = header.get_content_type() if header["Content-Type"].strip() else None
    charset = header.get_content_charset()
    error = None
    if not response.ok:
        error = f"the server answered {response.status_code} {response.reason or ''}".rstrip()
    elif content_type and not _PAGE_TYPE.fullmatch(content_type):
        error = f"is {content_type}, not a web page"
    if error is not None:
        return Page(url=url, charset=charset, content_type=content_type, name=name, error=error)
    content = _body(response, gate, max_bytes)
    return recognise(content, name=name, url=url, max_bytes=max_bytes, charset=charset, content_type=content_type)


def _body(response: requests.Response, gate: _Gate, max_bytes: int) -> bytes:
    """The body, unpacked, up to a chunk more than max_bytes."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(_CHUNK):
        gate.check_time()
        chunks.append(chunk)
        size += len(chunk)
        if size > max_bytes:
            break
    return b"".join(chunks)


def _reason(error: BaseException) -> str:
    """What the innermost cause says, without the layers of the libraries in between."""
    reason = str(error) if isinstance(error, requests.TooManyRedirects | requests.URLRequired) else ""
    cause: BaseException | None = error
    for _ in range(20):
        if cause is None:
            break
        if isinstance(cause, OSError) and cause.strerror:
            reason = getattr(cause, "verify_message", "") or cause.strerror
        cause = cause.__cause__ or cause.__context__
    return reason or str(error).partition("\n")[0] or type(error).__name__
