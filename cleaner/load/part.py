"""What the readers of the formats are given, and what they give back besides pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from cleaner.load.page import Page, PageError
from cleaner.load.sniff import recognise, unpacked_name
from cleaner.load.stream import Broken, Stream, TooMuch

_OF_PAGES = ("name", "url", "charset", "content_type", "saved", "files", "format")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is opened of one source; what is past a limit is reported, not opened."""

    depth: int = 5
    """Archives in archives."""
    members: int = 100_000
    """Of one zip or tar archive: so many are opened."""
    ratio: int = 250
    """Unpacked bytes for each packed one, once 32 MB came out: no pages shrink that far, bombs do."""
    spool: int = 4 * 1024**3
    """Bytes of an archive that must be copied to disk first, since it is in another or comes from a pipe."""

    def too_many(self) -> TooMuch:
        """What to raise once so many members were opened."""
        return TooMuch(f"holds more than {self.members:,} members: the rest was not opened")


@dataclass(frozen=True, slots=True)
class Options:
    """How a source is read."""

    max_bytes: int
    limits: Limits = field(default_factory=Limits)
    url_field: str = "url"
    html_field: str = "html"
    as_text: bool = False
    """Whether pages are plain text, whatever they look like."""
    fetch: Callable[[str], Page] | None = None
    """Fetches an address of a list; None leaves lists as they are."""

    @property
    def most_stored(self) -> int:
        """Bytes of a page as it is stored, in chunks or escaped: more than that is no page of max_bytes."""
        return 2 * self.max_bytes + 1024

    def too_large(self) -> TooMuch:
        """What to raise for a page of more bytes than max_bytes."""
        return TooMuch(f"is larger than {self.max_bytes:,} bytes")


@dataclass(slots=True)
class Part:
    """Something to be opened: a source, or a member of one, and what was said of it."""

    stream: Stream
    name: str = ""
    """As in :class:`Page`."""
    url: str | None = None
    charset: str | None = None
    content_type: str | None = None
    saved: str | None = None
    format: str | None = None
    """What it is a member of."""
    depth: int = 0
    """Archives and packings around it."""
    is_member: bool = False
    unpacked_name: str | None = None
    """The name without the suffixes of the packings around it."""
    files: str | None = None
    wanted: dict[str, bool] | None = None
    """The addresses of the pages in a crawl, and whether each was found; None for all that there are."""
    kinds: list[str] = field(default_factory=list)
    """The formats that it turned out to have, the outermost first."""
    skipped: Counter[str] = field(default_factory=Counter)
    """What was left out as no page, by what it is; shared by all parts of a source."""

    def inner(self, stream: Stream, name: str) -> Part:
        """A member of this part. The names of members begin below the source."""
        return Part(stream, self.named(name), depth=self.depth + 1, is_member=True, skipped=self.skipped)

    def unpacked(self, stream: Stream) -> Part:
        """The same part without its packing."""
        name = unpacked_name(self.known_as)
        return replace(self, stream=stream, depth=self.depth + 1, unpacked_name=name)

    @property
    def known_as(self) -> str:
        """The name of the file by which its format may be told."""
        return self.unpacked_name if self.unpacked_name is not None else self.name

    def named(self, name: str) -> str:
        """The name of a member."""
        return f"{self.name}/{name}" if self.is_member else name

    def page(self, content: bytes, options: Options, **said: Any) -> Page:
        """The page of this content, or the error that says why it is none; said is what is known better."""
        known = {name: said.get(name, getattr(self, name)) for name in _OF_PAGES}
        later = {name: known.pop(name) for name in ("saved", "files", "format")}
        page = replace(recognise(content, max_bytes=options.max_bytes, **known), **later)
        return replace(page, kind="text") if options.as_text and page.kind else page

    def failed(self, error: Broken) -> Page:
        """The page that stands for what could not be read."""
        problem = PageError(error.reason, self.name, error.offset)
        return Page(name=self.name, url=self.url, error=problem, saved=self.saved, format=self.format)

    def whole(self, options: Options) -> bytes:
        """All bytes of the part. Raises Broken for more than a page may have."""
        content = self.stream.read(options.max_bytes + 1)
        if len(content) > options.max_bytes:
            raise options.too_large()
        return content


def with_break(page: Page, broken: Broken) -> Page:
    """A page of which only the beginning could be read."""
    if isinstance(broken, TooMuch):
        page = replace(page, content=b"", kind=None)
    return replace(page, error=PageError(broken.reason, page.name, broken.offset))
