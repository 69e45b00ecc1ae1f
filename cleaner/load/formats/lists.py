"""Lists of addresses that read-later programs and browsers export: Pocket, Instapaper, bookmarks."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from cleaner.load.dates import from_seconds
from cleaner.load.page import UNFETCHED, Page, PageError
from cleaner.load.part import Options, Part
from cleaner.load.stream import Broken, Stream

_DATES = ("time_added", "timestamp", "add_date")


def _read(addresses: Callable[[bytes], Iterator[tuple[str, str]]], part: Part, options: Options) -> Iterator[Page]:
    is_empty = True
    for address, added in addresses(part.whole(options)):
        for page in _page(part, options, address, added):
            is_empty = False
            yield page
    if is_empty:
        raise Broken("holds no address of a page")


def _csv(content: bytes) -> Iterator[tuple[str, str]]:
    """The addresses in a table, each with its date."""
    text = content.decode("utf-8-sig", "replace")
    rows = csv.DictReader(io.StringIO(text, newline=""))
    rows.fieldnames = [name.strip().lower() for name in rows.fieldnames or ()]
    for row in rows:
        yield row.get("url") or "", next((row[d] for d in _DATES if row.get(d)), "")


def _bookmarks(content: bytes) -> Iterator[tuple[str, str]]:
    """The addresses in a page of links, each with its date."""
    from lxml import etree, html

    try:
        root = html.fromstring(content, parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:
        # There is nothing in it.
        return
    for link in root.iter("a"):
        yield link.get("href", ""), next((found for d in _DATES if (found := link.get(d))), "")


def _page(part: Part, options: Options, address: str, added: str) -> Iterator[Page]:
    """The page at an address, or the address alone where nothing is to be fetched."""
    address = address.strip()
    if not address.lower().startswith(("http://", "https://")):
        part.skipped["address of another kind"] += 1
        return
    inner = part.inner(Stream.of(b""), address)
    inner.url, inner.saved, inner.format = address, from_seconds(added), "list"
    if options.fetch is None:
        yield inner.failed(Broken(UNFETCHED))
        return
    try:
        page = options.fetch(address)
    except OSError as error:
        yield inner.failed(Broken(error.strerror or str(error)))
        return
    error_of_page = None if page.error is None else PageError(page.error.reason, inner.name, page.error.offset)
    yield replace(page, name=inner.name, saved=inner.saved, format="list", error=error_of_page)


READERS = {"csv": partial(_read, _csv), "bookmarks": partial(_read, _bookmarks)}
