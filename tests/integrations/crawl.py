"""Crawls of the local site, each with its own items and settings; run as a program, as the reactor is the process's.

Standard input is JSON: the address, the reactor, and the crawls by name. Standard output is what came of each.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import attrs
import scrapy
from itemadapter import ItemAdapter
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler, CrawlerProcess
from scrapy.http import Response

PIPELINE = "cleaner.integrations.scrapy.CleanerPipeline"


@dataclass(slots=True)
class Story:
    response: Response | None
    title: str | None = "The spider's own"
    text: str = ""
    authors: list[str] = field(default_factory=list)


@attrs.define
class Note:
    response: Response | None
    text: str = ""
    access: str | None = None


class Card(scrapy.Item):
    response = scrapy.Field()
    text = scrapy.Field()
    page_type = scrapy.Field()


ITEMS: dict[str, Callable[[Response], Any]] = {
    "dict": lambda response: {"response": response},
    "dataclass": Story,
    "attrs": Note,
    "item": lambda response: Card(response=response),
    "html": lambda response: {"html": response.body, "url": response.url},
}


class Pages(scrapy.Spider):
    """Makes an item of every page that the first one leads to, and two that hold none."""

    name = "pages"

    def __init__(self, address: str, item: str) -> None:
        super().__init__(start_urls=[address + "/"])
        self.make = ITEMS[item]

    def parse(self, response: Response) -> Iterator[Any]:
        yield {"response": 7}
        yield {"said": "There is no page in this."}
        yield from response.follow_all(css="a", callback=self.page)

    def page(self, response: Response) -> Iterator[Any]:
        yield self.make(response)


@dataclass
class Result:
    """What came of a crawl, by the path of the page that each item is from; None for no page."""

    items: dict[str, Any] = field(default_factory=dict)
    dropped: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)

    def watch(self, crawler: Crawler) -> None:
        def scraped(item: Any, response: Response) -> None:
            self.items[path(response)] = {"type": type(item).__name__, **ItemAdapter(item).asdict()}

        def dropped(item: Any, response: Response, exception: Exception) -> None:
            assert "response" not in item
            self.dropped[path(response)] = str(exception)

        def failed(failure: Any) -> None:
            self.failed.append(str(failure.value))

        def stopped() -> None:
            assert crawler.stats is not None
            said = crawler.stats.get_stats().items()
            self.stats = {key: value for key, value in said if isinstance(value, int | float | str)}

        for receiver, signal in (
            (scraped, signals.item_scraped),
            (dropped, signals.item_dropped),
            (failed, signals.item_error),
            (stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(receiver, signal, weak=False)


def path(response: Response) -> str:
    return "/" + response.url.split("/", 3)[3]


def main() -> None:
    told = json.load(sys.stdin)
    base = {"TELNETCONSOLE_ENABLED": False, "LOG_LEVEL": "INFO", "ITEM_PIPELINES": {PIPELINE: 300}} | told["settings"]
    process = (CrawlerProcess if base.get("TWISTED_REACTOR_ENABLED", True) else AsyncCrawlerProcess)(base)
    results = {name: Result() for name in told["crawls"]}
    for name, (item, settings) in told["crawls"].items():
        # Only crawlers that the process makes get its reactor.
        crawler = process.create_crawler(type(name, (Pages,), {"custom_settings": settings}))
        results[name].watch(crawler)
        process.crawl(crawler, address=told["address"], item=item)
    process.start()
    json.dump({name: vars(result) for name, result in results.items()}, sys.stdout)


if __name__ == "__main__":
    main()
