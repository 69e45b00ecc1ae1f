"""What the sites' robots.txt files say (RFC 9309): which pages may be fetched, and how fast."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protego import Protego
from requests import Response, Session

from cleaner.load.gate import Disallowed, Gate, Refused
from cleaner.load.session import follow, reason

AGENT = "Cleaner"
MAX_BYTES = 512 * 1024
MAX_DELAY = 10.0
_FRESH = 3600.0
_FRESH_FAILURE = 300.0
_MAX_SITES = 500
_AGENT_LINE = re.compile(r"\s*user[-\s]*agent(?:[\s:]+(.*))?", re.I)


class Robots:
    """The rules of the sites seen: kept for an hour, or for five minutes where robots.txt could not be read.

    open_session: makes a session for robots.txt files, whose connections go through the gate of the page's fetch.
    """

    def __init__(self, open_session: Callable[[Gate], Session]) -> None:
        self._open_session = open_session
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()

    def admit(self, address: str, gate: Gate) -> None:
        """Wait until the site's crawl delay is over; the gate's time does not run meanwhile.

        Raises Disallowed where robots.txt says no, Refused where it cannot be read, TimeoutError.
        """
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2].lower()}"
        site = self._site(origin)
        # Another thread may be reading robots.txt, for as long as its own time allows.
        held = site.lock.acquire(timeout=gate.left() + 1)
        try:
            gate.check_time()
            if time.monotonic() >= site.until:
                self._learn(site, gate)
            wait = site.turn(address)
        finally:
            if held:
                site.lock.release()
        if wait > 0:
            gate.pause(wait)

    def _site(self, origin: str) -> _Site:
        with self._lock:
            site = self._sites.setdefault(origin, _Site(origin))
            if len(self._sites) > _MAX_SITES:
                del self._sites[next(iter(self._sites))]
        return site

    def _learn(self, site: _Site, gate: Gate) -> None:
        try:
            with self._open_session(gate) as session:
                site.rules, site.problem = _read(follow(session, f"{site.origin}/robots.txt", gate))
        except (OSError, ValueError, Refused) as error:
            # A page that leaves its robots.txt no time says nothing about the site.
            gate.check_time()
            site.problem = reason(error)
        site.until = time.monotonic() + (_FRESH_FAILURE if site.problem else _FRESH)


@dataclass
class _Site:
    origin: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    rules: Protego = field(default_factory=Protego)
    problem: str = ""
    until: float = 0.0
    next_start: float = 0.0

    def turn(self, address: str) -> float:
        """Take the next turn; gives the seconds until it. Raises Disallowed, Refused."""
        if self.problem:
            raise Refused(f"{self.origin}/robots.txt cannot be read: {self.problem}")
        if not self.rules.can_fetch(address, AGENT):
            raise Disallowed("is not to be fetched, says the site's robots.txt")
        now = time.monotonic()
        start = max(now, self.next_start)
        self.next_start = start + min(self.rules.crawl_delay(AGENT) or 0.0, MAX_DELAY)
        return start - now


def _read(response: Response) -> tuple[Protego, str]:
    """The rules in the answer, or why there are none; a site that has no robots.txt allows everything."""
    if response.status_code >= 500:
        return Protego(), f"the server answered {response.status_code} {response.reason or ''}".rstrip()
    if not response.ok:
        return Protego(), ""
    return Protego.parse(_relevant((response.content or b"")[:MAX_BYTES].decode("utf-8-sig", "replace"))), ""


def _relevant(text: str) -> str:
    """The text with all other readers under one name.

    Protego copies a group's rules for each of its names: half a megabyte of names and rules would fill the memory.
    """
    lines: list[str] = []
    for line in text.splitlines():
        if named := _AGENT_LINE.fullmatch(line.partition("#")[0]):
            agent = (named[1] or "").partition("/")[0].strip().lower()
            line = f"User-agent: {agent if agent in ('*', AGENT.lower()) else 'other'}"
        lines.append(line)
    return "\n".join(lines)
