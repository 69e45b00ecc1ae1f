"""Where a rule holds: globs of hosts and paths."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_SCHEME = re.compile(r"https?://", re.I)
_HOST = re.compile(r"[\w*.-]+")


@dataclass(frozen=True, slots=True)
class Address:
    """Where a page is from; of a page that says nothing of it the host is empty."""

    host: str
    path: str
    query: str

    @classmethod
    def of(cls, url: str | None) -> Address:
        """The parts of an address; never raises."""
        with suppress(ValueError):
            parts = urlsplit(url or "")
            return cls(_host(parts.hostname or ""), parts.path or "/", parts.query)
        return cls("", "/", "")

    @property
    def tail(self) -> str:
        """The last two parts of the host."""
        return _tail(self.host)


@dataclass(frozen=True, slots=True)
class Site:
    """A glob of hosts, and one of paths where only some pages are meant."""

    host: str
    path: str | None

    @classmethod
    def of(cls, text: str) -> Site:
        """Read ``host`` or ``host/path``. Raises ValueError for what is neither."""
        host, slash, path = _SCHEME.sub("", text.strip(), count=1).partition("/")
        host = host.partition(":")[0]
        if not _HOST.fullmatch(host):
            raise ValueError(f'"{text}" is no site: write a host such as paper.example, *.paper.example')
        return cls(_host(host), slash + path if slash else None)

    @property
    def tail(self) -> str:
        """The last two parts of every host that it stands for; nothing where they may be any."""
        _, star, tail = self.host.rpartition("*")
        if not star:
            return _tail(tail)
        return _tail(tail[1:]) if tail.startswith(".") and "." in tail[1:] else ""

    def holds(self, address: Address) -> bool:
        """Whether a page is of the site. A page without an address is of none."""
        if not address.host or not self._is_host(address.host):
            return False
        if self.path is None:
            return True
        path = address.path
        return _like(self.path, path) or (bool(address.query) and fits(self.path, f"{path}?{address.query}"))

    def _is_host(self, host: str) -> bool:
        return fits(self.host, host) or (self.host.startswith("*.") and fits(self.host[2:], host))


def fits(glob: str, text: str) -> bool:
    """Whether all of a text is as the glob, whose ``*`` stands for any characters; in linear time."""
    first, *others = glob.split("*")
    if not others:
        return text == glob
    *inner, last = others
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for part in inner:
        found = text.find(part, place, end)
        if found < 0:
            return False
        place = found + len(part)
    return True


def _like(glob: str, path: str) -> bool:
    """As fits; a slash at the end makes no difference."""
    return fits(glob, path) or fits(glob.rstrip("/"), path.rstrip("/"))


def _tail(host: str) -> str:
    return ".".join(host.split(".")[-2:])


def _host(name: str) -> str:
    """One form of a host: lower case, ASCII, without ``www.``"""
    name = name.lower().rstrip(".").removeprefix("www.")
    if not name.isascii():
        with suppress(UnicodeError):
            name = ".".join(part if "*" in part else part.encode("idna").decode("ascii") for part in name.split("."))
    return name
