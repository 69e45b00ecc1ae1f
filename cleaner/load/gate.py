"""What every connection of a fetch passes: it ends at a public address, and it is cut when the time is over."""

from __future__ import annotations

import socket
import threading
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from types import TracebackType
from urllib.parse import urlsplit

from requests import ConnectionError as NoConnection

_GLOBAL_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")


class Refused(Exception):
    """A request that must not be made. Not an OSError: urllib3 would take that for a network failure."""


class Disallowed(Refused):
    """A page that its site does not want to be fetched."""


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


class Gate:
    """What all connections of one fetch pass: they end at public addresses, and are cut when the time is over."""

    def __init__(self, allow_private: bool, timeout: float) -> None:
        self.allow_private = allow_private
        self.timeout = timeout
        self._over = threading.Event()
        self._sockets: list[socket.socket] = []
        self._run(timeout)

    def __enter__(self) -> Gate:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._timer.cancel()
        for held in self._sockets:
            held.close()

    def check_address(self, address: str) -> None:
        """Refuse other schemes, and hosts that resolve to an address that is not public."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Refused(f"leads to {address}: only http and https addresses are fetched")
        if self.allow_private:
            return
        try:
            found = socket.getaddrinfo(parts.hostname, parts.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise NoConnection(f"{parts.hostname} is not known") from error
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
        # A socket's own time-out may come before the timer's thread does.
        if self._over.is_set() or time.monotonic() >= self._end:
            raise TimeoutError(f"timed out after {self.timeout:g} s")

    def left(self) -> float:
        """The seconds that are left, at least a few thousandths: no time at all means for ever to a socket."""
        return max(self._end - time.monotonic(), 0.005)

    def wait(self, seconds: float) -> bool:
        """Wait, unless the time would be over before: then False at once."""
        return seconds < self.left() and not self._over.wait(seconds)

    def pause(self, seconds: float) -> None:
        """Wait without counting it: the time that is left is the same afterwards."""
        left = self.left()
        self._timer.cancel()
        time.sleep(seconds)
        self._run(left)

    def _run(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds
        # A time-out of the socket starts anew with each byte, so a server that drips would hold us for ever.
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _check_ip(self, ip: str, host: str) -> None:
        if not self.allow_private and not is_public(ip):
            at = "" if ip == host else f"{host} is at {ip}, which "
            raise Refused(f"{at or ip + ' '}is not a public address: refused unless private addresses are allowed")

    def _cut(self) -> None:
        self._over.set()
        for held in list(self._sockets):
            try:
                held.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
