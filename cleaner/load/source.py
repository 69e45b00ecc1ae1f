"""From a path, an address, bytes or an open file to pages."""

from __future__ import annotations

import io
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from cleaner.load.inputs import find_inputs, names_many
from cleaner.load.page import Page, PageError, content_hint
from cleaner.load.part import Limits, Options, Part
from cleaner.load.saved import files_folder
from cleaner.load.stream import Stream
from cleaner.load.walk import Pages

if TYPE_CHECKING:
    from cleaner.load.url import Fetcher

MAX_BYTES = 128 * 1024 * 1024
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]+)://", re.I)


def load(
    source: str | os.PathLike[str] | os.PathLike[bytes] | bytes | BinaryIO,
    *,
    url: str | None = None,
    allow_private: bool = False,
    timeout: float = 20.0,
    max_bytes: int = MAX_BYTES,
    limits: Limits | None = None,
    as_text: bool = False,
    url_field: str = "url",
    html_field: str = "html",
    fetch: bool = False,
    fetcher: Fetcher | None = None,
) -> Pages:
    """Open *source* and give its pages, one after the other: docs/formats.md lists what opens.

    source: a path, a folder or glob of such paths (as on the command line), an http or https address, the content as
        bytes, or a file open for reading bytes.
    url: the page's address where source does not say it, or says it wrongly; not for what holds many pages.
    allow_private: also fetch from loopback, private, link-local and reserved addresses, and through the proxies of the
        environment (behind a proxy nobody can check where a connection ends).
    timeout: seconds for a whole fetch, redirects and new tries included.
    max_bytes: a larger page is an error.
    limits: bounds for archives; what is past them is an error.
    as_text: take the pages for plain text, whatever they look like.
    url_field, html_field: the fields of JSON Lines that hold a page.
    fetch: also fetch the addresses in exports of bookmarks and read-later programs, but for what robots.txt forbids.
    fetcher: what fetches, for many calls: it knows the sites' robots.txt, and may keep pages in a cache. allow_private,
        timeout and max_bytes are then its own.

    Raises OSError (FileNotFoundError, PermissionError, TimeoutError …) where the source cannot be opened, holds no file
    that is named like a page, or is a glob that nothing matches; TypeError for any other source. Nothing raises after
    that: what opens but is no page, or breaks, is a page with :attr:`Page.error`, and the next one follows.
    """
    fetching = _Fetching(fetcher, allow_private=allow_private, timeout=timeout, max_bytes=max_bytes)
    options = Options(max_bytes, limits or Limits(), url_field, html_field, as_text, fetching.listed if fetch else None)
    if isinstance(source, str) and (scheme := _SCHEME.match(source)):
        if scheme[1].lower() not in ("http", "https"):
            raise OSError(f"{scheme[1]} addresses are not fetched, only http and https")
        page = fetching.one(source, url)
        return Pages.made(iter((page,)), page.kind or "")
    if isinstance(source, (bytes, bytearray, memoryview)):
        return Pages(Part(Stream.of(bytes(source)), url=url), options)
    if isinstance(source, (str, os.PathLike)):
        name = os.fsdecode(source)
        return _all(name, options) if names_many(name) else _file(name, url, options)
    hint = content_hint(source)
    if hint or not hasattr(source, "read"):
        kind = type(source).__name__
        raise TypeError(f"a page is loaded from a path, an address, bytes or an open file, not {kind}{hint}")
    if isinstance(source, io.TextIOBase):
        raise TypeError("open the file for reading bytes (mode 'rb'), not text")
    given = getattr(source, "name", "")
    return Pages(Part(Stream(source), given if isinstance(given, str) else "", url), options)


class _Fetching:
    """Fetches with the fetcher that was given, else with one made at need, since requests is slow to import."""

    def __init__(self, fetcher: Fetcher | None, **options: Any) -> None:
        self._fetcher = fetcher
        self._options = options

    def one(self, address: str, url: str | None) -> Page:
        """Fetch the page that was asked for by its address."""
        if self._fetcher is not None:
            return self._fetcher.fetch(address, url=url)
        from cleaner.load.url import Fetcher

        with Fetcher(**self._options) as fetcher:
            return fetcher.fetch(address, url=url)

    def listed(self, address: str) -> Page:
        """Fetch one of many."""
        if self._fetcher is None:
            from cleaner.load.url import Fetcher

            self._fetcher = Fetcher(**self._options, robots=True)
        return self._fetcher.fetch(address)


def _file(name: str, url: str | None, options: Options) -> Pages:
    """The pages of one file. Raises OSError."""
    file = _opened(name)
    part = Part(Stream(file), name, url, files=files_folder(name, os.path.isdir))
    return Pages(part, options, file.close)


def _all(name: str, options: Options) -> Pages:
    """The pages of a folder, or of all files that a glob matches. Raises OSError where there are none."""
    problems: list[OSError] = []
    inputs = find_inputs([name], lambda found, what: problems.append(FileNotFoundError(f"{found}: {what}")))
    if not inputs:
        raise problems[0]
    skipped: Counter[str] = Counter()
    return Pages.made(_each([item.name for item in inputs], options, skipped), "folder", skipped)


def _each(names: Iterable[str], options: Options, skipped: Counter[str]) -> Iterator[Page]:
    """The pages of files, each opened when it is its turn; what cannot be opened is a page with an error."""
    for name in names:
        try:
            pages = _file(name, None, options)
        except OSError as error:
            yield Page(name=name, error=PageError(error.strerror or str(error), name))
            continue
        for page in pages:
            yield page if page.name == name else replace(page, name=f"{name}/{page.name}")
        skipped.update(pages.skipped)


def _opened(name: str) -> BinaryIO:
    if not name:
        raise FileNotFoundError("the name is empty")
    try:
        # Unbuffered: the stream over it has its own buffer.
        return cast(BinaryIO, Path(name).open("rb", buffering=0))
    except ValueError as error:
        raise FileNotFoundError(f"no file can have this name: {error}") from error
