"""Profiles of many sites, for pages that come mixed: each page by its site's, learned as they come."""

from __future__ import annotations

import re
from collections import OrderedDict
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cleaner.document import Document
from cleaner.site.profile import SiteProfile

if TYPE_CHECKING:
    from cleaner.html.seen import Seen
    from cleaner.tag.advice import Advice

MOST_SITES = 1_000
MOST_ENTRIES = 4_000_000
"""Texts, clauses and the like in all profiles together; 15 bytes each."""
_PORT = re.compile(r":\d*$")


class Sites:
    """A profile for each site whose pages come along; may be given to ``Cleaner(site=…)`` like a profile.

    Bounded: the sites that no page was of for longest are forgotten. A site is a registered domain with all hosts below
    it; where everybody can have a subdomain, as on hosts of blogs, it is that. Pages without address are of none. Early
    pages of a site are cleaned with less known than late ones.
    """

    def __init__(self, most_sites: int = MOST_SITES, most_entries: int = MOST_ENTRIES) -> None:
        self._most = most_sites, most_entries
        self._profiles: OrderedDict[str, SiteProfile] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._entries = 0
        self._lock = RLock()

    def __len__(self) -> int:
        return len(self._profiles)

    def profile(self, url: str | None) -> SiteProfile | None:
        """The profile of the site that an address is of; None where there is none yet."""
        site = site_of(url)
        with self._lock:
            if site in self._profiles:
                self._profiles.move_to_end(site)
            return self._profiles.get(site)

    def observe(self, document: Document, saved: str | None = None) -> bool:
        """Learn from a document, as :meth:`SiteProfile.observe`; one without address teaches nothing."""
        site = site_of(document.source.url)
        if not site:
            return False
        with self._lock:
            profile = self._profiles.setdefault(site, SiteProfile())
            self._profiles.move_to_end(site)
            new = profile.observe(document, saved)
            self._measure(site)
            return new

    def advise(self, seen: Seen) -> Advice | None:
        """What the other pages of its site say of a page's blocks."""
        profile = self.profile(seen.came.url)
        return profile.advise(seen) if profile is not None else None

    def _measure(self, site: str) -> None:
        size = len(self._profiles[site])
        self._entries += size - self._sizes.get(site, 0)
        self._sizes[site] = size
        most_sites, most_entries = self._most
        while len(self._profiles) > most_sites or (self._entries > most_entries and len(self._profiles) > 1):
            oldest, _ = self._profiles.popitem(last=False)
            self._entries -= self._sizes.pop(oldest)


def site_of(url: str | None) -> str:
    """The site of an address: its registered domain, else its host; empty where there is none."""
    if not url:
        return ""
    try:
        host = _PORT.sub("", urlsplit(url).netloc.rpartition("@")[2]).lower().rstrip(".")
    except ValueError:
        return ""
    if not host:
        return ""
    from tld import get_fld

    return str(get_fld(f"http://{host}", fail_silently=True, search_private=True) or "") or host.removeprefix("www.")
