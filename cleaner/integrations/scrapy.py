"""Scrapy: an item pipeline, and the cleaning of one response.

The settings are in ``docs/integrations/scrapy.md``.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from itemadapter import ItemAdapter
from scrapy.exceptions import DropItem
from scrapy.http import HtmlResponse, Response
from twisted.internet.defer import Deferred

from cleaner.document import Access, Document, PageType, labels_of
from cleaner.load import Page, PageError
from cleaner.load.formats.http import content_type
from cleaner.load.sniff import PAGE_TYPE, recognise
from cleaner.pipeline import Cleaner

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.settings import BaseSettings
    from scrapy.statscollectors import StatsCollector

FIELDS = ("text", "title", "date", "authors", "language", "page_type", "access", "url")
"""The fields that items get where the settings name no others."""
THREADS = 2
_VIEWS = ("html", "markdown")


def clean_response(response: Response, cleaner: Cleaner | None = None) -> Document:
    """Return the page of a response as a document; never raises.

    The charset is that of the Content-Type header, not what Scrapy made of it. A response that holds no page
    (a picture, a PDF, JSON, nothing) gives an empty document with a warning. Safe in threads.
    """
    return (cleaner or Cleaner()).clean(_page_of(response))


class CleanerPipeline:
    """Cleans the page in each item, off the event loop, and puts what came out into the item's fields.

    Items without a page pass. Raises ValueError for a setting that cannot be, and OSError for a model that cannot be
    read: when the crawl begins.
    """

    def __init__(self, settings: BaseSettings, stats: StatsCollector | None = None) -> None:
        self.cleaner = Cleaner(
            keep=labels_of(_words(settings, "CLEANER_KEEP")),
            drop=labels_of(_words(settings, "CLEANER_DROP")),
            model=settings.get("CLEANER_MODEL"),
        )
        self.source: str = settings.get("CLEANER_SOURCE", "response")
        self.keeps_source = settings.getbool("CLEANER_KEEP_SOURCE")
        # Whatever is loaded for the first page is loaded now, and not in every thread at once.
        record = self.cleaner.clean(b"<p>").to_dict()
        self.fields = _fields(settings, [*record, *_VIEWS])
        self.page_types, self.accesses = _only(settings)
        threads = settings.getint("CLEANER_THREADS", THREADS)
        if threads < 0:
            raise ValueError(f"CLEANER_THREADS: {threads} is less than 0")
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cleaner") if threads else None
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.settings, crawler.stats)

    async def process_item(self, item: Any) -> Any:
        """Return the item with its fields filled in. Raises DropItem for one that CLEANER_ONLY does not name."""
        adapter = ItemAdapter(item)
        source = adapter.get(self.source)
        if source is None:
            return item
        address = adapter.get("url")
        try:
            cleaned = await self._cleaned(source, address if isinstance(address, str) else None)
        except Exception:
            self._count("errors")
            raise
        self._count_all(cleaned)
        self._fill(adapter, cleaned.values)
        if reason := self._unwanted(cleaned.document):
            self._count("dropped")
            raise DropItem(f"{cleaned.document.url or 'page'}: {reason}")
        return item

    def close_spider(self) -> None:
        if self._pool is not None:
            self._pool.shutdown()

    async def _cleaned(self, source: object, url: str | None) -> _Cleaned:
        if self._pool is None:
            return self._clean(source, url)
        future = self._pool.submit(self._clean, source, url)
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            # Another reactor of Twisted runs the crawl, and wakes up for its own alone.
            from twisted.internet import reactor

            done: Deferred[None] = Deferred()
            future.add_done_callback(lambda _: reactor.callFromThread(done.callback, None))
            await done
            return future.result()
        return await asyncio.wrap_future(future)

    def _clean(self, source: object, url: str | None) -> _Cleaned:
        began = time.perf_counter()
        page = _page(source, url)
        document = self.cleaner.clean(page)
        # Here and not in the loop: metadata and views parse the page again.
        record = document.to_dict()
        values = {
            name: getattr(document, what) if what in _VIEWS else record[what] for name, what in self.fields.items()
        }
        return _Cleaned(document, values, page.error is None, time.perf_counter() - began)

    def _fill(self, adapter: ItemAdapter, values: dict[str, Any]) -> None:
        item = adapter.item
        if not self.keeps_source:
            if isinstance(item, MutableMapping):
                del adapter[self.source]
            else:
                # An object that lacks an attribute of its class cannot even be printed.
                adapter[self.source] = None
        known = ItemAdapter.get_field_names_from_class(type(item))
        for name, value in values.items():
            if (known is None or name in known) and (name == self.source or not adapter.get(name)):
                adapter[name] = value

    def _unwanted(self, document: Document) -> str | None:
        for what, found, wanted in (
            ("page type", document.page_type, self.page_types),
            ("access", document.access, self.accesses),
        ):
            if wanted and found not in wanted:
                return f"{what} {found}, not {' or '.join(wanted)}"
        return None

    def _count_all(self, cleaned: _Cleaned) -> None:
        if not cleaned.is_page:
            self._count("errors")
            return
        document = cleaned.document
        for key in ("pages", f"page_type/{document.page_type}", f"access/{document.access}"):
            self._count(key)
        for ask in document.asks:
            self._count(f"asks/{ask.label}")
        if self._stats is not None:
            before = self._stats.get_value("cleaner/seconds", 0.0)
            self._stats.set_value("cleaner/seconds", round(before + cleaned.seconds, 6))

    def _count(self, key: str) -> None:
        if self._stats is not None:
            self._stats.inc_value(f"cleaner/{key}")


@dataclass(frozen=True, slots=True)
class _Cleaned:
    """A page's document, what its item gets, whether there was a page at all, and the time it took."""

    document: Document
    values: dict[str, Any]
    is_page: bool
    seconds: float


