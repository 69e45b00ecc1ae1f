"""How the pages of the inputs are read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

import cleaner
from cleaner import Page, PageError
from cleaner.load.inputs import Input

if TYPE_CHECKING:
    from cleaner.load.url import Fetcher
    from cleaner.load.walk import Pages


@dataclass(frozen=True, slots=True)
class Reader:
    """What the command line says of reading."""

    url: str | None = None
    encoding: str | None = None
    as_text: bool = False
    allow_private: bool = False
    fetch: bool = False
    cache: Path | None = None
    url_field: str = "url"
    html_field: str = "html"

    def read(self, inputs: Sequence[Input]) -> Iterator[tuple[Input, Page]]:
        """The pages of all inputs; an input that cannot be opened is a page with an error."""
        with self.fetcher(inputs) as fetcher:
            for item in inputs:
                try:
                    opened = self.open(item, fetcher)
                except OSError as error:
                    yield item, Page(name=item.name, error=PageError(error.strerror or str(error), item.name))
                    continue
                for page in opened:
                    yield item, self._told(page, item)

    def open(self, item: Input, fetcher: Fetcher | None) -> Pages:
        """Open one input. Raises OSError."""
        source = sys.stdin.buffer if item.name == "-" else item.name
        return cleaner.load(
            source,
            url=self.url,
            as_text=self.as_text,
            fetch=self.fetch,
            fetcher=fetcher,
            url_field=self.url_field,
            html_field=self.html_field,
        )

    def fetcher(self, inputs: Sequence[Input]) -> AbstractContextManager[Fetcher | None]:
        """What fetches the addresses among the inputs, if there are any. It asks robots.txt where they are many.

        Raises typer.BadParameter for a cache that cannot be used.
        """
        addresses = sum("://" in item.name for item in inputs)
        if not addresses and not self.fetch:
            return nullcontext()
        # requests costs a tenth of a second to import.
        from cleaner.load.source import MAX_BYTES
        from cleaner.load.url import Fetcher

        options: dict[str, Any] = {"allow_private": self.allow_private, "max_bytes": MAX_BYTES, "cache": self.cache}
        try:
            return Fetcher(robots=addresses > 1 or self.fetch, **options)
        except (OSError, ModuleNotFoundError) as error:
            raise typer.BadParameter(str(error), param_hint="--cache") from None

    def _told(self, page: Page, item: Input) -> Page:
        """The page with what the command line says of it."""
        name = item.name if item.name == "-" and page.name in ("", "<stdin>") else page.name
        return replace(page, name=name, charset=self.encoding or page.charset)


def page_name(item: Input, page: Page) -> str:
    """How a page is called: by its input, and by its name in there."""
    return item.name if page.name in ("", item.name) else f"{item.name}: {page.name}"
