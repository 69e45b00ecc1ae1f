"""From a part to its pages: what it is, who reads it, and what comes out where it breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from importlib import import_module

from cleaner.load.kinds import Kind, holds_archive, is_page_name, kind_of_file
from cleaner.load.page import Page
from cleaner.load.part import Options, Part, with_break
from cleaner.load.saved import comment
from cleaner.load.stream import HEAD, Broken, Stream

Reader = Callable[[Part, Options], Iterator["Page | Part"]]


class Pages(Iterator[Page]):
    """The pages of a source, one after the other.

    kind: the format of the source, empty before the first page: ``html`` and ``text`` are pages of their own, ``warc``
        and the like hold many, and ``gzip warc`` is a packed one.
    skipped: how much was left out as no page, by what it is.
    """

    def __init__(self, part: Part, options: Options, close: Callable[[], object] = lambda: None) -> None:
        self._part = part
        self._close = close
        self._pages: Iterator[Page] = self._all(part, options)
        self.skipped: Counter[str] = part.skipped

    @classmethod
    def made(cls, pages: Iterator[Page], kind: str, skipped: Counter[str] | None = None) -> Pages:
        """Pages that come from no single file: one that was fetched, or those of a folder."""
        part = Part(Stream.of(b""), kinds=[kind], skipped=Counter() if skipped is None else skipped)
        made = cls(part, Options(0))
        made._pages = pages
        return made

    @property
    def kind(self) -> str:
        """The format of the source."""
        return " ".join(self._part.kinds)

    def __next__(self) -> Page:
        return next(self._pages)

    def close(self) -> None:
        """Close the source before its end; there are no more pages then."""
        self._pages = iter(())
        self._close()

    def _all(self, part: Part, options: Options) -> Iterator[Page]:
        try:
            yield from pages(part, options)
        finally:
            self._close()


def pages(part: Part, options: Options) -> Iterator[Page]:
    """The pages of a part. No damage raises: what breaks is a page with an error."""
    kind = kind_of_file(part.stream.peek(HEAD), part.known_as, part.content_type)
    if kind is None or (options.as_text and kind.name == "markdown"):
        yield from _alone(part, options)
    else:
        yield from _opened(part, kind, options)


def _opened(part: Part, kind: Kind, options: Options) -> Iterator[Page]:
    """What the reader of its format finds in a part."""
    if part.depth > options.limits.depth:
        yield part.failed(Broken(f"is an archive in {options.limits.depth} others: not opened"))
        return
    part.kinds.append(kind.name)
    reader: Reader = import_module(f"cleaner.load.formats.{kind.module}").READERS[kind.name]
    try:
        for found in reader(part, options):
            if isinstance(found, Page):
                yield found
            else:
                yield from pages(found, options)
    except Broken as error:
        yield part.failed(error)
        return
    except Exception as error:
        # What the libraries raise on damaged data cannot be listed, and the pages after it must come out.
        reason = f"cannot be read as {kind.name}: {type(error).__name__}: {error}"
        yield part.failed(part.stream.untold() or Broken(reason))
        return
    if (broken := part.stream.untold()) is not None:
        yield part.failed(broken)


def _alone(part: Part, options: Options) -> Iterator[Page]:
    """A page of its own, or what is none."""
    content = part.stream.read(options.max_bytes + 1)
    broken = part.stream.untold()
    if holds_archive(content):
        yield from _opened(replace(part, stream=Stream.of(content)), Kind("zip", "zips"), options)
        return
    page = part.page(content, options)
    part.kinds.append(page.kind or "")
    is_told = not part.is_member or part.content_type or is_page_name(part.known_as)
    if not is_told and page.kind != "html" and broken is None:
        part.skipped["file of another kind"] += 1
        return
    if page.kind == "html":
        url, saved = comment(content)
        page = replace(page, url=page.url or url, saved=page.saved or saved)
    if broken is not None:
        page = with_break(page, broken)
    yield page