def _page(source: object, url: str | None = None) -> Page:
    if isinstance(source, Response):
        return _page_of(source)
    if isinstance(source, bytes):
        return recognise(source, name=url or "", url=url, max_bytes=len(source))
    if isinstance(source, str):
        return Page(source, url)
    raise TypeError(f"a page is a response, bytes or str, not {type(source).__name__}")


def _page_of(response: Response) -> Page:
    header, url = response.headers.get(b"Content-Type"), response.url
    said, charset = content_type(header.decode("latin-1") if header else None)
    # What Scrapy took for HTML although its type says otherwise, the bytes decide.
    if said and not PAGE_TYPE.fullmatch(said) and not isinstance(response, HtmlResponse):
        return Page(url=url, content_type=said, name=url, error=PageError(f"is {said}, not a web page", url))
    body = response.body
    # The size is bounded by Scrapy and by the Cleaner.
    return recognise(body, name=url, url=url, max_bytes=len(body), charset=charset, content_type=said)


def _words(settings: BaseSettings, name: str) -> list[str]:
    return [word.strip() for word in settings.getlist(name)]


def _fields(settings: BaseSettings, known: Sequence[str]) -> dict[str, str]:
    """What of the document goes into which field."""
    given = settings.getdictorlist("CLEANER_FIELDS") or list(FIELDS)
    fields = given if isinstance(given, dict) else {name.strip(): name.strip() for name in given}
    _check("CLEANER_FIELDS", fields.values(), known)
    return fields


def _only(settings: BaseSettings) -> tuple[list[PageType], list[Access]]:
    """The page types and the accesses that CLEANER_ONLY names; none where it leaves that open."""
    words = _words(settings, "CLEANER_ONLY")
    _check("CLEANER_ONLY", words, [*PageType, *Access])
    return [kind for kind in PageType if kind in words], [access for access in Access if access in words]


def _check(setting: str, words: Iterable[str], known: Sequence[str]) -> None:
    if unknown := sorted(set(words) - set(known)):
        raise ValueError(f"{setting}: {', '.join(unknown)} not among {', '.join(known)}")
