"""WACZ: a zip archive of WARC files, with a list of the pages among their records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

from cleaner.load.formats.records import page_address
from cleaner.load.formats.zips import Archive
from cleaner.load.page import Page
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken, Stream
from cleaner.load.walk import pages

_LISTS = ("pages/pages.jsonl", "pages/extraPages.jsonl")
_REDIRECTS = 10
"""So many after each other, as browsers follow."""


def read(archive: Archive, options: Options) -> Iterator[Page | Part]:
    """The pages that the archive lists, from its WARC files; all pages of these where it lists none."""
    wanted, broken = _wanted(archive, options)
    listed = set(wanted)
    for crawl in _crawls(archive):
        crawl.wanted = wanted or None
        yield crawl
    if broken is not None:
        raise broken
    yield from _passed(archive, wanted, listed, options)
    for address, found in wanted.items():
        if not found:
            is_it = "is listed" if address in listed else "is where a listed page leads"
            problem = Broken(f"{is_it}, but its record is not there")
            yield archive.part.inner(Stream.of(b""), address).failed(problem)


def _crawls(archive: Archive) -> Iterator[Part]:
    for name in sorted(archive.names):
        if name.startswith("archive/") and not name.endswith("/"):
            yield archive.member(name)


def _passed(archive: Archive, wanted: dict[str, bool], listed: set[str], options: Options) -> Iterator[Page]:
    """The pages that others lead to but stand before them, so that they were passed as not wanted."""
    sought: set[str] = set()
    for _ in range(_REDIRECTS):
        known = {address for address, found in wanted.items() if found}
        if sought.issuperset(wanted.keys() - known - listed):
            return
        sought |= wanted.keys() - known
        for crawl in _crawls(archive):
            crawl.wanted = wanted
            # What is left out was counted the first time.
            crawl.skipped = Counter()
            yield from (page for page in pages(crawl, options) if page.url and page_address(page.url) not in known)


def _wanted(archive: Archive, options: Options) -> tuple[dict[str, bool], Broken | None]:
    """The addresses of the pages, none of them found yet, and what was wrong with the lists."""
    wanted: dict[str, bool] = {}
    for name in _LISTS:
        if name not in archive.names:
            continue
        try:
            rows = archive.content(name, options).splitlines()
            said = [json.loads(row) for row in rows if row.strip()]
        except Broken as error:
            return {}, error
        except ValueError as error:
            return {}, Broken(f"is damaged: {name}: {error}")
        addresses = (row.get("url") for row in said if isinstance(row, dict))
        wanted |= {page_address(address): False for address in addresses if isinstance(address, str)}
    return wanted, None
